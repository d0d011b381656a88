// SPDX-License-Identifier: Apache-2.0
// Blocks cover each neuron once, whatever the classes and models, and know their parameters.
#include "backends/cpu/step_plan.h"

#include <gtest/gtest.h>

#include "model/float_ops.h"
#include "network/view.h"
#include "rheobase/network.h"

namespace rheobase::test::step_plan {
namespace {

NeuronParams with_threshold(float threshold) {
  NeuronParams params;
  params.threshold = threshold;
  return params;
}

/// Long runs, short ones, single neurons that differ, an area with a model in between.
Network varied() {
  NetworkBuilder b;
  b.population("alike", 3000, with_threshold(1.0F));
  for (int i = 0; i < 40; ++i) {
    b.population("small" + std::to_string(i), 10, with_threshold(2.0F + static_cast<float>(i)));
  }
  b.population_of(Model::parse("model two\nport a sum\nport b sum\nfire a + b > 1\n"), "two", 1300);
  AreaSpec graded;
  graded.name = "graded";
  graded.size = {1500, 1, 1};
  graded.params = with_threshold(5.0F);
  graded.threshold_gradient = {0.001F, 0.0F, 0.0F};
  b.add_area(graded);
  NeuronParams drawn = with_threshold(3.0F);
  drawn.excitability = 0.5F;
  b.population("drawn", 100, drawn);
  b.population("last", 7, with_threshold(1.0F));
  return b.build();
}

void expect_plan(const NetworkData& network, NeuronId first, NeuronId last) {
  StepPlan plan;
  plan.make(network, first, last);
  NeuronId next = first;
  for (const PlannedBlock& block : plan.blocks()) {
    ASSERT_EQ(block.first, next);
    ASSERT_GT(block.count, 0U);
    ASSERT_LE(block.count, kStepBlock);
    ASSERT_EQ(block.first_target, network.target_of(block.first));
    ASSERT_EQ(block.first_target + block.targets, network.target_of(block.first + block.count));
    next += block.count;
    for (NeuronId id = block.first; id < next; ++id) {
      ASSERT_EQ(block.model, network.model_of(id)) << id;
      const model::NeuronClass& c = network.classes[network.class_of[id]];
      if (block.model == nullptr && block.neuron_class != nullptr) {
        ASSERT_EQ(block.neuron_class, &c) << id;
      } else if (block.model == nullptr) {
        const std::uint32_t i = id - block.first;
        ASSERT_EQ(block.columns.threshold[i], c.threshold) << id;
        ASSERT_EQ(block.columns.threshold_limit[i], c.threshold_limit);
        ASSERT_EQ(block.columns.keep[i], c.keep);
        ASSERT_EQ(block.columns.reset[i], c.reset);
        ASSERT_EQ(block.columns.rest[i], c.rest);
        ASSERT_EQ(block.columns.draw_below[i], c.draw_below);
        ASSERT_EQ(block.columns.refractory_period[i], c.refractory_period);
        ASSERT_EQ(block.columns.fire_limit[i], c.fire_limit);
        ASSERT_EQ(block.columns.snooze_period[i], c.snooze_period);
        ASSERT_EQ(block.columns.flags[i], c.flags);
      }
      if (block.model == nullptr && block.form != ClassForm::any) {
        ASSERT_EQ(block.form, form_of(c, network.potential_driven)) << id;
      }
    }
  }
  EXPECT_EQ(next, last);
}

TEST(StepPlan, CoversEveryNeuronOnce) {
  const Network network = varied();
  const std::uint32_t n = network.neuron_count();
  expect_plan(*network.data(), 0, n);
  for (const NeuronId cut : {64U, 3000U, 3005U, 3127U, 3400U, 4000U, 4700U, 5000U, n - 1U}) {
    expect_plan(*network.data(), 0, cut);
    expect_plan(*network.data(), cut, n);
  }
  expect_plan(*network.data(), 700, 700);
}

TEST(StepPlan, ManySmallPopulationsTakeFewBlocks) {
  NetworkBuilder b;
  for (int i = 0; i < 1000; ++i) {
    b.population("p" + std::to_string(i), 10, with_threshold(1.0F + static_cast<float>(i)));
  }
  const Network network = b.build();
  StepPlan plan;
  plan.make(*network.data(), 0, network.neuron_count());
  EXPECT_EQ(plan.blocks().size(), 10U);
}

/// What is the same for all neurons of two blocks is kept once.
TEST(StepPlan, ConstantColumnsAreShared) {
  const Network network = varied();
  StepPlan plan;
  plan.make(*network.data(), 4700, 6200);
  ASSERT_EQ(plan.blocks().size(), 2U);
  const ClassColumns& a = plan.blocks()[0].columns;
  const ClassColumns& b = plan.blocks()[1].columns;
  EXPECT_NE(a.threshold, b.threshold);
  EXPECT_EQ(a.keep, b.keep);
  EXPECT_EQ(a.refractory_period, b.refractory_period);
}

}  // namespace
}  // namespace rheobase::test::step_plan
