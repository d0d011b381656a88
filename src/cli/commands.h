// SPDX-License-Identifier: Apache-2.0
/// \file
/// The subcommands. Each adds itself to the program; when it was chosen, its callback sets the exit
/// code.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace rheobase::cli {

inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kWrongUsage = 2;
inline constexpr int kInterrupted = 130;

/// `command_line` goes into run.json.
void add_run(CLI::App& program, int& exit_code, const std::vector<std::string>& command_line);
void add_rerun(CLI::App& program, int& exit_code);
void add_replay(CLI::App& program, int& exit_code);
void add_why(CLI::App& program, int& exit_code);
void add_info(CLI::App& program, int& exit_code);
void add_generate(CLI::App& program, int& exit_code);
void add_models(CLI::App& program, int& exit_code);
void add_convert(CLI::App& program, int& exit_code);
void add_diff(CLI::App& program, int& exit_code);
void add_devices(CLI::App& program, int& exit_code);
void add_doctor(CLI::App& program, int& exit_code);
void add_verify(CLI::App& program, int& exit_code);
void add_bench(CLI::App& program, int& exit_code);

}  // namespace rheobase::cli
