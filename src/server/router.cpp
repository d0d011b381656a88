// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <new>

#include "io/base64.h"
#include "rheobase/error.h"
#include "rheobase/text.h"
#include "server/routes.h"

namespace rheobase::server {
namespace {

constexpr std::string_view kPrefix = "/v1/";

/// Statuses as FEAGI has them: 500 also for what a request names in vain.
unsigned status_of(const Error& error) {
  switch (error.code()) {
    case ErrorCode::invalid_argument:
      return dynamic_cast<const NoSuch*>(&error) == nullptr ? 400 : 500;
    case ErrorCode::unavailable:
    case ErrorCode::interrupted: return 503;
    default: return 500;
  }
}

/// "localhost:8000" -> "localhost"
std::string_view name_of_host(std::string_view host) {
  if (host.starts_with("[")) {
    return host.substr(0, host.find(']') + 1);
  }
  return host.substr(0, host.find(':'));
}

bool is_this_machine(std::string_view name) {
  return name == "localhost" || name == "127.0.0.1" || name == "[::1]";
}

}  // namespace

Router::Router(Context& context) : context_(context) {
  for (auto* list : {&system_routes, &genome_routes, &amalgamation_routes, &area_routes,
                     &area_list_routes, &mapping_routes, &morphology_routes, &region_routes,
                     &agent_routes, &neuron_routes, &memory_routes, &refused_routes}) {
    const std::vector<Route> routes = list();
    routes_.insert(routes_.end(), routes.begin(), routes.end());
  }
}

const Route* Router::find(const Request& request, bool& known_path) const {
  known_path = false;
  if (!request.path.starts_with(kPrefix)) {
    return nullptr;
  }
  const std::string_view path = std::string_view(request.path).substr(kPrefix.size());
  for (const Route& route : routes_) {
    // "agent/*/device_registrations": any text in the place of the star
    const std::size_t star = route.path.find('*');
    const bool same = star == std::string_view::npos
                          ? route.path == path
                          : path.size() > route.path.size() - 1 &&
                                path.starts_with(route.path.substr(0, star)) &&
                                path.ends_with(route.path.substr(star + 1));
    known_path = known_path || same;
    if (same && route.method == request.method) {
      return &route;
    }
  }
  return nullptr;
}

bool Router::is_quick(const Request& request) const {
  bool known = false;
  const Route* route = find(request, known);
  return route == nullptr || route->quick;
}

bool Router::may_connect(const Request& request) const {
  if (request.origin.empty() || request.origin == "null") {
    return request.origin.empty();
  }
  const std::size_t slashes = request.origin.find("//");
  const std::string_view origin = slashes == std::string::npos
                                      ? std::string_view(request.origin)
                                      : std::string_view(request.origin).substr(slashes + 2);
  // a name that leads here today may have been another's a moment ago
  return is_this_machine(name_of_host(origin)) ||
         (context_.host != "127.0.0.1" && origin == request.host);
}

Reply Router::answer_or_throw(const Request& request) const {
  if (request.method == "OPTIONS") {
    return {204, "", "text/plain", ""};
  }
  bool known = false;
  const Route* route = find(request, known);
  if (route == nullptr) {
    return known ? error_reply(405, request.method + " is none of the methods of this route.")
                 : Reply{404, "404 Not Found", "text/plain; charset=utf-8", ""};
  }
  if (request.method != "GET" && !may_connect(request)) {
    return error_reply(403, "a page of " + quoted_name(request.origin) +
                                " may not change the brain. Serve it from this machine.");
  }
  if (context_.host == "127.0.0.1" && !request.host.empty() &&
      !is_this_machine(name_of_host(request.host))) {
    return error_reply(403, quoted_name(request.host) +
                                " is not the name of this machine. Use 127.0.0.1 or localhost.");
  }
  if (!context_.token.empty() && request.authorization != "Bearer " + base64_of(context_.token)) {
    return error_reply(401, "this server demands its token. Send it as: Authorization: Bearer …");
  }
  return route->answer(context_, request);
}

Reply Router::answer(const Request& request) const noexcept {
  try {
    try {
      return answer_or_throw(request);
    } catch (const Error& error) {
      return error_reply(status_of(error), error.what());
    } catch (const std::bad_alloc&) {
      return error_reply(500, "there is not enough memory for this.");
    } catch (const std::exception& error) {
      return error_reply(500, shown(error.what()));
    }
  } catch (...) {
    return {500, "", "text/plain", ""};
  }
}

std::shared_ptr<const Served> served(const Context& context) {
  std::shared_ptr<const Served> now = context.brain.served();
  if (now == nullptr) {
    throw Error(ErrorCode::unavailable, "no genome is loaded yet. Upload one, or wait.");
  }
  return now;
}

std::string text_in(const Json& object, const char* key) {
  const auto it = object.is_object() ? object.find(key) : object.end();
  if (!object.is_object() || it == object.end() || !it->is_string()) {
    throw Error(ErrorCode::invalid_argument, std::string(key) + " is required (a text).");
  }
  return it->get<std::string>();
}

std::string text_in(const Json& object, const char* key, const std::string& fallback) {
  return object.is_object() && object.contains(key) && object[key].is_string()
             ? object[key].get<std::string>()
             : fallback;
}

Json object_in(const Request& request) {
  Json body = request.json();
  if (!body.is_object()) {
    throw Error(ErrorCode::invalid_argument,
                "the request is " + kind_of(body) + " (an object was expected).");
  }
  return body;
}

std::vector<std::string> ids_in(const Json& body, const char* key, const char* other_key) {
  const Json* list = &body;
  for (const char* name : {key, other_key}) {
    if (body.is_object() && *name != '\0' && body.contains(name)) {
      list = &body[name];
    }
  }
  std::vector<std::string> ids;
  if (!list->is_array()) {
    throw Error(ErrorCode::invalid_argument,
                std::string(key) + " is required (a list of ids, or an object with one).");
  }
  for (const Json& id : *list) {
    if (!id.is_string()) {
      throw Error(ErrorCode::invalid_argument, "the id " + excerpt_of(id) + " is no text.");
    }
    ids.push_back(id.get<std::string>());
  }
  return ids;
}

std::uint32_t number_in_query(const Request& request, const char* name, std::uint32_t fallback) {
  const auto text = request.parameter(name);
  const auto number = text ? whole_of(parse_json(*text, name), 0, 4294967295U)
                           : std::optional<std::uint64_t>(fallback);
  if (!number) {
    throw Error(ErrorCode::invalid_argument, std::string(name) + " is " + quoted_name(*text) +
                                                 " (a whole number was expected).");
  }
  return static_cast<std::uint32_t>(*number);
}

Json target(const char* kind, const std::string& id) {
  return Json::array({Json{{"kind", kind}, {"id", id}}});
}

}  // namespace rheobase::server
