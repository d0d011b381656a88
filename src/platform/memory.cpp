// SPDX-License-Identifier: Apache-2.0
#include "platform/memory.h"

#include <algorithm>
#include <fstream>

#include "platform/limits.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase::platform {
namespace {

std::uint64_t machine_memory() {
#if defined(__linux__)
  std::ifstream file("/proc/meminfo");
  std::string name;
  std::uint64_t kilobytes = 0;
  std::string unit;
  while (file >> name >> kilobytes) {
    if (name == "MemAvailable:") {
      return kilobytes * 1024U;
    }
    std::getline(file, unit);
  }
#endif
  return 0;
}

}  // namespace

std::uint64_t available_memory() {
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
  return std::uint64_t{1} << 26U;  // whatever fits is made in no time
#endif
  const std::uint64_t machine = machine_memory();
  const std::uint64_t allowed = process_limits().memory;
  // a limit of 0 is not "unknown"
  return machine == 0 && allowed == kNoLimit
             ? 0
             : std::max<std::uint64_t>(std::min(machine == 0 ? kNoLimit : machine, allowed), 1);
}

void require_memory(std::uint64_t bytes, const std::string& what) {
  const std::uint64_t available = available_memory();
  if (available != 0 && bytes > available) {
    throw Error(ErrorCode::out_of_memory,
                what + " needs " + bytes_text(static_cast<double>(bytes)) + " of memory (" +
                    bytes_text(static_cast<double>(available)) +
                    " are available). Make it smaller or use a larger machine.");
  }
}

}  // namespace rheobase::platform
