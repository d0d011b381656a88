// SPDX-License-Identifier: Apache-2.0
#include "engine/signature.h"

#include <array>
#include <bit>
#include <span>

namespace rheobase {
namespace {

constexpr std::uint64_t kPrime1 = 0x9E3779B185EBCA87ULL;
constexpr std::uint64_t kPrime2 = 0xC2B2AE3D27D4EB4FULL;
constexpr std::uint64_t kPrime3 = 0x165667B19E3779F9ULL;
constexpr std::uint64_t kPrime4 = 0x85EBCA77C2B2AE63ULL;
constexpr std::uint64_t kPrime5 = 0x27D4EB2F165667C5ULL;
constexpr std::size_t kStripe = 32;

std::uint64_t word_at(std::span<const std::uint8_t> bytes, std::size_t at, std::size_t size) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < size; ++i) {
    word |= std::uint64_t{bytes[at + i]} << (8U * i);
  }
  return word;
}

std::uint64_t round_of(std::uint64_t sum, std::uint64_t word) {
  return std::rotl(sum + word * kPrime2, 31) * kPrime1;
}

}  // namespace

SignatureState Signature::initial() {
  SignatureState state;
  state.sums = {kPrime1 + kPrime2, kPrime2, 0, 0 - kPrime1};
  return state;
}

void Signature::add(const BurstCounters& burst) {
  std::array<std::uint8_t, 20> bytes{};
  std::size_t at = 0;
  const auto put = [&](std::uint64_t value, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) {
      bytes[at++] = static_cast<std::uint8_t>((value >> (8U * i)) & 255U);
    }
  };
  put(burst.burst, 8);
  put(burst.spikes, 4);
  put(burst.signature_a, 4);
  put(burst.signature_b, 4);
  for (const std::uint8_t byte : bytes) {
    state_.rest[state_.length++ % kStripe] = byte;
    if (state_.length % kStripe == 0) {
      for (std::size_t lane = 0; lane < state_.sums.size(); ++lane) {
        state_.sums[lane] = round_of(state_.sums[lane], word_at(state_.rest, 8U * lane, 8));
      }
    }
  }
}

std::uint64_t Signature::value() const {
  const auto& [length, sums, rest] = state_;
  std::uint64_t hash = kPrime5;
  if (length >= kStripe) {
    hash = std::rotl(sums[0], 1) + std::rotl(sums[1], 7) + std::rotl(sums[2], 12) +
           std::rotl(sums[3], 18);
    for (const std::uint64_t sum : sums) {
      hash = (hash ^ round_of(0, sum)) * kPrime1 + kPrime4;
    }
  }
  hash += length;
  const std::size_t left = length % kStripe;
  std::size_t at = 0;
  for (; at + 8 <= left; at += 8) {
    hash = std::rotl(hash ^ round_of(0, word_at(rest, at, 8)), 27) * kPrime1 + kPrime4;
  }
  for (; at + 4 <= left; at += 4) {
    hash = std::rotl(hash ^ (word_at(rest, at, 4) * kPrime1), 23) * kPrime2 + kPrime3;
  }
  // records have 20 bytes, so nothing shorter than 4 is ever left
  hash = (hash ^ (hash >> 33U)) * kPrime2;
  hash = (hash ^ (hash >> 29U)) * kPrime3;
  return hash ^ (hash >> 32U);
}

}  // namespace rheobase
