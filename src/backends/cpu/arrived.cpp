// SPDX-License-Identifier: Apache-2.0
#include "backends/cpu/arrived.h"

#include "backends/cpu/processor.h"
#include "model/fixed_point.h"
#include "model/run_step.h"

namespace rheobase {
namespace {

/// As model::fixed_to_f32; of 64 bits too by a conversion, of which there are vectors. A sum that
/// is not 0 is at least 2^-40, so there is nothing to flush.
template <class Word>
[[gnu::always_inline]] inline float number_of(Word sum, float quantum) {
  return static_cast<float>(sum) * quantum;
}

/// Port `p` of neuron `i`.
template <bool kInjects, class Word>
[[gnu::always_inline]] inline void read_one(const ArrivedBlock<Word>& block, float quantum,
                                            std::uint32_t ports, std::uint32_t i, std::uint32_t p) {
  const std::size_t at = std::size_t{i} * ports + p;
  const float sum = number_of(static_cast<Word>(block.words[at] >> block.event_bits), quantum);
  block.words[at] = 0;
  block.to[std::size_t{p} * kBlock + i] = kInjects ? model::at_port(block.injected[at], sum) : sum;
}

/// Few ports, of which all words of a neuron are read at once.
template <bool kInjects, class Word, std::uint32_t kPorts>
[[gnu::always_inline]] inline void read_ports(const ArrivedBlock<Word>& given) {
  const ArrivedBlock<Word> block = given;  // a local, so that the loop becomes vector code
  const float quantum = model::float_of((127U - block.quantum_bits) << 23U);
  RHEOBASE_INDEPENDENT_ITERATIONS
  for (std::uint32_t i = 0; i < block.count; ++i) {
    for (std::uint32_t p = 0; p < kPorts; ++p) {
      read_one<kInjects>(block, quantum, kPorts, i, p);
    }
  }
}

template <bool kInjects, class Word>
[[gnu::always_inline]] inline void read_words(const ArrivedBlock<Word>& given) {
  switch (given.ports) {
    case 1: return read_ports<kInjects, Word, 1>(given);
    case 2: return read_ports<kInjects, Word, 2>(given);
    case 3: return read_ports<kInjects, Word, 3>(given);
    case 4: return read_ports<kInjects, Word, 4>(given);
    default: break;
  }
  const ArrivedBlock<Word> block = given;  // likewise
  const float quantum = model::float_of((127U - block.quantum_bits) << 23U);
  for (std::uint32_t p = 0; p < block.ports; ++p) {
    for (std::uint32_t i = 0; i < block.count; ++i) {
      read_one<kInjects>(block, quantum, block.ports, i, p);
    }
  }
}

template <class Word>
[[gnu::always_inline]] inline void read_any(const ArrivedBlock<Word>& block) {
  return block.injected != nullptr ? read_words<true>(block) : read_words<false>(block);
}

template <class Word>
void read_anywhere(const ArrivedBlock<Word>& block) {
  read_any(block);
}
#if defined(__x86_64__)
template <class Word>
RHEOBASE_AVX2 void read_avx2(const ArrivedBlock<Word>& block) {
  read_any(block);
}
template <class Word>
RHEOBASE_WIDE_AVX512 void read_avx512(const ArrivedBlock<Word>& block) {
  read_any(block);
}
#endif

}  // namespace

template <class Word>
void read_arrived(const ArrivedBlock<Word>& block, InstructionSet set) {
#if defined(__x86_64__)
  switch (set) {
    case InstructionSet::avx512: return read_avx512(block);
    case InstructionSet::avx2: return read_avx2(block);
    default: break;
  }
#endif
  static_cast<void>(set);
  read_anywhere(block);
}

template void read_arrived(const ArrivedBlock<std::int32_t>&, InstructionSet);
template void read_arrived(const ArrivedBlock<std::int64_t>&, InstructionSet);

}  // namespace rheobase
