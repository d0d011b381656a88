// SPDX-License-Identifier: Apache-2.0
/// \file
/// How much memory there is.
#pragma once

#include <cstdint>
#include <string>

namespace rheobase::platform {

/// Bytes that can be allocated now without swapping; the smaller of what the machine and the
/// container allow. 0 if the system does not say.
[[nodiscard]] std::uint64_t available_memory();

/// \throws Error out_of_memory if `bytes` exceeds what is available. `what` needs them.
void require_memory(std::uint64_t bytes, const std::string& what);

}  // namespace rheobase::platform
