// SPDX-License-Identifier: Apache-2.0
#include "platform/float_mode.h"

#include <cfenv>
#if defined(__SSE__)
#include <xmmintrin.h>
#endif

namespace rheobase::platform {
namespace {

#if defined(__SSE__)
constexpr unsigned kFlushToZero = 0x8000U;
constexpr unsigned kDenormalsAreZero = 0x0040U;
unsigned long long get_control() { return _mm_getcsr(); }
void set_control(unsigned long long value) { _mm_setcsr(static_cast<unsigned>(value)); }
unsigned long long without_flushing(unsigned long long value) {
  return value & ~static_cast<unsigned long long>(kFlushToZero | kDenormalsAreZero);
}
#elif defined(__aarch64__)
constexpr unsigned long long kFlushToZero = 1ULL << 24U;
unsigned long long get_control() {
  unsigned long long value = 0;
  asm volatile("mrs %0, fpcr" : "=r"(value));
  return value;
}
void set_control(unsigned long long value) { asm volatile("msr fpcr, %0" : : "r"(value)); }
unsigned long long without_flushing(unsigned long long value) { return value & ~kFlushToZero; }
#else
// no flushing mode known on this architecture
unsigned long long get_control() { return 0; }
void set_control(unsigned long long /*value*/) {}
unsigned long long without_flushing(unsigned long long value) { return value; }
#endif

}  // namespace

FloatMode::FloatMode() : rounding_(std::fegetround()), control_(get_control()) {
  std::fesetround(FE_TONEAREST);
  set_control(without_flushing(get_control()));
}

FloatMode::~FloatMode() {
  set_control(control_);
  std::fesetround(rounding_);
}

}  // namespace rheobase::platform
