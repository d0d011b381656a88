// SPDX-License-Identifier: Apache-2.0
/// \file
/// The HTTP interface: FEAGI's routes, one function each.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "server/context.h"
#include "server/request.h"

namespace rheobase::server {

struct Route {
  std::string_view method, path;  ///< "GET", "system/health_check", without "/v1/"
  Reply (*answer)(Context&, const Request&);
  /// It looks at what is there and takes no time.
  bool quick = false;
};

[[nodiscard]] std::vector<Route> system_routes();
[[nodiscard]] std::vector<Route> genome_routes();
[[nodiscard]] std::vector<Route> amalgamation_routes();
[[nodiscard]] std::vector<Route> area_routes();
[[nodiscard]] std::vector<Route> area_list_routes();
[[nodiscard]] std::vector<Route> mapping_routes();
[[nodiscard]] std::vector<Route> morphology_routes();
[[nodiscard]] std::vector<Route> region_routes();
[[nodiscard]] std::vector<Route> agent_routes();
[[nodiscard]] std::vector<Route> neuron_routes();
[[nodiscard]] std::vector<Route> memory_routes();
/// Routes of FEAGI that answer "not yet implemented" there, or are left out here (501).
[[nodiscard]] std::vector<Route> refused_routes();

class Router {
 public:
  explicit Router(Context& context);
  [[nodiscard]] bool is_quick(const Request& request) const;
  /// Never throws: every failure is an answer.
  [[nodiscard]] Reply answer(const Request& request) const noexcept;
  /// False for a page of another origin, or a host name that is not this machine's.
  [[nodiscard]] bool may_connect(const Request& request) const;

 private:
  [[nodiscard]] const Route* find(const Request& request, bool& known_path) const;
  [[nodiscard]] Reply answer_or_throw(const Request& request) const;

  Context& context_;
  std::vector<Route> routes_;
};

// what routes share

/// The brain that is served. \throws Error unavailable if there is none yet.
[[nodiscard]] std::shared_ptr<const Served> served(const Context& context);
/// A text of the request. \throws Error invalid_argument if it is missing.
[[nodiscard]] std::string text_in(const Json& object, const char* key);
[[nodiscard]] std::string text_in(const Json& object, const char* key, const std::string& fallback);
/// The object of the request. \throws Error invalid_argument if it is none.
[[nodiscard]] Json object_in(const Request& request);
/// Ids of a bare list or of one below one of the two keys. \throws Error invalid_argument.
[[nodiscard]] std::vector<std::string> ids_in(const Json& body, const char* key,
                                              const char* other_key = "");
/// A page's number or the like, from the query. \throws Error invalid_argument if it is none.
[[nodiscard]] std::uint32_t number_in_query(const Request& request, const char* name,
                                            std::uint32_t fallback);
/// The content of the field `file` of a form. \throws Error invalid_argument if there is none.
[[nodiscard]] std::string file_of_form(const Request& request);
/// {"amalgamation_id": …, "genome_title": …, "circuit_size": …}; null if none waits.
[[nodiscard]] Json pending_amalgamation(Context& context);
/// [{"kind": …, "id": …}], as changes name what they are about.
[[nodiscard]] Json target(const char* kind, const std::string& id);

}  // namespace rheobase::server
