// SPDX-License-Identifier: Apache-2.0
// spikes.h5 read back. A file of a stranger costs no more than it holds, and nothing in it wraps.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <set>

#include "io/recording/hdf5_columns.h"
#include "io/recording/spike_file.h"
#include "io/text_file.h"
#include "io/what_is.h"
#include "platform/memory.h"
#include "rheobase/text.h"

namespace rheobase::recording {
namespace {

constexpr std::uint64_t kSlab = std::uint64_t{1} << 16U;
using Row = std::pair<std::uint64_t, NeuronId>;

/// A population of the file, its columns open.
class Population {
 public:
  Population(hid_t spikes, const std::string& name, std::uint64_t file_bytes, UnpackBudget& budget,
             const std::string& path)
      : name_(name),
        path_(path),
        group_(open_group(spikes, name, path)),
        dt_ms_(real_attribute(group_.get(), "dt_ms", path)),
        first_(whole_attribute(group_.get(), "first_id", path)),
        times_(group_.get(), "timestamps", ColumnReader::Values::real, file_bytes, budget, path),
        ids_(group_.get(), "node_ids", ColumnReader::Values::whole, file_bytes, budget, path) {
    if (!(dt_ms_ > 0.0) || !std::isfinite(dt_ms_)) {
      fail("its time step is not above 0");
    }
    if (first_ > std::numeric_limits<NeuronId>::max()) {
      fail("its first id is beyond 32 bits");
    }
    if (times_.size() != ids_.size()) {
      fail("it has " + number_text(times_.size()) + " times and " + number_text(ids_.size()) +
           " ids");
    }
  }

  [[nodiscard]] std::uint64_t first() const { return first_; }
  [[nodiscard]] std::uint64_t size() const { return times_.size(); }

  void append_to(std::vector<Row>& rows) const {
    std::vector<double> times;
    std::vector<std::uint64_t> ids;
    for (std::uint64_t at = 0; at < size(); at += kSlab) {
      const auto count = static_cast<std::size_t>(std::min(kSlab, size() - at));
      times.resize(count);
      ids.resize(count);
      times_.read(at, times);
      ids_.read(at, ids);
      for (std::size_t i = 0; i < count; ++i) {
        rows.emplace_back(burst_of(times[i]), id_of(ids[i]));
      }
    }
  }

 private:
  /// A run writes the product of burst and time step.
  [[nodiscard]] std::uint64_t burst_of(double time) const {
    constexpr double kMostBursts = 0x1p53;
    const double bursts = time / dt_ms_;
    if (!(bursts >= 0.5 && bursts < kMostBursts)) {  // NaN among them
      fail("a time of it is not that of a burst");
    }
    const double whole = std::floor(bursts + 0.5);
    if (std::fabs(bursts - whole) > std::max(1e-6, whole * 1e-15)) {
      fail("a time of it is no multiple of its time step");
    }
    return static_cast<std::uint64_t>(whole);
  }

  [[nodiscard]] NeuronId id_of(std::uint64_t local) const {
    if (local > std::numeric_limits<NeuronId>::max() - first_) {
      fail("an id of it is beyond 32 bits");
    }
    return static_cast<NeuronId>(first_ + local);
  }

  [[noreturn]] void fail(const std::string& reason) const {
    throw Error(ErrorCode::invalid_file, path_ + ": population " + quoted_name(name_) +
                                             " is damaged (" + reason + "). Use another copy.");
  }

  std::string name_, path_;
  Hdf5Group group_;
  double dt_ms_;
  std::uint64_t first_;
  ColumnReader times_, ids_;
};

}  // namespace

SpikeTable read_sonata_spikes(const std::string& path) {
  refuse_other_kinds(path, start_of_file(path), FileKind::hdf5, kWantedRecording);
  const Hdf5Quiet quiet;
  const std::uint64_t file_bytes = std::filesystem::file_size(path);
  const Hdf5File file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), "read " + path);
  const Hdf5Group spikes = open_group(file.get(), "spikes", path);
  UnpackBudget budget(file_bytes, path);
  std::vector<Row> rows;
  std::set<std::uint64_t> firsts;
  for (const std::string& name : names_in(spikes.get(), path)) {
    const Population population(spikes.get(), name, file_bytes, budget, path);
    if (population.size() != 0 && !firsts.insert(population.first()).second) {
      throw Error(ErrorCode::invalid_file,
                  path +
                      " is damaged (two populations begin at the same neuron). Use another "
                      "copy.");
    }
    // a row while it is sorted, and in the table
    constexpr std::uint64_t kBytesPerRow = 3 * sizeof(Row);
    platform::require_memory((rows.size() + population.size()) * kBytesPerRow, path);
    population.append_to(rows);
  }
  std::sort(rows.begin(), rows.end());
  SpikeTable table;
  table.bursts.reserve(rows.size());
  table.ids.reserve(rows.size());
  for (const auto& [burst, id] : rows) {
    table.bursts.push_back(burst);
    table.ids.push_back(id);
  }
  return table;
}

}  // namespace rheobase::recording
