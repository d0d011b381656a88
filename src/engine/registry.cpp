// SPDX-License-Identifier: Apache-2.0
#include "engine/registry.h"

#include <algorithm>
#include <array>
#include <optional>

#include "backends/check/check.h"
#include "backends/cpu/cpu.h"
#include "backends/failover/failover.h"
#include "backends/reference/reference.h"
#if defined(RHEOBASE_WGPU)
#include "backends/wgpu/wgpu.h"
#endif
#include "engine/cost_model.h"
#include "platform/library.h"
#include "rheobase/error.h"
#include "rheobase/host.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

struct Entry {
  std::string_view name;
  std::string_view what;
  std::unique_ptr<Backend> (*make)(const BackendSetup&);
  /// Empty if it can run here, else why not.
  std::string (*trouble)();
};

std::string no_trouble() { return {}; }

constexpr std::array kBackends{
    Entry{"cpu", "all cores, tuned", make_cpu_backend, no_trouble},
    Entry{"reference", "one thread, defines what is right, slow", make_reference_backend,
          no_trouble},
};

/// Below so many neurons per thread, handing out the work costs more than it saves.
constexpr std::uint32_t kNeuronsPerThread = 5000;

BackendSetup with_threads(BackendSetup setup) {
  if (setup.threads == 0) {
    // members of a joined network need not wait for each other in every burst
    const std::uint32_t useful =
        std::max(setup.network->neuron_count / kNeuronsPerThread,
                 static_cast<std::uint32_t>(setup.network->members.size()));
    setup.threads = std::clamp(useful, 1U, host_info().cores);
  }
  constexpr std::uint32_t kMostThreads = 1024;
  if (setup.threads > kMostThreads) {
    throw Error(ErrorCode::invalid_argument, number_text(setup.threads) +
                                                 " threads are too many (at most " +
                                                 number_text(kMostThreads) + ").");
  }
  return setup;
}

#if !defined(RHEOBASE_WGPU)
std::unique_ptr<Backend> make_wgpu_backend(std::string_view, const BackendSetup&) {
  throw Error(ErrorCode::unavailable,
              "backend 'wgpu' cannot run here (this build was made without it). Build with "
              "-DRHEOBASE_WGPU=ON.");
}
std::vector<std::string> usable_gpus() { return {}; }
std::vector<DeviceInfo> gpu_devices() {
  return {{"wgpu", "any GPU", false, "this build was made without it (RHEOBASE_WGPU=OFF)"}};
}
GpuFound find_gpu() { return {{}, "this build was made without GPU backends"}; }
std::vector<Finding> gpu_findings() {
  return {{"build", false, "this build was made without GPU backends",
           "Build with -DRHEOBASE_WGPU=ON."}};
}
DeviceLimits gpu_limits(std::string_view, std::uint64_t) {
  throw Error(ErrorCode::unavailable,
              "this build has no GPU backend. Build with RHEOBASE_WGPU=ON.");
}
#endif

/// "wgpu", "wgpu:ADAPTER", "wgpu+OPTION=VALUE": what follows the name, or nothing if it is another.
std::optional<std::string_view> wgpu_selection(std::string_view name) {
  constexpr std::string_view kName = "wgpu";
  if (!name.starts_with(kName)) {
    return std::nullopt;
  }
  name.remove_prefix(kName.size());
  if (!name.empty() && name.front() != ':' && name.front() != '+') {
    return std::nullopt;
  }
  return name;
}

std::unique_ptr<Backend> make_gpu(std::string_view selection, const BackendSetup& setup) {
  std::unique_ptr<Backend> gpu = make_wgpu_backend(selection, setup);
  if (!setup.survives_device_loss) {
    return gpu;
  }
  const auto on_cpu = [setup](NetworkPointer network) {
    BackendSetup other = setup;
    other.network = std::move(network);
    return make_cpu_backend(with_threads(other));
  };
  return make_failover_backend(setup.network, std::move(gpu), on_cpu, setup.mirror_seconds);
}

std::unique_ptr<Backend> make_check(std::string_view pair, const BackendSetup& setup) {
  const std::size_t comma = pair.find(',');
  if (comma == std::string_view::npos) {
    throw Error(ErrorCode::invalid_argument,
                "backend 'check:" + std::string(pair) +
                    "' does not name two backends. Write check:cpu,reference.");
  }
  return make_check_backend(setup.network, make_backend(pair.substr(0, comma), setup).backend,
                            make_backend(pair.substr(comma + 1), setup).backend);
}

std::string about(double us) { return us < 10.0 ? fixed_text(us, 1) : fixed_text(us, 0); }

/// The faster of cpu and GPU by the cost model. Looks for a GPU only where one could win, so that
/// small networks start at once.
ChosenBackend choose(const BackendSetup& given) {
  const BackendSetup setup = with_threads(given);
  const NetworkData& network = *setup.network;
  const double cpu = cpu_burst_us(network.neuron_count, network.synapse_count, setup.threads);
  const double gpu = gpu_burst_us(network.neuron_count, network.synapse_count);
  const auto on_cpu = [&](const std::string& reason) {
    return ChosenBackend{make_cpu_backend(setup), "cpu, since " + reason};
  };
  const std::string at = " at 1 % firing";
  if (cpu <= gpu) {
    return on_cpu("a burst should take about " + about(cpu) + " us there and " + about(gpu) +
                  " on a GPU" + at);
  }
  const GpuFound found = find_gpu();
  if (!found.trouble.empty()) {
    return on_cpu(found.trouble);
  }
  try {
    return {make_gpu("", given), "wgpu, since a burst should take about " + about(gpu) +
                                     " us on the " + found.name + " and " + about(cpu) +
                                     " on the cpu" + at};
  } catch (const Error& error) {
    // `auto` may take another one, but says so
    return on_cpu(std::string("the GPU cannot take it: ") + error.what());
  }
}

}  // namespace

ChosenBackend make_backend(std::string_view name, const BackendSetup& given) {
  const BackendSetup setup = with_threads(given);
  constexpr std::string_view kCheck = "check:";
  if (name == "auto") {
    const std::string wanted = platform::environment("RHEOBASE_BACKEND");
    if (!wanted.empty() && wanted != "auto") {
      ChosenBackend chosen = make_backend(wanted, given);
      chosen.reason = wanted + ", since RHEOBASE_BACKEND says so";
      return chosen;
    }
    return choose(given);
  }
  if (name.starts_with(kCheck)) {
    return {make_check(name.substr(kCheck.size()), setup), {}};
  }
  if (const auto selection = wgpu_selection(name)) {
    return {make_gpu(*selection, given), {}};
  }
  std::string known = "auto";
  for (const Entry& entry : kBackends) {
    if (entry.name == name) {
      const std::string trouble = entry.trouble();
      if (!trouble.empty()) {
        throw Error(ErrorCode::unavailable, "backend " + quoted_name(name) + " cannot run here (" +
                                                trouble + "). Try `rheobase devices`.");
      }
      return {entry.make(setup), {}};
    }
    known += ", " + std::string(entry.name);
  }
  throw Error(ErrorCode::invalid_argument, "no backend is called " + quoted_name(name) +
                                               " (known: " + known + ", wgpu, check:A,B).");
}

std::vector<std::string> usable_backends() {
  std::vector<std::string> names;
  for (const Entry& entry : kBackends) {
    if (entry.trouble().empty()) {
      names.emplace_back(entry.name);
    }
  }
  for (std::string& gpu : usable_gpus()) {
    names.push_back(std::move(gpu));
  }
  return names;
}

std::vector<Finding> diagnose_gpu() { return gpu_findings(); }

DeviceLimits measure_limits(const std::string& backend, std::uint64_t accumulators) {
  const auto selection = wgpu_selection(backend);
  if (!selection) {
    throw Error(ErrorCode::invalid_argument, "limits are measured of GPUs only, not of " +
                                                 quoted_name(backend) + ". Name wgpu.");
  }
  return gpu_limits(*selection, accumulators);
}

std::vector<DeviceInfo> devices() {
  const HostInfo host = host_info();
  std::vector<DeviceInfo> list;
  for (const Entry& entry : kBackends) {
    const std::string trouble = entry.trouble();
    list.push_back({std::string(entry.name),
                    host.processor + ", " + number_text(host.cores) + " cores", trouble.empty(),
                    trouble.empty() ? std::string(entry.what) : trouble});
  }
  for (DeviceInfo& gpu : gpu_devices()) {
    list.push_back(std::move(gpu));
  }
  return list;
}

}  // namespace rheobase
