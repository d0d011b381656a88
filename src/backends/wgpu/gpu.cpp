// SPDX-License-Identifier: Apache-2.0
#include "backends/wgpu/gpu.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "backends/wgpu/staging.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase::wgpu {
namespace {

WGPUStringView view(std::string_view text) { return {text.data(), text.size()}; }
}  // namespace

std::shared_ptr<Gpu> Gpu::open(std::size_t adapter) {
  if (const std::string trouble = fork_trouble(); !trouble.empty()) {
    throw Error(ErrorCode::unavailable, "the GPU cannot be used (" + trouble +
                                            "). Use the cpu backend here, or start this process "
                                            "by another way than fork.");
  }
  // never destroyed, as above
  static auto& open_ones = *new std::map<std::size_t, std::shared_ptr<Gpu>>;
  static auto& lock = *new std::mutex;
  const std::lock_guard guard(lock);
  std::shared_ptr<Gpu>& gpu = open_ones[adapter];
  if (gpu == nullptr || gpu->lost()) {
    gpu = std::make_shared<Gpu>(adapter);
  }
  return gpu;
}

Gpu::Gpu(std::size_t adapter) : facts_(adapters().at(adapter)) {
  std::vector<WGPUFeatureName> features;
  const auto want = [&](bool there, std::uint32_t feature) {
    if (there) {
      features.push_back(static_cast<WGPUFeatureName>(feature));
    }
  };
  if (!facts_.has_immediates) {
    throw Error(ErrorCode::unavailable, "the GPU " + quoted_name(facts_.name) +
                                            " cannot run Rheobase (its driver has no "
                                            "immediates). Update the driver.");
  }
  want(true, WGPUNativeFeature_Immediates);
  want(facts_.has_int64_atomics, WGPUNativeFeature_ShaderInt64);
  want(facts_.has_int64_atomics, WGPUNativeFeature_ShaderInt64AtomicAllOps);
  want(facts_.has_timestamps, WGPUFeatureName_TimestampQuery);
  want(facts_.has_timestamps, WGPUNativeFeature_TimestampQueryInsideEncoders);

  WGPUDeviceDescriptor descriptor{};
  descriptor.requiredFeatureCount = features.size();
  descriptor.requiredFeatures = features.data();
  descriptor.requiredLimits = &facts_.limits;
  descriptor.deviceLostCallbackInfo.mode = WGPUCallbackMode_AllowSpontaneous;
  descriptor.deviceLostCallbackInfo.userdata1 = this;
  descriptor.deviceLostCallbackInfo.callback = [](WGPUDevice const*, WGPUDeviceLostReason reason,
                                                  WGPUStringView message, void* self, void*) {
    if (reason != WGPUDeviceLostReason_Destroyed) {
      static_cast<Gpu*>(self)->lost_ = true;
      static_cast<Gpu*>(self)->report("lost", message);
    }
  };
  descriptor.uncapturedErrorCallbackInfo.userdata1 = this;
  descriptor.uncapturedErrorCallbackInfo.callback = [](WGPUDevice const*, WGPUErrorType,
                                                       WGPUStringView message, void* self, void*) {
    static_cast<Gpu*>(self)->report("error", message);
  };
  struct Answer {
    WGPUDevice device = nullptr;
    std::string message;
  } answer;
  WGPURequestDeviceCallbackInfo callback{};
  callback.mode = WGPUCallbackMode_AllowSpontaneous;
  callback.userdata1 = &answer;
  callback.callback = [](WGPURequestDeviceStatus status, WGPUDevice device, WGPUStringView message,
                         void* to, void*) {
    auto* given = static_cast<Answer*>(to);
    given->device = status == WGPURequestDeviceStatus_Success ? device : nullptr;
    given->message = text_of(message);
  };
  // calls back before it returns
  api().AdapterRequestDevice(adapter_handle(adapter), &descriptor, callback);
  if (answer.device == nullptr) {
    throw Error(ErrorCode::unavailable, "the GPU " + quoted_name(facts_.name) +
                                            " cannot be opened (" + answer.message +
                                            "). Try `rheobase doctor`.");
  }
  device_ = DeviceHandle(answer.device);
  queue_ = Queue(api().DeviceGetQueue(device_.get()));
  timestamp_period_ = api().QueueGetTimestampPeriod(queue_.get());
  check();
}

Gpu::~Gpu() = default;

void Gpu::report(const char* kind, WGPUStringView message) {
  const std::lock_guard guard(message_lock_);
  if (message_.empty()) {
    message_ = text_of(message);
    if (message_.empty()) {
      message_ = kind;
    }
  }
  ++errors_;
}

void Gpu::check() {
  if (errors_ == 0 && !lost_) {
    return;
  }
  std::string message;
  {
    const std::lock_guard guard(message_lock_);
    message.swap(message_);
    errors_ = 0;
  }
  std::replace(message.begin(), message.end(), '\n', ' ');
  if (lost_) {
    throw Error(ErrorCode::device_lost,
                "the GPU " + quoted_name(facts_.name) + " was lost" +
                    (message.empty() ? std::string() : " (" + message + ")") +
                    ". Run again, or with --on-device-loss cpu to go on without it.");
  }
  if (message.find("memory") != std::string::npos) {
    throw Error(ErrorCode::out_of_memory, "the GPU " + quoted_name(facts_.name) +
                                              " is out of memory (" + message +
                                              "). Use a smaller network or the cpu backend.");
  }
  throw Error(ErrorCode::unavailable, "the GPU " + quoted_name(facts_.name) + " refused (" +
                                          message +
                                          "). Try `rheobase verify`, and please report it.");
}

void Gpu::require_at_most(std::uint64_t most, const char* label, std::uint64_t bytes) const {
  if (bytes > most) {
    throw Error(ErrorCode::out_of_memory, "the network is too large for the GPU " +
                                              quoted_name(facts_.name) + " (its " + label +
                                              " need " + number_text(bytes >> 20U) +
                                              " MiB in one piece, the GPU allows " +
                                              number_text(most >> 20U) + "). Use the cpu backend.");
  }
}

void Gpu::require_size(const char* label, std::uint64_t bytes) const {
  require_at_most(std::min(facts_.limits.maxBufferSize, facts_.limits.maxStorageBufferBindingSize),
                  label, bytes);
}

Buffer Gpu::buffer(const char* label, std::uint64_t bytes, WGPUBufferUsage usage) {
  bytes = std::max<std::uint64_t>((bytes + 15U) / 16U * 16U, 16U);
  if ((usage & WGPUBufferUsage_Storage) != 0U) {
    require_size(label, bytes);
  } else {
    require_at_most(facts_.limits.maxBufferSize, label, bytes);
  }
  check();
  WGPUBufferDescriptor descriptor{};
  descriptor.label = view(label);
  descriptor.usage = usage;
  descriptor.size = bytes;
  Buffer made{BufferHandle(api().DeviceCreateBuffer(device_.get(), &descriptor)), bytes};
  check();
  return made;
}

void Gpu::write(const Buffer& to, std::uint64_t offset, const void* data, std::uint64_t bytes) {
  // the library keeps a copy of what it is given until the next submission
  constexpr std::uint64_t kPiece = std::uint64_t{64} << 20U;
  check();
  const auto* from = static_cast<const unsigned char*>(data);
  while (bytes > 0) {
    const std::uint64_t piece = std::min(bytes, kPiece);
    if (piece % 4U == 0) {
      api().QueueWriteBuffer(queue_.get(), to.handle.get(), offset, from, piece);
    } else {
      std::vector<unsigned char> padded(from, from + piece);
      padded.resize((piece + 3U) / 4U * 4U);
      api().QueueWriteBuffer(queue_.get(), to.handle.get(), offset, padded.data(), padded.size());
    }
    bytes -= piece;
    offset += piece;
    from += piece;
    unsubmitted_ += piece;
    bytes_written_ += piece;
    if (unsubmitted_ >= kPiece) {
      submit(encoder());
      poll(true);
    }
  }
  check();
}

void Gpu::read(const Buffer& from, std::uint64_t offset, void* data, std::uint64_t bytes) {
  constexpr std::uint64_t kPiece = std::uint64_t{64} << 20U;
  if (bytes == 0) {
    return;
  }
  Staging staging(*this, std::min(bytes, kPiece));
  auto* to = static_cast<unsigned char*>(data);
  while (bytes > 0) {
    const std::uint64_t piece = std::min(bytes, kPiece);
    const std::uint64_t whole = (piece + 3U) / 4U * 4U;
    CommandEncoder commands = encoder();
    api().CommandEncoderCopyBufferToBuffer(commands.get(), from.handle.get(), offset,
                                           staging.buffer().handle.get(), 0, whole);
    submit(std::move(commands));
    staging.request(whole);
    static_cast<void>(staging.ready(true));
    std::memcpy(to, staging.words(), piece);
    staging.release();
    bytes -= piece;
    offset += piece;
    to += piece;
  }
}

const Pipeline& Gpu::pipeline(const std::string& code, const char* entry, std::string_view bindings,
                              std::uint32_t immediate_bytes, std::span<const Constant> constants) {
  std::string key = std::string(entry) + ";" + std::string(bindings) + ";";
  for (const auto& [name, value] : constants) {
    key += std::string(name) + "=" + number_text(value) + ";";
  }
  key += code;
  const std::lock_guard guard(pipelines_lock_);
  if (const auto found = pipelines_.find(key); found != pipelines_.end()) {
    return found->second;
  }
  check();
  WGPUShaderSourceWGSL source{};
  source.chain.sType = WGPUSType_ShaderSourceWGSL;
  source.code = view(code);
  WGPUShaderModuleDescriptor module_descriptor{};
  module_descriptor.nextInChain = &source.chain;
  module_descriptor.label = view(entry);
  const ShaderModule module(api().DeviceCreateShaderModule(device_.get(), &module_descriptor));
  check();

  std::vector<WGPUBindGroupLayoutEntry> entries;
  for (std::size_t i = 0; i < bindings.size(); ++i) {
    if (bindings[i] == '-') {
      continue;
    }
    WGPUBindGroupLayoutEntry& entry_layout = entries.emplace_back();
    entry_layout.binding = static_cast<std::uint32_t>(i);
    entry_layout.visibility = WGPUShaderStage_Compute;
    entry_layout.buffer.type = bindings[i] == 'u'   ? WGPUBufferBindingType_Uniform
                               : bindings[i] == 'r' ? WGPUBufferBindingType_ReadOnlyStorage
                                                    : WGPUBufferBindingType_Storage;
  }
  WGPUBindGroupLayoutDescriptor layout_descriptor{};
  layout_descriptor.entryCount = entries.size();
  layout_descriptor.entries = entries.data();
  Pipeline made;
  made.layout =
      BindGroupLayout(api().DeviceCreateBindGroupLayout(device_.get(), &layout_descriptor));
  check();
  const WGPUBindGroupLayout layout = made.layout.get();
  WGPUPipelineLayoutDescriptor pipeline_layout_descriptor{};
  pipeline_layout_descriptor.bindGroupLayoutCount = 1;
  pipeline_layout_descriptor.bindGroupLayouts = &layout;
  pipeline_layout_descriptor.immediateSize = immediate_bytes;
  const PipelineLayout pipeline_layout(
      api().DeviceCreatePipelineLayout(device_.get(), &pipeline_layout_descriptor));
  check();

  std::vector<WGPUConstantEntry> values(constants.size());
  for (std::size_t i = 0; i < constants.size(); ++i) {
    values[i].key = view(constants[i].first);
    values[i].value = constants[i].second;
  }
  WGPUComputePipelineDescriptor descriptor{};
  descriptor.label = view(entry);
  descriptor.layout = pipeline_layout.get();
  descriptor.compute.module = module.get();
  descriptor.compute.entryPoint = view(entry);
  descriptor.compute.constantCount = values.size();
  descriptor.compute.constants = values.data();
  made.handle = ComputePipeline(api().DeviceCreateComputePipeline(device_.get(), &descriptor));
  check();
  return pipelines_.emplace(std::move(key), std::move(made)).first->second;
}

BindGroup Gpu::bind(const Pipeline& pipeline, std::span<const Buffer* const> buffers) {
  std::vector<WGPUBindGroupEntry> entries;
  for (std::size_t i = 0; i < buffers.size(); ++i) {
    if (buffers[i] == nullptr) {
      continue;
    }
    WGPUBindGroupEntry& entry = entries.emplace_back();
    entry.binding = static_cast<std::uint32_t>(i);
    entry.buffer = buffers[i]->handle.get();
    entry.size = buffers[i]->bytes;
  }
  WGPUBindGroupDescriptor descriptor{};
  descriptor.layout = pipeline.layout.get();
  descriptor.entryCount = entries.size();
  descriptor.entries = entries.data();
  BindGroup made(api().DeviceCreateBindGroup(device_.get(), &descriptor));
  check();
  return made;
}

CommandEncoder Gpu::encoder() {
  check();
  return CommandEncoder(api().DeviceCreateCommandEncoder(device_.get(), nullptr));
}

CommandBuffer Gpu::finish(CommandEncoder encoder) {
  CommandBuffer commands(api().CommandEncoderFinish(encoder.get(), nullptr));
  check();  // an invalid command buffer must not be submitted
  return commands;
}

std::uint64_t Gpu::submit(std::span<const CommandBuffer> lists) {
  check();
  std::vector<WGPUCommandBuffer> handles;
  handles.reserve(lists.size());
  for (const CommandBuffer& list : lists) {
    handles.push_back(list.get());
  }
  const std::uint64_t submission =
      api().QueueSubmitForIndex(queue_.get(), handles.size(), handles.data());
  unsubmitted_ = 0;
  last_submission_ = submission;
  check();
  return submission;
}

std::uint64_t Gpu::submit(CommandEncoder encoder) {
  const std::array<CommandBuffer, 1> lists{finish(std::move(encoder))};
  return submit(lists);
}

void Gpu::poll(bool wait) { wait_for(wait, last_submission_); }

void Gpu::wait_for(bool wait, std::uint64_t submission) {
  check();
  const WGPUSubmissionIndex index = submission;
  api().DevicePoll(device_.get(), wait ? 1U : 0U, wait ? &index : nullptr);
}

}  // namespace rheobase::wgpu
