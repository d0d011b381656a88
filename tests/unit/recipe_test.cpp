// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <functional>

#include "rheobase/error.h"
#include "support/genome_text.h"

namespace rheobase::test {
namespace {

GenomeJson small_recipe() {
  return {{"format", "rheobase-network"},
          {"version", 1},
          {"dt_ms", 0.5},
          {"wiring_seed", 3},
          {"populations",
           GenomeJson::array(
               {{{"name", "a"}, {"count", 4}, {"lif", {{"tau_m_ms", 10.0}, {"t_ref_ms", 2.0}}}},
                {{"name", "b"},
                 {"size", {2, 2, 1}},
                 {"params", {{"threshold", 3.0}, {"leak", 0.25}}},
                 {"psp", {{"uniform", false}}}}})},
          {"connections",
           GenomeJson::array(
               {{{"pre", "a"},
                 {"post", "b"},
                 {"rule", {{"name", "one_to_one"}}},
                 {"weight", -2.5},
                 {"delay_ms", 1.5}},
                {{"pre", "b"}, {"post", "a"}, {"rule", {{"name", "all_to_all"}}}, {"delay", 4}}})},
          {"drives",
           GenomeJson::array(
               {{{"population", "a"}, {"kind", "poisson"}, {"rate_hz", 100}, {"amplitude", 2}}})}};
}

std::string recipe_refusal(const GenomeJson& recipe) {
  try {
    (void)load_genome(recipe);
  } catch (const Error& problem) {
    return problem.what();
  }
  return "";
}

TEST(Recipe, BuildsWhatItSays) {
  const Brain brain = load_genome(small_recipe());
  const Network& network = brain.network;
  EXPECT_EQ(brain.report.format, "rheobase network 1");
  EXPECT_EQ(network.dt_ms(), 0.5);
  EXPECT_EQ(network.wiring_seed(), 3U);
  EXPECT_EQ(network.neuron_count(), 8U);
  EXPECT_EQ(network.rules(), rules_of(Semantics::plain));
  EXPECT_EQ(network.params(0).refractory_period,
            lif({.tau_m_ms = 10.0, .t_ref_ms = 2.0}, 0.5).refractory_period);
  EXPECT_EQ(network.params(0).threshold, 20.0F);
  EXPECT_EQ(network.params(4).threshold, 3.0F);
  EXPECT_EQ(network.params(4).leak, 0.25F);
  ASSERT_EQ(network.outgoing(2).size(), 1U);
  EXPECT_EQ(network.outgoing(2)[0], (Synapse{2, 6, -2.5F, 1.0F, 3}));
  EXPECT_EQ(network.outgoing(5).size(), 4U);
  EXPECT_EQ(network.delays(), (std::vector<std::uint32_t>{3, 4}));
  ASSERT_EQ(network.drives().size(), 1U);
  EXPECT_EQ(network.drives()[0].rate_hz, 100.0);
}

TEST(Recipe, RulesByNameOrField) {
  GenomeJson recipe = small_recipe();
  recipe["rules"] = "feagi-0.0.49";
  EXPECT_EQ(load_genome(recipe).network.rules(), rules_of(Semantics::feagi_0_0_49));
  recipe["rules"] = {{"leak", "after_miss"}, {"floor_negative", true}};
  EXPECT_EQ(load_genome(recipe).network.rules().leak, Rules::Leak::after_miss);
  EXPECT_TRUE(load_genome(recipe).network.rules().floor_negative);
}

TEST(Recipe, EveryConnectionRule) {
  for (const auto& [rule, expected] : std::initializer_list<std::pair<GenomeJson, std::size_t>>{
           {{{"name", "fixed_indegree"}, {"indegree", 3}}, 12},
           {{{"name", "fixed_outdegree"}, {"outdegree", 2}}, 8},
           {{{"name", "fixed_probability"}, {"p", 1.0}}, 16},
           {{{"name", "index_pairs"}, {"sources", {0, 1, 1}}, {"targets", {2, 3, 3}}}, 3},
           {{{"name", "vectors"}, {"offsets", GenomeJson::array({{0, 1, 0}})}}, 2},
           {{{"name", "patterns"},
             {"patterns", GenomeJson::array({GenomeJson::array({{"*", "*", "*"}, {0, "*", 0}})})}},
            8},
           {{{"name", "projector"}}, 4},
           {{{"name", "all_to_all"}, {"percent", 0}}, 0}}) {
    GenomeJson recipe = small_recipe();
    recipe["connections"] = GenomeJson::array({{{"pre", "a"}, {"post", "b"}, {"rule", rule}}});
    // voxels of both areas
    recipe["populations"][0].erase("count");
    recipe["populations"][0]["size"] = {2, 2, 1};
    EXPECT_EQ(load_genome(recipe).network.synapse_count(), expected) << rule;
  }
}

TEST(Recipe, ErrorsNameThePlace) {
  const auto expect = [](const std::function<void(GenomeJson&)>& change, const std::string& part) {
    GenomeJson recipe = small_recipe();
    change(recipe);
    const std::string message = recipe_refusal(recipe);
    EXPECT_NE(message.find("brain.json"), std::string::npos) << message;
    EXPECT_NE(message.find(part), std::string::npos) << message;
  };
  expect([](GenomeJson& r) { r["colour"] = 1; }, "unknown key 'colour'");
  expect([](GenomeJson& r) { r["version"] = 2; }, "version is 2");
  expect([](GenomeJson& r) { r.erase("dt_ms"); }, "'dt_ms' is missing");
  expect([](GenomeJson& r) { r["dt_ms"] = 0; }, "dt_ms is 0");
  expect([](GenomeJson& r) { r["populations"][1]["name"] = "a"; }, "populations[1]");
  expect([](GenomeJson& r) { r["populations"][0]["lif"]["tau"] = 1; },
         "populations[0].lif: unknown key 'tau'");
  expect([](GenomeJson& r) { r["populations"][0]["lif"]["t_ref_ms"] = 0.7; }, "populations[0]");
  expect([](GenomeJson& r) { r["populations"][0]["count"] = 0; }, "count is 0");
  expect([](GenomeJson& r) { r["connections"][0]["post"] = "c"; }, "connections[0]: post is 'c'");
  expect([](GenomeJson& r) { r["connections"][0]["delay_ms"] = 0.7; }, "delay_ms is 0.7");
  expect([](GenomeJson& r) { r["connections"][1]["delay"] = 65536; }, "the delay is 65536");
  expect([](GenomeJson& r) { r["connections"][0]["rule"]["name"] = "magic"; },
         "connections[0].rule");
  expect([](GenomeJson& r) { r["connections"][0]["rule"]["p"] = 1; }, "unknown key 'p'");
  expect([](GenomeJson& r) { r["drives"][0]["kind"] = "noise"; }, "kind is 'noise'");
  expect([](GenomeJson& r) { r["rules"] = "feagi-9"; }, "rules");
}

TEST(Recipe, ConvertsToItself) {
  const TemporaryFolder folder;
  const std::string in = folder.write("in.json", small_recipe().dump());
  convert(in, folder / "once.json");
  convert(folder / "once.json", folder / "twice.json");
  EXPECT_EQ(text_of(folder / "once.json"), text_of(folder / "twice.json"));
  EXPECT_EQ(load(in).network.hash(), load(folder / "once.json").network.hash());
  EXPECT_THROW((void)convert(in, folder / "out.genome"), Error);
}

}  // namespace
}  // namespace rheobase::test
