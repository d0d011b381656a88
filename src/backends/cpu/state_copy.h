// SPDX-License-Identifier: Apache-2.0
/// \file
/// The state of a block before its step, to see whether the step changed it.
#pragma once

#include <cstddef>
#include <cstring>
#include <vector>

#include "backends/cpu/step_plan.h"
#include "rheobase/state.h"

namespace rheobase {

class StateCopy {
 public:
  void take(const State& state, const NetworkData& network, const PlannedBlock& block) {
    bytes_.clear();
    for_each_array(state, network, block, [&](const void* from, std::size_t size) {
      const auto* const begin = static_cast<const std::byte*>(from);
      bytes_.insert(bytes_.end(), begin, begin + size);
      return true;
    });
  }
  /// Whether the same block is as it was, to the bit.
  [[nodiscard]] bool equals(const State& state, const NetworkData& network,
                            const PlannedBlock& block) const {
    const std::byte* at = bytes_.data();
    return for_each_array(state, network, block, [&](const void* now, std::size_t size) {
      const bool same = std::memcmp(at, now, size) == 0;
      at += size;
      return same;
    });
  }

 private:
  /// Until `visit` says no. \return whether it never did.
  template <class Visit>
  static bool for_each_array(const State& state, const NetworkData& network,
                             const PlannedBlock& block, Visit visit) {
    const auto part = [&](const auto& column, std::uint32_t first) {
      return visit(column.data() + first, block.count * sizeof(column[0]));
    };
    if (block.model != nullptr) {
      const auto table = static_cast<std::size_t>(block.model - network.model_areas.data());
      for (const std::vector<float>& column : state.tables[table].columns) {
        if (!part(column, block.first - block.model->first)) {
          return false;
        }
      }
      return true;
    }
    return part(state.u, block.first) && part(state.refractory_countdown, block.first) &&
           part(state.fire_count, block.first) && part(state.snooze_countdown, block.first) &&
           part(state.forget, block.first);
  }

  std::vector<std::byte> bytes_;
};

}  // namespace rheobase
