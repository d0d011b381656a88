// SPDX-License-Identifier: Apache-2.0
// What this machine can run on.
#include <nanobind/stl/string.h>

#include "arrays.h"
#include "bindings.h"
#include "rheobase/engine.h"

namespace rheobase::python {

void bind_machine(nb::module_& m) {
  m.def("devices", []() -> Rows {
    nb::list list;
    for (const DeviceInfo& d : devices()) {
      list.append(nb::make_tuple(d.backend, d.device, d.usable, d.reason));
    }
    return list;
  });
  m.def("diagnose_gpu", []() -> Rows {
    nb::list list;
    for (const Finding& f : diagnose_gpu()) {
      list.append(nb::make_tuple(f.subject, f.fine, f.what, f.mend));
    }
    return list;
  });
}

}  // namespace rheobase::python
