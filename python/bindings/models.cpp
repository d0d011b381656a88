// SPDX-License-Identifier: Apache-2.0
// Models of neurons, and of synapses that learn, that are given as text.
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include "arrays.h"
#include "bindings.h"
#include "rheobase/model.h"
#include "rheobase/plasticity.h"

namespace rheobase::python {
namespace {

using namespace nb::literals;

/// (name, unit, meaning, value, least, most)
Rows rows_of(const std::vector<ModelItem>& items) {
  nb::list rows;
  for (const ModelItem& item : items) {
    rows.append(
        nb::make_tuple(item.name, item.unit, item.meaning, item.value, item.lowest, item.highest));
  }
  return rows;
}

}  // namespace

void bind_models(nb::module_& m) {
  nb::class_<Model>(m, "Model")
      .def_static("parse", &Model::parse, "text"_a, "where"_a)
      .def_static("named", &Model::named, "name"_a)
      .def_static("names", &Model::names)
      .def_prop_ro("name", &Model::name)
      .def_prop_ro("title", &Model::title)
      .def_prop_ro("text", &Model::text)
      .def("params", [](const Model& self) { return rows_of(self.params()); })
      .def("states", [](const Model& self) { return rows_of(self.states()); })
      .def("ports", [](const Model& self) { return rows_of(self.ports()); });
  nb::class_<SynapseModel>(m, "SynapseModel")
      .def(nb::init<>())
      .def_static("parse", &SynapseModel::parse, "text"_a, "where"_a)
      .def_static("named", &SynapseModel::named, "name"_a)
      .def_static("names", &SynapseModel::names)
      .def_prop_ro("name", &SynapseModel::name)
      .def_prop_ro("title", &SynapseModel::title)
      .def_prop_ro("text", &SynapseModel::text)
      .def("params", [](const SynapseModel& self) { return rows_of(self.params()); })
      .def("states", [](const SynapseModel& self) { return rows_of(self.states()); })
      .def("traces", [](const SynapseModel& self) { return rows_of(self.traces()); });
}

}  // namespace rheobase::python
