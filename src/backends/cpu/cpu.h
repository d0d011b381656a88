// SPDX-License-Identifier: Apache-2.0
/// \file
/// The backend for the processor, on any number of threads.
#pragma once

#include <memory>

#include "engine/backend.h"

namespace rheobase {

[[nodiscard]] std::unique_ptr<Backend> make_cpu_backend(const BackendSetup& setup);

}  // namespace rheobase
