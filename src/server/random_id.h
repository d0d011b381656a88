// SPDX-License-Identifier: Apache-2.0
/// \file
/// Names that nobody can guess.
#pragma once

#include <cstddef>
#include <string>

namespace rheobase::server {

/// So many letters and digits, from the system's source of randomness.
[[nodiscard]] std::string random_letters(std::size_t count);
/// As regions of FEAGI are called: 36 characters.
[[nodiscard]] std::string random_uuid();

}  // namespace rheobase::server
