// SPDX-License-Identifier: Apache-2.0
/// \file
/// Events of a session as numbers of a section.
#pragma once

#include "io/checkpoint/section_file.h"
#include "rheobase/session.h"

namespace rheobase::session {

/// Of the files of a session.
inline constexpr std::uint32_t kVersion = 1;
inline constexpr const char* kEvents = "events";
inline constexpr const char* kHead = "session";

void put_event(checkpoint::SectionWriter& out, const SessionEvent& event);
/// What it says is checked when an engine takes it. \throws Error invalid_file.
[[nodiscard]] SessionEvent get_event(checkpoint::SectionReader& in);

}  // namespace rheobase::session
