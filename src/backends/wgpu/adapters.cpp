// SPDX-License-Identifier: Apache-2.0
#include "backends/wgpu/adapters.h"

#include <algorithm>
#include <charconv>

#include "platform/library.h"
#include "platform/thread.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase::wgpu {

std::string text_of(WGPUStringView text) {
  if (text.data == nullptr) {
    return {};
  }
  return text.length == WGPU_STRLEN ? std::string(text.data) : std::string(text.data, text.length);
}

namespace {

bool has(WGPUAdapter adapter, std::uint32_t feature) {
  return api().AdapterHasFeature(adapter, static_cast<WGPUFeatureName>(feature)) != 0U;
}

AdapterFacts facts_of(WGPUAdapter adapter) {
  AdapterFacts facts;
  WGPUAdapterInfo info{};
  if (api().AdapterGetInfo(adapter, &info) == WGPUStatus_Success) {
    facts.name = text_of(info.device);
    facts.driver = std::string(info.backendType == WGPUBackendType_Vulkan  ? "Vulkan"
                               : info.backendType == WGPUBackendType_Metal ? "Metal"
                               : info.backendType == WGPUBackendType_D3D12 ? "Direct3D 12"
                                                                           : "WebGPU") +
                   ", " + text_of(info.description);
    facts.software = info.adapterType == WGPUAdapterType_CPU;
    api().AdapterInfoFreeMembers(info);
  }
  api().AdapterGetLimits(adapter, &facts.limits);
  facts.limits.nextInChain = nullptr;
  facts.has_int64_atomics = has(adapter, WGPUNativeFeature_ShaderInt64) &&
                            has(adapter, WGPUNativeFeature_ShaderInt64AtomicAllOps);
  facts.has_timestamps = has(adapter, WGPUFeatureName_TimestampQuery) &&
                         has(adapter, WGPUNativeFeature_TimestampQueryInsideEncoders);
  facts.has_immediates = has(adapter, WGPUNativeFeature_Immediates);
  return facts;
}

/// The library's instance and its adapters. Never destroyed: drivers may already be gone when
/// static objects are.
struct Machine {
  Instance instance;
  std::vector<Adapter> adapters;
  std::vector<AdapterFacts> facts;
  platform::MadeHere made;
};

const Machine& machine() {
  static const Machine& found = *[] {
    auto* m = new Machine;  // NOLINT(cppcoreguidelines-owning-memory): see above
    if (!api().trouble.empty()) {
      return m;
    }
    // Mesa's layer that sorts GPUs complains to the terminal where there is no desktop
    platform::set_environment_default("NODEVICE_SELECT", "1");
    // no OpenGL: without a Vulkan driver it would offer a software rasteriser
    constexpr auto kBackends = static_cast<WGPUInstanceBackend>(
        WGPUInstanceBackend_Vulkan | WGPUInstanceBackend_Metal | WGPUInstanceBackend_DX12);
    WGPUInstanceExtras extras{};
    extras.chain.sType = static_cast<WGPUSType>(WGPUSType_InstanceExtras);
    extras.backends = kBackends;
    extras.flags = WGPUInstanceFlag_Empty;
    WGPUInstanceDescriptor descriptor{};
    descriptor.nextInChain = &extras.chain;
    m->instance = Instance(api().CreateInstance(&descriptor));
    if (!m->instance) {
      return m;
    }
    WGPUInstanceEnumerateAdapterOptions options{};
    options.backends = kBackends;
    std::vector<WGPUAdapter> list(
        api().InstanceEnumerateAdapters(m->instance.get(), &options, nullptr));
    if (!list.empty()) {
      list.resize(api().InstanceEnumerateAdapters(m->instance.get(), &options, list.data()));
    }
    for (WGPUAdapter adapter : list) {
      m->adapters.emplace_back(adapter);
      m->facts.push_back(facts_of(adapter));
    }
    return m;
  }();
  return found;
}

}  // namespace

WGPUAdapter adapter_handle(std::size_t index) { return machine().adapters.at(index).get(); }

const std::vector<AdapterFacts>& adapters() { return machine().facts; }

std::string fork_trouble() {
  return machine().made.holds()
             ? std::string()
             : "this process was forked from one that had opened the GPU, whose driver does not "
               "work on both sides";
}

AdapterChoice choose_adapter(std::string_view name) {
  if (!api().trouble.empty()) {
    return {0, api().trouble};
  }
  const std::vector<AdapterFacts>& list = adapters();
  if (std::string trouble = fork_trouble(); !trouble.empty()) {
    return {0, std::move(trouble)};
  }
  if (list.empty()) {
    return {0, "no driver offers a GPU"};
  }
  if (name.empty() || name == "software") {
    const bool software = !name.empty();
    const auto found = std::find_if(list.begin(), list.end(), [&](const AdapterFacts& facts) {
      return facts.software == software;
    });
    if (found == list.end()) {
      return {0, software ? "no driver offers a software adapter"
                          : "there are only software adapters; name one with wgpu:software"};
    }
    return {static_cast<std::size_t>(found - list.begin()), {}};
  }
  std::size_t index = 0;
  const auto [end, trouble] = std::from_chars(name.data(), name.data() + name.size(), index);
  if (trouble != std::errc{} || end != name.data() + name.size() || index >= list.size()) {
    return {0, "there is no adapter " + quoted_name(name) + ", only 0 to " +
                   number_text(list.size() - 1)};
  }
  return {index, {}};
}

std::size_t require_adapter(std::string_view name) {
  const AdapterChoice choice = choose_adapter(name);
  if (!choice.trouble.empty()) {
    throw Error(ErrorCode::unavailable,
                "backend 'wgpu" + (name.empty() ? "" : ":" + std::string(name)) +
                    "' cannot run here (" + choice.trouble + "). Try `rheobase doctor`.");
  }
  return choice.index;
}

}  // namespace rheobase::wgpu
