// SPDX-License-Identifier: Apache-2.0
#include "backends/cpu/drive_block.h"

#include <algorithm>
#include <array>
#include <bit>

#include "backends/cpu/processor.h"
#include "backends/cpu/unit_counts.h"

namespace rheobase {
namespace {

using namespace model;
using units::Counts;
using units::UnitRequest;
using units::UpperTable;
using CountUnits = bool (*)(const UnitRequest&, Counts&);

/// Neurons from number `from` of the block on get potential(i) each, where some(i) holds.
template <class Word, class Potential, class Some>
[[gnu::always_inline]] inline void give(const DriveBlock<Word>& b, std::uint32_t from,
                                        std::uint32_t count, std::uint32_t stride,
                                        const Potential& potential, const Some& some) {
  float* const injected = b.injected + std::size_t{from} * stride;
  RHEOBASE_INDEPENDENT_ITERATIONS
  for (std::uint32_t i = 0; i < count; ++i) {
    float& sum = injected[std::size_t{i} * stride];
    sum = select(sum, add_rn(sum, potential(i)), some(i));
  }
}

template <class Word, class Some>
[[gnu::always_inline]] inline void mark(const DriveBlock<Word>& b, std::uint32_t from,
                                        std::uint32_t count, std::uint32_t stride,
                                        const Some& some) {
  Word* const words = b.words + std::size_t{from} * stride;
  const Word mask = b.event_mask;
  const Word one = b.one_event;
  RHEOBASE_INDEPENDENT_ITERATIONS
  for (std::uint32_t i = 0; i < count; ++i) {
    Word& word = words[std::size_t{i} * stride];
    word += (some(i) & ((word & mask) == 0)) ? one : Word{0};
  }
}

/// Whether whatever number of events gives just its product with the amplitude: nothing to clamp,
/// nothing tiny, and of no event a zero, which adds nothing.
bool is_plain(float amplitude) {
  constexpr float kMostEvents = 4096.0F;  // four draws give fewer
  const float size = amplitude < 0.0F ? -amplitude : amplitude;
  return size >= 0x1p-120F && size <= kLargestPotential / kMostEvents;
}

/// A number of events each. `stride` is a constant where it is 1: neurons with one target, all but
/// some with a model, have loops of their own.
template <class Word>
[[gnu::always_inline]] inline void give_numbers(const DriveBlock<Word>& b, std::uint32_t from,
                                                std::uint32_t count, std::uint32_t stride,
                                                const std::uint16_t* events) {
  const float amplitude = b.drive->amplitude;
  const auto some = [&](std::uint32_t i) { return events[i] != 0; };
  const auto product = [&](std::uint32_t i) {
    return times(static_cast<float>(std::int32_t{events[i]}), amplitude);
  };
  if (is_plain(amplitude)) {
    give(b, from, count, stride, product, [](std::uint32_t) { return true; });
  } else {
    give(
        b, from, count, stride, [&](std::uint32_t i) { return canonical(flushed(product(i))); },
        some);
  }
  if (b.one_event != 0) {
    mark(b, from, count, stride, some);
  }
}

/// The same for all.
template <class Word>
[[gnu::always_inline]] inline bool give_all(const DriveBlock<Word>& b) {
  const std::uint32_t events = drive_events(*b.drive, b.first, b.burst);
  if (events == 0) {
    return false;
  }
  const float potential = drive_potential(*b.drive, events);
  const auto all = [](std::uint32_t) { return true; };
  give(
      b, 0, b.count, b.stride, [&](std::uint32_t) { return potential; }, all);
  if (b.one_event != 0) {
    mark(b, 0, b.count, b.stride, all);
  }
  return true;
}

template <class Word, CountUnits count_units>
[[gnu::always_inline]] inline bool drive_neurons(const DriveBlock<Word>& b) {
  const CompiledDrive& d = *b.drive;
  if (d.kind != CompiledDrive::Kind::poisson) {
    return give_all(b);
  }
  const UpperTable table(d.cumulative);
  const std::uint32_t begin = b.first - d.origin;
  Counts counts;
  bool any = false;
  for (std::uint32_t from = 0; from < b.count;) {
    const std::uint32_t within = (begin + from) % kUnitsOfCalls;
    const std::uint32_t count = std::min(kUnitsOfCalls - within, b.count - from);
    if (count_units({&d, &table, begin + from - within, b.burst}, counts)) {
      const std::uint16_t* const events = counts.data() + within;
      if (b.stride == 1) {
        give_numbers(b, from, count, 1, events);
      } else {
        give_numbers(b, from, count, b.stride, events);
      }
      any = true;
    }
    from += count;
  }
  return any;
}

/// Appends the events of a unit, whose neurons begin with `first`, that neurons from `from` on,
/// before `to`, get.
void find_in_unit(const CompiledDrive& d, std::uint64_t burst, std::uint32_t unit,
                  std::uint32_t events, std::uint32_t from, std::uint32_t to,
                  std::vector<RareEvents>& found) {
  const std::uint32_t first = d.origin + (unit << d.unit_shift);
  const std::size_t begin = found.size();
  for (std::uint32_t event = 0; event < events; ++event) {
    const std::uint32_t id = first + place_of(d, unit, event, burst);
    if (id < from || id >= to) {
      continue;
    }
    const auto place =
        std::lower_bound(found.begin() + static_cast<std::ptrdiff_t>(begin), found.end(), id,
                         [](const RareEvents& e, std::uint32_t wanted) { return e.id < wanted; });
    if (place != found.end() && place->id == id) {
      ++place->events;
    } else {
      found.insert(place, {id, 1});
    }
  }
}

struct RareRequest {
  const CompiledDrive* drive;
  std::uint64_t burst;
  std::uint32_t first, last;
  std::vector<RareEvents>* found;
};

template <CountUnits count_units>
[[gnu::always_inline]] inline void find_events(const RareRequest& r) {
  const CompiledDrive& d = *r.drive;
  const UpperTable table(d.cumulative);
  const std::uint32_t begin = (r.first - d.origin) >> d.unit_shift;
  const std::uint32_t last = (r.last - 1U - d.origin) >> d.unit_shift;
  Counts counts;
  for (std::uint32_t chunk = begin / kUnitsOfCalls * kUnitsOfCalls; chunk <= last;
       chunk += kUnitsOfCalls) {
    if (!count_units({&d, &table, chunk, r.burst}, counts)) {
      continue;
    }
    const std::uint32_t end = std::min(last - chunk, kUnitsOfCalls - 1U);
    for (std::uint32_t i = std::max(begin, chunk) - chunk; i <= end; ++i) {
      if (counts[i] != 0) {
        find_in_unit(d, r.burst, chunk + i, counts[i], r.first, r.last, *r.found);
      }
    }
  }
}

constexpr CountUnits kAnywhere =
    std::endian::native == std::endian::little ? units::anywhere::count : units::count_one_by_one;

template <class Word>
bool drive_anywhere(const DriveBlock<Word>& b) {
  return drive_neurons<Word, kAnywhere>(b);
}
void find_anywhere(const RareRequest& r) { find_events<kAnywhere>(r); }
#if defined(__x86_64__)
template <class Word>
RHEOBASE_AVX2 bool drive_avx2(const DriveBlock<Word>& b) {
  return drive_neurons<Word, units::avx2::count>(b);
}
RHEOBASE_AVX2 void find_avx2(const RareRequest& r) { find_events<units::avx2::count>(r); }
template <class Word>
RHEOBASE_WIDE_AVX512 bool drive_avx512(const DriveBlock<Word>& b) {
  return drive_neurons<Word, units::avx512::count>(b);
}
RHEOBASE_WIDE_AVX512 void find_avx512(const RareRequest& r) {
  find_events<units::avx512::count>(r);
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

void find_rare_events(const CompiledDrive& drive, std::uint64_t burst, std::uint32_t first,
                      std::uint32_t last, std::vector<RareEvents>& found) {
  const RareRequest request{&drive, burst, first, last, &found};
#if defined(__x86_64__)
  static const auto chosen = has_avx512() ? find_avx512 : has_avx2() ? find_avx2 : find_anywhere;
  chosen(request);
#else
  find_anywhere(request);
#endif
}

}  // namespace rheobase
