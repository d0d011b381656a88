// SPDX-License-Identifier: Apache-2.0
/// \file
/// The backends that a suite is instantiated for.
#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "engine/registry.h"
#include "rheobase/engine.h"

namespace rheobase::test {

struct BackendCase {
  std::string backend;
  std::uint32_t threads = 1;

  [[nodiscard]] EngineOptions options(std::uint64_t seed = 1) const {
    return {backend, threads, seed, {}};
  }
};

/// Ways to run a network on a GPU that must not change a thing; small sizes, so that small networks
/// meet shards and long rows.
inline const std::vector<std::string>& gpu_variants() {
  static const std::vector<std::string> variants{
      "",
      "+index=hash+sum=pair",
      "+delivery=sweep+long_row=20",
      "+arithmetic=integer+neurons_per_thread=4+update_workgroup=128+team=64",
      "+shard_shift=13+delivery=push+long_row=40",
      "+index=hash+delivery=sweep+shard_shift=13+sum=i64",
      "+tile=97+team=16+long_row=40",
      "+tile=140+index=hash+delivery=push+sum=pair",
      "+tile=190+delivery=push+shard_shift=15+team=16+ahead=1",
  };
  return variants;
}

/// Every usable backend; the threaded ones with several numbers of threads.
inline std::vector<BackendCase> backend_cases() {
  std::vector<BackendCase> cases;
  for (const std::string& name : usable_backends()) {
    cases.push_back({name, 1});
    if (name == "cpu") {
      cases.push_back({name, 2});
      cases.push_back({name, 3});
      cases.push_back({"check:cpu,reference", 2});
    }
    if (name.starts_with("wgpu")) {
      cases.push_back(
          {name + "+index=hash+delivery=sweep+sum=pair+arithmetic=integer+long_row=20", 1});
    }
  }
  return cases;
}

inline std::string case_name(const ::testing::TestParamInfo<BackendCase>& info) {
  std::string name;
  for (const char c : info.param.backend) {
    name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  }
  return name + "_threads_" + std::to_string(info.param.threads);
}

inline std::ostream& operator<<(std::ostream& out, const BackendCase& c) {
  return out << c.backend << " --threads " << c.threads;
}

/// A suite that runs on every backend.
class OnEveryBackend : public ::testing::TestWithParam<BackendCase> {};

}  // namespace rheobase::test

#define RHEOBASE_ON_EVERY_BACKEND(Suite)                                           \
  INSTANTIATE_TEST_SUITE_P(Backends, Suite,                                        \
                           ::testing::ValuesIn(::rheobase::test::backend_cases()), \
                           ::rheobase::test::case_name)
