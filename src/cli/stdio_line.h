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

/// What is told of the bursts of a line.
enum class Answer : std::uint8_t {
  all,     ///< each, by a line
  last,    ///< the last, by one line
  counts,  ///< by one line: how often each neuron of the outputs fired
};

/// What a line asks for.
struct Wish {
  std::vector<NeuronId> ids;
  std::vector<float> potentials;
  std::vector<std::uint32_t> ports;  ///< none: all 0
  std::uint64_t bursts = 1;
  bool hold = false;  ///< the input belongs to every burst, not to the first alone
  Answer answer = Answer::all;
  std::optional<bool> fatigue;
  bool quit = false;
  std::optional<NeuronId> why;  ///< of the first burst
  // each a line of its own, without a burst
  std::string save;  ///< the name of a checkpoint; empty: none
  bool reset = false;
  std::optional<NetworkEdit> edit;
};

/// \throws Error that says what is wrong with the line.
[[nodiscard]] Wish read_wish(const Network& network, const std::string& line);

}  // namespace rheobase::cli
