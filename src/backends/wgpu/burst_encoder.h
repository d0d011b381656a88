// SPDX-License-Identifier: Apache-2.0
/// \file
/// What a burst is on a GPU: programs, what is bound to them, and dispatches in their order.
#pragma once

#include <cstdint>
#include <vector>

#include "backends/wgpu/device_learning.h"
#include "backends/wgpu/device_neurons.h"
#include "backends/wgpu/device_synapses.h"
#include "backends/wgpu/gpu.h"
#include "backends/wgpu/layout.h"
#include "backends/wgpu/pass_recorder.h"
#include "backends/wgpu/programs.h"
#include "backends/wgpu/results.h"
#include "backends/wgpu/variant.h"
#include "engine/backend.h"

namespace rheobase::wgpu {

/// How the bursts of a submission deliver: from lists, at once with the step, or tile by tile.
enum class Way : std::uint8_t { listed, at_once, tiles };

/// Bursts of a request that go to the device together.
struct Submission {
  const BurstRequest& request;
  std::uint32_t first;  ///< of the request's bursts
  const RecordWindow& window;
  const ResultLayout& layout;
  Way way;
  const Buffer& results;
  const Buffer& staging;  ///< where the results are copied to in the end
  Timestamps* times;      ///< if a profile was asked for
};

/// Refers to `synapses`, `neurons` and `learning`, which must live as long.
class BurstEncoder {
 public:
  BurstEncoder(Gpu& gpu, const Tuning& tuning, bool integer_arithmetic, bool drives,
               const NetworkData& network, const DeviceSynapses& synapses,
               const DeviceNeurons& neurons, const DeviceLearning& learning);

  [[nodiscard]] const Variant& variant() const { return variant_; }
  [[nodiscard]] std::uint32_t word_count() const { return params_.word_count; }
  void count_branches(bool count);
  /// After `synapses` and `neurons` took an edit. Results must be bound anew.
  void take(const NetworkData& edited);

  void bind_results(const Buffer& results);
  void bind_injections(const Buffer& injections);

  /// The way that suits as many spikes a burst as there were lately. Any may follow any other.
  [[nodiscard]] Way choose_way(std::uint64_t recent_spikes) const;
  [[nodiscard]] std::uint32_t most_dispatches(const RecordPlan& plan) const;
  /// Bursts from .. to - 1 of a submission. Lists may be made on several threads at once.
  [[nodiscard]] CommandBuffer encode(const Submission& submission, std::uint32_t from,
                                     std::uint32_t to) const;

 private:
  void choose_programs(const NetworkData& network, bool count_branches);
  void write_params(const NetworkData& network);
  [[nodiscard]] std::uint32_t sweep_from(std::uint32_t neuron_count) const;
  [[nodiscard]] Burst describe(const Submission& submission, std::uint32_t i) const;
  void encode_burst(PassRecorder& pass, const Submission& submission, std::uint32_t i) const;
  void encode_delivery(PassRecorder& pass, const Pipeline& program,
                       const std::vector<BindGroup>& groups, const Burst& burst) const;
  void encode_step(PassRecorder& pass, const Burst& burst) const;
  /// Spikes arrive at the synapses that learn.
  void encode_arrivals(PassRecorder& pass, const Burst& burst) const;
  /// What fired changes synapses.
  void encode_changes(PassRecorder& pass, const Burst& burst) const;

  struct Learner {
    const Pipeline* pipeline = nullptr;
    BindGroup group;
  };
  /// One dispatch for a projection: what fired `lag` bursts ago, in the name of burst `time`.
  struct LearningStep {
    const char* name;
    const Learner* learner;
    const Learning& place;
    std::uint64_t time;
    std::uint32_t lag, flags;
  };
  void encode_learning(PassRecorder& pass, const Burst& burst, const LearningStep& step) const;

  Gpu& gpu_;
  Tuning tuning_;
  bool integer_arithmetic_;
  bool drives_;
  double dt_ms_ = 1.0;
  const DeviceSynapses& synapses_;
  const DeviceNeurons& neurons_;
  const DeviceLearning& learning_;
  Variant variant_;
  Programs programs_;
  Params params_;
  std::vector<Buffer> uniforms_;  ///< one for each dispatch of the delivery
  Buffer nothing_;
  std::vector<BindGroup> deliver_groups_, tile_groups_;
  std::vector<Learner> arriving_, learners_;  ///< of each projection that learns
  BindGroup update_group_, update_and_deliver_group_, inject_group_, sample_group_;
};

}  // namespace rheobase::wgpu
