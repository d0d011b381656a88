// SPDX-License-Identifier: Apache-2.0
#include "platform/library.h"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "rheobase/text.h"

#if defined(_WIN32)
#include <io.h>
#include <windows.h>
#else
#include <dlfcn.h>
#if defined(__linux__)
#include <sys/auxv.h>
#endif
#include <unistd.h>
#endif
#if defined(__APPLE__)
#include <libproc.h>
#include <mach-o/dyld.h>
#endif

namespace rheobase::platform {
namespace {

/// Links followed; empty if the path is relative or there is no such file.
std::string resolved(const std::string& path) {
  if (!std::filesystem::path(path).is_absolute()) {
    return {};
  }
  std::error_code trouble;
  const std::filesystem::path file = std::filesystem::canonical(path, trouble);
  return trouble ? std::string() : file.string();
}

#if defined(__linux__)
/// The file that is mapped at an address, from the kernel's list: "FROM-TO rights offset device
/// inode      FILE".
std::string mapped_file(std::uintptr_t address) {
  std::ifstream maps("/proc/self/maps");
  std::string line;
  while (std::getline(maps, line)) {
    std::istringstream in(line);
    std::uintptr_t from = 0;
    std::uintptr_t to = 0;
    char dash = 0;
    if (in >> std::hex >> from >> dash >> to && address >= from && address < to) {
      const std::size_t file = line.find('/');
      return file == std::string::npos ? std::string() : line.substr(file);
    }
  }
  return {};
}
#endif

}  // namespace

#if defined(_WIN32)

namespace {

/// For a bare name the system's folder and that of the program, never the present one or PATH; for
/// a file, what it needs may lie beside it.
void* open_library(const std::string& path) {
  if (path.find_first_of("/\\") == std::string::npos) {
    return LoadLibraryExA(path.c_str(), nullptr, LOAD_LIBRARY_SEARCH_DEFAULT_DIRS);
  }
  std::error_code trouble;
  const std::filesystem::path file = std::filesystem::absolute(path, trouble);
  return trouble
             ? nullptr
             : LoadLibraryExW(file.wstring().c_str(), nullptr,
                              LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_DEFAULT_DIRS);
}

}  // namespace

Library::Library(const std::string& path) : handle_(open_library(path)) {
  if (handle_ == nullptr) {
    trouble_ = "error " + number_text(GetLastError());
  }
}
void* Library::symbol(const char* name) const {
  return reinterpret_cast<void*>(GetProcAddress(static_cast<HMODULE>(handle_), name));
}
std::string own_file() {
  HMODULE module = nullptr;
  std::array<char, 32768> path{};
  GetModuleHandleExA(
      GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
      reinterpret_cast<LPCSTR>(&own_file), &module);
  const DWORD length = GetModuleFileNameA(module, path.data(), static_cast<DWORD>(path.size()));
  return length > 0 && length < path.size() ? resolved(std::string(path.data(), length)) : "";
}
std::string library_file_name(const std::string& name) { return name + ".dll"; }
std::string vulkan_loader() { return {}; }
bool may_read_and_write(const std::string& path) { return _access(path.c_str(), 6) == 0; }
void set_environment_default(const char* name, const char* value) {
  if (environment(name).empty()) {
    _putenv_s(name, value);
  }
}

#else

Library::Library(const std::string& path) : handle_(dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) {
  if (handle_ == nullptr) {
    const char* why = dlerror();
    trouble_ = why != nullptr ? why : "unknown reason";
  }
}
void* Library::symbol(const char* name) const { return dlsym(handle_, name); }
#if defined(__linux__)
std::string own_file() {
  const std::string mapped = mapped_file(reinterpret_cast<std::uintptr_t>(&own_file));
  if (!mapped.empty()) {
    return resolved(mapped);
  }
  // a root without /proc: what the system itself was asked to start, if that is no relative place
  const auto* started = reinterpret_cast<const char*>(getauxval(AT_EXECFN));
  return started != nullptr && *started == '/' ? resolved(started) : "";
}
#else
std::string own_file() {
  Dl_info info{};
  if (dladdr(reinterpret_cast<const void*>(&own_file), &info) == 0 || info.dli_fname == nullptr) {
    return {};
  }
#if defined(__APPLE__)
  if (info.dli_fbase == _dyld_get_image_header(0)) {  // the program, of which the kernel knows
    std::array<char, PROC_PIDPATHINFO_MAXSIZE> path{};
    return proc_pidpath(getpid(), path.data(), path.size()) > 0 ? resolved(path.data()) : "";
  }
#endif
  return resolved(info.dli_fname);  // may be relative: then it is not known
}
#endif
std::string library_file_name(const std::string& name) {
#if defined(__APPLE__)
  return "lib" + name + ".dylib";
#else
  return "lib" + name + ".so";
#endif
}
std::string vulkan_loader() {
#if defined(__APPLE__)
  return {};
#else
  return "libvulkan.so.1";
#endif
}
bool may_read_and_write(const std::string& path) { return access(path.c_str(), R_OK | W_OK) == 0; }
void set_environment_default(const char* name, const char* value) { setenv(name, value, 0); }

#endif

std::string environment(const char* name) {
#if defined(__GLIBC__)
  const char* value = secure_getenv(name);
#else
  const char* value = std::getenv(name);
#endif
  return value != nullptr ? value : "";
}

}  // namespace rheobase::platform
