// SPDX-License-Identifier: Apache-2.0
/// \file
/// The functions of libwgpu_native that are used, found at run time.
#pragma once

#include <webgpu/wgpu.h>

#include <string>
#include <utility>

namespace rheobase::wgpu {

// Only functions that this version implements: the others abort the process.
#define RHEOBASE_WGPU_FUNCTIONS(X)        \
  X(AdapterGetInfo)                       \
  X(AdapterGetLimits)                     \
  X(AdapterHasFeature)                    \
  X(AdapterInfoFreeMembers)               \
  X(AdapterRelease)                       \
  X(AdapterRequestDevice)                 \
  X(BindGroupLayoutRelease)               \
  X(BindGroupRelease)                     \
  X(BufferGetConstMappedRange)            \
  X(BufferMapAsync)                       \
  X(BufferRelease)                        \
  X(BufferUnmap)                          \
  X(CommandBufferRelease)                 \
  X(CommandEncoderBeginComputePass)       \
  X(CommandEncoderClearBuffer)            \
  X(CommandEncoderCopyBufferToBuffer)     \
  X(CommandEncoderFinish)                 \
  X(CommandEncoderRelease)                \
  X(CommandEncoderResolveQuerySet)        \
  X(ComputePassEncoderDispatchWorkgroups) \
  X(ComputePassEncoderEnd)                \
  X(ComputePassEncoderRelease)            \
  X(ComputePassEncoderSetBindGroup)       \
  X(ComputePassEncoderSetImmediates)      \
  X(ComputePassEncoderSetPipeline)        \
  X(ComputePipelineGetBindGroupLayout)    \
  X(ComputePipelineRelease)               \
  X(CreateInstance)                       \
  X(DeviceCreateBindGroup)                \
  X(DeviceCreateBindGroupLayout)          \
  X(DeviceCreateBuffer)                   \
  X(DeviceCreateCommandEncoder)           \
  X(DeviceCreateComputePipeline)          \
  X(DeviceCreatePipelineLayout)           \
  X(DeviceCreateQuerySet)                 \
  X(DeviceCreateShaderModule)             \
  X(DeviceGetQueue)                       \
  X(DevicePoll)                           \
  X(DeviceRelease)                        \
  X(GetVersion)                           \
  X(InstanceEnumerateAdapters)            \
  X(InstanceRelease)                      \
  X(PipelineLayoutRelease)                \
  X(QuerySetRelease)                      \
  X(QueueGetTimestampPeriod)              \
  X(QueueRelease)                         \
  X(QueueSubmitForIndex)                  \
  X(QueueWriteBuffer)                     \
  X(SetLogLevel)                          \
  X(ShaderModuleRelease)

struct Api {
// NOLINTNEXTLINE(bugprone-macro-parentheses): a name that is declared
#define RHEOBASE_WGPU_MEMBER(name) decltype(&::wgpu##name) name = nullptr;
  RHEOBASE_WGPU_FUNCTIONS(RHEOBASE_WGPU_MEMBER)
#undef RHEOBASE_WGPU_MEMBER
  std::string file;     ///< where the library was found
  std::string trouble;  ///< why it cannot be used; empty if it can
};

/// The library's functions; looked up once. If `trouble` is not empty, none may be called.
/// Looks for the file that RHEOBASE_WGPU_LIBRARY names, or beside the program, or where the system
/// looks for libraries.
[[nodiscard]] const Api& api();

/// An object of the library; releases it, never a null one (that would abort).
template <class T, auto kRelease>
class Handle {
 public:
  Handle() = default;
  explicit Handle(T object) : object_(object) {}
  Handle(Handle&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  Handle& operator=(Handle&& other) noexcept {
    Handle taken(std::move(other));
    std::swap(object_, taken.object_);
    return *this;
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    if (object_ != nullptr) {
      (api().*kRelease)(object_);
    }
  }
  [[nodiscard]] T get() const { return object_; }
  explicit operator bool() const { return object_ != nullptr; }

 private:
  T object_ = nullptr;
};

using Adapter = Handle<WGPUAdapter, &Api::AdapterRelease>;
using BindGroup = Handle<WGPUBindGroup, &Api::BindGroupRelease>;
using BindGroupLayout = Handle<WGPUBindGroupLayout, &Api::BindGroupLayoutRelease>;
using BufferHandle = Handle<WGPUBuffer, &Api::BufferRelease>;
using CommandBuffer = Handle<WGPUCommandBuffer, &Api::CommandBufferRelease>;
using CommandEncoder = Handle<WGPUCommandEncoder, &Api::CommandEncoderRelease>;
using ComputePass = Handle<WGPUComputePassEncoder, &Api::ComputePassEncoderRelease>;
using ComputePipeline = Handle<WGPUComputePipeline, &Api::ComputePipelineRelease>;
using DeviceHandle = Handle<WGPUDevice, &Api::DeviceRelease>;
using Instance = Handle<WGPUInstance, &Api::InstanceRelease>;
using PipelineLayout = Handle<WGPUPipelineLayout, &Api::PipelineLayoutRelease>;
using QuerySet = Handle<WGPUQuerySet, &Api::QuerySetRelease>;
using Queue = Handle<WGPUQueue, &Api::QueueRelease>;
using ShaderModule = Handle<WGPUShaderModule, &Api::ShaderModuleRelease>;

}  // namespace rheobase::wgpu
