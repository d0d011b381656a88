// SPDX-License-Identifier: Apache-2.0
/// \file
/// What codes ask of their arguments, and their draws.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "model/random.h"
#include "rheobase/encode.h"

namespace rheobase::coding {

/// \throws Error invalid_argument naming the first value that is no number, or that is not from low
/// to high.
void require_within(std::span<const float> values, float low, float high, std::string_view what);
/// The same for what may be of any size up to 2^100.
void require_numbers(std::span<const float> values, std::string_view what);
/// The same for one number above 0.
void require_positive(double value, std::string_view what);
/// \throws Error invalid_argument unless `entries` are whole sets of `each` >= 1.
void require_sets(std::size_t entries, std::size_t each, std::string_view what);
/// bursts * values. \throws Error out_of_memory if that is more than any machine has.
[[nodiscard]] std::size_t entries_of(std::size_t bursts, std::size_t values);

/// Words of a value in a burst. Those of drives have a key whose last word is 0, so the same seed
/// may serve both.
class Words {
 public:
  explicit Words(const encode::Draws& draws) : draws_(draws) {}

  /// Of value i in row `row`. Neighbours share a call of Threefry.
  std::uint32_t operator()(std::size_t i, std::size_t row) {
    const std::uint32_t id = draws_.first_id + static_cast<std::uint32_t>(i);
    const std::uint64_t burst = draws_.first_burst + row;
    if (id / 4U != call_ || burst != burst_ || !drawn_) {
      call_ = id / 4U;
      burst_ = burst;
      drawn_ = true;
      words_ = model::threefry(
          {call_, static_cast<std::uint32_t>(burst), static_cast<std::uint32_t>(burst >> 32U), 0U},
          {static_cast<std::uint32_t>(draws_.seed), static_cast<std::uint32_t>(draws_.seed >> 32U),
           0U, kOfCodes});
    }
    return words_[id % 4U];
  }

 private:
  static constexpr std::uint32_t kOfCodes = 1;

  encode::Draws draws_;
  std::array<std::uint32_t, 4> words_{};
  std::uint32_t call_ = 0;
  std::uint64_t burst_ = 0;
  bool drawn_ = false;
};

}  // namespace rheobase::coding
