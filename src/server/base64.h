// SPDX-License-Identifier: Apache-2.0
/// \file
/// Base64 as RFC 4648 has it, with padding.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rheobase::server {

[[nodiscard]] std::string base64_of(std::string_view bytes);
/// None if the text is not the base64 of anything: wrong letters, length or padding.
[[nodiscard]] std::optional<std::string> bytes_of_base64(std::string_view text);

}  // namespace rheobase::server
