// SPDX-License-Identifier: Apache-2.0
/// \file
/// The GPUs that a suite is instantiated for.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "backends/wgpu/gpu.h"
#include "backends/wgpu/wgpu.h"

namespace rheobase::test {

/// A suite that runs on every GPU; skipped where there is none.
class OnAGpu : public ::testing::TestWithParam<std::string> {
 protected:
  [[nodiscard]] std::string backend() const { return GetParam(); }
  [[nodiscard]] std::shared_ptr<wgpu::Gpu> gpu() const {
    const std::string adapter = GetParam().size() > 5 ? GetParam().substr(5) : "";
    return wgpu::Gpu::open(wgpu::choose_adapter(adapter).index);
  }
};

inline std::string gpu_name(const ::testing::TestParamInfo<std::string>& info) {
  return info.param == "wgpu" ? "hardware" : "software";
}

}  // namespace rheobase::test

#define RHEOBASE_ON_EVERY_GPU(Suite)                                                    \
  GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Suite);                                 \
  INSTANTIATE_TEST_SUITE_P(Gpus, Suite, ::testing::ValuesIn(::rheobase::usable_gpus()), \
                           ::rheobase::test::gpu_name)
