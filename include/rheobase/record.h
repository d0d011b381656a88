// SPDX-License-Identifier: Apache-2.0
/// \file
/// What comes out of a run, by subscription.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "rheobase/export.h"
#include "rheobase/state.h"

namespace rheobase {

struct IdRange {
  NeuronId first = 0;
  std::uint32_t count = 0;
};

/// A state field of a range of neurons, read at the end of every `every`-th burst (t % every == 0).
struct Probe {
  Field field = Field::potential;
  IdRange ids;
  std::uint32_t every = 1;
  /// A state of a model, by name, in place of `field`; the ids lie within one area then.
  std::string state{};
};

struct RecordPlan {
  std::vector<IdRange> spikes;  ///< record the spikes of these neurons; ranges must not overlap
  std::vector<Probe> probes;
  bool branches = false;  ///< count the branches of the step (costs time)
};

/// Branches of the step; a burst's counters hold one count for each.
enum class Branch : std::uint8_t {
  candidate,    ///< received at least one event; counted only where a rule asks for candidates
  cancelled,    ///< candidate whose input sums to 0
  refractory,   ///< blocked by the refractory countdown
  snoozed,      ///< blocked by the separate snooze countdown
  limited,      ///< in its window, blocked by the limit of consecutive fires
  above_limit,  ///< above the upper threshold
  vetoed,       ///< in its window, refused by the excitability draw
  floored,      ///< negative input raised to 0
  forgot,       ///< non-accumulating, set back to rest
  clamped,      ///< left the range +-2^100 or fell below 2^-126
  fired,
};
inline constexpr std::size_t kBranchCount = 11;
[[nodiscard]] RHEOBASE_API std::string_view name_of(Branch branch);
using BranchCounts = std::array<std::uint64_t, kBranchCount>;

/// What is always known of a burst.
struct BurstCounters {
  std::uint64_t burst = 0;
  std::uint64_t spikes = 0;
  std::uint64_t events = 0;       ///< synaptic events delivered
  std::uint32_t signature_a = 0;  ///< sum over fired ids, see DESIGN "Signature"
  std::uint32_t signature_b = 0;
  // only with RecordPlan::branches, else 0:
  std::uint64_t inhibitory_events = 0;
  BranchCounts branches{};
};

/// A part of a burst and the time it took. \see RunOptions::profile
struct ProfileSpan {
  std::string name;  ///< "deliver", "inject", "step", "record"
  std::uint64_t burst = 0;
  std::uint32_t lane = 0;  ///< the thread that worked; 0 on a GPU
  double begin_us = 0.0;   ///< since some moment, the same for all spans of a backend
  double us = 0.0;
};

/// Consecutive finished bursts.
struct RecordBatch {
  std::vector<BurstCounters> bursts;
  /// Recorded spikes, ascending within each burst; those of bursts[i] are
  /// spike_ids[spike_begin[i] .. spike_begin[i + 1]).
  std::vector<NeuronId> spike_ids;
  std::vector<std::uint64_t> spike_begin{0};
  /// For each probe of the plan: sampled bursts and, row by row, one value per id. Counters are
  /// given as floats (all are below 2^16).
  struct ProbeSamples {
    std::vector<std::uint64_t> bursts;
    std::vector<float> values;
  };
  std::vector<ProbeSamples> probes;
  std::vector<ProfileSpan> spans;  ///< empty unless a profile was asked for
};

/// Receives finished bursts in order, on the thread that runs the engine.
class RHEOBASE_API RecordSink {
 public:
  virtual ~RecordSink() = default;
  virtual void write(const RecordBatch& batch) = 0;
  /// To be called after the last batch by whoever made the sink; what was written is complete then.
  virtual void close() = 0;
};

/// Keeps everything in memory.
class RHEOBASE_API MemorySink final : public RecordSink {
 public:
  void write(const RecordBatch& batch) override;
  void close() override {}
  [[nodiscard]] const RecordBatch& all() const { return all_; }

 private:
  RecordBatch all_;
};

/// Whether this build can write and read SONATA files (it has HDF5).
[[nodiscard]] RHEOBASE_API bool has_sonata();

/// A folder that is recorded to, by one run at a time. Until the recording is finished, and after a
/// run that was killed, a file `unfinished` in it says so. \see SpikeTable::finished
class RHEOBASE_API RecordingFolder {
 public:
  /// Makes the folder if it is missing. \throws Error io if it cannot be written, or if another run
  /// is writing to it.
  explicit RecordingFolder(const std::string& directory);
  /// The folder is free then, but unfinished without `finish`.
  ~RecordingFolder();
  RecordingFolder(const RecordingFolder&) = delete;
  RecordingFolder& operator=(const RecordingFolder&) = delete;

  /// All that belongs to the recording is written; other runs may write here.
  void finish();

 private:
  struct Self;
  std::unique_ptr<Self> self_;
};

/// Files of a recording. `ms = burst * dt` is the time of a spike.
struct RecordingOptions {
  std::string directory;       ///< made if missing
  bool sonata = has_sonata();  ///< spikes.h5
  bool csv = true;             ///< spikes.csv
  bool npy = true;             ///< spikes.npy, an (n, 2) array of burst and neuron id
  /// The directory, held by the caller, who writes more into it and finishes it; none: the
  /// recording holds it until it is closed.
  std::shared_ptr<RecordingFolder> folder{};
};
/// A sink that writes on a thread of its own in bounded memory; an interrupted run leaves readable
/// files, also one that is killed. Spikes of neurons outside plan.spikes are left out, a former
/// recording in the folder is replaced. Probes go to probe_<i>.npy with a probes.json that names
/// them. A failure to write is thrown by the next `write` or `close`.
/// \throws Error io if the directory cannot be written, or is being written by another run.
[[nodiscard]] RHEOBASE_API std::shared_ptr<RecordSink> open_recording(
    const Network& network, const RecordPlan& plan, const RecordingOptions& options);

/// Spikes read back from a file that a recording wrote (.h5, .csv or .npy): bursts ascending.
struct SpikeTable {
  std::vector<std::uint64_t> bursts;
  std::vector<NeuronId> ids;
  /// Whether the run that wrote it came to its end. False while it runs, and if it was killed or
  /// could not write on: spikes of the last second or more are missing then.
  bool finished = true;
};
/// \throws Error invalid_file, io.
[[nodiscard]] RHEOBASE_API SpikeTable read_spikes(const std::string& path);

}  // namespace rheobase
