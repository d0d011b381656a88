// SPDX-License-Identifier: Apache-2.0
/// \file
/// The files of a recording, as its writer thread sees them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "rheobase/record.h"

namespace rheobase::recording {

/// One file. Used by one thread at a time; every call may throw Error io.
class RecordingFile {
 public:
  virtual ~RecordingFile() = default;
  virtual void append(const RecordBatch& batch) = 0;
  /// Makes the file readable with everything appended so far.
  virtual void flush() = 0;
  /// Nothing follows. `whole`: all that was to be recorded is there; else the file shows, where
  /// its format can, that something may be missing.
  virtual void close(bool whole) = 0;
};

/// What spike files say of an area.
struct RecordedArea {
  std::string name;
  NeuronId first = 0;
  std::uint32_t count = 0;
};

/// The areas that a set of id ranges touches, by first id.
[[nodiscard]] std::vector<RecordedArea> areas_of(const Network& network,
                                                 const std::vector<IdRange>& ranges);

/// Finds the areas of ascending ids without a search for each.
class AreaCursor {
 public:
  explicit AreaCursor(const std::vector<RecordedArea>& areas) : areas_(areas) {}
  /// Index of the recorded area that holds the neuron.
  std::size_t find(NeuronId id);

 private:
  const std::vector<RecordedArea>& areas_;
  std::size_t at_ = 0;
};

/// spikes.csv: a line `burst,time_ms,area,neuron,id` for each spike; `neuron` counts within the
/// area, `id` within the network. A line without a line break at the end of the file is unfinished.
[[nodiscard]] std::unique_ptr<RecordingFile> csv_spike_file(const std::string& path, double dt_ms,
                                                            std::vector<RecordedArea> areas);

/// spikes.npy: (n, 2) little-endian u64, burst and id.
[[nodiscard]] std::unique_ptr<RecordingFile> npy_spike_file(const std::string& path);

/// spikes.h5 in SONATA's layout: /spikes/<population>/{timestamps,node_ids}, a population for each
/// area, ids within the area, times in ms. Attributes of each population beyond SONATA's: `area`
/// (its full name), `first_id` (of the area in the network), `dt_ms`; of the file: `finished`, 0 or
/// 1. What grows is spikes.h5.partial; spikes.h5 is a copy of it, made from time to time and
/// complete in itself, until the grown file takes its place.
[[nodiscard]] std::unique_ptr<RecordingFile> sonata_spike_file(const std::string& path,
                                                               double dt_ms,
                                                               std::vector<RecordedArea> areas);

/// probe_<i>.npy for each probe, (samples, ids) f32, and probes.json that describes them: file,
/// area (of the first id), field, first, count, every, and `bursts`, a list of runs
/// {first, step, count} of sampled bursts.
[[nodiscard]] std::unique_ptr<RecordingFile> probe_files(const std::string& directory,
                                                         const Network& network,
                                                         const std::vector<Probe>& probes);

[[nodiscard]] SpikeTable read_csv_spikes(const std::string& path);
[[nodiscard]] SpikeTable read_npy_spikes(const std::string& path);
[[nodiscard]] SpikeTable read_sonata_spikes(const std::string& path);
/// False if the file says that something may be missing.
[[nodiscard]] bool sonata_is_finished(const std::string& path);

}  // namespace rheobase::recording
