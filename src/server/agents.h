// SPDX-License-Identifier: Apache-2.0
/// \file
/// Agents (robots, sensors, visualisers) that registered, and the messages of the control sockets.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "io/json_text.h"
#include "server/container.h"
#include "server/xyzp.h"

namespace rheobase::server {

enum class Transport : std::uint8_t { zmq, web_socket };

struct Agent {
  std::uint64_t number = 0;  ///< of this process, from 1: its channel of input
  SessionId session{};
  std::string session_text;  ///< base64, letters and digits alone
  std::string name, key;     ///< key: descriptor and capabilities, which tell agents apart
  Transport transport = Transport::zmq;
  std::set<std::string> capabilities;
  std::set<AreaKey> motor_areas;  ///< that it configured; empty: all outputs
  Json devices;                   ///< its configuration; null before one
  std::chrono::steady_clock::time_point registered, heard;
  bool bound = false;  ///< a visualiser whose WebSocket is open

  [[nodiscard]] bool can(const std::string& capability) const {
    return capabilities.count(capability) != 0;
  }
};

/// Opens and closes the data sockets of agents; on the thread that handles their transport.
class DataSockets {
 public:
  virtual ~DataSockets() = default;
  /// capability -> URL, of what the agent may do. \throws Error unavailable.
  virtual std::map<std::string, std::string> open(const Agent& agent) = 0;
};

struct AgentLimits {
  std::size_t agents = 64;
  std::string token;  ///< 32 bytes that a registration must bring; empty: any
  double silence_seconds = 120.0;
};

/// Any thread may call any of it.
class Agents {
 public:
  explicit Agents(AgentLimits limits) : limits_(std::move(limits)) {}

  /// Makes the areas of a configuration, on a thread that may take its time. If it throws, the
  /// agent gets no answer.
  std::function<void(const Agent&, const Json& details)> on_configuration;
  /// An agent is gone: by its wish, for another one in its place, for silence, or a new genome.
  std::function<void(const Agent&)> on_leave;

  using Answer = std::function<void(std::string)>;
  /// Does `work` on a thread that may take its time.
  using Later = std::function<void(std::function<void()>)>;
  /// Handles a message of a control socket; `answer` is called at once, later, or never, as FEAGI
  /// is silent to what it does not understand. \throws Error invalid_argument with the reason.
  void handle(std::string_view message, Transport transport, DataSockets& sockets,
              const Answer& answer, const Later& later);

  [[nodiscard]] std::vector<Agent> list() const;
  [[nodiscard]] std::optional<Agent> find(const std::string& session) const;
  void heard(std::uint64_t number);
  /// What a motor agent hears of from now on: these areas in place of all outputs.
  void set_motor_areas(std::uint64_t number, std::set<AreaKey> areas);
  void leave_all();
  /// Drops those of which nothing was heard for long.
  void drop_silent();
  /// True while an agent registered of late and its areas are not made yet.
  [[nodiscard]] bool configuring() const;
  /// A number that changes with the agents; never 0.
  [[nodiscard]] std::uint64_t change_number() const;

  /// The session of a visualiser that opened its socket: the newest one without an open one, and
  /// its number; number 0 where all have one, or none registered.
  [[nodiscard]] SessionId bind_visualiser(std::uint64_t& number);
  void unbind_visualiser(std::uint64_t number);

 private:
  void register_agent(const Json& request, Transport transport, DataSockets& sockets,
                      const Answer& answer);
  void configure(const SessionId& session, const Json& details, const Answer& answer,
                 const Later& later);
  void leave(const SessionId& session);

  AgentLimits limits_;
  mutable std::mutex mutex_;
  std::map<SessionId, Agent> agents_;
  std::set<std::uint64_t> configuring_;
  std::uint64_t last_number_ = 0;
  std::uint64_t changes_ = 1;
};

}  // namespace rheobase::server
