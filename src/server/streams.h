// SPDX-License-Identifier: Apache-2.0
/// \file
/// What fires, on its way to those who listen: motor agents, visualisers, and who asks.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <vector>

#include "server/agents.h"
#include "server/burst_loop.h"
#include "server/context.h"
#include "server/web.h"
#include "server/zmq_sockets.h"

namespace rheobase::server {

class Streams {
 public:
  Streams(Agents& agents, ZmqSockets& zmq, Web& web, BurstLoop& loop)
      : agents_(agents), zmq_(zmq), web_(web), loop_(loop) {}

  /// On the loop's thread: sends frames, without waiting.
  void finished(const FinishedBurst& burst);

  /// A WebSocket of a visualiser is open. \return its number.
  std::uint64_t visualiser_came();
  void visualiser_left(std::uint64_t number);

  /// All that fires in one of the next bursts; empty if none ends in that time.
  [[nodiscard]] LastFired next_fired(std::chrono::milliseconds patience);

  /// About once a second: stops to watch what nobody looks at any more.
  void tick();

 private:
  struct Hearer {
    std::uint64_t number = 0;
    std::set<AreaKey> areas;  ///< empty: all outputs
    bool motor = false, all = false;
    SessionId session{};
  };

  void refresh_hearers();
  void update_watch();

  Agents& agents_;
  ZmqSockets& zmq_;
  Web& web_;
  BurstLoop& loop_;

  // of the loop's thread
  std::uint64_t agents_seen_ = 0;
  std::vector<Hearer> hearers_;
  Clock::time_point shown_;

  std::mutex mutex_;
  std::condition_variable fired_;
  std::map<std::uint64_t, SessionId> visualisers_;
  std::uint64_t unregistered_ = 0;
  LastFired last_;
  Clock::time_point asked_;  ///< when somebody asked last what fires
};

}  // namespace rheobase::server
