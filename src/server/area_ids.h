// SPDX-License-Identifier: Apache-2.0
/// \file
/// Ids of new areas.
#pragma once

#include <string>

#include "server/document.h"

namespace rheobase::server {

/// A free id for an area of that name: `c` (custom) or `m` (memory), six letters of the name, and a
/// byte that tells it from others. \throws Error out_of_range if all 256 are taken.
[[nodiscard]] std::string free_id(const Document& document, char kind, const std::string& name);

/// Names are unique in a network: "box", "box (2)", …
[[nodiscard]] std::string free_name(const Document& document, const std::string& name);

}  // namespace rheobase::server
