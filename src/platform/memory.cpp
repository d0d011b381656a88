// SPDX-License-Identifier: Apache-2.0
#include "platform/memory.h"

#include <algorithm>
#include <fstream>
#include <limits>

#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase::platform {
namespace {

/// The number in a file that holds one number or "max"; `otherwise` if there is none.
std::uint64_t number_in(const char* path, std::uint64_t otherwise) {
  std::ifstream file(path);
  std::uint64_t value = 0;
  return file >> value ? value : otherwise;
}

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

std::uint64_t container_memory() {
  constexpr std::uint64_t kNone = std::numeric_limits<std::uint64_t>::max();
  const std::uint64_t limit = number_in("/sys/fs/cgroup/memory.max", kNone);
  const std::uint64_t used = number_in("/sys/fs/cgroup/memory.current", 0);
  return limit == kNone ? kNone : (limit > used ? limit - used : 0U);
}

}  // namespace

std::uint64_t available_memory() {
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
  return std::uint64_t{1} << 26U;  // whatever fits is made in no time
#endif
  const std::uint64_t machine = machine_memory();
  return machine == 0 ? 0 : std::min(machine, container_memory());
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
