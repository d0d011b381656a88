// SPDX-License-Identifier: Apache-2.0
#include "realtime.h"

namespace rheobase::python {

void bind_realtime(nb::module_& m) {
  using namespace nb::literals;
  nb::class_<PyRealtime>(m, "Realtime")
      .def("send", &PyRealtime::send, "channel"_a, "ids"_a, "potentials"_a, "port"_a)
      .def("edit", &PyRealtime::edit, "edit"_a)
      .def("next", &PyRealtime::next, "timeout_seconds"_a)
      .def("stop", &PyRealtime::stop)
      .def("running", &PyRealtime::running)
      .def("stats", &PyRealtime::stats);
}

}  // namespace rheobase::python
