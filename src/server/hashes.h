// SPDX-License-Identifier: Apache-2.0
/// \file
/// Numbers by which clients see that something changed.
#pragma once

#include <cstdint>
#include <string_view>

#include "server/brain.h"

namespace rheobase::server {

/// Of any bytes: from 1 to 2^53 - 1, so that every reader of JSON holds it.
[[nodiscard]] std::uint64_t change_number(std::string_view bytes);

[[nodiscard]] Hashes hashes_of(const Document& document);

}  // namespace rheobase::server
