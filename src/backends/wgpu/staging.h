// SPDX-License-Identifier: Apache-2.0
/// \file
/// Results on their way from a GPU to the host.
#pragma once

#include <atomic>
#include <memory>

#include "backends/wgpu/gpu.h"

namespace rheobase::wgpu {

/// A buffer that the host reads after the GPU wrote it.
class Staging {
 public:
  Staging(Gpu& gpu, std::uint64_t bytes);
  ~Staging();
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;

  [[nodiscard]] const Buffer& buffer() const { return buffer_; }
  /// Asks for the first `bytes` once the work submitted so far is done.
  void request(std::uint64_t bytes);
  /// Whether they are there. `wait` blocks until they are. \throws Error as Gpu::check.
  [[nodiscard]] bool ready(bool wait);
  [[nodiscard]] const std::uint32_t* words() const;
  void release();

 private:
  Gpu& gpu_;
  Buffer buffer_;
  std::uint64_t requested_ = 0;
  std::uint64_t submission_ = 0;              ///< whose end the mapping waits for
  std::shared_ptr<std::atomic<int>> status_;  ///< 0 under way, 1 done, -1 failed
  bool mapped_ = false;
};

}  // namespace rheobase::wgpu
