// SPDX-License-Identifier: Apache-2.0
/// \file
/// The whole program but `main`, so that a fuzzer can call it.
#pragma once

namespace rheobase::cli {

/// \return the exit code.
int run_program(int argc, const char* const* argv);

}  // namespace rheobase::cli
