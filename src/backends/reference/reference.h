// SPDX-License-Identifier: Apache-2.0
/// \file
/// The backend that defines what is right: obvious, one thread, never tuned.
#pragma once

#include <memory>

#include "engine/backend.h"

namespace rheobase {

[[nodiscard]] std::unique_ptr<Backend> make_reference_backend(const BackendSetup& setup);

}  // namespace rheobase
