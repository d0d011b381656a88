// SPDX-License-Identifier: Apache-2.0
#include "backends/wgpu/probe.h"

#include <array>
#include <bit>

#include "backends/wgpu/layout.h"
#include "backends/wgpu/programs.h"
#include "model/fixed_point.h"
#include "model/float_ops.h"
#include "model/random.h"
#include "platform/float_mode.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase::wgpu {
namespace {

constexpr std::uint32_t kOperands = 1U << 20U;

/// Canonical floats of the kinds that go wrong: random bits, neighbours of powers of two, ties,
/// results near the least normal number, cancelling pairs.
std::vector<Operands> hard_operands() {
  std::vector<Operands> list(kOperands);
  const auto canonical_bits = [](std::uint32_t bits) {
    // exponents that leave sums and products finite
    const std::uint32_t exponent = 64U + ((bits >> 23U) & 255U) % 122U;
    return (bits & 0x807FFFFFU) | (exponent << 23U);
  };
  for (std::uint32_t i = 0; i < kOperands; ++i) {
    const std::uint32_t a = model::pcg(2U * i);
    const std::uint32_t b = model::pcg(2U * i + 1U);
    Operands& pair = list[i];
    pair = {canonical_bits(a), canonical_bits(b)};
    switch (i % 8U) {
      case 1:  // equal exponents, other signs: cancellation
        pair[1] = (pair[0] ^ 0x80000000U) + (b & 7U);
        break;
      case 2:  // exponents close to each other: rounding and ties
        pair[1] = (pair[1] & 0x807FFFFFU) | ((((pair[0] >> 23U) & 255U) - 12U + (b & 15U)) << 23U);
        break;
      case 3:  // few bits: ties
        pair[0] &= 0xFFFFF000U;
        pair[1] &= 0xFFFFF000U;
        break;
      case 4:  // products and sums near the least normal number
        pair[0] = (pair[0] & 0x807FFFFFU) | ((1U + (a >> 9U) % 70U) << 23U);
        pair[1] = (pair[1] & 0x807FFFFFU) | ((1U + (b >> 9U) % 130U) << 23U);
        break;
      case 5:  // a leak factor
        pair[1] = std::bit_cast<std::uint32_t>(1.0F) - (b & 0xFFFFFU);
        break;
      case 6: pair[0] = 0; break;
      default: break;
    }
  }
  return list;
}

}  // namespace

std::vector<std::uint32_t> answers_of(Gpu& gpu, const Pipeline& pipeline,
                                      const std::vector<Operands>& operands, std::size_t words) {
  const Params params;
  const Buffer uniform =
      gpu.buffer("parameters", sizeof(Params), WGPUBufferUsage_Uniform | WGPUBufferUsage_CopyDst);
  std::vector<std::uint32_t> answers(words * operands.size());
  const Buffer in = gpu.storage("operands", sizeof(Operands) * operands.size());
  const Buffer out = gpu.storage("answers", 4U * answers.size());
  gpu.write(uniform, 0, &params, sizeof(params));
  gpu.write(in, 0, operands);
  const std::array<const Buffer*, 3> buffers{&uniform, &in, &out};
  const BindGroup group = gpu.bind(pipeline, buffers);
  CommandEncoder commands = gpu.encoder();
  {
    const ComputePass pass(api().CommandEncoderBeginComputePass(commands.get(), nullptr));
    api().ComputePassEncoderSetPipeline(pass.get(), pipeline.handle.get());
    api().ComputePassEncoderSetBindGroup(pass.get(), 0, group.get(), 0, nullptr);
    api().ComputePassEncoderDispatchWorkgroups(pass.get(), 1024, 1, 1);
    api().ComputePassEncoderEnd(pass.get());
  }
  gpu.submit(std::move(commands));
  gpu.read(out, 0, answers.data(), 4U * answers.size());
  return answers;
}

std::uint32_t arithmetic_differences(Gpu& gpu, bool integer_arithmetic) {
  const platform::FloatMode mode;
  const auto operands = hard_operands();
  const std::vector<std::uint32_t> answers =
      answers_of(gpu, make_probe(gpu, integer_arithmetic), operands, 4);
  std::uint32_t differences = 0;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    const float a = std::bit_cast<float>(operands[i][0]);
    const float b = std::bit_cast<float>(operands[i][1]);
    const float product = model::mul_rn(a, b);
    const std::array<float, 4> wanted{
        model::add_rn(a, b), product, model::add_rn(product, a),
        model::fixed_to_f32(static_cast<std::int32_t>(operands[i][0]), 7U)};
    for (std::size_t j = 0; j < wanted.size(); ++j) {
      differences += std::bit_cast<std::uint32_t>(wanted[j]) != answers[4U * i + j] ? 1U : 0U;
    }
  }
  return differences;
}

bool needs_integer_arithmetic(Gpu& gpu) {
  if (gpu.integer_arithmetic.has_value()) {
    return *gpu.integer_arithmetic;
  }
  if (arithmetic_differences(gpu, false) == 0) {
    gpu.integer_arithmetic = false;
    return false;
  }
  if (const std::uint32_t wrong = arithmetic_differences(gpu, true); wrong != 0) {
    throw Error(ErrorCode::unavailable,
                "the GPU " + quoted_name(gpu.facts().name) + " cannot run Rheobase (" +
                    number_text(wrong) +
                    " of 4 million results of integer operations are wrong). Update its driver.");
  }
  gpu.integer_arithmetic = true;
  return true;
}

}  // namespace rheobase::wgpu
