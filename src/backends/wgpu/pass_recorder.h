// SPDX-License-Identifier: Apache-2.0
/// \file
/// Dispatches in the order in which a device runs them, and how long each took if asked.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "backends/wgpu/gpu.h"
#include "rheobase/record.h"

namespace rheobase::wgpu {

/// Times of some dispatches, by timestamp queries at the beginning and end of a pass for each.
class Timestamps {
 public:
  /// \throws Error unavailable if the device has none.
  Timestamps(Gpu& gpu, std::uint32_t most_dispatches);

  /// What to put into a pass that is to be timed.
  [[nodiscard]] WGPUPassTimestampWrites next(const char* name, std::uint64_t burst);
  /// After the last pass.
  void resolve(WGPUCommandEncoder commands) const;
  /// After the submission. Waits for it.
  [[nodiscard]] std::vector<ProfileSpan> read() const;

 private:
  struct Named {
    const char* name;
    std::uint64_t burst;
  };
  Gpu& gpu_;
  QuerySet queries_;
  Buffer resolved_;
  std::vector<Named> names_;
};

/// Records dispatches into one pass, or with timestamps into a pass each.
class PassRecorder {
 public:
  PassRecorder(WGPUCommandEncoder commands, Timestamps* times);
  /// Ends what is open.
  void end();

  template <class Immediates>
  void dispatch(const char* name, std::uint64_t burst, const Pipeline& pipeline,
                const BindGroup& group, const Immediates& immediates, std::uint32_t x,
                std::uint32_t y) {
    begin(name, burst);
    api().ComputePassEncoderSetPipeline(pass_.get(), pipeline.handle.get());
    api().ComputePassEncoderSetBindGroup(pass_.get(), 0, group.get(), 0, nullptr);
    api().ComputePassEncoderSetImmediates(pass_.get(), 0, &immediates, sizeof(immediates));
    api().ComputePassEncoderDispatchWorkgroups(pass_.get(), x, y, 1);
    if (times_ != nullptr) {
      end();
    }
  }

 private:
  void begin(const char* name, std::uint64_t burst);

  WGPUCommandEncoder commands_;
  Timestamps* times_;
  ComputePass pass_;
};

}  // namespace rheobase::wgpu
