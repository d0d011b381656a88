// SPDX-License-Identifier: Apache-2.0
#include "server/agents.h"

#include <algorithm>
#include <array>

#include "io/base64.h"
#include "rheobase/error.h"
#include "rheobase/text.h"
#include "server/random_id.h"

namespace rheobase::server {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::array<std::string_view, 4> kCapabilities{"send_sensor_data", "receive_motor_data",
                                                        "receive_neuron_visualizations",
                                                        "receive_system_messages"};

[[noreturn]] void refuse(const std::string& reason) {
  throw Error(ErrorCode::invalid_argument, reason);
}

const Json& member(const Json& object, const char* key) {
  const auto it = object.is_object() ? object.find(key) : object.end();
  if (!object.is_object() || it == object.end()) {
    refuse(std::string("a registration lacks ") + key + ".");
  }
  return *it;
}

/// The 32 bytes of an authentication token.
std::string token_of(const Json& request) {
  const Json& value = member(member(request, "auth_token"), "value");
  std::string token;
  for (const Json& byte : value.is_array() ? value : Json::array()) {
    const auto number = whole_of(byte, 0, 255);
    if (!number || token.size() == 32) {
      refuse("the token of a registration is no list of 32 bytes.");
    }
    token += static_cast<char>(*number);
  }
  if (token.size() != 32) {
    refuse("the token of a registration has " + number_text(token.size()) +
           " bytes (32 were expected).");
  }
  return token;
}

std::set<std::string> capabilities_of(const Json& request) {
  const Json& list = member(request, "requested_capabilities");
  std::set<std::string> found;
  if (!list.is_array()) {
    refuse("requested_capabilities is " + kind_of(list) + " (a list was expected).");
  }
  for (const Json& entry : list) {
    if (!entry.is_string() ||
        std::find(kCapabilities.begin(), kCapabilities.end(),
                  entry.get_ref<const std::string&>()) == kCapabilities.end()) {
      refuse("the capability " + excerpt_of(entry) + " is not known.");
    }
    found.insert(entry.get<std::string>());
  }
  return found;
}

SessionId new_session(std::string& text) {
  text = random_letters(64);  // base64 of 48 bytes, without the letters that URLs do not like
  const std::string bytes = *bytes_of_base64(text);
  SessionId session{};
  std::copy(bytes.begin(), bytes.end(), session.begin());
  return session;
}

std::string message(const Json& json, const SessionId& session) {
  return container_of(StructureType::json, json.dump(), session);
}

/// Takes as long wherever two texts differ.
bool same_secret(const std::string& a, const std::string& b) {
  unsigned difference = a.size() == b.size() ? 0U : 1U;
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
    difference |=
        static_cast<unsigned>(static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]));
  }
  return difference == 0;
}

}  // namespace

void Agents::register_agent(const Json& request, Transport transport, DataSockets& sockets,
                            const Answer& answer) {
  constexpr auto kDouble = std::chrono::seconds(2);
  const Json& descriptor = member(request, "agent_descriptor");
  const Json& name = member(descriptor, "agent_name");
  const Json& protocol = member(request, "connection_protocol");
  if (!name.is_string() || name.get_ref<const std::string&>().size() > 200 ||
      descriptor.size() > 16 || (protocol != "Zmq" && protocol != "WebSocket")) {
    refuse("a registration has a name, a descriptor or a protocol that is none.");
  }
  if (!limits_.token.empty() && !same_secret(token_of(request), limits_.token)) {
    refuse("an agent " + quoted_name(name.get<std::string>()) +
           " came with another token than --token says.");
  }
  static_cast<void>(token_of(request));
  Agent agent;
  agent.name = name.get<std::string>();
  agent.capabilities = capabilities_of(request);
  agent.transport = transport;
  agent.key = descriptor.dump() + member(request, "requested_capabilities").dump();
  agent.session = new_session(agent.session_text);
  agent.registered = agent.heard = Clock::now();

  std::optional<Agent> former;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [session, other] : agents_) {
      if (other.key == agent.key) {
        former = other;
      }
    }
    const bool too_soon = former && agent.registered - former->registered < kDouble;
    if (!too_soon && !former && agents_.size() >= limits_.agents) {
      refuse("an agent " + quoted_name(agent.name) + " was not taken (" +
             number_text(agents_.size()) + " are registered, the most there may be).");
    }
    if (!too_soon) {
      agent.number = ++last_number_;
    }
  }
  const auto respond = [&](const Json& what) {
    answer(
        message({{"agent_registration", {{"server_responds_registration", what}}}}, agent.session));
  };
  if (agent.number == 0) {
    respond("already_registered");
    return;
  }
  if (former) {
    leave(former->session);
  }
  Json endpoints = Json::object();
  for (const auto& [capability, url] : sockets.open(agent)) {
    endpoints[capability] = {{protocol.get<std::string>(), {{"url", url}}}};
  }
  const std::string text = agent.session_text;
  const SessionId session = agent.session;
  {
    const std::lock_guard lock(mutex_);
    if (agent.can("send_sensor_data") && agent.transport == Transport::zmq) {
      configuring_.insert(agent.number);
    }
    agents_[session] = std::move(agent);
    ++changes_;  // who looked before found it not there yet
  }
  answer(
      message({{"agent_registration",
                {{"server_responds_registration", {{"success", Json::array({text, endpoints})}}}}}},
              session));
}

void Agents::configure(const SessionId& session, const Json& details, const Answer& answer,
                       const Later& later) {
  Agent agent;
  {
    const std::lock_guard lock(mutex_);
    const auto it = agents_.find(session);
    if (it == agents_.end()) {
      refuse("a device configuration came from an agent that is not registered.");
    }
    it->second.devices = details;
    it->second.heard = Clock::now();
    configuring_.insert(it->second.number);
    ++changes_;
    agent = it->second;
  }
  later([this, agent, details, answer] {
    const auto settled = [&] {
      const std::lock_guard lock(mutex_);
      configuring_.erase(agent.number);
      ++changes_;
    };
    try {
      on_configuration(agent, details);
    } catch (...) {
      settled();
      throw;
    }
    settled();
    answer(message("heart_beat", agent.session));
  });
}

void Agents::handle(std::string_view bytes, Transport transport, DataSockets& sockets,
                    const Answer& answer, const Later& later) {
  const Container container = read_container(bytes);
  if (container.structures.size() != 1 || container.structures[0].type != StructureType::json) {
    refuse("a control message is not one structure of JSON.");
  }
  const Json json = parse_json(std::string(container.structures[0].body), "a control message");
  if (json == "heart_beat") {
    bool known = container.session == SessionId{};
    {
      const std::lock_guard lock(mutex_);
      if (const auto it = agents_.find(container.session); it != agents_.end()) {
        it->second.heard = Clock::now();
        known = true;
      }
    }
    if (known) {
      answer(message("heart_beat", container.session));
    }
    return;
  }
  if (json.is_object() && json.size() == 1) {
    const std::string& topic = json.begin().key();
    const Json& value = *json.begin();
    if (topic == "health_check" && value == "FeagiHealthCheckRequest") {
      answer(message(json, container.session));
      return;
    }
    if (topic == "agent_configuration" && value.is_object() &&
        value.contains("AgentConfigurationDetails")) {
      configure(container.session, value["AgentConfigurationDetails"], answer, later);
      return;
    }
    if (topic == "agent_registration" && value.is_object() && value.size() == 1) {
      const std::string& kind = value.begin().key();
      if (kind == "client_request_registration") {
        register_agent(*value.begin(), transport, sockets, answer);
        return;
      }
      if (kind == "client_request_deregistration") {
        leave(container.session);
        answer(message({{"agent_registration", {{"server_responds_deregistration", "success"}}}},
                       container.session));
        return;
      }
    }
  }
  refuse("a control message " + excerpt_of(json) + " is not known.");
}

std::vector<Agent> Agents::list() const {
  const std::lock_guard lock(mutex_);
  std::vector<Agent> list;
  for (const auto& [session, agent] : agents_) {
    list.push_back(agent);
  }
  std::sort(list.begin(), list.end(),
            [](const Agent& a, const Agent& b) { return a.number < b.number; });
  return list;
}

std::optional<Agent> Agents::find(const std::string& session) const {
  for (Agent& agent : list()) {
    if (agent.session_text == session) {
      return std::move(agent);
    }
  }
  return std::nullopt;
}

void Agents::heard(std::uint64_t number) {
  const std::lock_guard lock(mutex_);
  for (auto& [session, agent] : agents_) {
    if (agent.number == number) {
      agent.heard = Clock::now();
    }
  }
}

void Agents::set_motor_areas(std::uint64_t number, std::set<AreaKey> areas) {
  const std::lock_guard lock(mutex_);
  for (auto& [session, agent] : agents_) {
    if (agent.number == number) {
      agent.motor_areas = std::move(areas);
      ++changes_;
      return;
    }
  }
}

void Agents::leave(const SessionId& session) {
  std::optional<Agent> left;
  {
    const std::lock_guard lock(mutex_);
    if (const auto it = agents_.find(session); it != agents_.end()) {
      left = std::move(it->second);
      agents_.erase(it);
      configuring_.erase(left->number);
      ++changes_;
    }
  }
  if (left && on_leave) {
    on_leave(*left);
  }
}

void Agents::leave_all() {
  for (const Agent& agent : list()) {
    leave(agent.session);
  }
}

void Agents::drop_silent() {
  const Clock::time_point now = Clock::now();
  for (const Agent& agent : list()) {
    const double silent = std::chrono::duration<double>(now - agent.heard).count();
    if (!agent.bound && silent > limits_.silence_seconds) {
      leave(agent.session);
    }
  }
}

bool Agents::configuring() const {
  constexpr auto kPatience = std::chrono::seconds(3);
  const std::lock_guard lock(mutex_);
  const Clock::time_point now = Clock::now();
  return std::any_of(agents_.begin(), agents_.end(), [&](const auto& entry) {
    return configuring_.count(entry.second.number) != 0 &&
           (!entry.second.devices.is_null() || now - entry.second.registered < kPatience);
  });
}

std::uint64_t Agents::change_number() const {
  const std::lock_guard lock(mutex_);
  return changes_;
}

SessionId Agents::bind_visualiser(std::uint64_t& number) {
  const std::lock_guard lock(mutex_);
  Agent* newest = nullptr;
  for (auto& [session, agent] : agents_) {
    const bool fits =
        agent.can("receive_neuron_visualizations") && agent.transport == Transport::web_socket;
    const bool better = newest == nullptr || (newest->bound && !agent.bound) ||
                        (newest->bound == agent.bound && agent.number > newest->number);
    if (fits && better) {
      newest = &agent;
    }
  }
  if (newest == nullptr) {
    number = 0;
    return {};
  }
  number = newest->bound ? 0 : newest->number;
  newest->bound = true;
  return newest->session;
}

void Agents::unbind_visualiser(std::uint64_t number) {
  const std::lock_guard lock(mutex_);
  for (auto& [session, agent] : agents_) {
    if (agent.number == number) {
      agent.bound = false;
      agent.heard = Clock::now();
    }
  }
}

}  // namespace rheobase::server
