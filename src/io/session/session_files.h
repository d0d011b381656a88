// SPDX-License-Identifier: Apache-2.0
/// \file
/// The names of the files of a session.
#pragma once

#include <cstdint>
#include <string>

#include "rheobase/text.h"

namespace rheobase::session {

inline constexpr const char* kUnfinished = "unfinished";

inline std::string start_of(const std::string& folder) { return folder + "/start.checkpoint"; }
/// Counted from 1.
inline std::string events_of(const std::string& folder, std::uint32_t number) {
  return folder + "/events_" + number_text(number);
}
inline std::string jump_name(std::uint32_t number) {
  return "jump_" + number_text(number) + ".checkpoint";
}

}  // namespace rheobase::session
