// SPDX-License-Identifier: Apache-2.0
#include "rheobase/error.h"
#include "rheobase/text.h"
#include "server/routes.h"

namespace rheobase::server {
namespace {

Reply list(Context& c, const Request& /*request*/) {
  Json sessions = Json::array();
  for (const Agent& agent : c.agents.list()) {
    sessions.push_back(agent.session_text);
  }
  return json_reply(sessions);
}

Reply capabilities(Context& c, const Request& request) {
  const bool with_devices = request.parameter("include_device_registrations") == "true";
  Json all = Json::object();
  for (const Agent& agent : c.agents.list()) {
    Json entry = {{"agent_name", agent.name}, {"capabilities", Json::object()}};
    for (const std::string& capability : agent.capabilities) {
      entry["capabilities"][capability] = true;
    }
    if (agent.can("receive_neuron_visualizations")) {
      entry["capabilities"]["visualization"] = {{"rate_hz", 0.0}};
    }
    if (with_devices && !agent.devices.is_null()) {
      entry["device_registrations"] = agent.devices;
    }
    all[agent.session_text] = std::move(entry);
  }
  return json_reply(all);
}

/// The text between "agent/" and "/device_registrations".
Reply devices(Context& c, const Request& request) {
  constexpr std::string_view kHead = "/v1/agent/";
  constexpr std::string_view kTail = "/device_registrations";
  const std::string session =
      request.path.substr(kHead.size(), request.path.size() - kHead.size() - kTail.size());
  const auto agent = c.agents.find(session);
  if (!agent) {
    return error_reply(404, "agent " + quoted_name(session) + " not found");
  }
  return json_reply(
      {{"device_registrations", agent->devices.is_null() ? Json::object() : agent->devices}});
}

Reply properties(Context& c, const Request& request) {
  const std::string session = request.parameter("agent_id").value_or("");
  const auto agent = c.agents.find(session);
  if (!agent) {
    return error_reply(404, "agent " + quoted_name(session) + " not found");
  }
  return json_reply({{"agent_id", session}, {"agent_name", agent->name}});
}

Reply empty_object(Context& /*c*/, const Request& /*request*/) {
  return json_reply(Json::object());
}

}  // namespace

std::vector<Route> agent_routes() {
  return {{"GET", "agent/list", list, true},
          {"GET", "agent/capabilities/all", capabilities, true},
          {"GET", "agent/*/device_registrations", devices, true},
          {"GET", "agent/properties", properties, true},
          {"GET", "agent/shared_mem", empty_object, true},
          {"GET", "input/vision", empty_object, true},
          {"GET", "modulator/modulators", empty_object, true}};
}

}  // namespace rheobase::server
