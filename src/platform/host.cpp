// SPDX-License-Identifier: Apache-2.0
#include "rheobase/host.h"

#include <algorithm>
#include <fstream>
#include <thread>

#include "platform/cores.h"
#include "platform/limits.h"
#include "platform/memory.h"

#if defined(__unix__) || defined(__APPLE__)
#include <sys/ioctl.h>
#include <unistd.h>
#endif
#if defined(__linux__)
#include <sched.h>
#endif

namespace rheobase {
namespace {

std::string processor_name() {
  std::ifstream file("/proc/cpuinfo");
  std::string line;
  while (std::getline(file, line)) {
    const auto colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) {
      return line.substr(colon + 2);
    }
  }
  return "processor";
}

}  // namespace

std::uint32_t platform::usable_cores() {
  std::uint32_t cores = std::max(1U, std::thread::hardware_concurrency());
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof(set), &set) == 0) {
    cores = static_cast<std::uint32_t>(std::max(1, CPU_COUNT(&set)));
  }
#endif
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(cores, process_limits().cores));
}

HostInfo host_info() {
  return {platform::usable_cores(), platform::available_memory(), processor_name()};
}

std::uint32_t terminal_columns([[maybe_unused]] int descriptor) {
#if defined(__unix__) || defined(__APPLE__)
  winsize size{};
  if (isatty(descriptor) != 0) {
    return ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80U;
  }
#endif
  return 0;
}

std::string version() { return RHEOBASE_VERSION; }

}  // namespace rheobase
