// SPDX-License-Identifier: Apache-2.0
#include "cli/program.h"
#include "cli/standard_output.h"
#include "rheobase/program.h"

int main(int argc, char** argv) {
  rheobase::guard_standard_streams();
  rheobase::cli::StandardOutput output;
  return output.end(rheobase::cli::run_program(argc, argv));
}
