// SPDX-License-Identifier: Apache-2.0
// Every cause that the doctor knows, simulated.
#include "backends/wgpu/doctor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace rheobase::test {
namespace {

using wgpu::Surroundings;

/// A machine where everything is well, with a hardware GPU.
struct Machine {
  std::map<std::string, std::string> files{
      {"/usr/share/vulkan/icd.d/radeon_icd.json",
       R"({"ICD": {"library_path": "libvulkan_radeon.so", "api_version": "1.3"}})"},
      {"/dev/dri/renderD128", ""}};
  std::map<std::string, std::string> variables;
  std::vector<std::string> unusable;   ///< libraries that cannot be opened
  std::vector<std::string> forbidden;  ///< files that may not be used
  Surroundings here;

  Machine() {
    here.vulkan_loader = "libvulkan.so.1";
    here.hardware = {"A GPU"};
    here.why_not_open = [this](const std::string& library) {
      return std::find(unusable.begin(), unusable.end(), library) == unusable.end()
                 ? std::string()
                 : library + ": cannot open shared object file";
    };
    here.environment = [this](const char* name) {
      return variables.contains(name) ? variables[name] : std::string();
    };
    here.exists = [this](const std::string& path) { return files.contains(path); };
    here.may_use = [this](const std::string& path) {
      return std::find(forbidden.begin(), forbidden.end(), path) == forbidden.end();
    };
    here.list = [this](const std::string& folder) {
      std::vector<std::string> paths;
      for (const auto& [path, text] : files) {
        if (path.starts_with(folder + "/") &&
            path.find('/', folder.size() + 1) == std::string::npos) {
          paths.push_back(path);
        }
      }
      return paths;
    };
    here.text = [this](const std::string& path) -> std::optional<std::string> {
      return files.contains(path) ? std::optional(files[path]) : std::nullopt;
    };
  }
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  void lose_gpu() { here.hardware.clear(); }

  /// Cause and mend of everything that is wrong.
  [[nodiscard]] std::string wrong() const {
    std::string text;
    for (const Finding& finding : wgpu::diagnose(here)) {
      if (!finding.fine) {
        EXPECT_FALSE(finding.mend.empty()) << finding.what;
        text += finding.subject + ": " + finding.what + " -> " + finding.mend + "\n";
      }
    }
    return text;
  }
};

void expect_in(const std::string& text, std::initializer_list<const char*> parts) {
  for (const char* part : parts) {
    EXPECT_NE(text.find(part), std::string::npos) << part << " is not in:\n" << text;
  }
}

TEST(Doctor, NothingIsWrongWhereAGpuIs) {
  Machine m;
  EXPECT_EQ(m.wrong(), "");
}

TEST(Doctor, Library) {
  Machine m;
  m.here.library_trouble = "the WebGPU library cannot be opened (no such file)";
  expect_in(m.wrong(), {"cannot be opened (no such file)", "fetch_wgpu.py"});
}

TEST(Doctor, Loader) {
  Machine m;
  m.unusable = {"libvulkan.so.1"};
  expect_in(m.wrong(), {"libvulkan.so.1 cannot be opened", "apt-get install libvulkan1"});
}

TEST(Doctor, NoDriverFile) {
  Machine m;
  m.lose_gpu();
  m.files.erase("/usr/share/vulkan/icd.d/radeon_icd.json");
  expect_in(m.wrong(), {"no Vulkan driver is installed", "mesa-vulkan-drivers"});
  m.files["/dev/nvidia0"] = "";
  expect_in(m.wrong(), {"nvidia-vulkan-icd"});
  m.files["/.dockerenv"] = "";
  expect_in(m.wrong(), {"NVIDIA_DRIVER_CAPABILITIES=all"});
}

TEST(Doctor, NamedDriverFileIsMissing) {
  for (const char* variable : {"VK_DRIVER_FILES", "VK_ICD_FILENAMES"}) {
    Machine m;
    m.lose_gpu();
    m.variables[variable] = "/nowhere/a.json";
    expect_in(m.wrong(), {variable, "/nowhere/a.json, which is not there", "unset"});
  }
}

TEST(Doctor, DamagedDriverFile) {
  Machine m;
  m.files["/etc/vulkan/icd.d/x.json"] = "{";
  expect_in(m.wrong(), {"/etc/vulkan/icd.d/x.json is damaged", "again"});
}

TEST(Doctor, DriverLibraryDoesNotOpen) {
  Machine m;
  m.unusable = {"libvulkan_radeon.so"};
  expect_in(m.wrong(), {"names libvulkan_radeon.so, which cannot be opened", "driver"});
  Machine relative;
  relative.files["/etc/vulkan/icd.d/x.json"] = R"({"library_path": "../x/libx.so"})";
  relative.unusable = {"/etc/vulkan/icd.d/../x/libx.so"};
  expect_in(relative.wrong(), {"names ../x/libx.so, which cannot be opened"});
}

TEST(Doctor, Permissions) {
  Machine m;
  m.lose_gpu();
  m.forbidden = {"/dev/dri/renderD128"};
  expect_in(m.wrong(), {"you may not use /dev/dri/renderD128", "usermod -aG render,video"});
}

TEST(Doctor, Container) {
  Machine m;
  m.lose_gpu();
  m.files.erase("/dev/dri/renderD128");
  expect_in(m.wrong(), {"the system shows no GPU"});
  m.variables["container"] = "podman";
  expect_in(m.wrong(), {"a container into which no GPU was passed", "--gpus all"});
}

TEST(Doctor, OnlySoftware) {
  Machine m;
  m.lose_gpu();
  m.here.software = {"llvmpipe"};
  expect_in(m.wrong(), {"only a software adapter"});
}

}  // namespace
}  // namespace rheobase::test
