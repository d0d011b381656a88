// SPDX-License-Identifier: Apache-2.0
/// \file
/// Why a GPU cannot be used, and what mends it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "rheobase/engine.h"

namespace rheobase::wgpu {

/// What the doctor looks at; tests put their own in its place.
struct Surroundings {
  std::string library_trouble;        ///< \see Api::trouble
  std::string vulkan_loader;          ///< its name; empty where GPUs are reached otherwise
  std::vector<std::string> hardware;  ///< names of adapters
  std::vector<std::string> software;
  std::function<std::string(const std::string& library)> why_not_open;  ///< empty if it opens
  std::function<std::string(const char* name)> environment;
  std::function<bool(const std::string& path)> exists;
  std::function<bool(const std::string& path)> may_use;                     ///< read and write
  std::function<std::vector<std::string>(const std::string& folder)> list;  ///< full paths
  std::function<std::optional<std::string>(const std::string& path)> text;
};

/// This machine.
[[nodiscard]] Surroundings this_machine();

/// From the library to the driver, in the order in which one needs the other; the first that is
/// wrong comes first.
[[nodiscard]] std::vector<Finding> diagnose(const Surroundings& here);

}  // namespace rheobase::wgpu
