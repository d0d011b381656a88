// SPDX-License-Identifier: Apache-2.0
/// \file
/// An HTTP request and its answer, apart from how they travel.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "io/json_text.h"

namespace rheobase::server {

struct Request {
  std::string method;  ///< "GET"
  std::string path;    ///< "/v1/system/health_check"
  std::string query;   ///< "mode=full", still escaped
  std::string body;
  std::string content_type;
  std::string origin, host, authorization;  ///< headers; empty if there are none

  /// A parameter of the query, unescaped.
  [[nodiscard]] std::optional<std::string> parameter(std::string_view name) const;
  /// The body as JSON; null where it is empty. \throws Error invalid_file.
  [[nodiscard]] Json json() const;
};

struct Reply {
  unsigned status = 200;
  std::string body;
  std::string content_type = "application/json";
  std::string disposition;  ///< header content-disposition; empty: none
};

[[nodiscard]] Reply json_reply(const Json& json);
/// {"code": …, "message": …}, as FEAGI's clients read errors.
[[nodiscard]] Reply error_reply(unsigned status, const std::string& message);

/// "%20" and "+" of a query undone.
[[nodiscard]] std::string unescaped(std::string_view text, bool plus_is_blank);

}  // namespace rheobase::server
