// SPDX-License-Identifier: Apache-2.0
// model::unit_events for kUnitsOfCalls units, a vector of them at a time. unit_counts.h includes
// this once for each set of instructions, with RHEOBASE_VECTOR_BYTES.

// Operators work on all elements; comparisons give 0 or -1 in each.
using Words [[gnu::vector_size(RHEOBASE_VECTOR_BYTES)]] = std::uint32_t;
using Halves [[gnu::vector_size(RHEOBASE_VECTOR_BYTES)]] = std::int16_t;
inline constexpr std::uint32_t kCalls = sizeof(Words) / sizeof(std::uint32_t);

// model::threefry on a vector of calls.
inline void mix(Words (&x)[4], const std::array<std::uint32_t, 4>& key) {
  const std::array keys{key[0], key[1], key[2], key[3],
                        0x1BD11BDAU ^ key[0] ^ key[1] ^ key[2] ^ key[3]};
  RHEOBASE_UNROLLED
  for (std::size_t i = 0; i < 4; ++i) {
    x[i] += keys[i];
  }
  RHEOBASE_UNROLLED
  for (std::size_t round = 0; round < model::kThreefryRounds; ++round) {
    const auto& turns = model::kThreefryTurns[round % 8];
    Words& a = round % 2 == 0 ? x[1] : x[3];
    Words& b = round % 2 == 0 ? x[3] : x[1];
    x[0] += a;
    a = (a << turns[0] | a >> (32 - turns[0])) ^ x[0];
    x[2] += b;
    b = (b << turns[1] | b >> (32 - turns[1])) ^ x[2];
    if (round % 4 == 3) {
      const std::size_t injection = round / 4 + 1;
      RHEOBASE_UNROLLED
      for (std::size_t i = 0; i < 4; ++i) {
        x[i] += keys[(injection + i) % 5];
      }
      x[3] += static_cast<std::uint32_t>(injection);
    }
  }
}

// Of kCalls calls, one number of events for each of their units. Comparisons are signed, so the
// uppermost bit of everything is turned over.
inline void look_up(const UnitRequest& r, std::uint32_t number, std::uint32_t call,
                    Halves (&events)[4]) {
  constexpr auto kSign = static_cast<std::int16_t>(0x8000);
  constexpr auto kLast = static_cast<std::int16_t>(0x7FFF);
  const model::DriveDraw draw =
      model::drive_draw(*r.drive, model::upper_part(number),
                        r.first / model::kUnitsOfCalls * model::kCallsOfUnits + call, r.burst);
  Words x[4];
  RHEOBASE_UNROLLED
  for (std::size_t w = 0; w < 4; ++w) {
    x[w] = Words{} + draw.counter[w];
  }
  RHEOBASE_UNROLLED
  for (std::uint32_t i = 0; i < kCalls; ++i) {
    x[0][i] += i;
  }
  mix(x, draw.key);
  Halves upper[4];
  Halves unsure[4];
  RHEOBASE_UNROLLED
  for (int w = 0; w < 4; ++w) {
    upper[w] = __builtin_bit_cast(Halves, x[w]) ^ kSign;
    events[w] = Halves{} + static_cast<std::int16_t>(r.table->before);
    unsure[w] = (upper[w] == kSign) | (upper[w] == kLast);
  }
  for (const std::uint32_t* entry = r.table->begin; entry != r.table->end; ++entry) {
    const Halves at = Halves{} + static_cast<std::int16_t>((*entry >> 16U) ^ 0x8000U);
    RHEOBASE_UNROLLED
    for (int w = 0; w < 4; ++w) {
#if RHEOBASE_VECTOR_BYTES == 64  // with masks that is one instruction less
      events[w] = at < upper[w] ? events[w] + std::int16_t{1} : events[w];
#else
      events[w] -= at < upper[w];
#endif
      unsure[w] |= at == upper[w];
    }
  }
  const Halves all = (unsure[0] | unsure[1]) | (unsure[2] | unsure[3]);
  if (any_bit(&all, sizeof all)) {
    for (std::uint32_t w = 0; w < 4; ++w) {
      for (std::uint32_t i = 0; i < 2 * kCalls; ++i) {
        if (unsure[w][i] != 0) {
          events[w][i] = static_cast<std::int16_t>(look_up_one(
              r, number, 32U * w + 2U * call + i, static_cast<std::uint16_t>(upper[w][i] ^ kSign)));
        }
      }
    }
  }
}

// \return whether there are any events.
inline bool count(const UnitRequest& r, Counts& counts) {
  Halves any{};
  for (std::uint32_t call = 0; call < model::kCallsOfUnits; call += kCalls) {
    Halves sum[4]{};
    for (std::uint32_t number = 0; number < r.drive->draws; ++number) {
      Halves events[4];
      look_up(r, number, call, events);
      RHEOBASE_UNROLLED
      for (int w = 0; w < 4; ++w) {
        sum[w] += events[w];
      }
    }
    RHEOBASE_UNROLLED
    for (std::uint32_t w = 0; w < 4; ++w) {
      any |= sum[w];
      std::memcpy(counts.data() + 32U * w + 2U * call, &sum[w], sizeof sum[w]);
    }
  }
  return any_bit(&any, sizeof any);
}
