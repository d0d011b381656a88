// SPDX-License-Identifier: Apache-2.0
/// \file
/// What users write on the command line, read. Every function throws UsageError with a sentence.
///
/// Areas are named as they are: of those whose name the text begins with, the longest is meant. A
/// name may stand in double quotes, within which a double quote is written twice, as in CSV; then
/// what is between them is the name, whatever it holds.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "rheobase/engine.h"

namespace rheobase::cli {

/// Wrong usage: exit code 2.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// "10s", "250ms", "2min" in ms.
[[nodiscard]] double duration_ms(const std::string& text);

/// "AREA,AREA": each of these texts names one or more areas.
[[nodiscard]] std::vector<Area> areas_named(const std::vector<std::string>& texts,
                                            const Network& network);

/// "AREA=20Hz:1.5" (Poisson), "AREA=regular:20Hz:1.5", "AREA=poisson:20Hz:1.5",
/// "AREA=constant:1.5".
[[nodiscard]] Drive drive_of(const std::string& text, const Network& network);

/// Adds "AREA", "AREA[0:500]", "AREA:potential" or "AREA[0:500]:potential[:every]" to a plan;
/// ranges count within the area, the end excluded.
void add_recording(const std::string& text, const Network& network, RecordPlan& plan);

/// "AREA[7]", counted within the area, or an id in the network.
[[nodiscard]] NeuronId neuron_of(const std::string& text, const Network& network);

}  // namespace rheobase::cli
