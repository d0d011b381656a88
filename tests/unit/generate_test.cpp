// SPDX-License-Identifier: Apache-2.0
#include "rheobase/generate.h"

#include <gtest/gtest.h>

#include "rheobase/engine.h"
#include "rheobase/error.h"
#include "support/genome_text.h"

namespace rheobase::test {
namespace {

TEST(Generate, TextIsDeterministicAndLoads) {
  for (const std::string& kind : generator_names()) {
    SCOPED_TRACE(kind);
    const std::string text = generate(kind, {.neurons = 1000, .seed = 7});
    EXPECT_EQ(text, generate(kind, {.neurons = 1000, .seed = 7}));
    EXPECT_NE(text, generate(kind, {.neurons = 1000, .seed = 8}));
    const Network network = load_text(text).network;
    EXPECT_GT(network.neuron_count(), 800U);
    EXPECT_LE(network.neuron_count(), 1010U);
    EXPECT_GT(network.synapse_count(), 0U);
    // the smallest one
    EXPECT_GT(load_text(generate(kind, {.neurons = 100, .seed = 1})).network.neuron_count(), 50U);
  }
  EXPECT_GT(load_text(generate("vision")).network.neuron_count(), 9500U);
  EXPECT_THROW((void)generate("maze"), Error);
  EXPECT_THROW((void)generate("vision", {.neurons = 99, .seed = 1}), Error);
}

TEST(Generate, BalancedIsBrunelsNetwork) {
  const Network network = load_text(generate("balanced", {.neurons = 12500, .seed = 1})).network;
  EXPECT_EQ(network.area("excitatory").count, 10000U);
  EXPECT_EQ(network.area("inhibitory").count, 2500U);
  EXPECT_EQ(network.synapse_count(), 12500U * 1250U);
  EXPECT_EQ(network.delays(), std::vector<std::uint32_t>{15});
  EXPECT_EQ(network.params(0).refractory_period, lif({.t_ref_ms = 2.0}, 0.1).refractory_period);
  EXPECT_EQ(network.drives().at(0).rate_hz, 20000.0);
}

TEST(Generate, TheMicrocircuitHasTheNumbersOfItsPaper) {
  const Network network = load_text(generate("microcircuit", {.neurons = 7717, .seed = 1})).network;
  EXPECT_EQ(network.area("L23E").count, 2068U);
  EXPECT_EQ(network.area("L6I").count, 295U);
  // 298,880,941 at full size
  EXPECT_NEAR(static_cast<double>(network.synapse_count()) / 7717.0, 298'880'941.0 / 77'169.0, 2.0);
  EXPECT_LT(static_cast<double>(network.memory_bytes()),
            4.5 * static_cast<double>(network.synapse_count()))
      << "compact synapses tell its weights apart";
  EXPECT_EQ(network.drives().at(2).rate_hz, 16'800.0);
  double weight = 0.0;
  double delay = 0.0;
  const std::vector<Synapse> row = network.outgoing(network.area("L4E").first + 5);
  std::size_t doubled = 0;
  for (const Synapse& s : row) {
    const bool to_l23e = s.post < network.area("L23E").count;
    weight += s.weight / (to_l23e ? 2.0F : 1.0F) / static_cast<float>(row.size());
    delay += s.delay / static_cast<double>(row.size());
    doubled += to_l23e ? 1U : 0U;
  }
  EXPECT_NEAR(weight, 87.81, 1.0);
  EXPECT_NEAR(delay, 15.4, 0.5) << "cut off at one burst, the mean is above 15";
  EXPECT_GT(doubled, 100U);
  EXPECT_TRUE(
      load_text(generate("microcircuit_dc", {.neurons = 100, .seed = 1})).network.drives().empty());
}

/// Spikes of each area in the second half of a run.
std::vector<double> rates_hz(const Network& network, std::uint64_t bursts) {
  EngineOptions options;
  options.backend = "reference";
  Engine engine(network, options);
  const auto sink = std::make_shared<MemorySink>();
  RecordPlan plan;
  plan.spikes = {{0, network.neuron_count()}};
  engine.record(plan);
  engine.add_sink(sink);
  engine.run(bursts);
  std::vector<double> rates(network.areas().size());
  const RecordBatch& all = sink->all();
  for (std::size_t i = 0; i < all.bursts.size(); ++i) {
    if (all.bursts[i].burst > bursts / 2) {
      for (std::uint64_t k = all.spike_begin[i]; k < all.spike_begin[i + 1]; ++k) {
        rates[network.area_of(all.spike_ids[k])] += 1.0;
      }
    }
  }
  for (std::size_t i = 0; i < rates.size(); ++i) {
    rates[i] /=
        network.areas()[i].count * (static_cast<double>(bursts / 2) * network.dt_ms() / 1000.0);
  }
  return rates;
}

TEST(Generate, BalancedFiresInTheAsynchronousRegime) {
  for (const double rate :
       rates_hz(load_text(generate("balanced", {.neurons = 2500, .seed = 1})).network, 4000)) {
    EXPECT_GT(rate, 15.0);
    EXPECT_LT(rate, 80.0);
  }
}

TEST(Generate, LayeredPassesActivityThroughAllLayers) {
  for (const std::uint64_t neurons : {1000U, 5000U}) {
    for (const double rate :
         rates_hz(load_text(generate("layered", {.neurons = neurons, .seed = 1})).network, 2000)) {
      EXPECT_GT(rate, 3.0) << neurons;
      EXPECT_LT(rate, 120.0) << neurons;
    }
  }
}

/// Spikes of the motor's two halves and of the areas that see motion, while a bar of `columns`
/// moves over the camera.
std::array<int, 3> motor_spikes(const std::vector<std::uint32_t>& columns,
                                std::uint32_t bar_width) {
  static const Network network = load_text(generate("vision")).network;
  EngineOptions options;
  options.backend = "reference";
  Engine engine(network, options);
  const Area& camera = network.area("Camera");
  const Area& motor = network.area("Motor");
  const auto sink = std::make_shared<MemorySink>();
  RecordPlan plan;
  for (const char* name : {"Motion right", "Motion left", "Motor"}) {
    plan.spikes.push_back({network.area(name).first, network.area(name).count});
  }
  engine.record(plan);
  engine.add_sink(sink);
  for (const std::uint32_t column : columns) {
    for (std::uint32_t x = column; x < column + bar_width; ++x) {
      for (std::uint32_t y = 0; y < camera.spec.size.y; ++y) {
        engine.inject(network.neuron_at(camera, {x, y, 0}), 1.0F);
      }
    }
    engine.run(1);
  }
  engine.run(6);
  std::array<int, 3> spikes{};
  for (const NeuronId id : sink->all().spike_ids) {
    const bool is_motor = id >= motor.first && id < motor.first + motor.count;
    const bool is_left = network.voxel_of(id).x < motor.spec.size.x / 2;
    ++spikes[!is_motor ? 2 : (is_left ? 0 : 1)];
  }
  return spikes;
}

TEST(Generate, AMovingBarMovesTheMotorOnItsSide) {
  std::vector<std::uint32_t> right;
  for (std::uint32_t x = 2; x < 40; ++x) {
    right.push_back(x);
  }
  const std::vector<std::uint32_t> left(right.rbegin(), right.rend());
  std::vector<std::uint32_t> slow;
  for (const std::uint32_t x : right) {
    slow.insert(slow.end(), 3, x);
  }
  for (const std::uint32_t bar_width : {1U, 2U, 4U}) {
    SCOPED_TRACE(bar_width);
    const auto to_right = motor_spikes(right, bar_width);
    EXPECT_EQ(to_right[0], 0);
    EXPECT_GE(to_right[1], 100);
    const auto to_left = motor_spikes(left, bar_width);
    EXPECT_GE(to_left[0], 100);
    EXPECT_EQ(to_left[1], 0);
    const auto slowly = motor_spikes(slow, bar_width);
    EXPECT_EQ(slowly[0], 0);
    EXPECT_GE(slowly[1], 100);
    // a bar that stands still moves nothing
    const auto still = motor_spikes(std::vector<std::uint32_t>(20, 10), bar_width);
    EXPECT_EQ(still[0] + still[1] + still[2], 0);
  }
}

}  // namespace
}  // namespace rheobase::test
