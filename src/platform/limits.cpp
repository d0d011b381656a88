// SPDX-License-Identifier: Apache-2.0
#include "platform/limits.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <optional>
#include <sstream>
#include <string_view>
#include <vector>

#if defined(__unix__) || defined(__APPLE__)
#include <sys/resource.h>
#include <unistd.h>
#endif

namespace rheobase::platform {
namespace {

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, trouble] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_number = trouble == std::errc{} && end == text.data() + text.size();
  return is_number ? std::optional(value) : std::nullopt;
}

/// The first words of a file; empty ones where it has fewer or cannot be read.
template <std::size_t count>
std::array<std::string, count> words_in(const std::string& path) {
  std::ifstream file(path);
  std::array<std::string, count> words;
  for (std::string& word : words) {
    file >> word;
  }
  return words;
}

std::optional<std::uint64_t> number_in(const std::string& path) {
  return number(words_in<1>(path)[0]);
}

/// The number behind a name in a file of lines "NAME NUMBER".
std::uint64_t number_of(const std::string& path, std::string_view name) {
  std::ifstream file(path);
  std::string key;
  std::string value;
  while (file >> key >> value) {
    if (key == name) {
      return number(value).value_or(0);
    }
  }
  return 0;
}

/// Whether a list "a,b,c" has a word.
bool has_word(const std::string& list, std::string_view word) {
  std::istringstream in(list);
  std::string each;
  while (std::getline(in, each, ',')) {
    if (each == word) {
      return true;
    }
  }
  return false;
}

/// A mount point as the kernel writes it: blanks as \040.
std::string unescaped(const std::string& text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size()) {
      const auto digit = [&](std::size_t at) { return text[i + at] - '0'; };
      plain += static_cast<char>(digit(1) * 64 + digit(2) * 8 + digit(3));
      i += 3;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

struct Mount {
  std::string group;  ///< that it shows at its point
  std::string point;
};

/// Where the hierarchy of a controller is mounted; of version 2 if that is empty. A line is
/// "id parent device GROUP POINT options [more] - TYPE source OPTIONS".
std::optional<Mount> mount_of(const std::string& root, std::string_view controller) {
  std::ifstream file(root + "/proc/self/mountinfo");
  std::string line;
  while (std::getline(file, line)) {
    const std::size_t dash = line.find(" - ");
    if (dash == std::string::npos) {
      continue;
    }
    std::istringstream front(line.substr(0, dash));
    std::istringstream back(line.substr(dash + 3));
    std::string skipped;
    Mount mount;
    front >> skipped >> skipped >> skipped >> mount.group >> mount.point;
    std::string type;
    std::string options;
    back >> type >> skipped >> options;
    if (controller.empty() ? type == "cgroup2"
                           : type == "cgroup" && has_word(options, controller)) {
      mount.group = unescaped(mount.group);
      mount.point = unescaped(mount.point);
      return mount;
    }
  }
  return std::nullopt;
}

/// The group that this process is in. A line is "number:controllers:GROUP"; version 2 has no
/// controllers.
std::string group_of(const std::string& root, std::string_view controller) {
  std::ifstream file(root + "/proc/self/cgroup");
  std::string line;
  while (std::getline(file, line)) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (second == std::string::npos) {
      continue;
    }
    const std::string controllers = line.substr(first + 1, second - first - 1);
    if (controller.empty() ? controllers.empty() : has_word(controllers, controller)) {
      return line.substr(second + 1);
    }
  }
  return "/";
}

/// The folders of the group and of all above it, as far as they are shown here.
std::vector<std::string> folders_of(const std::string& root, std::string_view controller) {
  const std::optional<Mount> mount = mount_of(root, controller);
  if (!mount) {
    return {};
  }
  std::string group = group_of(root, controller);
  // what the mount shows may begin below the root of the hierarchy
  if (mount->group != "/" && group.starts_with(mount->group)) {
    group = group.substr(mount->group.size());
  } else if (mount->group != "/" || group.find("..") != std::string::npos) {
    group.clear();  // of another namespace
  }
  std::vector<std::string> folders;
  while (group.size() > 1) {
    folders.push_back(root + mount->point + group);
    group.resize(std::min(group.rfind('/'), group.size() - 1));
  }
  folders.push_back(root + mount->point);
  return folders;
}

void at_most(std::uint64_t& value, std::uint64_t limit) { value = std::min(value, limit); }

std::uint64_t left_of(std::uint64_t limit, std::uint64_t used) {
  return limit > used ? limit - used : 0;
}

/// What files of the cache hold is given back when it is needed.
void limit_memory(Limits& limits, const std::string& folder, const char* limit_name,
                  const char* used_name, const char* cache_name) {
  const std::optional<std::uint64_t> limit = number_in(folder + "/" + limit_name);
  if (limit) {
    const std::uint64_t used = number_in(folder + "/" + used_name).value_or(0);
    const std::uint64_t cache = number_of(folder + "/memory.stat", cache_name);
    at_most(limits.memory, left_of(*limit, left_of(used, cache)));
  }
}

void limit_cores(Limits& limits, const std::string& quota, const std::string& period) {
  const std::optional<std::uint64_t> used = number(quota);  // "max" and "-1" are none
  const std::optional<std::uint64_t> of = number(period);
  if (used && of && *used != 0 && *of != 0) {
    at_most(limits.cores, *used / *of + (*used % *of != 0 ? 1U : 0U));
  }
}

void limit_threads(Limits& limits, const std::string& folder) {
  if (const std::optional<std::uint64_t> limit = number_in(folder + "/pids.max")) {
    at_most(limits.threads, left_of(*limit, number_in(folder + "/pids.current").value_or(0)));
  }
}

#if defined(__linux__)
/// Pages of this process: of its address space, or of its data.
std::uint64_t bytes_of_process(bool data) {
  const std::array<std::string, 6> words = words_in<6>("/proc/self/statm");
  return number(words[data ? 5 : 0]).value_or(0) *
         static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

std::uint64_t left_of_resource(decltype(RLIMIT_AS) resource, std::uint64_t used) {
  rlimit limit{};
  return getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY
             ? kNoLimit
             : left_of(limit.rlim_cur, used);
}
#endif

}  // namespace

Limits group_limits(const std::string& root) {
  Limits limits;
  for (const std::string& folder : folders_of(root, "")) {
    for (const char* limit : {"memory.max", "memory.high"}) {
      limit_memory(limits, folder, limit, "memory.current", "inactive_file");
    }
    const std::array<std::string, 2> cores = words_in<2>(folder + "/cpu.max");
    limit_cores(limits, cores[0], cores[1]);
    limit_threads(limits, folder);
  }
  for (const std::string& folder : folders_of(root, "memory")) {
    limit_memory(limits, folder, "memory.limit_in_bytes", "memory.usage_in_bytes",
                 "total_inactive_file");
  }
  for (const std::string& folder : folders_of(root, "cpu")) {
    limit_cores(limits, words_in<1>(folder + "/cpu.cfs_quota_us")[0],
                words_in<1>(folder + "/cpu.cfs_period_us")[0]);
  }
  for (const std::string& folder : folders_of(root, "pids")) {
    limit_threads(limits, folder);
  }
  return limits;
}

Limits process_limits() {
  Limits limits = group_limits();
#if defined(__linux__)
  at_most(limits.memory, left_of_resource(RLIMIT_AS, bytes_of_process(false)));
  at_most(limits.memory, left_of_resource(RLIMIT_DATA, bytes_of_process(true)));
#endif
  return limits;
}

}  // namespace rheobase::platform
