// SPDX-License-Identifier: Apache-2.0
/// \file
/// Waiting for a moment, exactly.
#pragma once

#include <chrono>

namespace rheobase::platform {

/// Asks the system to wake this thread without delay for the sake of fewer wake-ups.
void ask_for_exact_timers();

/// Returns at that moment or right after it: sleeps until shortly before, then looks at the clock.
/// `look` is how long before.
void wait_exactly(std::chrono::steady_clock::time_point moment, std::chrono::nanoseconds look);

}  // namespace rheobase::platform
