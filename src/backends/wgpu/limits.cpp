// SPDX-License-Identifier: Apache-2.0
#include "backends/wgpu/limits.h"

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <functional>

#include "backends/wgpu/layout.h"
#include "backends/wgpu/programs.h"

namespace rheobase::wgpu {
namespace {

/// Median seconds of some runs of what `encode` encodes.
double seconds_of(Gpu& gpu, const std::function<void(WGPUCommandEncoder)>& encode) {
  // an idle GPU needs a while to reach its clock
  const auto begin = std::chrono::steady_clock::now();
  std::vector<double> times;
  double all = 0.0;
  while (all < 1.0 || times.size() < 5) {
    CommandEncoder commands = gpu.encoder();
    encode(commands.get());
    gpu.poll(true);
    const auto start = std::chrono::steady_clock::now();
    gpu.submit(std::move(commands));
    gpu.poll(true);
    const auto end = std::chrono::steady_clock::now();
    times.push_back(std::chrono::duration<double>(end - start).count());
    all = std::chrono::duration<double>(end - begin).count();
  }
  // the median of the later half
  times.erase(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2));
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

void dispatch(WGPUCommandEncoder commands, const Pipeline& pipeline, const BindGroup& group,
              std::uint32_t groups, std::uint32_t times) {
  const ComputePass pass(api().CommandEncoderBeginComputePass(commands, nullptr));
  api().ComputePassEncoderSetPipeline(pass.get(), pipeline.handle.get());
  api().ComputePassEncoderSetBindGroup(pass.get(), 0, group.get(), 0, nullptr);
  for (std::uint32_t i = 0; i < times; ++i) {
    api().ComputePassEncoderDispatchWorkgroups(pass.get(), groups, 1, 1);
  }
  api().ComputePassEncoderEnd(pass.get());
}

}  // namespace

DeviceLimits measure(Gpu& gpu, std::uint64_t accumulators) {
  DeviceLimits limits;
  const std::uint64_t words = std::bit_floor(std::max<std::uint64_t>(accumulators, 1024));
  const bool software = gpu.facts().software;
  const std::uint32_t groups = software ? 64 : 32768;
  constexpr std::uint32_t kRounds = 64;
  Params params;
  params.word_count = static_cast<std::uint32_t>(words - 1U);
  const Buffer uniform =
      gpu.buffer("parameters", sizeof(Params), WGPUBufferUsage_Uniform | WGPUBufferUsage_CopyDst);
  gpu.write(uniform, 0, &params, sizeof(params));
  const Buffer nothing = gpu.storage("nothing", 16);
  const Buffer unwritten = gpu.storage("nothing", 16);

  for (const bool wide : {false, true}) {
    const Buffer sums = gpu.storage("accumulators", words * (wide ? 8U : 4U));
    const std::array<const Buffer*, 4> buffers{&uniform, &sums, &nothing, &unwritten};
    const Pipeline& scatter = make_limit(gpu, wide, kRounds, "scatter");
    const BindGroup scatter_group = gpu.bind(scatter, buffers);
    const double seconds = seconds_of(gpu, [&](WGPUCommandEncoder commands) {
      dispatch(commands, scatter, scatter_group, groups, 4);
    });
    (wide ? limits.wide_atomics_per_second : limits.atomics_per_second) =
        4.0 * groups * 64.0 * kRounds / seconds;
    if (!wide) {
      const Pipeline& tiny = make_limit(gpu, false, kRounds, "tiny");
      const BindGroup tiny_group = gpu.bind(tiny, buffers);
      const std::uint32_t times = software ? 200 : 4000;
      limits.dispatch_seconds = seconds_of(gpu,
                                           [&](WGPUCommandEncoder commands) {
                                             dispatch(commands, tiny, tiny_group, 1, times);
                                           }) /
                                times;
    }
  }
  const std::uint64_t bytes =
      std::min<std::uint64_t>(gpu.largest_binding(),
                              (software ? std::uint64_t{64} : std::uint64_t{1024}) << 20U) &
      ~std::uint64_t{15};
  const Buffer from = gpu.storage("copy", bytes);
  const Buffer to = gpu.storage("copy", bytes);
  const std::array<const Buffer*, 4> buffers{&uniform, &unwritten, &from, &to};
  const Pipeline& copy = make_limit(gpu, false, kRounds, "copy");
  const BindGroup copy_group = gpu.bind(copy, buffers);
  constexpr std::uint32_t kCopies = 4;
  limits.copy_bytes_per_second =
      2.0 * kCopies * static_cast<double>(bytes) /
      seconds_of(gpu, [&](WGPUCommandEncoder commands) {
        dispatch(commands, copy, copy_group, software ? 64 : 8192, kCopies);
      });
  return limits;
}

}  // namespace rheobase::wgpu
