// SPDX-License-Identifier: Apache-2.0
/// \file
/// The door: owns network, state and backend, and runs bursts.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "rheobase/checkpoint.h"
#include "rheobase/export.h"
#include "rheobase/input.h"
#include "rheobase/network.h"
#include "rheobase/record.h"
#include "rheobase/state.h"
#include "rheobase/stop.h"
#include "rheobase/why.h"

namespace rheobase {

/// What to do when a GPU is lost during a run (driver reset, cable, sleep).
enum class OnDeviceLoss : std::uint8_t {
  fail,  ///< Error device_lost
  cpu,   ///< go on on the cpu backend, with the same spikes
};

struct EngineOptions {
  /// "auto", "cpu", "reference", "wgpu" (the first GPU), "wgpu:N" (GPU N of `devices`),
  /// "wgpu:software", or "check:A,B", which runs A and B and reports the first difference.
  /// `auto` takes what the environment variable RHEOBASE_BACKEND names, if it is set; else the one
  /// of cpu and GPU that should be faster.
  std::string backend = "auto";
  /// Of the cpu backend; 0 = one per core, fewer for small networks. On a GPU, the threads that
  /// encode its work.
  std::uint32_t threads = 0;
  std::uint64_t seed = 1;     ///< run seed: draws of drives
  std::vector<Drive> drives;  ///< besides those of the network
  OnDeviceLoss on_device_loss = OnDeviceLoss::fail;
  /// With OnDeviceLoss::cpu: how often the state is copied from the GPU; a loss repeats at most so
  /// much.
  double mirror_seconds = 1.0;
  /// Of a joined network: the run seed of each member; empty: seed, seed + 1, …
  std::vector<std::uint64_t> seeds{};
};

struct RunProgress {
  std::uint64_t burst = 0, last_burst = 0;  ///< finished, and where the run ends
  std::uint64_t spikes = 0;                 ///< of this run so far
  double seconds = 0.0;                     ///< of this run so far
};

struct RunOptions {
  /// Called between batches, at most about ten times a second.
  std::function<void(const RunProgress&)> progress;
  /// Set from anywhere (a signal handler too): the run ends after the burst at hand.
  const std::atomic<bool>* stop = nullptr;
  /// If named, a checkpoint is saved there when the run ends or is stopped, and, if
  /// `checkpoint_seconds` is above 0, about so often while it runs (written beside the bursts).
  std::string checkpoint{};
  double checkpoint_seconds = 0.0;
  /// If given, gets the parts of every burst and their times; this slows the run down.
  /// \throws Error unavailable if the GPU cannot tell.
  std::vector<ProfileSpan>* profile = nullptr;
  /// Called with the finished bursts of each batch, before the sinks.
  std::function<void(const RecordBatch&)> batch{};
};

struct RunSummary {
  std::uint64_t bursts = 0, spikes = 0, events = 0;
  std::uint64_t inhibitory_events = 0;
  BranchCounts branches{};
  double seconds = 0.0;         ///< wall time spent running bursts
  std::uint64_t batches = 0;    ///< handed to the backend, of about 20 ms each
  bool stopped = false;         ///< by RunOptions::stop
  std::uint64_t signature = 0;  ///< of all bursts since the engine was made
};

/// After a fork an engine of the parent goes on in the child as in the parent, each by itself; one
/// on a GPU, or one that was running at that moment, throws Error unavailable there.
class RHEOBASE_API Engine {
 public:
  /// \throws Error unavailable if a named backend cannot run here (never another one instead), or
  /// if the system allows fewer threads than were asked for; out_of_memory.
  explicit Engine(Network network, EngineOptions options = {});
  /// Goes on from a checkpoint, with its seed and drives; those of `options` do not count.
  explicit Engine(Checkpoint checkpoint, EngineOptions options = {});
  ~Engine();
  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) noexcept;

  /// Adds `potential` to a neuron in the next burst; it becomes a candidate. `port`: a number of
  /// Model::ports, where the neuron has a model. \throws Error invalid_argument, and then nothing
  /// was injected.
  void inject(NeuronId id, float potential, std::uint32_t port = 0);
  /// `ports`: as many as ids, or none: the first one everywhere.
  void inject(std::span<const NeuronId> ids, std::span<const float> potentials,
              std::span<const std::uint32_t> ports = {});
  /// Input for later bursts; replaces an earlier schedule.
  void schedule(InputSchedule input);

  /// FEAGI's fatigue flag: while it is on, every neuron of the area `_fatigue` gets `amount` in
  /// every burst, behind all other input. FEAGI gives what its power neuron gets.
  /// \throws Error invalid_argument if the network has no such area.
  void set_fatigue(bool on, float amount = 1.0F);
  [[nodiscard]] bool fatigue() const;

  /// What is recorded from the next burst on.
  void record(RecordPlan plan);
  [[nodiscard]] const RecordPlan& recorded() const;
  void add_sink(std::shared_ptr<RecordSink> sink);

  RunSummary run(std::uint64_t bursts, const RunOptions& options = {});

  /// All that determines what comes next; what is recorded is not part of it.
  [[nodiscard]] Checkpoint checkpoint() const;
  /// `save_checkpoint` of it. \throws Error io; the old file is kept then.
  void save(const std::string& path) const;

  /// Keeps a session in a folder, which is made: a checkpoint of this moment, then, until
  /// `end_session` or the end of the engine, all that is done with it and in which burst, written
  /// beside the bursts. `Replay` runs it again. What cannot be written ends the session, which is
  /// whole up to there; the engine goes on. \throws Error io if the folder cannot be written or
  /// holds a session; invalid_argument if one is being kept.
  void begin_session(const std::string& folder);
  /// Waits until all is on the disk. Without a session it does nothing.
  /// \throws Error io if something could not be written.
  void end_session();

  /// How a neuron gets through the next burst, or through burst `burst` > burst(), to which a copy
  /// of this engine runs; the engine itself stays where it is. Any backend: all compute the same.
  /// \throws Error invalid_argument.
  [[nodiscard]] Explanation why(NeuronId id, std::uint64_t burst = 0,
                                const StopRequest& stop = {}) const;
  /// Why an area is silent, or nearly: what a copy of this engine does in the next bursts.
  [[nodiscard]] SilenceReport why_silent(const std::string& area, std::uint64_t bursts,
                                         const StopRequest& stop = {}) const;

  /// Applies the edit before the next burst. \throws Error, and then nothing has changed.
  void edit(const NetworkEdit& edit);

  [[nodiscard]] State state() const;
  /// What the synapses of a projection hold now, in its order: a state of its definition, the
  /// weight unless another is named. \see Network::projections \throws Error out_of_range,
  /// invalid_argument if there is no such projection or state.
  [[nodiscard]] std::vector<float> synapses(std::size_t projection,
                                            std::string_view state = "w") const;
  /// The same, set. \throws Error invalid_argument also for another number of values, one that is
  /// none, or a weight outside its range.
  void set_synapses(std::size_t projection, std::vector<float> values,
                    std::string_view state = "w");
  /// \throws Error invalid_argument if the sizes do not fit the network.
  void set_state(State state);
  /// Potential of a neuron (absolute).
  [[nodiscard]] float potential(NeuronId id) const;
  void set_potential(NeuronId id, float potential);

  [[nodiscard]] const Network& network() const;
  [[nodiscard]] std::uint64_t burst() const;
  /// The backend that runs, with its parameters: "cpu --threads 2".
  [[nodiscard]] std::string backend() const;
  /// Why `auto` chose it, in one line; empty for a named backend.
  [[nodiscard]] std::string backend_reason() const;
  /// xxHash64 over (burst, count, a, b) of every burst since the engine was made.
  [[nodiscard]] std::uint64_t signature() const;
  [[nodiscard]] std::uint64_t seed() const;

 private:
  friend class Realtime;
  struct Self;
  /// From now on only that thread may use the engine; none: any.
  void own_by(std::thread::id thread);
  [[nodiscard]] std::shared_ptr<const RecordPlan> plan() const;
  void take_plan(std::shared_ptr<const RecordPlan> plan) noexcept;
  /// `edited`: the network with that edit, made beforehand.
  void edit(const NetworkEdit& edit, Network edited);
  std::unique_ptr<Self> self_;
};

/// A backend as `devices` shows it.
struct DeviceInfo {
  std::string backend;  ///< name to pass as EngineOptions::backend
  std::string device;   ///< hardware it runs on
  bool usable = false;
  std::string reason;  ///< why not, or facts worth knowing
};
[[nodiscard]] RHEOBASE_API std::vector<DeviceInfo> devices();

/// One thing that was looked at to find out why a GPU can or cannot be used.
struct Finding {
  std::string subject;  ///< "Vulkan loader"
  bool fine = false;
  std::string what;  ///< what was found
  std::string mend;  ///< what to do about it; empty if it is fine
};
/// From the WebGPU library to the GPU, in the order in which one needs the other.
[[nodiscard]] RHEOBASE_API std::vector<Finding> diagnose_gpu();

/// What a GPU can do at best, measured now. What a burst reaches is to be compared with this.
struct DeviceLimits {
  double atomics_per_second = 0.0;       ///< random 32-bit atomic additions
  double wide_atomics_per_second = 0.0;  ///< random 64-bit ones
  double copy_bytes_per_second = 0.0;    ///< bytes read plus bytes written
  double dispatch_seconds = 0.0;         ///< of a tiny dispatch that waits for the one before
};
/// `accumulators`: over how many the atomics spread (a power of two is used).
/// \throws Error unavailable if the backend is not a GPU that can be used.
[[nodiscard]] RHEOBASE_API DeviceLimits measure_limits(const std::string& backend,
                                                       std::uint64_t accumulators);

}  // namespace rheobase
