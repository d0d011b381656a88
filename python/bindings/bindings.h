// SPDX-License-Identifier: Apache-2.0
/// \file
/// The parts of the module rheobase._core.
#pragma once

#include <nanobind/nanobind.h>

namespace rheobase::python {

void bind_errors(nanobind::module_& module);
void bind_rules(nanobind::module_& module);
void bind_distribution(nanobind::module_& module);
void bind_machine(nanobind::module_& module);
void bind_models(nanobind::module_& module);
void bind_network(nanobind::module_& module);
void bind_files(nanobind::module_& module);
void bind_picture(nanobind::module_& module);
void bind_codes(nanobind::module_& module);
void bind_realtime(nanobind::module_& module);
void bind_vector_engine(nanobind::module_& module);
void bind_engine(nanobind::module_& module);

}  // namespace rheobase::python
