// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <string_view>

#include "io/base64.h"
#include "io/json_text.h"
#include "rheobase/error.h"
#include "rheobase/text.h"
#include "server/serve.h"

namespace rheobase::server {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
    text.remove_prefix(1);
  }
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) {
    text.remove_suffix(1);
  }
  return text;
}

/// Without a comment; a # within quotes is none.
std::string_view without_comment(std::string_view line) {
  char quote = '\0';
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (quote != '\0') {
      quote = line[i] == quote ? '\0' : quote;
    } else if (line[i] == '"' || line[i] == '\'') {
      quote = line[i];
    } else if (line[i] == '#') {
      return line.substr(0, i);
    }
  }
  return line;
}

struct Value {
  std::string text;
  std::size_t line = 0;
};

/// "section.key" -> value, of the lines `key = value`; what spans several lines is passed over.
std::map<std::string, Value> values_of(const std::string& text) {
  std::map<std::string, Value> values;
  std::string section;
  std::size_t begin = 0;
  for (std::size_t number = 1; begin <= text.size(); ++number) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line =
        trimmed(without_comment(std::string_view(text).substr(begin, end - begin)));
    begin = end + 1;
    if (line.starts_with("[") && line.ends_with("]")) {
      section = std::string(trimmed(line.substr(1, line.size() - 2)));
      continue;
    }
    const std::size_t equals = line.find('=');
    if (equals != std::string_view::npos) {
      values[section + "." + std::string(trimmed(line.substr(0, equals)))] = {
          std::string(trimmed(line.substr(equals + 1))), number};
    }
  }
  return values;
}

std::string unquoted(const std::string& text) {
  const bool quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
                      text.back() == text.front();
  return quoted ? text.substr(1, text.size() - 2) : text;
}

}  // namespace

void take_configuration(const std::string& text, const std::string& name, ServeOptions& to) {
  const std::map<std::string, Value> values = values_of(text);
  const auto take_port = [&](const char* key, std::uint16_t& port) {
    const auto it = values.find(key);
    if (it == values.end()) {
      return;
    }
    const auto number = parse_number<double>(unquoted(it->second.text));
    if (!number || !(*number >= 1 && *number <= 65535)) {
      throw Error(ErrorCode::invalid_file, name + ":" + number_text(it->second.line) + ": " + key +
                                               " is " + quoted_name(it->second.text) +
                                               " (a port from 1 to 65535 was expected).");
    }
    port = static_cast<std::uint16_t>(*number);
  };
  take_port("api.port", to.ports.http);
  take_port("websocket.visualization_port", to.ports.ws_visualisation);
  take_port("websocket.sensory_port", to.ports.sensory);
  take_port("websocket.motor_port", to.ports.motor);
  take_port("websocket.registration_port", to.ports.ws_control);
  take_port("agent.registration_port", to.ports.control);
  // api.host is for clients; where the server listens is said on the command line alone
}

std::string token_from_base64(const std::string& text) {
  const auto bytes = bytes_of_base64(text);
  if (!bytes || bytes->size() != 32) {
    throw Error(ErrorCode::invalid_argument,
                "the token is not the base64 of 32 bytes. Make one with: head -c 32 /dev/urandom | "
                "base64");
  }
  return *bytes;
}

}  // namespace rheobase::server
