// SPDX-License-Identifier: Apache-2.0
/// \file
/// Where a network runs. The interface that every backend fulfils, and the parts they share.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "model/drive.h"
#include "network/view.h"
#include "rheobase/record.h"
#include "rheobase/state.h"

namespace rheobase {

using NetworkPointer = std::shared_ptr<const NetworkData>;
using Ticket = std::uint64_t;

/// What a backend needs to start.
struct BackendSetup {
  NetworkPointer network;
  std::vector<model::CompiledDrive> drives;  ///< those of the network, then those of the engine
  std::uint32_t threads = 0;                 ///< 0: one per core
  bool survives_device_loss = false;         ///< go on on the cpu if a GPU is lost
  double mirror_seconds = 1.0;               ///< how often the state is copied for that
  bool fewer_threads_will_do = false;        ///< if the system refuses some: nobody asked for them
  std::vector<std::uint64_t> seeds{1};       ///< of the draws of models, for each member
};

/// Some bursts to run. Injections of burst i are entries begin[i] .. begin[i + 1]: targets
/// ascending, each once, values canonical.
struct BurstRequest {
  std::uint32_t bursts = 0;
  std::vector<std::uint64_t> injection_begin;  ///< bursts + 1 entries
  std::vector<std::uint32_t> injection_targets;
  std::vector<float> injection_values;
  std::shared_ptr<const RecordPlan> plan;  ///< never null
  bool profile = false;                    ///< say how long each part of each burst took
};

class Backend {
 public:
  virtual ~Backend() = default;

  /// As the user would name it, with its parameters.
  [[nodiscard]] virtual std::string describe() const = 0;

  /// Whether `submit` returns before the bursts are done, so that it pays to submit the next ones
  /// before polling for these.
  [[nodiscard]] virtual bool is_asynchronous() const { return false; }

  /// Whether it goes on in a child of the process that made it. What cannot must not even be
  /// destroyed there.
  [[nodiscard]] virtual bool survives_fork() const { return true; }

  /// Starts bursts; they run in the order in which they were submitted.
  virtual Ticket submit(BurstRequest request) = 0;
  /// Finished bursts of a ticket that were not handed out yet, in order. `wait`: all of them.
  virtual RecordBatch poll(Ticket ticket, bool wait) = 0;

  /// State after the last submitted burst.
  [[nodiscard]] virtual State read_state() = 0;
  virtual void write_state(const State& state) = 0;
  /// The network after an edit. It shares every block that the edit did not touch.
  virtual void apply(NetworkPointer edited) = 0;
};

/// The device of a backend that `auto` would take, or why there is none.
struct DeviceFound {
  std::string name;
  std::string trouble;
};

/// Measures the parts of a burst on the host, if asked.
class PhaseClock {
 public:
  /// `lane` is the thread.
  PhaseClock(bool on, std::uint64_t burst, std::uint32_t lane, std::vector<ProfileSpan>& to);
  /// What was done since the last call, or since the clock was made.
  void done(const char* name);

 private:
  bool on_;
  std::uint64_t burst_;
  std::uint32_t lane_;
  std::vector<ProfileSpan>& to_;
  double mark_us_ = 0.0;
};

/// The state of a network before its first burst.
[[nodiscard]] State initial_state(const NetworkData& network);

/// What its synapses that learn hold before its first burst.
[[nodiscard]] std::vector<ProjectionState> initial_projections(const NetworkData& network);

/// Puts what a plan asks for into a batch, for backends whose state is in host memory.
class BatchRecorder {
 public:
  BatchRecorder(const NetworkData& network, std::shared_ptr<const RecordPlan> plan);

  /// Records one finished burst; `state` is the state after it and `counters` all but burst, spikes
  /// and signature.
  void burst(const State& state, BurstCounters counters);
  /// Parts of that burst; times are since any moment, the same for all.
  void add_spans(const std::vector<ProfileSpan>& spans);
  [[nodiscard]] RecordBatch take();

 private:
  void sample(const State& state, const Probe& probe, float* to) const;

  const NetworkData& network_;
  std::shared_ptr<const RecordPlan> plan_;
  RecordBatch batch_;
};

/// Batches that were run inside `submit` and wait to be polled.
class FinishedBatches {
 public:
  Ticket add(RecordBatch batch);
  RecordBatch take(Ticket ticket);

 private:
  Ticket next_ = 1;
  std::vector<std::pair<Ticket, RecordBatch>> waiting_;
};

/// One neuron with a model, run by itself: what `reference` does, what a GPU is compared with, what
/// `why` shows. model::run_step says what it means.
class ModelNeuron {
 public:
  /// Neuron i of the area, whose states are those of `table`.
  ModelNeuron(const ModelArea& area, const StateTable& table, std::uint32_t i);
  /// What one of its ports gets in a burst.
  void arrive(std::uint32_t port, float injected, std::int64_t quanta, std::uint32_t quantum_bits);
  /// One burst. Draws know the neuron by `id`. \return whether it fires.
  bool run(std::uint64_t seed, std::uint32_t id, std::uint64_t burst);
  /// After `run`.
  [[nodiscard]] float after(std::size_t state) const;
  void keep(StateTable& table) const;

  [[nodiscard]] const std::vector<float>& ports() const { return ports_; }
  [[nodiscard]] const std::vector<float>& before() const { return states_; }
  /// Of each operation, as bits.
  [[nodiscard]] const std::vector<std::uint32_t>& values() const { return values_; }

 private:
  const ModelArea& area_;
  std::uint32_t i_;
  std::vector<float> parameters_, states_, ports_;
  std::vector<std::uint32_t> values_;
};

/// A spike that has arrived at a synapse that learns, of the source number `pre` of the projection,
/// and the charge that goes on to its target.
using Arrives = std::function<void(const LearningProjection& p, std::uint32_t synapse,
                                   std::uint32_t pre, std::int64_t quanta)>;
/// Burst t, before input: spikes arrive at synapses that learn, one after the other, change them
/// and are sent on. With `learn`, what `reference` does and others are compared with.
void deliver_learning(const NetworkData& network, State& state, std::uint64_t t,
                      const Arrives& arrives);
/// Burst t, after the step: what fired changes the synapses that end there.
void learn(const NetworkData& network, State& state, std::uint64_t t);

/// Fits the state to the network after an edit: new neurons at rest, as many fire queues as the
/// longest delay, potentials at firing where the network wants them. Spikes that fired before any
/// was wanted carry 0.
void adapt_state(State& state, const NetworkData& network);

/// An empty fire queue, in the memory of the one that will be dropped next, if there is one: every
/// delay must have been delivered.
[[nodiscard]] FireQueue oldest_queue(State& state, std::uint32_t max_delay);
/// Moves a fire queue to the front of a state and drops those older than the longest delay.
void push_fire_queue(State& state, FireQueue queue, std::uint32_t max_delay);

}  // namespace rheobase
