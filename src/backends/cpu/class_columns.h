// SPDX-License-Identifier: Apache-2.0
/// \file
/// The parameters of neurons that differ, as columns.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <vector>

#include "network/view.h"

namespace rheobase {

/// Of neurons that are stepped together: one entry for each in every column. Potentials are
/// relative to rest, as in model::NeuronClass.
struct ClassColumns {
  const float* threshold = nullptr;
  const float* threshold_limit = nullptr;
  const float* keep = nullptr;
  const float* reset = nullptr;
  const float* rest = nullptr;
  const std::uint32_t* draw_below = nullptr;
  const std::uint16_t* refractory_period = nullptr;
  const std::uint16_t* fire_limit = nullptr;
  const std::uint16_t* snooze_period = nullptr;
  const std::uint16_t* flags = nullptr;
};

/// Makes columns and keeps them. One whose entries are all the same is kept once for all blocks
/// that have it, so that it stays in the cache.
class ColumnStore {
 public:
  /// Neurons first .. first + count - 1, at most `most` of them in every call.
  [[nodiscard]] ClassColumns columns_of(const NetworkData& network, NeuronId first,
                                        std::uint32_t count, std::uint32_t most);

 private:
  template <class T>
  struct Kept {
    std::deque<std::vector<T>> all;
    std::map<std::uint32_t, const T*> constant;  ///< by the bits of its entries
  };
  template <class T>
  [[nodiscard]] const T* keep(std::vector<T> column, std::uint32_t most, Kept<T>& in);

  Kept<float> floats_;
  Kept<std::uint32_t> words_;
  Kept<std::uint16_t> shorts_;
};

}  // namespace rheobase
