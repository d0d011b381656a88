// SPDX-License-Identifier: Apache-2.0
// The language of synapses that learn: what it accepts, and what it says of the rest.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "definition/synapse_definition.h"
#include "rheobase/plasticity.h"
#include "support/messages.h"

namespace rheobase::test::synapse_language {
namespace {

const std::string kHead = "synapse s \"a title\"\n";
const std::string kWeight = "state w = 1 in 0..9\n";
const std::string kChange = "on pre\n  w += 0.5\n";

SynapseModel parsed(const std::string& text) { return SynapseModel::parse(kHead + text); }

TEST(SynapseLanguage, EverythingAtOnce) {
  const SynapseModel s = parsed(
      "param tau = 0.02 s in 1 ms..1 s \"of both\"\n"
      "param most = 2 in 0..5\n"
      "trace x pre sum tau \"of the source\", y post nearest 2*tau\n"
      "let both = x*y + since_pre/since_post\n"
      "state w = most/2 in -3..most \"weight\"\n"
      "state e = 0 in 0..1\n"
      "on pre\n"
      "  e += both unless e > 0.5\n"
      "  w -= e*dt\n"
      "on post\n"
      "  w += x if x < y else 0\n"
      "send w*e\n");
  EXPECT_EQ(s.name(), "s");
  EXPECT_EQ(s.title(), "a title");
  ASSERT_EQ(s.params().size(), 2U);
  EXPECT_EQ(s.params()[0].unit, "s");
  ASSERT_EQ(s.states().size(), 2U);
  EXPECT_EQ(s.states()[0].name, "w");
  ASSERT_EQ(s.traces().size(), 2U);
  EXPECT_EQ(s.traces()[1].unit, "post");
  EXPECT_FALSE(s.definition()->sends_weight);
  EXPECT_EQ(s.definition()->state_count(), 2U);
  EXPECT_EQ(s.definition()->on_pre->states.size(), 3U);
}

TEST(SynapseLanguage, EveryRuleThatComesWithIt) {
  for (const std::string& name : SynapseModel::names()) {
    const SynapseModel s = SynapseModel::named(name);
    EXPECT_EQ(s.name(), name);
    EXPECT_NE(s.title().find("20"), std::string::npos) << name << " has no source";
    for (const ModelItem& p : s.params()) {
      EXPECT_FALSE(p.meaning.empty()) << name << ": " << p.name;
    }
  }
  EXPECT_SAYS(SynapseModel::named("stdp_aditive"), "Did you mean 'stdp_additive'?");
}

TEST(SynapseLanguage, WhatItRefuses) {
  EXPECT_SAYS(SynapseModel::parse("model s\n"), "expected 'synapse NAME'");
  EXPECT_SAYS(parsed(kWeight), "never changes");
  EXPECT_SAYS(parsed(kChange), "the first state of a synapse is its weight");
  EXPECT_SAYS(parsed("state v = 1 in 0..9\n" + kChange), "this is another");
  EXPECT_SAYS(parsed("state w = 1\n" + kChange), "has no range");
  EXPECT_SAYS(parsed("state w = 1 in 0..mots\nparam most = 2\n" + kChange),
              "is no parameter above");
  EXPECT_SAYS(parsed(kWeight + "on both\n  w = 1\n"), "no end of a synapse");
  EXPECT_SAYS(parsed(kWeight + "trace x pre some 5 ms\n" + kChange), "no kind of trace");
  EXPECT_SAYS(parsed(kWeight + "trace x pre sum t\n" + kChange), "parameters alone");
  EXPECT_SAYS(parsed(kWeight + kChange + kChange), "stands twice");
  EXPECT_SAYS(parsed(kWeight + kChange + "send w\nsend w\n"), "stands twice");
  EXPECT_SAYS(parsed(kWeight + "on pre\n  w += uniform()\n"), "draws nothing");
  EXPECT_SAYS(parsed(kWeight + "on pre\n  w += x\n"), "'x' is not known");
  EXPECT_SAYS(parsed(kWeight + "port I sum\n" + kChange), "begins no statement");
  EXPECT_SAYS(parsed(kWeight +
                     "trace a pre sum 1 ms, b pre sum 1 ms, c pre sum 1 ms, d pre sum 1 "
                     "ms, e pre sum 1 ms, f pre sum 1 ms, g pre sum 1 ms\n" +
                     kChange),
              "too many traces");
  const SynapseModel empty =
      parsed("param w_max = 3\nparam w_min = 4\nstate w = 3 in w_min..w_max\n" + kChange);
  const std::vector<double> values{3.0, 4.0};
  EXPECT_SAYS(static_cast<void>(empty.definition()->weights(values)), "nothing does");
}

}  // namespace
}  // namespace rheobase::test::synapse_language
