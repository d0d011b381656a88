// SPDX-License-Identifier: Apache-2.0
/// \file
/// An open GPU: buffers, pipelines and submissions, with every failure turned into an Error.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "backends/wgpu/adapters.h"
#include "backends/wgpu/api.h"

namespace rheobase::wgpu {

struct Buffer {
  BufferHandle handle;
  std::uint64_t bytes = 0;
};

/// A compute pipeline with its one bind group layout.
struct Pipeline {
  ComputePipeline handle;
  BindGroupLayout layout;
};

/// An override constant of a pipeline.
using Constant = std::pair<const char*, double>;

class Gpu {
 public:
  /// The adapter at that place, opened; open ones are shared.
  /// \throws Error unavailable if it refuses.
  static std::shared_ptr<Gpu> open(std::size_t adapter);
  explicit Gpu(std::size_t adapter);
  ~Gpu();
  Gpu(const Gpu&) = delete;
  Gpu& operator=(const Gpu&) = delete;

  [[nodiscard]] const AdapterFacts& facts() const { return facts_; }
  /// Largest storage binding that shaders may see, in bytes.
  [[nodiscard]] std::uint64_t largest_binding() const {
    return facts_.limits.maxStorageBufferBindingSize;
  }

  /// \throws Error out_of_memory if the adapter allows no buffer of that size for shaders.
  void require_size(const char* label, std::uint64_t bytes) const;
  /// A buffer of zeros, at least 16 bytes. \throws Error out_of_memory, unavailable if it is larger
  /// than the adapter allows.
  [[nodiscard]] Buffer buffer(const char* label, std::uint64_t bytes, WGPUBufferUsage usage);
  /// For shaders, with copies in both directions.
  [[nodiscard]] Buffer storage(const char* label, std::uint64_t bytes) {
    return buffer(label, bytes,
                  WGPUBufferUsage_Storage | WGPUBufferUsage_CopyDst | WGPUBufferUsage_CopySrc);
  }
  void write(const Buffer& to, std::uint64_t offset, const void* data, std::uint64_t bytes);
  template <class T>
  void write(const Buffer& to, std::uint64_t offset, const std::vector<T>& data) {
    write(to, offset, data.data(), data.size() * sizeof(T));
  }
  /// Bytes that `write` sent to the device since it was opened.
  [[nodiscard]] std::uint64_t bytes_written() const { return bytes_written_; }
  /// Waits for everything that was submitted, then reads.
  void read(const Buffer& from, std::uint64_t offset, void* data, std::uint64_t bytes);

  /// A pipeline from WGSL text; the same arguments give the same pipeline again. Buffers are bound
  /// in the order of `bindings`: 'u' uniform, 'r' read-only storage, 'w' storage, '-' nothing.
  /// \throws Error unavailable with the compiler's message.
  const Pipeline& pipeline(const std::string& code, const char* entry, std::string_view bindings,
                           std::uint32_t immediate_bytes, std::span<const Constant> constants);
  [[nodiscard]] BindGroup bind(const Pipeline& pipeline, std::span<const Buffer* const> buffers);

  [[nodiscard]] CommandEncoder encoder();
  /// What was encoded, ready to be submitted. Most of the host's work is done here; encoders may be
  /// finished on several threads at once. \throws Error if anything was wrong with it.
  [[nodiscard]] CommandBuffer finish(CommandEncoder encoder);
  /// Submits lists of commands in this order.
  std::uint64_t submit(std::span<const CommandBuffer> lists);
  /// Finishes and submits one.
  std::uint64_t submit(CommandEncoder encoder);
  /// One look at what is finished; `wait` blocks until all is.
  void poll(bool wait);
  /// The same, but waits for one submission and those before it only.
  void wait_for(bool wait, std::uint64_t submission);
  [[nodiscard]] std::uint64_t last_submission() const { return last_submission_; }

  /// \throws Error device_lost, out_of_memory, unavailable if the library reported anything since
  /// the last call.
  void check();
  [[nodiscard]] DeviceHandle& device() { return device_; }
  [[nodiscard]] Queue& queue() { return queue_; }
  [[nodiscard]] float timestamp_period() const { return timestamp_period_; }

  /// Whether floats must be avoided; found out once by the probe.
  std::optional<bool> integer_arithmetic;
  /// The same for networks with users' models.
  std::optional<bool> integer_functions;

  /// The first timestamp that was read, so that all profiles of a device share one beginning.
  std::optional<std::uint64_t> first_tick;

  /// For tests: from now on the device counts as lost.
  void pretend_lost() { lost_ = true; }
  [[nodiscard]] bool lost() const { return lost_; }

 private:
  void report(const char* kind, WGPUStringView message);
  void require_at_most(std::uint64_t most, const char* label, std::uint64_t bytes) const;

  AdapterFacts facts_;
  DeviceHandle device_;
  Queue queue_;
  float timestamp_period_ = 1.0F;
  // engines on several threads may share a GPU
  std::atomic<std::uint64_t> unsubmitted_ = 0;  ///< bytes written since the last submission
  std::atomic<std::uint64_t> last_submission_ = 0;
  std::atomic<std::uint64_t> bytes_written_ = 0;
  std::mutex pipelines_lock_;
  std::map<std::string, Pipeline> pipelines_;
  std::atomic<bool> lost_ = false;
  std::atomic<std::uint32_t> errors_ = 0;
  std::mutex message_lock_;
  std::string message_;
};

}  // namespace rheobase::wgpu
