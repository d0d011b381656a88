// SPDX-License-Identifier: Apache-2.0
#include "backends/wgpu/staging.h"

#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase::wgpu {

Staging::Staging(Gpu& gpu, std::uint64_t bytes)
    : gpu_(gpu),
      buffer_(gpu.buffer("results", bytes, WGPUBufferUsage_MapRead | WGPUBufferUsage_CopyDst)) {}

Staging::~Staging() {
  if (mapped_) {
    release();
  }
}

void Staging::request(std::uint64_t bytes) {
  requested_ = bytes;
  submission_ = gpu_.last_submission();
  status_ = std::make_shared<std::atomic<int>>(0);
  WGPUBufferMapCallbackInfo callback{};
  callback.mode = WGPUCallbackMode_AllowSpontaneous;
  // the callback may come after this object is gone: it owns a share of the status
  callback.userdata1 = new std::shared_ptr<std::atomic<int>>(status_);
  callback.callback = [](WGPUMapAsyncStatus status, WGPUStringView, void* shared, void*) {
    const std::unique_ptr<std::shared_ptr<std::atomic<int>>> owned(
        static_cast<std::shared_ptr<std::atomic<int>>*>(shared));
    **owned = status == WGPUMapAsyncStatus_Success ? 1 : -1;
  };
  api().BufferMapAsync(buffer_.handle.get(), WGPUMapMode_Read, 0, bytes, callback);
  gpu_.check();
}

bool Staging::ready(bool wait) {
  gpu_.check();
  while (*status_ == 0) {
    gpu_.wait_for(wait, submission_);
    gpu_.check();
    if (!wait && *status_ == 0) {
      return false;
    }
  }
  if (*status_ < 0) {
    gpu_.check();
    throw Error(ErrorCode::device_lost, "results of the GPU " + quoted_name(gpu_.facts().name) +
                                            " cannot be read (the copy was cancelled). Run again.");
  }
  mapped_ = true;
  return true;
}

const std::uint32_t* Staging::words() const {
  return static_cast<const std::uint32_t*>(
      api().BufferGetConstMappedRange(buffer_.handle.get(), 0, requested_));
}

void Staging::release() {
  api().BufferUnmap(buffer_.handle.get());
  mapped_ = false;
}

}  // namespace rheobase::wgpu
