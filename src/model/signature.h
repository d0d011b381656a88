// SPDX-License-Identifier: Apache-2.0
/// \file
/// What a spike adds to the signature of a run: sums, so that no order shows.
#pragma once

#include <cstdint>

#include "model/random.h"

namespace rheobase::model {

/// A fired id's part in the signature of burst `burst_low`.
constexpr std::uint32_t signature_a(std::uint32_t id, std::uint32_t burst_low) {
  return pcg(id ^ (burst_low * 0x9E3779B9U));
}
constexpr std::uint32_t signature_b(std::uint32_t id, std::uint32_t burst_low) {
  return pcg(pcg(id) + burst_low);
}

}  // namespace rheobase::model
