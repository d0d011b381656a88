// SPDX-License-Identifier: Apache-2.0
#include "server/request.h"

#include "rheobase/text.h"

namespace rheobase::server {
namespace {

int digit_of(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  if (c >= 'a' && c <= 'f') {
    return c - 'a' + 10;
  }
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

}  // namespace

std::string unescaped(std::string_view text, bool plus_is_blank) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && digit_of(text[i + 1]) >= 0 &&
        digit_of(text[i + 2]) >= 0) {
      plain += static_cast<char>(digit_of(text[i + 1]) * 16 + digit_of(text[i + 2]));
      i += 2;
    } else {
      plain += text[i] == '+' && plus_is_blank ? ' ' : text[i];
    }
  }
  return plain;
}

std::optional<std::string> Request::parameter(std::string_view name) const {
  std::string_view rest = query;
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(pair.size() == rest.size() ? pair.size() : pair.size() + 1);
    const std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == name) {
      return unescaped(pair.substr(equals + 1), false);  // ids in base64 come with a bare +
    }
  }
  return std::nullopt;
}

Json Request::json() const {
  return body.find_first_not_of(" \t\r\n") == std::string::npos ? Json()
                                                                : parse_json(body, "the request");
}

Reply json_reply(const Json& json) { return {200, json.dump(), "application/json", ""}; }

Reply error_reply(unsigned status, const std::string& message) {
  return {status, Json{{"code", status}, {"message", message}}.dump(), "application/json", ""};
}

}  // namespace rheobase::server
