// SPDX-License-Identifier: Apache-2.0
// Distributions from which values are drawn.
#include "rheobase/distribution.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>

#include "arrays.h"
#include "bindings.h"

namespace rheobase::python {
namespace {

using namespace nb::literals;

Distribution::Kind kind_of(std::string_view name) {
  return name == "normal"      ? Distribution::Kind::normal
         : name == "lognormal" ? Distribution::Kind::lognormal
         : name == "uniform"   ? Distribution::Kind::uniform
                               : Distribution::Kind::exponential;
}

}  // namespace

void bind_distribution(nb::module_& m) {
  nb::class_<Distribution>(m, "Distribution")
      .def(
          "__init__",
          [](Distribution* self, std::string_view kind, double first, double second) {
            new (self) Distribution(kind_of(kind), first, second);
          },
          "kind"_a, "first"_a, "second"_a)
      .def("within", &Distribution::within, "low"_a, "high"_a)
      .def("step", nb::overload_cast<double>(&Distribution::step, nb::const_), "size"_a)
      .def("times", &Distribution::times, "factor"_a)
      .def("describe", &Distribution::describe)
      .def(
          "sample",
          [](const Distribution& self, std::uint64_t seed, std::size_t n) {
            std::vector<float> numbers(n);
            self.sample(seed, numbers);
            return array(std::move(numbers));
          },
          "seed"_a, "n"_a)
      .def(
          "equals",
          [](const Distribution& self, const Distribution& other) { return self == other; },
          "other"_a);
}

}  // namespace rheobase::python
