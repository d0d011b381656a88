// SPDX-License-Identifier: Apache-2.0
/// \file
/// Libraries that are opened while the program runs.
#pragma once

#include <string>

namespace rheobase::platform {

/// A shared library, open for as long as the process lives: what it started may still run when
/// static objects are destroyed.
class Library {
 public:
  /// Opens a file, or a bare name, which the system's loader looks up in its own places: never in
  /// the present folder. On failure `is_open` is false and `trouble` says why.
  explicit Library(const std::string& path);
  [[nodiscard]] bool is_open() const { return handle_ != nullptr; }
  [[nodiscard]] const std::string& trouble() const { return trouble_; }
  /// Null if the library has no such symbol.
  [[nodiscard]] void* symbol(const char* name) const;

 private:
  void* handle_ = nullptr;
  std::string trouble_;
};

/// The file that this code was loaded from: the program, or the shared library that holds it. The
/// system says so, not the command line, which may hold anything; absolute, links followed. Empty
/// where it cannot be known.
[[nodiscard]] std::string own_file();

/// The name that a shared library has on this system: "libx.so", "libx.dylib", "x.dll".
[[nodiscard]] std::string library_file_name(const std::string& name);

/// The Vulkan loader's file name; empty on systems that reach GPUs by other ways.
[[nodiscard]] std::string vulkan_loader();

/// Whether this process may read and write a file or device.
[[nodiscard]] bool may_read_and_write(const std::string& path);

/// The value of an environment variable; empty if it is not set, or if the program runs with more
/// rights than who called it (setuid).
[[nodiscard]] std::string environment(const char* name);
/// Sets it for this process, unless it is set.
void set_environment_default(const char* name, const char* value);

}  // namespace rheobase::platform
