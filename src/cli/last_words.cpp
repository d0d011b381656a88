// SPDX-License-Identifier: Apache-2.0
// Libraries allocate where nothing may be thrown: in destructors, and before `main`. If memory is
// refused there, the program ends with a sentence all the same.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>

#include "cli/commands.h"

namespace rheobase::cli {
namespace {

[[noreturn]] void end_with_a_sentence() {
  try {
    if (const std::exception_ptr thrown = std::current_exception()) {
      std::rethrow_exception(thrown);
    }
  } catch (const std::bad_alloc&) {
    std::fputs(
        "rheobase: there is not enough memory. Make the network smaller or use a larger "
        "machine.\n",
        stderr);
    std::_Exit(kFailed);
  } catch (...) {  // a fault of the program: it aborts
  }
  std::abort();
}

/// Before the objects of the libraries are made.
[[gnu::constructor(101)]] void listen() { std::set_terminate(end_with_a_sentence); }

}  // namespace
}  // namespace rheobase::cli
