// SPDX-License-Identifier: Apache-2.0
#include "server/streams.h"

#include <algorithm>
#include <string>

namespace rheobase::server {
namespace {

constexpr std::string_view kDeath = "X19fZGVhdGg=";  // motor agents hear of it too
constexpr float kFired = 1.0F;
constexpr auto kShortestFrame = std::chrono::milliseconds(10);  // faster than any screen
constexpr auto kAskedLately = std::chrono::seconds(5);
/// Numbers of visualisers that did not register: above those of agents.
constexpr std::uint64_t kUnregistered = 1ULL << 62U;

}  // namespace

void Streams::refresh_hearers() {
  const std::uint64_t changes = agents_.change_number();
  if (changes == agents_seen_) {
    return;
  }
  agents_seen_ = changes;
  hearers_.clear();
  for (const Agent& agent : agents_.list()) {
    const bool zmq = agent.transport == Transport::zmq;
    const bool all = zmq && agent.can("receive_neuron_visualizations");
    const bool motor = zmq && agent.can("receive_motor_data");
    if (all || motor) {
      hearers_.push_back({agent.number, agent.motor_areas, motor, all, agent.session});
    }
  }
}

void Streams::finished(const FinishedBurst& burst) {
  refresh_hearers();
  for (const Hearer& hearer : hearers_) {
    if (hearer.motor) {
      const auto wanted = [&](const IndexedArea& area) {
        return area.id == kDeath ||
               (hearer.areas.empty() ? area.output : hearer.areas.count(area.key) != 0);
      };
      zmq_.publish(hearer.number, ZmqSockets::Stream::motor,
                   container_of(StructureType::xyzp,
                                xyzp_of(burst.index.voxels_of(burst.fired, wanted, kFired)), {},
                                static_cast<std::uint16_t>(burst.number & 65535U)));
    }
  }
  std::map<std::uint64_t, SessionId> visualisers;
  {
    const std::lock_guard lock(mutex_);
    visualisers = visualisers_;
    if (Clock::now() - asked_ < kAskedLately) {
      last_.burst = burst.number;
      last_.ids.assign(burst.fired.begin(), burst.fired.end());
      fired_.notify_all();
    }
  }
  const bool hears_all = std::any_of(hearers_.begin(), hearers_.end(),
                                     [](const Hearer& hearer) { return hearer.all; });
  if ((visualisers.empty() && !hears_all) || Clock::now() - shown_ < kShortestFrame) {
    return;
  }
  shown_ = Clock::now();
  const std::string body = xyzp_of(burst.index.voxels_of(
      burst.fired, [](const IndexedArea&) { return true; }, kFired));
  for (const auto& [number, session] : visualisers) {
    web_.show(number, std::make_shared<const std::string>(
                          container_of(StructureType::xyzp, body, session)));
  }
  for (const Hearer& hearer : hearers_) {
    if (hearer.all) {
      zmq_.publish(hearer.number, ZmqSockets::Stream::visualisation,
                   container_of(StructureType::xyzp, body, hearer.session));
    }
  }
}

void Streams::update_watch() {
  const bool zmq = zmq_.has_visualisers();
  const std::lock_guard lock(mutex_);
  loop_.watch_all(zmq || !visualisers_.empty() || Clock::now() - asked_ < kAskedLately);
}

std::uint64_t Streams::visualiser_came() {
  std::uint64_t number = 0;
  const SessionId session = agents_.bind_visualiser(number);
  {
    const std::lock_guard lock(mutex_);
    if (number == 0) {
      number = kUnregistered + ++unregistered_;
    }
    visualisers_[number] = session;
  }
  update_watch();
  return number;
}

void Streams::visualiser_left(std::uint64_t number) {
  {
    const std::lock_guard lock(mutex_);
    visualisers_.erase(number);
  }
  agents_.unbind_visualiser(number);
  update_watch();
}

LastFired Streams::next_fired(std::chrono::milliseconds patience) {
  {
    const std::lock_guard lock(mutex_);
    asked_ = Clock::now();
  }
  update_watch();
  // the burst at hand may have begun with another plan
  const std::uint64_t now = loop_.burst();
  std::unique_lock lock(mutex_);
  fired_.wait_for(lock, patience, [&] { return last_.burst > now + 1; });
  return last_;
}

void Streams::tick() { update_watch(); }

}  // namespace rheobase::server
