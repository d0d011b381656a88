// SPDX-License-Identifier: Apache-2.0
// The functions of users' models as they are printed for the device against the host's, on a
// million pairs of operands each.
#include "model/functions.h"

#include <gtest/gtest.h>

#include "backends/wgpu/function_probe.h"
#include "support/gpu.h"

namespace rheobase::test {
namespace {

class DeviceFunctions : public OnAGpu {
 protected:
  void expect_same(bool integer, std::uint32_t operands) {
    const auto differences = wgpu::function_differences(*gpu(), integer, operands);
    for (std::size_t i = 0; i < differences.size(); ++i) {
      const wgpu::FunctionDifferences& d = differences[i];
      EXPECT_EQ(d.count, 0U) << wgpu::kProbedFunctions[i] << std::hex << " of " << d.a << " and "
                             << d.b << " is " << d.got << " instead of " << d.wanted;
    }
  }
};

TEST_P(DeviceFunctions, GiveTheHostsBits) { expect_same(false, 1U << 20U); }
TEST_P(DeviceFunctions, GiveTheHostsBitsInIntegersAlone) { expect_same(true, 1U << 16U); }
TEST_P(DeviceFunctions, NeedNoIntegersHere) {
  EXPECT_EQ(wgpu::needs_integer_functions(*gpu()), false);
}

RHEOBASE_ON_EVERY_GPU(DeviceFunctions);

}  // namespace
}  // namespace rheobase::test
