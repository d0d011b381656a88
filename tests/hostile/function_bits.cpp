// SPDX-License-Identifier: Apache-2.0
// Prints one hash over the functions of users' models at a quarter of a million pairs of operands.
// In blocks, so that compilers make vector code of them, with whatever their flags let them take
// for division and root.
#include <array>
#include <cinttypes>
#include <cstdint>
#include <cstdio>

#include "model/functions.h"
#include "model/random.h"

namespace {

namespace model = rheobase::model;

constexpr std::uint32_t kBlock = 512;
using Numbers = std::array<float, kBlock>;

/// A canonical float: of any size, of usual size, or next to the least normal number.
float operand(std::uint32_t word, std::uint32_t kind) {
  const std::uint32_t digits = model::pcg(word) & 0x807FFFFFU;
  switch (kind % 8U) {
    case 0: return model::float_of(digits | ((1U + word % 226U) << 23U));
    case 1: return model::float_of(digits | ((1U + word % 4U) << 23U));
    case 2: return word % 2U == 0U ? 0.0F : model::float_of((digits & 0x80000000U) | 0x71800000U);
    case 3: return static_cast<float>(static_cast<std::int32_t>(word % 33U) - 16) * 0.5F;
    default: return model::float_of(digits | ((112U + word % 24U) << 23U));
  }
}

}  // namespace

int main() {
  // read at run time, so that the compiler cannot know that it is 0
  volatile std::uint32_t hidden_zero = 0;
  const std::uint32_t guard = hidden_zero;
  std::uint64_t hash = 14695981039346656037ULL;
  static Numbers a;
  static Numbers b;
  static Numbers out;
  static std::array<std::uint32_t, kBlock> words;
  const auto each = [&](auto function) {
    for (std::uint32_t i = 0; i < kBlock; ++i) {
      out[i] = function(a[i], b[i], words[i]);
    }
    for (const float x : out) {
      hash = (hash ^ model::bits_of(x)) * 1099511628211ULL + (hash >> 47U);
    }
  };
  for (std::uint32_t block = 0; block < 512; ++block) {
    for (std::uint32_t i = 0; i < kBlock; ++i) {
      const std::uint32_t w = model::pcg(block * kBlock + i);
      words[i] = w;
      a[i] = operand(model::pcg(w), w);
      b[i] = operand(model::pcg(~w), w >> 3U);
    }
    each([&](float x, float y, std::uint32_t) { return model::div_rn(x, y, guard); });
    each([&](float x, float, std::uint32_t) { return model::sqrt_rn(x, guard); });
    each([&](float x, float, std::uint32_t) { return model::exp_rn(x, guard); });
    each([&](float x, float, std::uint32_t) { return model::log_rn(x, guard); });
    each([&](float x, float, std::uint32_t) { return model::tanh_rn(x, guard); });
    each([&](float x, float, std::uint32_t) { return model::sin_rn(x, guard); });
    each([&](float x, float, std::uint32_t) { return model::cos_rn(x, guard); });
    each([&](float x, float y, std::uint32_t) { return model::pow_rn(x, y, guard); });
    each([&](float x, float, std::uint32_t) { return model::floor_rn(x, guard); });
    each([&](float, float, std::uint32_t w) { return model::uniform_of(w, guard); });
    each([&](float, float, std::uint32_t w) { return model::normal_of(w, ~w, guard); });
    each([&](float x, float, std::uint32_t w) { return model::poisson_of(x, w, guard); });
  }
  std::printf("%016" PRIx64 "\n", hash);
  return 0;
}
