// SPDX-License-Identifier: Apache-2.0
/// \file
/// Areas at the door of builder and editor.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "rheobase/network.h"

namespace rheobase {

/// The area with canonical numbers, its first neuron behind the `neurons` that are there.
/// \throws Error as NetworkBuilder::add_area.
[[nodiscard]] Area checked_area(AreaSpec spec, std::uint64_t neurons,
                                const std::function<bool(const std::string&)>& is_taken);

}  // namespace rheobase
