// SPDX-License-Identifier: Apache-2.0
/// \file
/// The table of backends.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/backend.h"
#include "rheobase/engine.h"

namespace rheobase {

struct ChosenBackend {
  std::unique_ptr<Backend> backend;
  std::string reason;  ///< why `auto` chose it; empty for a named one
};

/// Makes the backend of that name. \throws Error invalid_argument for an unknown name, unavailable
/// if it cannot run here.
[[nodiscard]] ChosenBackend make_backend(std::string_view name, const BackendSetup& setup);

/// Names that tests run the conformance suite on: every backend that is built and usable.
[[nodiscard]] std::vector<std::string> usable_backends();

}  // namespace rheobase
