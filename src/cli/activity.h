// SPDX-License-Identifier: Apache-2.0
/// \file
/// What a run did, in memory that does not grow with it: per area, and as a coarse raster.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rheobase/record.h"

namespace rheobase::cli {

/// Counts of spikes of one area: rows of neurons by columns of time.
struct AreaActivity {
  std::string name;
  NeuronId first = 0;
  std::uint32_t neurons = 0;
  std::uint64_t spikes = 0;
  std::uint64_t first_burst = 0;  ///< with a spike; 0: silent
  std::uint32_t rows = 1;
  std::vector<std::uint32_t> cells;  ///< rows x columns, row by row
  std::vector<bool> fired;           ///< per neuron
  [[nodiscard]] std::uint32_t neurons_that_fired() const;
};

class Activity final : public RecordSink {
 public:
  /// For bursts first .. first + bursts - 1.
  Activity(const Network& network, std::uint64_t first, std::uint64_t bursts);
  void write(const RecordBatch& batch) override;
  void close() override {}

  [[nodiscard]] const std::vector<AreaActivity>& areas() const { return areas_; }
  [[nodiscard]] std::uint32_t columns() const { return columns_; }
  [[nodiscard]] std::uint64_t first_burst() const { return first_; }
  [[nodiscard]] std::uint64_t bursts() const { return bursts_; }
  /// Bursts seen: fewer than planned if the run was stopped.
  [[nodiscard]] std::uint64_t bursts_seen() const { return seen_; }
  [[nodiscard]] double dt_ms() const { return dt_ms_; }

 private:
  std::uint64_t first_, bursts_;
  std::uint64_t seen_ = 0;
  double dt_ms_;
  std::uint32_t columns_;
  std::vector<AreaActivity> areas_;
};

/// The raster as lines of text, `width` columns wide, with the areas that fired; `blocks`: Unicode
/// shades, else ASCII.
[[nodiscard]] std::string terminal_raster(const Activity& activity, std::uint32_t width,
                                          bool blocks);

/// A table: neurons, spikes, rate, first spike, share that fired, for each area that fired.
[[nodiscard]] std::string activity_table(const Activity& activity);

/// Whether this build has `write_raster_png`.
#if defined(RHEOBASE_CAIRO)
inline constexpr bool kDrawsRaster = true;
#else
inline constexpr bool kDrawsRaster = false;
#endif

/// The raster as a PNG file. \throws Error io.
void write_raster_png(const Activity& activity, const std::string& path);

}  // namespace rheobase::cli
