// SPDX-License-Identifier: Apache-2.0
/// \file
/// The neurons of a network on a GPU: classes, state, accumulators and fire queues.
#pragma once

#include <cstdint>
#include <vector>

#include "backends/wgpu/device_models.h"
#include "backends/wgpu/device_synapses.h"
#include "backends/wgpu/gpu.h"
#include "backends/wgpu/layout.h"
#include "model/drive.h"
#include "network/view.h"
#include "rheobase/state.h"

namespace rheobase::wgpu {

class DeviceNeurons {
 public:
  /// \throws Error out_of_memory if the network is larger than the GPU.
  DeviceNeurons(Gpu& gpu, const NetworkData& network, const DeviceSynapses& synapses,
                const std::vector<model::CompiledDrive>& drives,
                const std::vector<std::uint64_t>& seeds);

  /// Asks for all sizes before anything is allocated. \throws Error out_of_memory.
  static void check_sizes(const Gpu& gpu, const NetworkData& network);

  /// Uploads what an edit touched. \return false if it needs more room than there is: make anew.
  [[nodiscard]] bool apply(const NetworkData& before, const NetworkData& after,
                           const DeviceSynapses& synapses);

  void describe(Params& params) const;
  /// The slot of the fire queue of burst t.
  [[nodiscard]] std::uint32_t slot_of(std::uint64_t t) const {
    return static_cast<std::uint32_t>(t % slots_);
  }
  /// Words at the head of the results that count the entries of the fire queues.
  [[nodiscard]] std::uint32_t count_words() const { return slots_ * kQueueCounts; }

  /// `results` holds the counts at its head.
  [[nodiscard]] State read_state(const NetworkData& network, const Buffer& results,
                                 std::uint64_t burst) const;
  void write_state(const DeviceSynapses& synapses, const Buffer& results, const State& state);

  /// Where the only delay is one burst, there are two sets of accumulators; first of that of burst
  /// t.
  [[nodiscard]] std::uint32_t sums_of(std::uint64_t t) const {
    return slots_ == 2 ? slot_of(t) * target_count_ : 0U;
  }

  [[nodiscard]] const DeviceModels& models() const { return models_; }

  Buffer accumulators, states, extras, neurons, fired;

 private:
  void write_classes(const NetworkData& network, const DeviceSynapses& synapses);

  Gpu& gpu_;
  std::uint32_t count_ = 0;
  std::uint32_t target_count_ = 0;
  std::uint32_t words_ = 0;  ///< of a mask with one bit per neuron
  std::uint32_t slots_ = 0;
  std::uint32_t slot_words_ = 0;
  std::uint32_t long_capacity_ = 0;
  std::uint32_t long_at_ = 0, mask_at_ = 0, potentials_at_ = 0;
  std::uint32_t class_capacity_ = 0;
  std::uint32_t members_at_ = 0;  ///< in `neurons`, in vec4s
  std::uint32_t member_count_ = 0;
  std::uint32_t models_at_ = 0;  ///< in `neurons`, in vec4s
  bool potentials_ = false;      ///< the queues hold potentials at firing
  bool extras_used_ = false;
  DeviceModels models_;
  std::vector<std::uint32_t> class_words_;  ///< as on the device
};

}  // namespace rheobase::wgpu
