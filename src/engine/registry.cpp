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
#include "platform/limits.h"
#include "rheobase/error.h"
#include "rheobase/host.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

/// A row of the table: what the engine may ask of a backend. What one lacks is null.
struct Row {
  std::string_view name;
  std::string_view place;  ///< where it runs, as a sentence has it
  bool counts_threads;     ///< 0 threads are as many as pay off; else it chooses by itself
  bool can_be_lost;        ///< while it runs
  /// `selection` is what follows the name: "", ":DEVICE", "+OPTION=VALUE".
  std::unique_ptr<Backend> (*make)(std::string_view selection, const BackendSetup&);
  /// Full names under which it can be used here. Opens nothing.
  std::vector<std::string> (*usable)();
  std::vector<DeviceInfo> (*devices)();
  /// Microseconds that a burst should take, for `auto`.
  double (*burst_us)(const NetworkData&, std::uint32_t threads) = nullptr;
  DeviceFound (*find)() = nullptr;  ///< the device that `auto` would take, if it is faster
  std::vector<Finding> (*diagnose)() = nullptr;
  DeviceLimits (*limits)(std::string_view selection, std::uint64_t accumulators) = nullptr;
};

template <std::unique_ptr<Backend> (*Make)(const BackendSetup&)>
std::unique_ptr<Backend> without_selection(std::string_view selection, const BackendSetup& setup) {
  if (!selection.empty()) {
    throw Error(ErrorCode::invalid_argument, "this backend has no devices or options to choose (" +
                                                 quoted_name(selection) +
                                                 " stands behind its name). Leave that out.");
  }
  return Make(setup);
}
std::vector<DeviceInfo> processor(const char* backend, const char* what) {
  const HostInfo host = host_info();
  return {{backend, host.processor + ", " + number_text(host.cores) + " cores", true, what}};
}

constexpr Row kCpu{.name = "cpu",
                   .place = "the cpu",
                   .counts_threads = true,
                   .can_be_lost = false,
                   .make = without_selection<make_cpu_backend>,
                   .usable = [] { return std::vector<std::string>{"cpu"}; },
                   .devices = [] { return processor("cpu", "all cores, tuned"); },
                   .burst_us =
                       [](const NetworkData& n, std::uint32_t threads) {
                         return cpu_burst_us(n.neuron_count, n.synapse_count, threads);
                       }};

constexpr Row kReference{
    .name = "reference",
    .place = "the cpu",
    .counts_threads = true,
    .can_be_lost = false,
    .make = without_selection<make_reference_backend>,
    .usable = [] { return std::vector<std::string>{"reference"}; },
    .devices = [] { return processor("reference", "one thread, defines what is right, slow"); }};

#if defined(RHEOBASE_WGPU)
constexpr Row kWgpu{.name = "wgpu",
                    .place = "a GPU",
                    .counts_threads = false,
                    .can_be_lost = true,
                    .make = make_wgpu_backend,
                    .usable = usable_gpus,
                    .devices = gpu_devices,
                    .burst_us =
                        [](const NetworkData& n, std::uint32_t /*threads*/) {
                          return gpu_burst_us(n.neuron_count, n.synapse_count);
                        },
                    .find = find_gpu,
                    .diagnose = gpu_findings,
                    .limits = gpu_limits};
#else
constexpr const char* kLeftOut = "this build was made without it (RHEOBASE_WGPU=OFF)";
[[noreturn]] void fail_left_out() {
  throw Error(ErrorCode::unavailable, std::string("backend 'wgpu' cannot run here (") + kLeftOut +
                                          "). Build with -DRHEOBASE_WGPU=ON.");
}
constexpr Row kWgpu{
    .name = "wgpu",
    .place = "a GPU",
    .counts_threads = false,
    .can_be_lost = false,
    .make = [](std::string_view, const BackendSetup&) -> std::unique_ptr<Backend> {
      fail_left_out();
    },
    .usable = [] { return std::vector<std::string>(); },
    .devices =
        [] {
          return std::vector<DeviceInfo>{{"wgpu", "any GPU", false, kLeftOut}};
        },
    .diagnose =
        [] {
          return std::vector<Finding>{{"build", false, kLeftOut, "Build with -DRHEOBASE_WGPU=ON."}};
        },
    .limits = [](std::string_view, std::uint64_t) -> DeviceLimits { fail_left_out(); }};
#endif

constexpr std::array kBackends{kCpu, kReference, kWgpu};

/// Below so many neurons per thread, handing out the work costs more than it saves.
constexpr std::uint32_t kNeuronsPerThread = 5000;

BackendSetup with_threads(BackendSetup setup) {
  if (setup.threads == 0) {
    // members of a joined network need not wait for each other in every burst
    const std::uint32_t useful =
        std::max(setup.network->neuron_count / kNeuronsPerThread,
                 static_cast<std::uint32_t>(setup.network->members.size()));
    const std::uint64_t allowed =
        std::min<std::uint64_t>(host_info().cores - 1U, platform::process_limits().threads) + 1U;
    setup.threads = std::clamp(useful, 1U, static_cast<std::uint32_t>(allowed));
    setup.fewer_threads_will_do = true;
  }
  constexpr std::uint32_t kMostThreads = 1024;
  if (setup.threads > kMostThreads) {
    throw Error(ErrorCode::invalid_argument, number_text(setup.threads) +
                                                 " threads are too many (at most " +
                                                 number_text(kMostThreads) + ").");
  }
  return setup;
}

/// The row that a name belongs to, and what follows the row's name in it; null for none.
std::pair<const Row*, std::string_view> row_of(std::string_view name) {
  for (const Row& row : kBackends) {
    if (name.starts_with(row.name)) {
      const std::string_view rest = name.substr(row.name.size());
      if (rest.empty() || rest.front() == ':' || rest.front() == '+') {
        return {&row, rest};
      }
    }
  }
  return {nullptr, {}};
}

std::unique_ptr<Backend> make_of(const Row& row, std::string_view selection,
                                 const BackendSetup& given) {
  std::unique_ptr<Backend> backend =
      row.make(selection, row.counts_threads ? with_threads(given) : given);
  if (!row.can_be_lost || !given.survives_device_loss) {
    return backend;
  }
  const auto on_cpu = [given](NetworkPointer network) {
    BackendSetup other = given;
    other.network = std::move(network);
    return make_cpu_backend(with_threads(other));
  };
  return make_failover_backend(given.network, std::move(backend), on_cpu, given.mirror_seconds);
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

/// The cpu, or a device where a burst should be faster by the cost model. One is looked for only
/// where it could win, so that small networks start at once.
ChosenBackend choose(const BackendSetup& given) {
  const NetworkData& network = *given.network;
  const std::uint32_t threads = with_threads(given).threads;
  const auto on_cpu = [&](const std::string& reason) {
    return ChosenBackend{make_of(kCpu, "", given), "cpu, since " + reason};
  };
  const double cpu = kCpu.burst_us(network, threads);
  const Row* device = nullptr;
  double there = 0.0;
  for (const Row& row : kBackends) {
    if (row.find != nullptr && (device == nullptr || row.burst_us(network, threads) < there)) {
      device = &row;
      there = row.burst_us(network, threads);
    }
  }
  if (device == nullptr || cpu <= there) {
    return on_cpu(device == nullptr
                      ? "no device could be faster"
                      : "a burst should take about " + about(cpu) + " us there and " +
                            about(there) + " on " + std::string(device->place) + " at 1 % firing");
  }
  const DeviceFound found = device->find();
  if (!found.trouble.empty()) {
    return on_cpu(found.trouble);
  }
  try {
    return {make_of(*device, "", given),
            std::string(device->name) + ", since a burst should take about " + about(there) +
                " us on the " + found.name + " and " + about(cpu) + " on the cpu at 1 % firing"};
  } catch (const Error& error) {
    // `auto` may take another one, but says so
    return on_cpu(std::string(device->place) + " cannot take it: " + error.what());
  }
}

}  // namespace

ChosenBackend make_backend(std::string_view name, const BackendSetup& given) {
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
    return {make_check(name.substr(kCheck.size()), with_threads(given)), {}};
  }
  if (const auto [row, selection] = row_of(name); row != nullptr) {
    return {make_of(*row, selection, given), {}};
  }
  std::string known = "auto";
  for (const Row& row : kBackends) {
    known += ", " + std::string(row.name);
  }
  throw Error(ErrorCode::invalid_argument,
              "no backend is called " + quoted_name(name) + " (known: " + known + ", check:A,B).");
}

std::vector<std::string> usable_backends() {
  std::vector<std::string> names;
  for (const Row& row : kBackends) {
    for (std::string& name : row.usable()) {
      names.push_back(std::move(name));
    }
  }
  return names;
}

std::vector<Finding> diagnose_gpu() {
  std::vector<Finding> findings;
  for (const Row& row : kBackends) {
    if (row.diagnose != nullptr) {
      for (Finding& finding : row.diagnose()) {
        findings.push_back(std::move(finding));
      }
    }
  }
  return findings;
}

DeviceLimits measure_limits(const std::string& backend, std::uint64_t accumulators) {
  const auto [row, selection] = row_of(backend);
  if (row == nullptr || row->limits == nullptr) {
    throw Error(ErrorCode::invalid_argument, "limits are measured of GPUs only, not of " +
                                                 quoted_name(backend) + ". Name wgpu.");
  }
  return row->limits(selection, accumulators);
}

std::vector<DeviceInfo> devices() {
  std::vector<DeviceInfo> list;
  for (const Row& row : kBackends) {
    for (DeviceInfo& device : row.devices()) {
      list.push_back(std::move(device));
    }
  }
  return list;
}

}  // namespace rheobase
