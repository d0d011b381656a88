// SPDX-License-Identifier: Apache-2.0
// The step as it is printed for the device against the host's, on a million random states, every
// field; and that the comparison would notice if one of them changed.
#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <fstream>
#include <iostream>
#include <sstream>

#include "backends/wgpu/layout.h"
#include "backends/wgpu/probe.h"
#include "backends/wgpu/programs.h"
#include "backends/wgpu/shaders.h"
#include "model/neuron_step.h"
#include "model/random.h"
#include "platform/float_mode.h"
#include "support/gpu.h"

namespace rheobase::test {
namespace {

constexpr std::uint32_t kStates = 1U << 20U;

using Case = std::array<std::uint32_t, 16>;
using Answer = std::array<std::uint32_t, 8>;

/// Floats that are alike often enough for thresholds to be met exactly, and extreme ones.
float some_float(std::uint32_t word) {
  switch (word % 16U) {
    case 0: return 0.0F;
    case 1: return model::kLargestPotential;
    case 2: return -model::kLargestPotential;
    case 3: return std::bit_cast<float>((word & 0x80000000U) | 0x00800001U);
    case 4:
    case 5:
      return model::canonical(
          std::bit_cast<float>((word & 0x807FFFFFU) | ((27U + (word >> 8U) % 200U) << 23U)));
    default: return static_cast<float>(static_cast<int>((word >> 4U) % 64U) - 24) * 0.25F;
  }
}

std::uint32_t some_count(std::uint32_t word) {
  switch (word % 8U) {
    case 0: return 65535;
    case 1: return 65534;
    case 2:
    case 3: return (word >> 3U) % 4U;
    default: return 0;
  }
}

std::vector<Case> cases() {
  std::vector<Case> list(kStates);
  for (std::uint32_t i = 0; i < kStates; ++i) {
    const auto w = [i](std::uint32_t k) { return model::pcg(i * 32U + k); };
    const float limit = w(0) % 3U == 0 ? some_float(w(1)) : kNoLimit;
    const float keep = w(2) % 4U == 0 ? 1.0F : static_cast<float>(w(3) >> 8U) * 0x1p-24F;
    list[i] = {model::bits_of(some_float(w(4))),
               model::bits_of(limit),
               model::bits_of(keep),
               model::bits_of(some_float(w(5))),
               model::bits_of(some_float(w(6))),
               w(7) % 3U == 0   ? 0U
               : w(7) % 3U == 1 ? model::excitability_hash(w(23), w(24))
                                : w(8),
               some_count(w(9)) | (some_count(w(10)) << 16U),
               some_count(w(11)) | ((w(12) & 0x1FU) << 16U),
               model::bits_of(some_float(w(13))),
               some_count(w(14)) | (some_count(w(15)) << 16U),
               some_count(w(16)) | ((w(17) & 1U) << 16U),
               (w(18) & 0xFFU) | (w(19) & 0x80000000U),
               model::bits_of(w(20) % 2U == 0 ? 0.0F : some_float(w(21))),
               model::bits_of(some_float(w(22))),
               w(23),
               w(24)};
  }
  return list;
}

Answer on_host(const Case& c) {
  model::NeuronClass p{};
  p.threshold = model::float_of(c[0]);
  p.threshold_limit = model::float_of(c[1]);
  p.keep = model::float_of(c[2]);
  p.reset = model::float_of(c[3]);
  p.rest = model::float_of(c[4]);
  p.draw_below = c[5];
  p.refractory_period = static_cast<std::uint16_t>(c[6]);
  p.fire_limit = static_cast<std::uint16_t>(c[6] >> 16U);
  p.snooze_period = static_cast<std::uint16_t>(c[7]);
  p.flags = static_cast<std::uint16_t>(c[7] >> 16U);
  const model::NeuronState s{model::float_of(c[8]), c[9] & 0xFFFFU, c[9] >> 16U, c[10] & 0xFFFFU,
                             c[10] >> 16U};
  const model::StepResult out = model::neuron_step(
      c[11] & 0xFFU, p, s,
      {(c[11] >> 31U) != 0U, model::float_of(c[12]), model::float_of(c[13]), c[14], c[15]});
  return {model::bits_of(out.state.u),
          out.state.refractory_countdown,
          out.state.fire_count,
          out.state.snooze_countdown,
          out.state.forget,
          model::bits_of(out.potential_at_firing),
          out.fired ? 1U : 0U,
          out.branches};
}

std::string entry_text() {
  std::ifstream file(RHEOBASE_SOURCE_DIR "/tests/gpu/step_test.wgsl");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

class StepTwin : public OnAGpu {
 protected:
  /// How many states give another answer on the device than on the host.
  std::size_t differences(const std::vector<Case>& list, bool integer, std::string_view step) {
    wgpu::Gpu& gpu = *this->gpu();
    const wgpu::Pipeline& pipeline = wgpu::make_step_test(gpu, integer, step, entry_text());
    const wgpu::Params params;
    const wgpu::Buffer uniform =
        gpu.buffer("parameters", sizeof(params), WGPUBufferUsage_Uniform | WGPUBufferUsage_CopyDst);
    const wgpu::Buffer in = gpu.storage("cases", sizeof(Case) * list.size());
    const wgpu::Buffer out = gpu.storage("answers", sizeof(Answer) * list.size());
    gpu.write(uniform, 0, &params, sizeof(params));
    gpu.write(in, 0, list);
    const std::array<const wgpu::Buffer*, 3> buffers{&uniform, &in, &out};
    const wgpu::BindGroup group = gpu.bind(pipeline, buffers);
    wgpu::CommandEncoder commands = gpu.encoder();
    {
      const wgpu::ComputePass pass(
          wgpu::api().CommandEncoderBeginComputePass(commands.get(), nullptr));
      wgpu::api().ComputePassEncoderSetPipeline(pass.get(), pipeline.handle.get());
      wgpu::api().ComputePassEncoderSetBindGroup(pass.get(), 0, group.get(), 0, nullptr);
      wgpu::api().ComputePassEncoderDispatchWorkgroups(pass.get(), 256, 1, 1);
      wgpu::api().ComputePassEncoderEnd(pass.get());
    }
    gpu.submit(std::move(commands));
    std::vector<Answer> answers(list.size());
    gpu.read(out, 0, answers.data(), sizeof(Answer) * answers.size());
    const platform::FloatMode mode;
    std::size_t count = 0;
    for (std::size_t i = 0; i < list.size(); ++i) {
      count += answers[i] != on_host(list[i]) ? 1U : 0U;
    }
    return count;
  }
};

TEST_P(StepTwin, EqualOnAMillionStates) {
  const std::vector<Case> list = cases();
  std::array<std::uint32_t, 11> met{};
  for (const Case& c : list) {
    const std::uint32_t branches = on_host(c)[7];
    for (std::size_t b = 0; b < met.size(); ++b) {
      met[b] += (branches >> b) & 1U;
    }
  }
  for (std::size_t b = 0; b < met.size(); ++b) {
    std::cout << name_of(static_cast<Branch>(b)) << " " << met[b] << "  ";
    EXPECT_GT(met[b], 1000U) << name_of(static_cast<Branch>(b));
  }
  std::cout << "\n";
  EXPECT_EQ(differences(list, false, shaders::neuron_step), 0U);
  EXPECT_EQ(differences(list, true, shaders::neuron_step), 0U);
}

TEST_P(StepTwin, NoticesAnyChange) {
  const std::vector<Case> all = cases();
  const std::vector<Case> list(all.begin(), all.begin() + (1U << 17U));
  const std::array<std::array<const char*, 2>, 14> changes{{
      {"v >= p.threshold", "v > p.threshold"},
      {"v > p.threshold_limit", "v >= p.threshold_limit"},
      {"count >= limit;", "count > limit;"},
      {"< p.draw_below", "<= p.draw_below"},
      {"(missed & limited)", "missed"},
      {"floored | blocked", "floored"},
      {"refractory | snoozed | !alive", "refractory | !alive"},
      {"!refractory | leak_in_refractory", "leak_in_refractory"},
      {"(count < kMostFires)", "true"},
      {"pause > 65535u", "pause > 65536u"},
      {"& (countdown == 0u) & limited", "& limited"},
      {"input < 0.0", "input <= 1.0"},
      {"add_rn(v, p.rest)", "add_rn(u, p.rest)"},
      {"(snoozed & candidate)", "snoozed"},
  }};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    std::string text(shaders::neuron_step);
    const std::size_t at = text.find(changes[i][0]);
    ASSERT_NE(at, std::string::npos) << changes[i][0];
    text.replace(at, std::string(changes[i][0]).size(), changes[i][1]);
    EXPECT_GT(differences(list, false, text), 0U) << changes[i][0];
  }
}

class Arithmetic : public OnAGpu {};

TEST_P(Arithmetic, BothWaysGiveTheHostsBits) {
  EXPECT_EQ(wgpu::arithmetic_differences(*gpu(), true), 0U) << "integers only";
  const bool integer = wgpu::needs_integer_arithmetic(*gpu());
  EXPECT_EQ(wgpu::arithmetic_differences(*gpu(), integer), 0U);
}

RHEOBASE_ON_EVERY_GPU(StepTwin);
RHEOBASE_ON_EVERY_GPU(Arithmetic);

}  // namespace
}  // namespace rheobase::test
