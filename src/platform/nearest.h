// SPDX-License-Identifier: Apache-2.0
/// \file
/// The name that was probably meant.
#pragma once

#include <span>
#include <string_view>

namespace rheobase {

/// The name that is most like `text`: at most two letters apart, whatever their case; empty if none
/// is like it.
[[nodiscard]] std::string_view nearest(std::string_view text,
                                       std::span<const std::string_view> names);

}  // namespace rheobase
