// SPDX-License-Identifier: Apache-2.0
/// \file
/// What an Engine holds; its functions are in engine.cpp, engine_input.cpp and where else they
/// belong.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "engine/backend.h"
#include "engine/fatigue.h"
#include "engine/injections.h"
#include "engine/signature.h"
#include "platform/thread.h"
#include "rheobase/engine.h"
#include "rheobase/error.h"
#include "rheobase/session.h"

namespace rheobase {

struct Engine::Self {
  Self(Network given, EngineOptions wanted)
      : network(std::move(given)), options(std::move(wanted)) {}
  ~Self() {
    if (backend != nullptr && !made.holds() && !backend->survives_fork()) {
      static_cast<void>(backend.release());  // NOLINT(bugprone-unused-return-value)
    }
  }
  Self(const Self&) = delete;
  Self& operator=(const Self&) = delete;

  platform::MadeHere made;
  bool running = false;  ///< in `run`
  Network network;
  EngineOptions options;
  std::atomic<std::thread::id> owner{};  ///< none: any thread
  std::unique_ptr<Backend> backend;
  std::string reason;
  std::uint64_t burst = 0;
  Injections injections;
  std::shared_ptr<const RecordPlan> plan = std::make_shared<RecordPlan>();
  std::vector<std::shared_ptr<RecordSink>> sinks;
  Signature signature;
  std::optional<float> fatigue;
  std::unique_ptr<SessionWriter> session;  ///< null: none is kept
  double burst_seconds = 1.0;  ///< of the last batch; before the first, one burst is tried

  /// Something was done that what comes next depends on.
  template <class What>
  void keep(const What& what) {
    if (session != nullptr) {
      session->add(what);
    }
  }

  void hold_fatigue() {
    injections.hold(fatigue ? fatigue_targets(network) : std::vector<std::uint32_t>{},
                    fatigue.value_or(0.0F));
  }

  void check_owner() const {
    if (!made.holds()) {
      check_fork();
    }
    const std::thread::id only = owner.load();
    if (only != std::thread::id() && only != std::this_thread::get_id()) {
      throw Error(
          ErrorCode::invalid_argument,
          "the engine is in a real-time loop. Stop the loop first, or hand it what is to be "
          "done between bursts.");
    }
  }

  /// In a process that was forked since the engine was made.
  void check_fork() const {
    const char* hindrance = nullptr;
    if (!backend->survives_fork()) {
      hindrance = "its GPU belongs to the process that made it";
    } else if (owner.load() != std::thread::id() || running) {
      hindrance = "it was running when this process was forked";
    }
    if (hindrance != nullptr) {
      throw Error(ErrorCode::unavailable,
                  std::string("this engine does not work in a forked process (") + hindrance +
                      "). Make a new one here, or start processes by another way than fork.");
    }
  }

  [[nodiscard]] Checkpoint checkpoint(std::uint64_t last_burst) const {
    check_owner();
    Checkpoint c{network,
                 backend->read_state(),
                 options.seed,
                 options.drives,
                 signature.state(),
                 {},
                 {},
                 {},
                 last_burst,
                 options.seeds,
                 fatigue};
    injections.save(c);
    return c;
  }

  BurstRequest request(std::uint64_t bursts, bool profile) {
    BurstRequest r;
    r.bursts = static_cast<std::uint32_t>(bursts);
    r.plan = plan;
    r.profile = profile;
    for (std::uint32_t i = 0; i < r.bursts; ++i) {
      injections.take(burst + 1 + i, *network.data(), r);
    }
    return r;
  }

  void hand_out(const RecordBatch& batch, RunSummary& summary,
                const std::function<void(const RecordBatch&)>& on_batch) {
    for (const BurstCounters& b : batch.bursts) {
      signature.add(b);
      ++summary.bursts;
      summary.spikes += b.spikes;
      summary.events += b.events;
      summary.inhibitory_events += b.inhibitory_events;
      for (std::size_t i = 0; i < kBranchCount; ++i) {
        summary.branches[i] += b.branches[i];
      }
    }
    if (session != nullptr) {
      session->ran(batch.bursts.size(), signature.value());
    }
    if (on_batch) {
      on_batch(batch);
    }
    for (const auto& sink : sinks) {
      sink->write(batch);
    }
  }
};

}  // namespace rheobase
