// SPDX-License-Identifier: Apache-2.0
#include "rheobase/realtime.h"

#include <exception>
#include <optional>
#include <utility>

#include "engine/injections.h"
#include "engine/realtime_self.h"
#include "network/canonical.h"
#include "platform/priority.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

[[noreturn]] void throw_ended() {
  throw Error(ErrorCode::invalid_argument,
              "the real-time loop has ended. Stop it, and the engine is free again.");
}

}  // namespace

Realtime::Realtime(Engine& engine, RealtimeOptions options) {
  if (options.hz == 0.0) {
    options.hz = 1000.0 / engine.network().dt_ms();
  }
  if (!(options.hz >= 0.01 && options.hz <= 1e5)) {
    throw Error(ErrorCode::invalid_argument, "a frequency of " + number_text(options.hz) +
                                                 " Hz is out of range (0.01 to 100000 Hz).");
  }
  if (options.priority > 99) {
    throw Error(ErrorCode::invalid_argument, "a priority of " + number_text(options.priority) +
                                                 " is out of range (1 to 99; 0: none).");
  }
  self_ = std::make_unique<Self>(engine, std::move(options));
  Self& self = *self_;
  if (self.all_are_outputs) {
    self.outputs.push_back({0, self.network.neuron_count()});
  }
  self.own_plan = engine.plan();
  if (!self.options.log.empty()) {
    engine.begin_session(self.options.log);
  }
  try {
    self.set_plan();
    self.begin();
  } catch (...) {
    engine.take_plan(self.own_plan);
    if (!self.options.log.empty()) {
      engine.end_session();
    }
    throw;
  }
}

Realtime::~Realtime() {
  if (self_->made.holds()) {
    self_->finish();
  } else {
    static_cast<void>(self_.release());  // NOLINT(bugprone-unused-return-value): see MadeHere
  }
}

void Realtime::send(std::vector<NeuronId> ids, std::vector<float> potentials, std::uint32_t port,
                    std::string_view channel) {
  self_->check_fork();
  if (ids.size() != potentials.size()) {
    throw Error(ErrorCode::invalid_argument,
                number_text(ids.size()) + " ids and " + number_text(potentials.size()) +
                    " potentials do not match. Give one potential per id.");
  }
  const Network now = network();
  for (std::size_t i = 0; i < ids.size(); ++i) {
    static_cast<void>(injected_target(now, ids[i], port, "cannot send to"));
    if (!is_canonical(potentials[i])) {
      potentials[i] = canonical_number(potentials[i], "sent potential");
    }
  }
  std::vector<std::uint32_t> ports(port == 0 ? 0U : ids.size(), port);
  const std::lock_guard lock(self_->mutex);
  ++self_->counts.frames;
  const bool replaced = self_->frames.add(
      channel, {std::move(ids), std::move(potentials), std::move(ports), Self::Clock::now()});
  self_->counts.frames_dropped += replaced ? 1U : 0U;
}

void Realtime::between_bursts(const std::function<void(Engine&)>& action) {
  Self& self = *self_;
  self.check_fork();
  const std::function<void(Engine&)> act = [&](Engine& engine) {
    try {
      action(engine);
    } catch (...) {
      self.follow_network();
      throw;
    }
    self.follow_network();
  };
  if (self.on_own_thread()) {
    act(self.engine);
    return;
  }
  Self::Task task{act, false, nullptr};
  {
    std::unique_lock lock(self.mutex);
    if (self.ended) {
      throw_ended();
    }
    self.tasks.push_back(&task);
    self.changed.notify_all();
    self.changed.wait(lock, [&] { return task.done || self.ended; });
    if (!task.done) {
      throw_ended();
    }
  }
  if (task.error != nullptr) {
    std::rethrow_exception(task.error);
  }
}

void Realtime::edit(const NetworkEdit& edit) {
  Self& self = *self_;
  self.check_fork();
  if (self.on_own_thread()) {
    between_bursts([&](Engine& engine) { engine.edit(edit); });
    return;
  }
  const std::lock_guard lock(self.editing);
  const Network before = network();
  Network after = before.edited(edit);
  between_bursts([&](Engine& engine) {
    if (engine.network().data() == before.data()) {
      engine.edit(edit, std::move(after));
    } else {  // an action has edited it meanwhile
      engine.edit(edit);
    }
  });
}

Network Realtime::network() const {
  self_->check_fork();
  const std::lock_guard lock(self_->mutex);
  return self_->network;
}

void Realtime::record(RecordPlan plan) {
  Self& self = *self_;
  const auto wanted = std::make_shared<const RecordPlan>(std::move(plan));
  between_bursts([&](Engine& engine) {
    engine.record(*wanted);  // refuses it, or it will do
    self.own_plan = wanted;
    self.set_plan();
  });
}

void Realtime::save(const std::string& path) {
  std::optional<Checkpoint> checkpoint;
  between_bursts([&](Engine& engine) { checkpoint = engine.checkpoint(); });
  save_checkpoint(path, *checkpoint);
}

std::optional<RealtimeBurst> Realtime::next(double timeout_seconds) {
  Self& self = *self_;
  self.check_fork();
  std::unique_lock lock(self.mutex);
  self.wait_for_burst(lock, timeout_seconds);
  if (!self.unread.empty()) {
    return self.unread.take();
  }
  if (self.failure != nullptr) {
    std::rethrow_exception(self.failure);
  }
  return std::nullopt;
}

bool Realtime::wait(double timeout_seconds) {
  self_->check_fork();
  std::unique_lock lock(self_->mutex);
  return self_->wait_for_burst(lock, timeout_seconds);
}

void Realtime::stop() {
  self_->check_fork();
  self_->finish();
  const std::lock_guard lock(self_->mutex);
  for (const std::exception_ptr& wrong : {self_->failure, self_->not_written}) {
    if (wrong != nullptr) {
      std::rethrow_exception(wrong);
    }
  }
}

bool Realtime::running() const {
  self_->check_fork();
  const std::lock_guard lock(self_->mutex);
  return !self_->ended;
}

RealtimeStats Realtime::stats() const {
  self_->check_fork();
  const std::lock_guard lock(self_->mutex);
  RealtimeStats stats = self_->counts;
  stats.jitter = self_->jitter.spread();
  stats.work = self_->work.spread();
  stats.latency = self_->latency.spread();
  return stats;
}

std::vector<Finding> diagnose_realtime() {
  const auto found = [](const char* subject, const platform::Urgency& urgency) {
    const std::string refused = platform::why_refused(urgency);
    return Finding{subject, refused.empty(), refused.empty() ? "allowed" : "not allowed", refused};
  };
  return {found("real-time priority", {99, false, {}}), found("locked memory", {0, true, {}})};
}

}  // namespace rheobase
