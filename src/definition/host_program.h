// SPDX-License-Identifier: Apache-2.0
/// \file
/// Expressions of parameters that are computed once, on the host, in double precision.
#pragma once

namespace rheobase {

struct HostProgram {};

}  // namespace rheobase
