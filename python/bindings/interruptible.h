// SPDX-License-Identifier: Apache-2.0
// Ctrl-C while C++ works.
#pragma once

#include <exception>
#include <type_traits>

#include "bindings.h"
#include "rheobase/error.h"
#include "rheobase/stop.h"

namespace rheobase::python {

/// Calls `work(stop)` without the interpreter's lock. What a signal handler of Python raises
/// meanwhile, KeyboardInterrupt as a rule, ends the work and is raised here.
template <class Work>
auto interruptible(Work work) {
  std::exception_ptr raised;
  const StopRequest stop = [&raised] {
    const nb::gil_scoped_acquire acquire;
    if (PyErr_CheckSignals() == 0) {
      return false;
    }
    try {
      throw nb::python_error();
    } catch (...) {
      raised = std::current_exception();
    }
    return true;
  };
  try {
    const nb::gil_scoped_release release;
    return work(stop);
  } catch (const Error&) {
    if (raised == nullptr) {
      throw;
    }
  }
  std::rethrow_exception(raised);
}

}  // namespace rheobase::python
