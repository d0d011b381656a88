// SPDX-License-Identifier: Apache-2.0
#include "backends/cpu/block_words.h"

#include "backends/cpu/processor.h"
#include "model/random.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // false in GCC 12 (PR 105593)
#endif

namespace rheobase::blocks {

void words_anywhere(const DrawKey& key, std::uint32_t count, Words& words) {
  const DrawKey k = key;
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto drawn = model::draw4(k.seed, model::Purpose::model, k.site, k.first_id + i, k.burst);
    words.first[i] = drawn[0];
    words.second[i] = drawn[1];
  }
}

#if defined(__x86_64__)
// Philox with a word in each 64 bits, of which products read the lower half, so that a product's
// two halves need no sorting: the upper half is shifted down, the lower stays where it is with the
// upper above it, which no later product reads. GCC makes twice as much of the loop above.

namespace {
/// What model::draw4 gives philox as the key, for each round.
struct RoundKeys {
  std::array<std::array<std::int32_t, 2>, 10> of_round;
  explicit RoundKeys(const DrawKey& k) : of_round() {
    std::uint32_t first = static_cast<std::uint32_t>(k.seed) ^ (k.site * 0x85EBCA6BU);
    std::uint32_t second = static_cast<std::uint32_t>(k.seed >> 32U) + k.site;
    for (auto& round : of_round) {
      round = {static_cast<std::int32_t>(first), static_cast<std::int32_t>(second)};
      first += 0x9E3779B9U;
      second += 0xBB67AE85U;
    }
  }
};
}  // namespace

RHEOBASE_AVX2 void words_avx2(const DrawKey& key, std::uint32_t count, Words& words) {
  const RoundKeys keys(key);
  const auto burst = static_cast<std::int64_t>(key.burst);
  const __m256i by0 = _mm256_set1_epi64x(0xD2511F53);
  const __m256i by2 = _mm256_set1_epi64x(0xCD9E8D57);
  const __m256i even = _mm256_setr_epi32(0, 2, 4, 6, 0, 2, 4, 6);
  for (std::uint32_t i = 0; i < count; i += 4) {
    const std::uint32_t id = key.first_id + i;
    __m256i c0 = _mm256_setr_epi64x(id, id + 1U, id + 2U, id + 3U);
    __m256i c1 = _mm256_set1_epi64x(burst);
    __m256i c2 = _mm256_set1_epi64x(burst >> 32);
    __m256i c3 = _mm256_set1_epi64x(static_cast<std::int64_t>(model::Purpose::model));
    for (const auto& round : keys.of_round) {
      const __m256i p0 = _mm256_mul_epu32(c0, by0);
      const __m256i p1 = _mm256_mul_epu32(c2, by2);
      c0 = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(p1, 32), c1),
                            _mm256_set1_epi32(round[0]));
      c1 = p1;
      c2 = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(p0, 32), c3),
                            _mm256_set1_epi32(round[1]));
      c3 = p0;
    }
    const __m256i first = _mm256_permutevar8x32_epi32(c0, even);
    const __m256i second = _mm256_permutevar8x32_epi32(c1, even);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(&words.first[i]), _mm256_castsi256_si128(first));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(&words.second[i]), _mm256_castsi256_si128(second));
  }
}

RHEOBASE_AVX512 void words_avx512(const DrawKey& key, std::uint32_t count, Words& words) {
  const RoundKeys keys(key);
  const auto burst = static_cast<std::int64_t>(key.burst);
  const __m512i by0 = _mm512_set1_epi64(0xD2511F53);
  const __m512i by2 = _mm512_set1_epi64(0xCD9E8D57);
  const __m256i upwards = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  constexpr int kXor = 0x96;  // of three
  for (std::uint32_t i = 0; i < count; i += 8) {
    const auto id = static_cast<std::int32_t>(key.first_id + i);
    __m512i c0 = _mm512_cvtepu32_epi64(_mm256_add_epi32(_mm256_set1_epi32(id), upwards));
    __m512i c1 = _mm512_set1_epi64(burst);
    __m512i c2 = _mm512_set1_epi64(burst >> 32);
    __m512i c3 = _mm512_set1_epi64(static_cast<std::int64_t>(model::Purpose::model));
    for (const auto& round : keys.of_round) {
      const __m512i p0 = _mm512_mul_epu32(c0, by0);
      const __m512i p1 = _mm512_mul_epu32(c2, by2);
      c0 = _mm512_ternarylogic_epi64(_mm512_srli_epi64(p1, 32), c1, _mm512_set1_epi32(round[0]),
                                     kXor);
      c1 = p1;
      c2 = _mm512_ternarylogic_epi64(_mm512_srli_epi64(p0, 32), c3, _mm512_set1_epi32(round[1]),
                                     kXor);
      c3 = p0;
    }
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(&words.first[i]), _mm512_cvtepi64_epi32(c0));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(&words.second[i]), _mm512_cvtepi64_epi32(c1));
  }
}
#endif

}  // namespace rheobase::blocks
