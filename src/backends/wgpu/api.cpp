// SPDX-License-Identifier: Apache-2.0
#include "backends/wgpu/api.h"

#include <filesystem>
#include <vector>

#include "platform/library.h"
#include "rheobase/text.h"

namespace rheobase::wgpu {
namespace {

constexpr std::uint32_t kVersion = 29;  ///< of wgpu-native; its structures change between versions

/// Files to try, in order.
std::vector<std::string> candidates() {
  const std::string named = platform::environment("RHEOBASE_WGPU_LIBRARY");
  if (!named.empty()) {
    return {named};  // nothing else: whoever names one wants to know if it does not work
  }
  const std::string file = platform::library_file_name("wgpu_native");
  std::vector<std::string> list;
  const std::string own = platform::own_file();
  if (!own.empty()) {
    const std::filesystem::path folder = std::filesystem::path(own).parent_path();
    for (const char* place : {"", "..", "rheobase", "../lib/rheobase"}) {
      const std::filesystem::path path = folder / place / file;
      std::error_code ignored;
      if (std::filesystem::exists(path, ignored)) {
        list.push_back(path.string());
      }
    }
  }
  list.push_back(file);
  return list;
}

Api load() {
  Api found;
  for (const std::string& path : candidates()) {
    const platform::Library library(path);
    if (!library.is_open()) {
      // the first one counts: a file that is there says what it lacks, a name only that it is
      // nowhere
      if (found.trouble.empty()) {
        found.trouble = "the WebGPU library cannot be opened (" + library.trouble() + ")";
      }
      continue;
    }
    found.file = path;
    found.trouble.clear();
#define RHEOBASE_WGPU_FIND(name)                                                                  \
  found.name = reinterpret_cast<decltype(found.name)>(library.symbol("wgpu" #name));              \
  if (found.name == nullptr && found.trouble.empty()) {                                           \
    found.trouble = path + " is not the WebGPU library that is wanted (it has no wgpu" #name ")"; \
  }
    RHEOBASE_WGPU_FUNCTIONS(RHEOBASE_WGPU_FIND)
#undef RHEOBASE_WGPU_FIND
    if (found.trouble.empty() && found.GetVersion() >> 24U != kVersion) {
      found.trouble = path + " is version " + number_text(found.GetVersion() >> 24U) +
                      " of wgpu-native (wanted is " + number_text(kVersion) + ")";
    }
    if (found.trouble.empty()) {
      found.SetLogLevel(WGPULogLevel_Off);
    }
    return found;
  }
  return found;
}

}  // namespace

const Api& api() {
  static const Api loaded = load();
  return loaded;
}

}  // namespace rheobase::wgpu
