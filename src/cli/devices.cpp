// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "rheobase/engine.h"

namespace rheobase::cli {

void add_devices(CLI::App& program, int& exit_code) {
  auto json = std::make_shared<bool>(false);
  CLI::App* command =
      program.add_subcommand("devices", "List every backend, usable or not, and why");
  command->add_flag("--json", *json, "Print one JSON array");
  command->callback([json, &exit_code] {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const DeviceInfo& device : devices()) {
      list.push_back({{"backend", device.backend},
                      {"device", device.device},
                      {"usable", device.usable},
                      {"reason", device.reason}});
      if (!*json) {
        std::cout << device.backend << (device.usable ? "  usable  " : "  not usable  ")
                  << device.device << " (" << device.reason << ")\n";
      }
    }
    if (*json) {
      std::cout << list.dump() << "\n";
    }
    exit_code = kDone;
  });
}

}  // namespace rheobase::cli
