// SPDX-License-Identifier: Apache-2.0
#include "backends/wgpu/function_probe.h"

#include "backends/wgpu/probe.h"
#include "backends/wgpu/programs.h"
#include "model/functions.h"
#include "model/random.h"
#include "platform/float_mode.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase::wgpu {
namespace {

constexpr std::uint32_t kOperands = 1U << 15U;
constexpr std::size_t kFunctions = kProbedFunctions.size();

/// Canonical floats of the kinds that go wrong: all sizes, those at which functions change their
/// form, quotients and roots next to a number or halfway, angles next to a quarter turn.
std::vector<Operands> hard_operands(std::uint32_t count) {
  std::vector<Operands> list(count);
  // an exponent between the two, and any digits
  const auto with_power = [](std::uint32_t bits, int low, int high) {
    const auto span = static_cast<std::uint32_t>(high - low + 1);
    const std::uint32_t power = static_cast<std::uint32_t>(low + 127) + (bits >> 8U) % span;
    return (bits & 0x80000000U) | (model::pcg(bits) >> 9U) | (power << 23U);
  };
  constexpr std::array<std::uint32_t, 16> edges{
      0U,                         // zero
      0x00800000U,                // 2^-126
      0x00800001U, 0x71800000U,   // next to it; 2^100
      0xF1800000U, 0x3F800000U,   // -2^100; 1
      0xBF800000U, 0x3F3504F3U,   // -1; where log changes its exponent
      0x3F200000U, 0x3F000000U,   // where tanh and sin change their form
      0xC2AE0000U, 0x428AA122U,   // the ends of exp
      0x4F000000U, 0x4B000000U,   // 2^31; 2^23
      0x41000000U, 0x44FA0000U};  // 8; 2000
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint32_t a = model::pcg(2U * i);
    const std::uint32_t b = model::pcg(2U * i + 1U);
    Operands& pair = list[i];
    pair = {with_power(a, -126, 99), with_power(b, -126, 99)};
    switch (i % 8U) {
      case 1: pair = {with_power(a, -8, 7), with_power(b, -8, 7)}; break;
      case 2: pair = {with_power(a, -30, 31), with_power(b, -4, 4)}; break;
      case 3: {  // whole numbers, and halves
        const auto whole = [](std::uint32_t word) {
          return model::bits_of(static_cast<float>(static_cast<std::int32_t>(word % 65U) - 32) *
                                0.5F);
        };
        pair = {whole(a), whole(b)};
        break;
      }
      case 4:  // quotients near 1 and squares
        pair[0] = (pair[0] & 0x807FFFFFU) | (0x3F800000U + ((a & 1U) << 23U));
        pair[1] = (pair[0] & 0x7FFFFFFFU) + (b & 15U);
        break;
      case 5: {  // next to a quarter turn
        const float turns = static_cast<float>(static_cast<std::int32_t>(a >> (8U + b % 20U)));
        pair[0] = model::bits_of(model::mul_rn(turns, 1.57079637F));
        pair[0] += pair[0] != 0U ? b & 3U : 0U;
        break;
      }
      case 6:  // at an edge or next to it
        pair[0] = edges[a % edges.size()];
        pair[1] = (b & 64U) != 0U ? edges[b % edges.size()] : pair[1];
        pair[0] += pair[0] != 0U && pair[0] != 0x00800000U && (a & 32U) != 0U ? (a >> 6U) & 3U : 0U;
        break;
      case 7: pair[0] = with_power(a, -2, 10) & 0x7FFFFFFFU; break;
      default: break;
    }
  }
  return list;
}

std::array<float, kFunctions> on_host(const Operands& operands) {
  const std::uint32_t word = operands[0];
  const std::uint32_t other = operands[1];
  const float a = model::float_of(word);
  const float b = model::float_of(other);
  return {model::div_rn(a, b),
          model::sqrt_rn(a),
          model::exp_rn(a),
          model::log_rn(a),
          model::tanh_rn(a),
          model::sin_rn(a),
          model::cos_rn(a),
          model::pow_rn(a, b),
          model::floor_rn(a),
          model::uniform_of(word),
          model::normal_of(word, other),
          model::poisson_of(a, other)};
}

std::uint32_t all_differences(Gpu& gpu, bool integer_arithmetic) {
  std::uint32_t sum = 0;
  for (const FunctionDifferences& d : function_differences(gpu, integer_arithmetic, kOperands)) {
    sum += d.count;
  }
  return sum;
}

}  // namespace

std::array<FunctionDifferences, kFunctions> function_differences(Gpu& gpu, bool integer_arithmetic,
                                                                 std::uint32_t operands) {
  const platform::FloatMode mode;
  const std::vector<Operands> list = hard_operands(operands);
  const std::vector<std::uint32_t> answers =
      answers_of(gpu, make_function_probe(gpu, integer_arithmetic), list, kFunctions);
  std::array<FunctionDifferences, kFunctions> differences{};
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::array<float, kFunctions> wanted = on_host(list[i]);
    for (std::size_t j = 0; j < kFunctions; ++j) {
      const std::uint32_t got = answers[i * kFunctions + j];
      if (FunctionDifferences& d = differences[j]; got != model::bits_of(wanted[j])) {
        d = {d.count + 1U, list[i][0], list[i][1], model::bits_of(wanted[j]), got};
      }
    }
  }
  return differences;
}

bool needs_integer_functions(Gpu& gpu) {
  if (gpu.integer_functions.has_value()) {
    return *gpu.integer_functions;
  }
  const bool integer = needs_integer_arithmetic(gpu) || all_differences(gpu, false) != 0;
  if (const std::uint32_t wrong = integer ? all_differences(gpu, true) : 0U; wrong != 0) {
    throw Error(ErrorCode::unavailable, "the GPU " + quoted_name(gpu.facts().name) +
                                            " cannot run this model (" + number_text(wrong) +
                                            " of " + number_text(kFunctions * kOperands) +
                                            " results of functions are wrong). Update its driver.");
  }
  gpu.integer_functions = integer;
  return integer;
}

}  // namespace rheobase::wgpu
