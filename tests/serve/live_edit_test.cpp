// SPDX-License-Identifier: Apache-2.0
#include "server/live_edit.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "io/base64.h"
#include "rheobase/genome.h"
#include "server/document.h"

namespace rheobase::server {
namespace {

Json rules(const char* morphology, double multiplier = 1.0) {
  return Json::array({{{"morphology_id", morphology},
                       {"postSynapticCurrent_multiplier", multiplier},
                       {"plasticity_flag", false},
                       {"synaptic_delay_bursts", 2U}}});
}

const std::string kA = base64_of("cA_____0");
const std::string kB = base64_of("cB_____0");
const std::string kC = base64_of("cC_____0");

/// Two areas, the first mapped onto the second and, by another rule, onto itself.
Document two_areas() {
  Document document = Document::barebones();
  const std::string root = document.root_region();
  document.add(kA, "A", {3, 2, 4}, root).mappings()[kB] = rules("block_to_block", 3.0);
  document.add(kB, "B", {4, 2, 4}, root);
  document.area(kA).mappings()[kA] = rules("projector", -2.0);
  return document;
}

Network grown(const Document& document) { return load_text(document.text(), "test", {}).network; }

using Change = std::function<void(Document&)>;

/// The network that is edited has the hash of the one that the changed genome grows.
void expect_same(const Change& change) {
  const Document before = two_areas();
  Document after = before;
  change(after);
  const Network network = grown(before);
  const auto edit = live_edit(before, after, network, {});
  ASSERT_TRUE(edit);
  const Network edited = network.edited(*edit);
  EXPECT_NE(edited.hash(), network.hash());
  EXPECT_EQ(edited.hash(), grown(after).hash());
  EXPECT_EQ(edited.synapse_count(), grown(after).synapse_count());
}

void expect_none(const char* what, const Change& change) {
  const Document before = two_areas();
  Document after = before;
  change(after);
  EXPECT_FALSE(live_edit(before, after, grown(before), {})) << what;
}

TEST(LiveEdit, ParametersAreSetAsTheyWouldGrow) {
  expect_same([](Document& d) { d.area(kA).genes["nx-fire_t-f"] = 2.5; });
  expect_same([](Document& d) { d.area(kB).genes["nx-refrac-i"] = 3; });
  expect_same([](Document& d) { d.area(kA).genes["nx-ftincy-f"] = 0.5; });
  expect_same([](Document& d) {
    d.area(kA).genes["nx-fthlim-f"] = 9.0;
    d.area(kA).genes["nx-leak_c-f"] = 0.25;
    d.area(kA).genes["nx-excite-f"] = 0.5;
    d.area(kA).genes["nx-c_fr_c-i"] = 2;
    d.area(kA).genes["nx-snooze-i"] = 4;
    d.area(kA).genes["nx-mp_acc-b"] = true;
  });
}

TEST(LiveEdit, ChargesFollowTheirArea) {
  expect_same([](Document& d) { d.area(kA).genes["nx-pstcr_-f"] = 7.0; });
  expect_same([](Document& d) { d.area(kA).genes["nx-mp_psp-b"] = true; });
  expect_same([](Document& d) {
    d.area(kA).genes["cx-pspuni-b"] = true;
    d.area(kB).mappings()[kA] = rules("projector");  // a charge that is divided, as before
  });
}

TEST(LiveEdit, MappingsComeAndGo) {
  expect_same([](Document& d) { d.area(kB).mappings()[kA] = rules("projector", 0.5); });
  expect_same([](Document& d) { d.area(kA).mappings()[kB] = rules("projector", 4.0); });
  expect_same([](Document& d) { d.area(kA).mappings().erase(kA); });
  expect_same([](Document& d) {
    d.area(kA).mappings()[kB].push_back(rules("block_to_block", 5.0)[0]);
    d.area(kA).genes["nx-pstcr_-f"] = 2.0;
  });
}

TEST(LiveEdit, AreasComeBehindTheOthers) {
  expect_same([](Document& d) { d.add(kC, "C", {2, 2, 2}, d.root_region()); });
  expect_same([](Document& d) {
    GenomeArea& c = d.add(kC, "C", {2, 5, 2}, d.root_region());
    c.genes["nx-fire_t-f"] = 4.0;
    c.genes["cx-_n_cnt-i"] = 3;
    c.mappings()[kC] = rules("projector");
    c.mappings()[kA] = rules("projector", 6.0);
    d.area(kB).mappings()[kC] = rules("projector", -1.5);
  });
}

TEST(LiveEdit, AMappingFindsAnAreaThatComesLater) {
  Document before = two_areas();
  before.area(kA).mappings()[kC] = rules("projector");
  Document after = before;
  after.add(kC, "C", {2, 2, 2}, after.root_region());
  const Network network = grown(before);
  const auto edit = live_edit(before, after, network, {});
  ASSERT_TRUE(edit);
  EXPECT_EQ(network.edited(*edit).hash(), grown(after).hash());
}

TEST(LiveEdit, WhatNeuronsDoNotKnowOfIsNoEdit) {
  const Document before = two_areas();
  Document after = before;
  after.area(kA).set_place({1, 2, 3});
  after.area(kA).genes["cx-__name-t"] = "renamed";
  const auto edit = live_edit(before, after, grown(before), {});
  ASSERT_TRUE(edit);
  EXPECT_TRUE(edit->operations().empty());
}

TEST(LiveEdit, TheRestIsGrownAnew) {
  expect_none("an area less", [](Document& d) { d.remove(kA); });
  expect_none("another size", [](Document& d) { d.area(kA).set_size({3, 3, 3}); });
  expect_none("more neurons", [](Document& d) { d.area(kA).genes["cx-_n_cnt-i"] = 2; });
  expect_none("another order", [](Document& d) { std::swap(d.areas()[7], d.areas()[8]); });
  expect_none("a rule that draws", [](Document& d) {
    Json drawn = rules("projector");
    drawn[0]["synapse_attractivity"] = 50U;
    d.area(kA).mappings()[kB] = drawn;
  });
  expect_none("a morphology in use", [](Document& d) {
    d.morphologies()["block_to_block"] = {
        {"class", "custom"}, {"type", "vectors"}, {"parameters", {{"vectors", {{1, 0, 0}}}}}};
  });
}

TEST(LiveEdit, WhatCannotBeReadIsRefused) {
  const Document before = two_areas();
  Document after = before;
  after.area(kA).genes["nx-leak_c-f"] = "much";
  EXPECT_THROW(static_cast<void>(live_edit(before, after, grown(before), {})), Error);
}

}  // namespace
}  // namespace rheobase::server
