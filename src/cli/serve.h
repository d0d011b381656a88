// SPDX-License-Identifier: Apache-2.0
/// \file
/// The subcommand `serve`, which is there in every build and serves where the server was built.
#pragma once

#include <CLI/CLI.hpp>

namespace rheobase::cli {

void add_serve(CLI::App& program, int& exit_code);

}  // namespace rheobase::cli
