// SPDX-License-Identifier: Apache-2.0
#include "backends/cpu/drive_block.h"

#include <array>

#include "backends/cpu/processor.h"

namespace rheobase {
namespace {

using namespace model;

/// Tables up to here are counted through for all neurons together; in longer ones each looks its
/// own place up.
constexpr std::size_t kShortTable = 64;

/// Numbers of events of a Poisson drive with one draw and a short table.
[[gnu::always_inline]] inline void poisson_events(const CompiledDrive& d, std::uint64_t burst,
                                                  std::uint32_t first, std::uint32_t count,
                                                  std::uint32_t* events) {
  std::array<std::uint32_t, kDriveBlock> draws;  // not cleared: blocks may be short
  RHEOBASE_INDEPENDENT_ITERATIONS
  for (std::uint32_t i = 0; i < count; ++i) {
    draws[i] = draw4(d.seed, Purpose::drive, d.stream, first - d.origin + i, burst)[0];
    events[i] = 0;
  }
  for (const std::uint32_t entry : d.cumulative) {
    RHEOBASE_INDEPENDENT_ITERATIONS
    for (std::uint32_t i = 0; i < count; ++i) {
      events[i] += entry <= draws[i] ? 1U : 0U;
    }
  }
}

/// \return whether there were any events.
template <class Word>
[[gnu::always_inline]] inline bool give(const DriveBlock<Word>& b, const std::uint32_t* events,
                                        std::uint32_t stride) {
  std::uint32_t any = 0;
  float* const injected = b.injected;
  Word* const words = b.words;
  const std::uint32_t count = b.count;
  const float amplitude = b.drive->amplitude;
  const Word mask = b.event_mask;
  const Word one = b.one_event;
  RHEOBASE_INDEPENDENT_ITERATIONS
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::size_t at = std::size_t{i} * stride;
    const bool some = events[i] != 0U;
    const float potential =
        canonical(mul_rn(static_cast<float>(static_cast<std::int32_t>(events[i])), amplitude));
    injected[at] = select(injected[at], add_rn(injected[at], potential), some);
    words[at] += (some & ((words[at] & mask) == 0)) ? one : Word{0};
    any |= events[i];
  }
  return any != 0U;
}

template <class Word>
[[gnu::always_inline]] inline bool drive_neurons(const DriveBlock<Word>& b) {
  const CompiledDrive& d = *b.drive;
  const std::uint32_t count = b.count;  // known to the loops below
  std::array<std::uint32_t, kDriveBlock> events;
  if (d.kind == CompiledDrive::Kind::poisson && d.draws == 1 &&
      d.cumulative.size() <= kShortTable) {
    poisson_events(d, b.burst, b.first, count, events.data());
  } else if (d.kind == CompiledDrive::Kind::poisson) {
    for (std::uint32_t i = 0; i < count; ++i) {
      events[i] = drive_events(d, b.first + i, b.burst);
    }
  } else {  // all get the same
    events.fill(drive_events(d, b.first, b.burst));
  }
  // neurons with one target, all but some with a model, are known to the loop
  return b.stride == 1 ? give(b, events.data(), 1) : give(b, events.data(), b.stride);
}

template <class Word>
bool drive_anywhere(const DriveBlock<Word>& b) {
  return drive_neurons(b);
}
#if defined(__x86_64__)
template <class Word>
RHEOBASE_AVX2 bool drive_avx2(const DriveBlock<Word>& b) {
  return drive_neurons(b);
}
template <class Word>
RHEOBASE_AVX512 bool drive_avx512(const DriveBlock<Word>& b) {
  return drive_neurons(b);
}
#endif

}  // namespace

template <class Word>
bool drive_block(const DriveBlock<Word>& block) {
#if defined(__x86_64__)
  static const auto chosen = has_avx512() ? drive_avx512<Word>
                             : has_avx2() ? drive_avx2<Word>
                                          : drive_anywhere<Word>;
  return chosen(block);
#else
  return drive_anywhere(block);
#endif
}

template bool drive_block(const DriveBlock<std::int32_t>&);
template bool drive_block(const DriveBlock<std::int64_t>&);

}  // namespace rheobase
