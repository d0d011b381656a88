// SPDX-License-Identifier: Apache-2.0
/// \file
/// How calls that may take long are told to stop.
#pragma once

#include <functional>

namespace rheobase {

/// Asked some twenty times a second, on the thread that made the call. Once it returns true the
/// call ends with Error interrupted, and all is as before it. It may throw: the call ends with
/// that. Empty: the call ends when it is done.
using StopRequest = std::function<bool()>;

}  // namespace rheobase
