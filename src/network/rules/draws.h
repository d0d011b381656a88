// SPDX-License-Identifier: Apache-2.0
/// \file
/// Random words for one neuron of one connection: the same on every machine, whoever else draws.
#pragma once

#include <array>
#include <cstdint>

#include "model/random.h"
#include "network/connection_rule.h"

namespace rheobase {

/// A stream of words of Philox by (seed, connection, index, running number).
class Draws {
 public:
  /// Streams of one index are apart if their first steps are far apart. \see stream_at
  Draws(const RuleContext& context, std::uint32_t index, std::uint64_t first_step = 0)
      : seed_(context.seed), stream_(context.stream), index_(index), step_(first_step) {}
  std::uint32_t next() {
    if (used_ == 4) {
      words_ = model::draw4(seed_, model::Purpose::wiring, stream_, index_, step_++);
      used_ = 0;
    }
    return words_[used_++];
  }
  std::uint64_t next64() {
    const std::uint64_t high = next();
    return high << 32U | next();
  }
  /// A number below n. n > 0; bias below n / 2^32, or n / 2^64.
  std::uint32_t below(std::uint32_t n) { return model::below(next(), n); }
  std::uint64_t below64(std::uint64_t n) {
    const std::uint64_t word = next64();
    const std::uint64_t wl = word & 0xFFFFFFFFU;
    const std::uint64_t wh = word >> 32U;
    const std::uint64_t nl = n & 0xFFFFFFFFU;
    const std::uint64_t nh = n >> 32U;
    const std::uint64_t middle = wh * nl + (wl * nl >> 32U);
    return wh * nh + (middle >> 32U) + ((wl * nh + (middle & 0xFFFFFFFFU)) >> 32U);
  }
  /// Above 0 and below 1, of 53 bits.
  double uniform() { return (static_cast<double>(next64() >> 12U) + 0.5) * 0x1p-52; }

 private:
  std::uint64_t seed_;
  std::uint32_t stream_;
  std::uint32_t index_;
  std::uint64_t step_;
  std::array<std::uint32_t, 4> words_{};
  std::size_t used_ = 4;
};

/// First steps of streams beside that of a rule's own draws for an owner. Rules that stand around
/// others take a number of their own.
inline constexpr std::uint64_t kSplitStep = std::uint64_t{1} << 62U;
constexpr std::uint64_t thinning_step(std::uint32_t depth) {
  return (std::uint64_t{1} << 63U) + (std::uint64_t{depth} << 40U);
}

}  // namespace rheobase
