// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the benchmarks share: networks that fire as asked, and how bursts are timed.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "rheobase/engine.h"

namespace rheobase::cli {

/// Each adds its subcommand below `bench`.
void add_bench_cpu(CLI::App& bench, int& exit_code);
void add_bench_gpu(CLI::App& bench, int& exit_code);
void add_bench_realtime(CLI::App& bench, int& exit_code);
void add_bench_edit(CLI::App& bench, int& exit_code);
void add_bench_copies(CLI::App& bench, int& exit_code);
void add_bench_record(CLI::App& bench, int& exit_code);
void add_bench_models(CLI::App& bench, int& exit_code);

/// Whole numbers that look random; the same in every run.
class Numbers {
 public:
  explicit Numbers(std::uint64_t seed = 1) : state_(seed) {}
  std::uint32_t below(std::uint32_t n) {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::uint32_t>(((state_ >> 32U) * n) >> 32U);
  }

 private:
  std::uint64_t state_;
};

[[nodiscard]] double median(std::vector<double> values);

struct BenchNetwork {
  std::uint32_t synapses = 100;  ///< of each neuron, at random
  std::uint32_t delays = 1;      ///< in use, each by as many synapses
  bool real_weights = false;     ///< 0.3 in quanta of 2^-30: accumulators of 64 bits
  bool candidates = false;       ///< FEAGI's rules, which count events, instead of the plain LIF
  bool wide = false;             ///< synapses of 8 bytes instead of 4
};

/// Every neuron fires with a fixed probability, by FEAGI's draw, whatever it receives: firing is
/// what the benchmark says it is, and the whole of the step runs.
[[nodiscard]] NeuronParams noisy(double percent, bool candidates);
[[nodiscard]] Network bench_network(const BenchNetwork& a, std::uint32_t neurons, double percent);

struct Measured {
  double seconds_per_burst = 0.0;
  double events = 0.0;  ///< per burst
  double spikes = 0.0;
  double bursts_per_batch = 0.0;
};
/// Median of five stretches of about `seconds` together, after a warm-up that is long enough for
/// batches to reach their size.
[[nodiscard]] Measured measure_bursts(Engine& engine, double seconds, double warm_seconds);

/// An idle GPU needs a while to reach its clock.
inline constexpr double kGpuWarmSeconds = 1.0;

/// "cpu@4" is cpu with four threads.
[[nodiscard]] std::pair<std::string, std::uint32_t> backend_of(const std::string& name);

/// What a neuron's step reads and writes: potential, accumulator, countdown, count of fires; input.
[[nodiscard]] constexpr double bytes_per_neuron(bool wide_words) {
  return wide_words ? 36.0 : 28.0;
}

}  // namespace rheobase::cli
