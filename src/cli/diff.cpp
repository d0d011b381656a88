// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <memory>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/recordings.h"

namespace rheobase::cli {
namespace {

/// Prints the first difference. \return whether there is one.
bool differ(const std::string& first, const std::string& second) {
  const SpikeTable a = spikes_of(first);
  const SpikeTable b = spikes_of(second);
  std::cout << unfinished_note(first, a) << (first == second ? "" : unfinished_note(second, b));
  const std::size_t common = std::min(a.ids.size(), b.ids.size());
  std::size_t i = 0;
  while (i < common && a.bursts[i] == b.bursts[i] && a.ids[i] == b.ids[i]) {
    ++i;
  }
  if (i == a.ids.size() && i == b.ids.size()) {
    std::cout << "equal: " << grouped(i) << " spikes\n";
    return false;
  }
  const bool only_first =
      i >= b.ids.size() ||
      (i < a.ids.size() && std::pair{a.bursts[i], a.ids[i]} < std::pair{b.bursts[i], b.ids[i]});
  const SpikeTable& table = only_first ? a : b;
  std::cout << "the first difference is in burst " << table.bursts[i] << ": neuron " << table.ids[i]
            << " fired only in " << (only_first ? first : second) << " (" << grouped(i)
            << " spikes before it agree; " << grouped(a.ids.size()) << " and "
            << grouped(b.ids.size()) << " in all)\n";
  return true;
}

}  // namespace

void add_diff(CLI::App& program, int& exit_code) {
  struct Arguments {
    std::string a, b;
  };
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      program.add_subcommand("diff", "The first burst and neuron in which two recordings differ");
  command->add_option("a", arguments->a, "Recording: a folder of `run -o`, or a .npy, .csv or .h5")
      ->required();
  command->add_option("b", arguments->b, "The other recording")->required();
  command->callback([arguments, &exit_code] {
    exit_code = differ(arguments->a, arguments->b) ? kFailed : kDone;
  });
}

}  // namespace rheobase::cli
