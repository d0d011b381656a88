// SPDX-License-Identifier: Apache-2.0
#include "platform/library.h"

#include <cstdlib>

#include "rheobase/text.h"

#if defined(_WIN32)
#include <io.h>
#include <windows.h>
#else
#include <dlfcn.h>
#include <unistd.h>
#endif

namespace rheobase::platform {

#if defined(_WIN32)

Library::Library(const std::string& path) : handle_(LoadLibraryA(path.c_str())) {
  if (handle_ == nullptr) {
    trouble_ = "error " + number_text(GetLastError());
  }
}
void* Library::symbol(const char* name) const {
  return reinterpret_cast<void*>(GetProcAddress(static_cast<HMODULE>(handle_), name));
}
std::string own_file() {
  HMODULE module = nullptr;
  char path[MAX_PATH] = {};
  GetModuleHandleExA(
      GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
      reinterpret_cast<LPCSTR>(&own_file), &module);
  return GetModuleFileNameA(module, path, MAX_PATH) > 0 ? path : "";
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
std::string own_file() {
  Dl_info info{};
  return dladdr(reinterpret_cast<const void*>(&own_file), &info) != 0 && info.dli_fname != nullptr
             ? info.dli_fname
             : "";
}
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
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

}  // namespace rheobase::platform
