// SPDX-License-Identifier: Apache-2.0
/// \file
/// Stateless random numbers, in integers: the same on every host and device.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace rheobase::model {

inline constexpr std::uint32_t kPcgFactor = 747796405U;
inline constexpr std::uint32_t kPcgSummand = 2891336453U;

/// The output permutation of PCG-RXS-M-XS-32.
/// Source: M. O'Neill, "PCG", HMC-CS-2014-0905.
constexpr std::uint32_t pcg_output(std::uint32_t state) {
  const std::uint32_t word = ((state >> ((state >> 28U) + 4U)) ^ state) * 277803737U;
  return (word >> 22U) ^ word;
}

/// As FEAGI applies it to a seed, with FEAGI's constants.
constexpr std::uint32_t pcg(std::uint32_t seed) {
  return pcg_output(seed * kPcgFactor + kPcgSummand);
}

/// FEAGI's draw for a neuron in a burst: pcg(id * 2654435761 + burst_low * 1597334677), multiplied
/// out, which leaves one multiplication less for each neuron.
constexpr std::uint32_t excitability_hash(std::uint32_t id, std::uint32_t burst_low) {
  return pcg_output(id * (2654435761U * kPcgFactor) +
                    (burst_low * (1597334677U * kPcgFactor) + kPcgSummand));
}

inline constexpr std::uint32_t kThreefryRounds = 13;
inline constexpr std::array<std::array<int, 2>, 8> kThreefryTurns{
    {{10, 26}, {11, 21}, {13, 27}, {23, 5}, {6, 20}, {17, 11}, {25, 10}, {18, 20}}};

/// Philox-4x32-10. Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
/// Checked against the paper's known answers in tests/unit.
constexpr std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter,
                                              std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = std::uint64_t{0xD2511F53U} * counter[0];
    const std::uint64_t p1 = std::uint64_t{0xCD9E8D57U} * counter[2];
    counter = {static_cast<std::uint32_t>(p1 >> 32U) ^ counter[1] ^ key[0],
               static_cast<std::uint32_t>(p1),
               static_cast<std::uint32_t>(p0 >> 32U) ^ counter[3] ^ key[1],
               static_cast<std::uint32_t>(p0)};
    key[0] += 0x9E3779B9U;
    key[1] += 0xBB67AE85U;
  }
  return counter;
}

/// Threefry-4x32-13. Source: Salmon et al., as above. A third of Philox's operations, and none that
/// multiplies, where a device has no products of 64 bits.
constexpr std::array<std::uint32_t, 4> threefry(std::array<std::uint32_t, 4> x,
                                                const std::array<std::uint32_t, 4>& key) {
  const std::array keys{key[0], key[1], key[2], key[3],
                        0x1BD11BDAU ^ key[0] ^ key[1] ^ key[2] ^ key[3]};
  for (std::size_t i = 0; i < 4; ++i) {
    x[i] += keys[i];
  }
  for (std::uint32_t round = 0; round < kThreefryRounds; ++round) {
    // the even rounds mix 0 with 1 and 2 with 3, the odd ones 0 with 3 and 2 with 1
    const std::size_t a = round % 2 == 0 ? 1 : 3;
    const std::size_t b = 4 - a;
    const auto& turns = kThreefryTurns[round % 8];
    x[0] += x[a];
    x[a] = std::rotl(x[a], turns[0]) ^ x[0];
    x[2] += x[b];
    x[b] = std::rotl(x[b], turns[1]) ^ x[2];
    if (round % 4 == 3) {
      const std::uint32_t injection = round / 4 + 1;
      for (std::size_t i = 0; i < 4; ++i) {
        x[i] += keys[(injection + i) % 5];
      }
      x[3] += injection;
    }
  }
  return x;
}

/// Uses of the generators, so that no two parts of the program share draws. Word 3 of the counter.
enum class Purpose : std::uint32_t {
  wiring = 1,
  drive = 2,
  model = 3,
  sample = 4,     ///< of a distribution, to be looked at
  parameter = 5,  ///< of neurons, and first states
  weight = 6,
  delay = 7
};

/// Four words for (seed, purpose, stream) at (index, step).
constexpr std::array<std::uint32_t, 4> draw4(std::uint64_t seed, Purpose purpose,
                                             std::uint32_t stream, std::uint32_t index,
                                             std::uint64_t step) {
  return philox({index, static_cast<std::uint32_t>(step), static_cast<std::uint32_t>(step >> 32U),
                 static_cast<std::uint32_t>(purpose)},
                {static_cast<std::uint32_t>(seed) ^ (stream * 0x85EBCA6BU),
                 static_cast<std::uint32_t>(seed >> 32U) + stream});
}

/// A number below n from a word, by multiplication (bias below n / 2^32). n > 0.
constexpr std::uint32_t below(std::uint32_t word, std::uint32_t n) {
  return static_cast<std::uint32_t>((std::uint64_t{word} * n) >> 32U);
}

}  // namespace rheobase::model
