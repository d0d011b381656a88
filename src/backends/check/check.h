// SPDX-License-Identifier: Apache-2.0
/// \file
/// A backend that is handed two others, runs both, and reports the first difference.
#pragma once

#include <memory>

#include "engine/backend.h"

namespace rheobase {

[[nodiscard]] std::unique_ptr<Backend> make_check_backend(NetworkPointer network,
                                                          std::unique_ptr<Backend> first,
                                                          std::unique_ptr<Backend> second);

}  // namespace rheobase
