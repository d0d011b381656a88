// SPDX-License-Identifier: Apache-2.0
/// \file
/// A rule between parts of two areas.
#pragma once

#include "rheobase/network.h"

namespace rheobase {

/// The rule on areas that hold these neurons alone; the rule itself where the parts are the areas.
/// \throws Error invalid_argument if a part leaves its area or names a neuron twice.
[[nodiscard]] ConnectionRule between_parts(const ConnectionRule& rule, const AreaPart& pre,
                                           const Area& pre_area, const AreaPart& post,
                                           const Area& post_area);

}  // namespace rheobase
