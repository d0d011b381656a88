// SPDX-License-Identifier: Apache-2.0
#include <nanobind/stl/string.h>

#include "bindings.h"
#include "rheobase/host.h"
#include "rheobase/network.h"

NB_MODULE(_core, m) {
  using namespace rheobase::python;
  namespace nb = nanobind;
  m.doc() =
      "The compiled part of Rheobase. Use the package `rheobase`, which checks what it hands on.";
  // objects that a program still holds when it ends are no fault of ours
  nb::set_leak_warnings(false);
  bind_errors(m);
  bind_rules(m);
  bind_distribution(m);
  bind_models(m);
  bind_network(m);
  bind_files(m);
  bind_picture(m);
  bind_codes(m);
  bind_realtime(m);
  bind_engine(m);
  bind_vector_engine(m);
  bind_machine(m);
  m.attr("MOST_DELAY") = rheobase::kMostDelay;
  m.def("version", &rheobase::version, "Version of the library, such as '0.1.0'.");
}
