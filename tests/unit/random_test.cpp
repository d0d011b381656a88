// SPDX-License-Identifier: Apache-2.0
#include "model/random.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "model/drive.h"
#include "model/exponential.h"
#include "model/neuron_step.h"
#include "support/shared_data.h"

namespace rheobase::model {
namespace {

// FEAGI's own values for (neuron, burst)
TEST(Random, FeagisHash) {
  EXPECT_EQ(excitability_hash(0, 0), 129708002U);
  EXPECT_EQ(excitability_hash(0, 1), 2155229494U);
  EXPECT_EQ(excitability_hash(7, 3), 1327727909U);
}

// and those of its vectors, with the float that FEAGI makes of the hash
TEST(Random, FeagisVectors) {
  int run = 0;
  for (const auto& file : test::vector_files()) {
    const auto document = nlohmann::json::parse(std::ifstream(file));
    for (const auto& vector : document["vectors"]) {
      if (vector["kind"] != "rng") {
        continue;
      }
      SCOPED_TRACE(vector["id"].get<std::string>());
      const std::uint32_t hash = excitability_hash(vector["neuron_id"].get<std::uint32_t>(),
                                                   vector["burst"].get<std::uint32_t>());
      const auto draw = vector["expect"]["draw"].get<float>();
      EXPECT_EQ(hash, vector["expect"]["hash"].get<std::uint32_t>());
      EXPECT_EQ(fixed_to_f32(std::int64_t{hash}, 32), draw);
      // a neuron of this very excitability does not fire, one of the next larger does
      EXPECT_GE(hash, draw_threshold(draw));
      EXPECT_LT(hash, draw_threshold(float_of(bits_of(draw) + 1U)));
      ++run;
    }
  }
  if (run == 0) {
    GTEST_SKIP() << "no vector files (set RHEOBASE_VECTORS)";
  }
}

// known answers of the Random123 library for philox4x32-10
TEST(Random, PhiloxKnownAnswers) {
  using Words = std::array<std::uint32_t, 4>;
  EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}), (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox({~0U, ~0U, ~0U, ~0U}, {~0U, ~0U}),
            (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

// known answers of the same library for threefry4x32-13
TEST(Random, ThreefryKnownAnswers) {
  using Words = std::array<std::uint32_t, 4>;
  EXPECT_EQ(threefry({0, 0, 0, 0}, {0, 0, 0, 0}),
            (Words{0x531c7e4f, 0x39491ee5, 0x2c855a92, 0x3d6abf9a}));
  EXPECT_EQ(threefry({~0U, ~0U, ~0U, ~0U}, {~0U, ~0U, ~0U, ~0U}),
            (Words{0xc4189358, 0x1c9cc83a, 0xd5881c67, 0x6a0a89e0}));
  EXPECT_EQ(threefry({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
                     {0xa4093822, 0x299f31d0, 0x082efa98, 0xec4e6c89}),
            (Words{0x4aa71d8f, 0x734738c2, 0x431fc6a8, 0xae6debf1}));
}

/// T(e) separates exactly the hashes that FEAGI's float comparison separates.
TEST(Random, DrawThresholdIsFeagisComparison) {
  EXPECT_EQ(draw_threshold(0.5F), 2147483584U);
  const auto fires = [](std::uint32_t h, float e) {
    return static_cast<float>(h) / 4294967296.0F < e;
  };
  for (const float e : {1e-9F, 0.05F, 0.2F, 1.0F / 3.0F, 0.5F, 0.9F, 0.9989F}) {
    const std::uint32_t t = draw_threshold(e);
    for (std::uint32_t h = t - 300; h != t + 300; ++h) {
      ASSERT_EQ(h < t, fires(h, e)) << "e " << e << ", h " << h;
    }
  }
}

TEST(Random, ExponentialMatchesTheLibrary) {
  for (double x = 0.0; x < 700.0; x = x * 1.07 + 1e-6) {
    EXPECT_NEAR(exp_negative(x) / std::exp(-x), 1.0, 1e-12) << x;
  }
}

TEST(Drive, PoissonTablesHoldTheProbabilities) {
  for (const double mean : {0.0, 1e-6, 0.5, 3.0, 40.0, 500.0}) {
    const std::vector<std::uint32_t> table = poisson_table(mean);
    double sum = 0.0;
    for (std::size_t k = 0; k <= table.size(); ++k) {
      const auto n = static_cast<double>(k);
      sum += mean > 0.0 ? std::exp(n * std::log(mean) - mean - std::lgamma(n + 1.0)) : 1.0;
      // the number after the last entry takes all that is left
      const double entry = k < table.size() ? table[k] / 4294967296.0 : 1.0;
      ASSERT_NEAR(entry, sum, 1e-9) << "mean " << mean << ", k " << k;
    }
  }
}

TEST(Drive, RegularEventsComeAtTheirRate) {
  CompiledDrive d;
  d.kind = CompiledDrive::Kind::regular;
  d.step = 4294967296ULL / 4;  // every fourth burst
  std::string pattern;
  for (std::uint64_t t = 1; t <= 8; ++t) {
    pattern += std::to_string(drive_events(d, 0, t));
  }
  EXPECT_EQ(pattern, "00010001");
  d.step = 5 * 4294967296ULL / 2;
  EXPECT_EQ(drive_events(d, 0, 1) + drive_events(d, 0, 2), 5U);
  // after T bursts exactly floor(T * rate) events, for any rate, and never two unlike neighbours
  for (std::uint32_t i = 0; i < 50; ++i) {
    d.step = (std::uint64_t{pcg(i)} << 4U) | 1U;
    std::uint64_t total = 0;
    for (std::uint64_t t = 1; t <= 2000; ++t) {
      const std::uint32_t events = drive_events(d, i, t);
      EXPECT_LE(events - (d.step >> 32U), 1U);
      total += events;
    }
    EXPECT_EQ(total, d.step * 2000U >> 32U);
  }
}

TEST(Drive, PotentialsStayFinite) {
  CompiledDrive d;
  d.amplitude = 2.5F;
  EXPECT_EQ(drive_potential(d, 3), 7.5F);
  d.amplitude = -kLargestPotential;
  EXPECT_EQ(drive_potential(d, 1000000), -kLargestPotential);
}

}  // namespace
}  // namespace rheobase::model
