// SPDX-License-Identifier: Apache-2.0
#include "backends/wgpu/pass_recorder.h"

#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase::wgpu {

Timestamps::Timestamps(Gpu& gpu, std::uint32_t most_dispatches) : gpu_(gpu) {
  if (!gpu.facts().has_timestamps) {
    throw Error(ErrorCode::unavailable, "a profile is not possible on the GPU " +
                                            quoted_name(gpu.facts().name) +
                                            " (its driver has no timestamp queries). Run "
                                            "without --profile.");
  }
  WGPUQuerySetDescriptor descriptor{};
  descriptor.type = WGPUQueryType_Timestamp;
  descriptor.count = 2U * most_dispatches;
  queries_ = QuerySet(api().DeviceCreateQuerySet(gpu.device().get(), &descriptor));
  gpu.check();
  resolved_ = gpu.buffer("timestamps", 16U * std::uint64_t{most_dispatches},
                         WGPUBufferUsage_QueryResolve | WGPUBufferUsage_CopySrc);
}

WGPUPassTimestampWrites Timestamps::next(const char* name, std::uint64_t burst) {
  const auto at = static_cast<std::uint32_t>(2U * names_.size());
  names_.push_back({name, burst});
  return {nullptr, queries_.get(), at, at + 1U};
}

void Timestamps::resolve(WGPUCommandEncoder commands) const {
  api().CommandEncoderResolveQuerySet(commands, queries_.get(), 0,
                                      static_cast<std::uint32_t>(2U * names_.size()),
                                      resolved_.handle.get(), 0);
}

std::vector<ProfileSpan> Timestamps::read() const {
  std::vector<std::uint64_t> ticks(2U * names_.size());
  gpu_.read(resolved_, 0, ticks.data(), 8U * ticks.size());
  if (!gpu_.first_tick.has_value()) {
    gpu_.first_tick = ticks.front();
  }
  const auto us = [&](std::uint64_t tick) {
    return static_cast<double>(tick - *gpu_.first_tick) * gpu_.timestamp_period() * 1e-3;
  };
  std::vector<ProfileSpan> spans;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    const double begin = us(ticks[2U * i]);
    spans.push_back({names_[i].name, names_[i].burst, 0, begin, us(ticks[2U * i + 1U]) - begin});
  }
  return spans;
}

PassRecorder::PassRecorder(WGPUCommandEncoder commands, Timestamps* times)
    : commands_(commands), times_(times) {}

void PassRecorder::begin(const char* name, std::uint64_t burst) {
  if (pass_) {
    return;
  }
  WGPUComputePassDescriptor descriptor{};
  WGPUPassTimestampWrites writes{};
  if (times_ != nullptr) {
    writes = times_->next(name, burst);
    descriptor.timestampWrites = &writes;
  }
  pass_ = ComputePass(api().CommandEncoderBeginComputePass(commands_, &descriptor));
}

void PassRecorder::end() {
  if (pass_) {
    api().ComputePassEncoderEnd(pass_.get());
    pass_ = ComputePass();
  }
}

}  // namespace rheobase::wgpu
