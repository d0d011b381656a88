// SPDX-License-Identifier: Apache-2.0
#include "backends/wgpu/doctor.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "backends/wgpu/api.h"
#include "backends/wgpu/gpu.h"
#include "platform/library.h"

namespace rheobase::wgpu {
namespace {

/// Files that tell the Vulkan loader about drivers.
struct DriverFiles {
  std::string variable;  ///< environment variable that names them, if one does
  std::vector<std::string> files;
  std::vector<std::string> missing;  ///< named, but not there
};

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::stringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) {
    if (!part.empty()) {
      parts.push_back(part);
    }
  }
  return parts;
}

DriverFiles driver_files(const Surroundings& here) {
  DriverFiles found;
  for (const char* variable : {"VK_DRIVER_FILES", "VK_ICD_FILENAMES"}) {
    const std::string named = here.environment(variable);
    if (named.empty()) {
      continue;
    }
    found.variable = variable;
    for (const std::string& file : split(named, ':')) {
      (here.exists(file) ? found.files : found.missing).push_back(file);
    }
    return found;
  }
  for (const char* folder :
       {"/usr/share/vulkan/icd.d", "/usr/local/share/vulkan/icd.d", "/etc/vulkan/icd.d"}) {
    for (const std::string& file : here.list(folder)) {
      if (file.ends_with(".json")) {
        found.files.push_back(file);
      }
    }
  }
  return found;
}

/// The library that a driver's file names. The form is fixed; a JSON reader would be a dependency.
std::string library_of(const std::string& json) {
  const std::size_t key = json.find("\"library_path\"");
  const std::size_t colon = json.find(':', key);
  const std::size_t begin = json.find('"', colon);
  const std::size_t end = begin == std::string::npos ? begin : json.find('"', begin + 1);
  if (key == std::string::npos || end == std::string::npos) {
    return {};
  }
  return json.substr(begin + 1, end - begin - 1);
}

std::vector<std::string> device_nodes(const Surroundings& here) {
  std::vector<std::string> nodes;
  for (const char* folder : {"/dev/dri", "/dev"}) {
    for (const std::string& path : here.list(folder)) {
      const std::string name = path.substr(path.rfind('/') + 1);
      if (name.starts_with("renderD") || name == "nvidia0" || name == "kfd" || name == "dxg") {
        nodes.push_back(path);
      }
    }
  }
  return nodes;
}

bool in_container(const Surroundings& here) {
  return here.exists("/.dockerenv") || here.exists("/run/.containerenv") ||
         !here.environment("container").empty();
}

void check_nodes(const Surroundings& here, std::vector<Finding>& findings) {
  const std::vector<std::string> nodes = device_nodes(here);
  if (nodes.empty()) {
    if (in_container(here)) {
      findings.push_back({"container", false,
                          "this is a container into which no GPU was passed (there is no "
                          "/dev/dri/renderD* and no /dev/nvidia0)",
                          "Start it with --gpus all (NVIDIA) or --device /dev/dri (others)."});
    } else {
      findings.push_back({"device", false,
                          "the system shows no GPU (there is no /dev/dri/renderD* and no "
                          "/dev/nvidia0)",
                          "Use the cpu backend, or install the GPU's kernel driver."});
    }
    return;
  }
  for (const std::string& node : nodes) {
    if (!here.may_use(node)) {
      findings.push_back({"permissions", false, "you may not use " + node,
                          "Run: sudo usermod -aG render,video $USER, then log in again."});
      return;
    }
  }
  findings.push_back({"device", true, nodes.front() + " can be used", ""});
}

void check_drivers(const Surroundings& here, std::vector<Finding>& findings) {
  const DriverFiles drivers = driver_files(here);
  for (const std::string& file : drivers.missing) {
    findings.push_back({"driver file", false,
                        drivers.variable + " names " + file + ", which is not there",
                        "Correct or unset " + drivers.variable + "."});
  }
  if (drivers.files.empty() && drivers.missing.empty()) {
    const bool nvidia = here.exists("/dev/nvidia0");
    findings.push_back(
        {"driver file", false, "no Vulkan driver is installed (no file in vulkan/icd.d)",
         nvidia && in_container(here)
             ? "Start the container with NVIDIA_DRIVER_CAPABILITIES=all: without 'graphics' "
               "NVIDIA's Vulkan driver is left out."
         : nvidia
             ? "Install the Vulkan part of NVIDIA's driver (package nvidia-vulkan-icd)."
             : "Run: apt-get install mesa-vulkan-drivers, or install the driver of your GPU."});
  }
  for (const std::string& file : drivers.files) {
    const std::string library = library_of(here.text(file).value_or(""));
    if (library.empty()) {
      findings.push_back({"driver file", false, file + " is damaged (it names no library)",
                          "Install its driver again."});
      continue;
    }
    // a path with a slash is relative to the file
    const std::string place = library.find('/') == std::string::npos || library.front() == '/'
                                  ? library
                                  : file.substr(0, file.rfind('/') + 1) + library;
    if (const std::string why = here.why_not_open(place); !why.empty()) {
      findings.push_back({"driver", false,
                          file + " names " + library + ", which cannot be opened (" + why + ")",
                          "Install what is missing, or the driver again."});
      continue;
    }
    findings.push_back({"driver", true, file + " (" + library + ")", ""});
  }
}

}  // namespace

std::vector<Finding> diagnose(const Surroundings& here) {
  std::vector<Finding> findings;
  if (!here.library_trouble.empty()) {
    findings.push_back({"WebGPU library", false, here.library_trouble,
                        "Put libwgpu_native beside the program (tools/fetch_wgpu.py fetches it) "
                        "or name it in RHEOBASE_WGPU_LIBRARY."});
    return findings;
  }
  findings.push_back({"WebGPU library", true, "found", ""});
  if (!here.vulkan_loader.empty()) {
    if (const std::string why = here.why_not_open(here.vulkan_loader); !why.empty()) {
      findings.push_back({"Vulkan loader", false,
                          here.vulkan_loader + " cannot be opened (" + why + ")",
                          "Run: apt-get install libvulkan1."});
      return findings;
    }
    findings.push_back({"Vulkan loader", true, here.vulkan_loader, ""});
    check_drivers(here, findings);
    if (here.hardware.empty()) {
      check_nodes(here, findings);
    }
  }
  for (const std::string& name : here.hardware) {
    findings.push_back({"GPU", true, name, ""});
  }
  for (const std::string& name : here.software) {
    findings.push_back({"software adapter", true, name + " (by name only: wgpu:software)", ""});
  }
  if (here.hardware.empty()) {
    findings.push_back({"GPU", false,
                        here.software.empty() ? "no driver offers a GPU"
                                              : "there is only a software adapter, which is slower "
                                                "than the cpu backend",
                        "See what is wrong above; until then the cpu backend runs everything."});
  }
  return findings;
}

Surroundings this_machine() {
  Surroundings here;
  here.library_trouble = api().trouble;
  here.vulkan_loader = platform::vulkan_loader();
  for (const AdapterFacts& facts : adapters()) {
    (facts.software ? here.software : here.hardware).push_back(facts.name + ", " + facts.driver);
  }
  here.why_not_open = [](const std::string& library) {
    return platform::Library(library).trouble();
  };
  here.environment = [](const char* name) { return platform::environment(name); };
  here.exists = [](const std::string& path) {
    std::error_code ignored;
    return std::filesystem::exists(path, ignored);
  };
  here.may_use = [](const std::string& path) { return platform::may_read_and_write(path); };
  here.list = [](const std::string& folder) {
    std::vector<std::string> paths;
    std::error_code trouble;
    for (const auto& entry : std::filesystem::directory_iterator(folder, trouble)) {
      paths.push_back(entry.path().string());
    }
    std::sort(paths.begin(), paths.end());
    return paths;
  };
  here.text = [](const std::string& path) -> std::optional<std::string> {
    std::ifstream file(path);
    if (!file) {
      return std::nullopt;
    }
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
  };
  return here;
}

}  // namespace rheobase::wgpu
