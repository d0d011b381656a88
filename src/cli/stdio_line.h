// SPDX-License-Identifier: Apache-2.0
/// \file
/// A line of input of `rheobase run --stdio`, read and checked as a whole.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rheobase/network.h"

namespace rheobase::cli {

/// What a line asks for.
struct Wish {
  std::vector<NeuronId> ids;
  std::vector<float> potentials;
  std::vector<std::uint32_t> ports;
  std::uint64_t bursts = 1;
  std::optional<bool> fatigue;
  bool quit = false;
};

/// \throws Error that says what is wrong with the line.
[[nodiscard]] Wish read_wish(const Network& network, const std::string& line);

}  // namespace rheobase::cli
