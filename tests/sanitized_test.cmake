# SPDX-License-Identifier: Apache-2.0
# Runs one suite of a sanitizer's build; skips where that build was not made.
if(NOT EXISTS ${PROGRAM})
  message("not built: run `make test`")
  return()
endif()
# fontconfig keeps what it read until the program ends
set(ENV{LSAN_OPTIONS} "suppressions=${CMAKE_CURRENT_LIST_DIR}/leaks.supp:print_suppressions=0")
# ThreadSanitizer cannot see into drivers; the random networks meet a software GPU without sanitizers only, since
# the code of its shaders is not instrumented anyway
if(NO_GPU)
  set(ENV{RHEOBASE_WGPU_LIBRARY} none)
endif()
# long runs and large networks show nothing more under a sanitizer than short and small ones
set(slow *LongRuns* *ScalarPathAtEverySize* Brunel.* *BalancedFires* *BalancedIsBrunels* *IdsBeyond24Bits* *LargerThanTheDevice*)
if(PROGRAM MATCHES "/tsan/")  # one thread alone shows it nothing
  list(APPEND slow */reference_threads_1 */check_cpu_reference_threads_2)
endif()
list(JOIN slow ":" slow)
execute_process(COMMAND ${PROGRAM} --gtest_brief=1 --gtest_filter=-${slow} RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "${PROGRAM} failed (${result})")
endif()
