// SPDX-License-Identifier: Apache-2.0
/// \file
/// One loop, compiled for several sets of instructions; which one runs is decided at run time.
#pragma once

// the arrays of a loop do not overlap
#if defined(__clang__)
#define RHEOBASE_INDEPENDENT_ITERATIONS _Pragma("clang loop vectorize(assume_safety)")
#elif defined(__GNUC__)
#define RHEOBASE_INDEPENDENT_ITERATIONS _Pragma("GCC ivdep")
#else
#define RHEOBASE_INDEPENDENT_ITERATIONS
#endif

#if defined(__x86_64__)
#define RHEOBASE_AVX2 [[gnu::target("arch=x86-64-v3")]]
#define RHEOBASE_AVX512 [[gnu::target("arch=x86-64-v4")]]
// with vectors of 512 bits wherever a loop allows them
#if defined(__clang__)
#define RHEOBASE_WIDE_AVX512 RHEOBASE_AVX512
#else
#define RHEOBASE_WIDE_AVX512 [[gnu::target("arch=x86-64-v4,prefer-vector-width=512")]]
#endif
// for all functions up to RHEOBASE_END
#define RHEOBASE_PRAGMA(text) _Pragma(#text)
#if defined(__clang__)
#define RHEOBASE_BEGIN(isa) \
  RHEOBASE_PRAGMA(clang attribute push(__attribute__((target(isa))), apply_to = function))
#define RHEOBASE_BEGIN_AVX2 RHEOBASE_BEGIN("arch=x86-64-v3")
#define RHEOBASE_BEGIN_AVX512 RHEOBASE_BEGIN("arch=x86-64-v4")
#define RHEOBASE_END _Pragma("clang attribute pop")
#else
#define RHEOBASE_BEGIN(isa) _Pragma("GCC push_options") RHEOBASE_PRAGMA(GCC target(isa))
#define RHEOBASE_BEGIN_AVX2 RHEOBASE_BEGIN("arch=x86-64-v3")
#define RHEOBASE_BEGIN_AVX512 RHEOBASE_BEGIN("arch=x86-64-v4,prefer-vector-width=512")
#define RHEOBASE_END _Pragma("GCC pop_options")
#endif

namespace rheobase {

inline bool has_avx2() {
  return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0 &&
         __builtin_cpu_supports("bmi2") != 0;
}
inline bool has_avx512() {
  return has_avx2() && __builtin_cpu_supports("avx512f") != 0 &&
         __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512cd") != 0 &&
         __builtin_cpu_supports("avx512dq") != 0 && __builtin_cpu_supports("avx512vl") != 0;
}

}  // namespace rheobase
#endif
