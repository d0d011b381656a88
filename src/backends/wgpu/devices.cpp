// SPDX-License-Identifier: Apache-2.0
// What the engine may ask about GPUs without running on one.
#include "backends/wgpu/doctor.h"
#include "backends/wgpu/gpu.h"
#include "backends/wgpu/limits.h"
#include "backends/wgpu/probe.h"
#include "backends/wgpu/tuning.h"
#include "backends/wgpu/wgpu.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {

DeviceLimits gpu_limits(std::string_view selection, std::uint64_t accumulators) {
  return wgpu::measure(
      *wgpu::Gpu::open(wgpu::require_adapter(wgpu::parse_selection(selection).adapter)),
      accumulators);
}

std::vector<std::string> usable_gpus() {
  std::vector<std::string> names;
  for (const char* adapter : {"", "software"}) {
    if (wgpu::choose_adapter(adapter).trouble.empty()) {
      names.push_back(*adapter == '\0' ? "wgpu" : "wgpu:" + std::string(adapter));
    }
  }
  return names;
}

DeviceFound find_gpu() {
  const wgpu::AdapterChoice choice = wgpu::choose_adapter("");
  if (!choice.trouble.empty()) {
    return {{}, choice.trouble};
  }
  return {wgpu::adapters()[choice.index].name, {}};
}

std::vector<Finding> gpu_findings() { return wgpu::diagnose(wgpu::this_machine()); }

std::vector<DeviceInfo> gpu_devices() {
  const std::vector<wgpu::AdapterFacts>& adapters = wgpu::adapters();
  if (adapters.empty()) {
    return {
        {"wgpu", "no GPU", false, wgpu::choose_adapter("").trouble + "; see `rheobase doctor`"}};
  }
  std::vector<DeviceInfo> list;
  for (std::size_t i = 0; i < adapters.size(); ++i) {
    DeviceInfo info{"wgpu:" + number_text(i), adapters[i].name, true, adapters[i].driver};
    try {
      const auto gpu = wgpu::Gpu::open(i);
      info.reason += wgpu::needs_integer_arithmetic(*gpu)
                         ? ", integer arithmetic (its floats differ)"
                         : ", floats as everyone else's";
      info.reason += adapters[i].has_int64_atomics ? ", 64-bit atomics" : ", no 64-bit atomics";
      info.reason += ", at most " +
                     number_text(adapters[i].limits.maxStorageBufferBindingSize >> 20U) +
                     " MiB a binding";
      if (adapters[i].software) {
        info.reason += "; software, used by name only";
      }
    } catch (const Error& error) {
      info.usable = false;
      info.reason = error.what();
    }
    list.push_back(std::move(info));
  }
  return list;
}

}  // namespace rheobase
