// SPDX-License-Identifier: Apache-2.0
#include "bindings.h"
#include "rheobase/error.h"

namespace rheobase::python {
namespace {

namespace nb = nanobind;

const char* text_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument: return "invalid_argument";
    case ErrorCode::invalid_file: return "invalid_file";
    case ErrorCode::io: return "io";
    case ErrorCode::out_of_memory: return "out_of_memory";
    case ErrorCode::out_of_range: return "out_of_range";
    case ErrorCode::unavailable: return "unavailable";
    case ErrorCode::device_lost: return "device_lost";
    case ErrorCode::difference: return "difference";
    case ErrorCode::interrupted: return "interrupted";
  }
  return "invalid_argument";
}

void translate(const std::exception_ptr& pointer, void* /*payload*/) {
  try {
    std::rethrow_exception(pointer);
  } catch (const Error& e) {
    const nb::object type =
        nb::module_::import_("rheobase.errors").attr("by_code")[text_of(e.code())];
    PyErr_SetString(type.ptr(), e.what());
  }
}

}  // namespace

void bind_errors(nb::module_& /*module*/) { nb::register_exception_translator(translate); }

}  // namespace rheobase::python
