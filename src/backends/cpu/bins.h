// SPDX-License-Identifier: Apache-2.0
/// \file
/// Synapses sorted coarsely by their post, for accumulators that no cache holds.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "backends/cpu/stream_line.h"
#include "network/view.h"

namespace rheobase {

/// Adding to random words of a large array costs a miss of the cache each. Here events are first
/// copied into bins, a whole line at a time and past the cache; a bin's accumulators fit the cache
/// when it is emptied. Sums are integers, so the order is free.
template <class Word>
class Bins {
 public:
  /// Whether so many events, spread over so many neurons, are worth the copy (bench/README.md).
  static bool pay_off(double events, std::uint32_t neurons) {
    constexpr std::size_t kCachedBytes = std::size_t{8} << 20U;
    return neurons * sizeof(Word) >= kCachedBytes && events >= kEventsPerNeuron * neurons;
  }

  /// Adds the events of `n` compact synapses, sooner or later.
  void add(const std::uint32_t* synapses, std::uint32_t n, NeuronId first, Word* words,
           const Word* kinds) {
    for (std::uint32_t i = 0; i < n; ++i) {
      const std::uint32_t synapse = synapses[i];
      const std::uint32_t bin = ((synapse & kCompactPost) - first) >> kShift;
      if (bin >= bins_.size()) {
        grow(bin + 1U);
      }
      Bin& b = bins_[bin];
      b.line[b.used % kLine] = synapse;
      if (++b.used % kLine == 0) {
        stream_line(room_of(bin) + (b.used - kLine), b.line);
        if (b.used == kRoom) {
          empty_bin(bin, first, words, kinds);
        }
      }
    }
  }

  /// Adds what is still in the bins.
  void empty(NeuronId first, Word* words, const Word* kinds) {
    for (std::uint32_t bin = 0; bin < bins_.size(); ++bin) {
      empty_bin(bin, first, words, kinds);
    }
  }

 private:
  static constexpr double kEventsPerNeuron = 0.5;
  static constexpr std::uint32_t kShift = 17;    ///< neurons of a bin, as a power of two
  static constexpr std::uint32_t kRoom = 65536;  ///< synapses that a bin takes before it is emptied
  static constexpr std::uint32_t kLine = kLineWords;

  struct alignas(64) Bin {
    std::uint32_t line[kLine];  ///< the latest, until they fill a line
    std::uint32_t used = 0;     ///< in all
  };

  void grow(std::uint32_t bins) {
    bins_.resize(bins);
    rooms_.resize(bins);
    for (auto& room : rooms_) {
      if (room == nullptr) {
        room = std::make_unique<Room>();
      }
    }
  }
  [[nodiscard]] std::uint32_t* room_of(std::uint32_t bin) { return rooms_[bin]->synapses; }

  void empty_bin(std::uint32_t bin, NeuronId first, Word* words, const Word* kinds) {
    stream_fence();
    Bin& b = bins_[bin];
    const std::uint32_t whole = b.used / kLine * kLine;
    const auto add_to = [&](std::uint32_t synapse) {
      words[(synapse & kCompactPost) - first] += kinds[synapse >> kCompactKindShift];
    };
    const std::uint32_t* const room = room_of(bin);
    for (std::uint32_t i = 0; i < whole; ++i) {
      add_to(room[i]);
    }
    for (std::uint32_t i = whole; i < b.used; ++i) {
      add_to(b.line[i % kLine]);
    }
    b.used = 0;
  }

  struct alignas(64) Room {
    std::uint32_t synapses[kRoom];
  };
  std::vector<Bin> bins_;
  std::vector<std::unique_ptr<Room>> rooms_;
};

}  // namespace rheobase
