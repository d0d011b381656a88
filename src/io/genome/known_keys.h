// SPDX-License-Identifier: Apache-2.0
/// \file
/// Keys that FEAGI writes and that have no effect on a run, place by place. They are told together;
/// a key that is neither read nor listed here is told by itself.
#pragma once

#include <span>
#include <string_view>

namespace rheobase::genome {

[[nodiscard]] std::span<const std::string_view> known_at_the_top();
/// Inside `physiology` and other objects of which parts are read.
[[nodiscard]] std::span<const std::string_view> known_within();
[[nodiscard]] std::span<const std::string_view> known_in_a_rule();
[[nodiscard]] std::span<const std::string_view> known_in_a_morphology();
/// Properties of areas in hierarchical files and genes of flat ones, in FEAGI's form of today or an
/// earlier one, that no part of the engine asks for.
[[nodiscard]] std::span<const std::string_view> known_of_an_area();

}  // namespace rheobase::genome
