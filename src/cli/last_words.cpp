// SPDX-License-Identifier: Apache-2.0
// Libraries allocate where nothing may be thrown: in destructors, and before `main`. If memory is
// refused there, the program ends with a sentence all the same.
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>

#include "cli/commands.h"

namespace rheobase::cli {
namespace {

std::atomic<bool> memory_was_refused{false};

[[noreturn]] void refuse_memory() {
  memory_was_refused = true;
  throw std::bad_alloc();
}

/// Whether it is memory for which the program ends.
bool lacks_memory() {
  try {
    if (const std::exception_ptr thrown = std::current_exception()) {
      std::rethrow_exception(thrown);
    }
  } catch (const std::bad_alloc&) {
    return true;
  } catch (...) {
    return false;
  }
  // GCC before 14 ends some destructors without telling what was thrown
  return std::uncaught_exceptions() > 0 && memory_was_refused;
}

[[noreturn]] void end_with_a_sentence() {
  if (lacks_memory()) {
    std::fputs(
        "rheobase: there is not enough memory. Make the network smaller or use a larger "
        "machine.\n",
        stderr);
    std::_Exit(kFailed);
  }
  std::abort();  // a fault of the program
}

/// Before the objects of the libraries are made.
[[gnu::constructor(101)]] void listen() {
  std::set_terminate(end_with_a_sentence);
  std::set_new_handler(refuse_memory);
}

}  // namespace
}  // namespace rheobase::cli
