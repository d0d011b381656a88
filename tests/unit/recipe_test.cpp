// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <functional>
#include <limits>

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

NeuronParams lif_of_recipe() { return lif({}, 0.5); }

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
           {{{"name", "fixed_total_number"}, {"n", 7}}, 7},
           {{{"name", "fixed_total_number"}, {"n", 16}, {"multapses", false}}, 16},
           {{{"name", "distance_probability"}, {"kernel", {{"name", "within"}, {"radius", 1}}}},
            12},
           {{{"name", "distance_probability"},
             {"kernel", {{"name", "gaussian"}, {"sigma", 1e6}}},
             {"positions", GenomeJson::array({0, 1, 2, 3})},
             {"target_positions", {{0}, {1}, {2}, {9}}},
             {"max_distance", 1.5}},
            8},
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

TEST(Recipe, ValuesOfNeurons) {
  GenomeJson recipe = small_recipe();
  GenomeJson& lif = recipe["populations"][0]["lif"];
  lif["tau_m_ms"] = {{"normal", {20.0, 3.0}}, {"within", {5.0, nullptr}}};
  lif["v_threshold_mv"] = {15.0, 16.0, 17.0, 18.0};
  lif["t_ref_ms"] = {{"exponential", 2.0}, {"within", {0.5, 9.0}}, {"step", 1.0}};
  lif["v_mv"] = {{"uniform", {0.0, 10.0}}};
  GenomeJson& params = recipe["populations"][1]["params"];
  params["leak"] = {{"lognormal", {-3.0, 0.25}}};
  params["fire_limit"] = {1, 2, 3, 4};
  params["potential"] = 0.5;
  GenomeJson model = {
      {"name", "c"},
      {"count", 3},
      {"model", "izhikevich"},
      {"values", {{"a", {{"uniform", {0.02, 0.1}}}}, {"v", {-60.0, -61.0, -62.0}}}}};
  recipe["populations"].push_back(model);
  NetworkBuilder b({0.5, 3, {}, {}, 1});
  const double infinity = std::numeric_limits<double>::infinity();
  const AreaId a = b.population("a", 4, lif_of_recipe(),
                                {{"tau_m_ms", {}, normal(20, 3).within(5, infinity)},
                                 {"threshold", {15.0, 16.0, 17.0, 18.0}},
                                 {"t_ref_ms", {}, exponential(2).within(0.5, 9).step(1)},
                                 {"potential", {}, uniform(0, 10)}});
  AreaSpec other;
  other.name = "b";
  other.size = {2, 2, 1};
  other.params.threshold = 3.0F;
  other.psp.uniform = false;
  other.values = {{"leak", {}, lognormal(-3, 0.25)},
                  {"fire_limit", {1.0, 2.0, 3.0, 4.0}},
                  {"potential", {0.5}}};
  const AreaId post = b.add_area(other);
  b.population_of(Model::named("izhikevich"), "c", 3,
                  {{"a", {}, uniform(0.02, 0.1)}, {"v", {-60.0, -61.0, -62.0}}});
  b.connect(a, post, one_to_one(), {-2.5F, 1.0F, 3});
  b.connect(post, a, all_to_all(), {1.0F, 1.0F, 4});
  b.drive(a, Drive::Kind::poisson, 2.0F, 100.0);
  EXPECT_EQ(load_genome(recipe).network.hash(), b.build().hash());
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
  expect(
      [](GenomeJson& r) {
        r["connections"][0]["rule"] = {{"name", "distance_probability"},
                                       {"kernel", {{"name", "box"}}}};
      },
      "connections[0].rule.kernel: name is");
  expect(
      [](GenomeJson& r) {
        r["connections"][0]["rule"] = {{"name", "distance_probability"},
                                       {"kernel", {{"name", "within"}, {"radius", 1}}},
                                       {"pitch", "wide"}};
      },
      "pitch is");
  expect(
      [](GenomeJson& r) {
        r["drives"][0]["population"] = {{"population", "a"}, {"first", 5}};
      },
      "ends at 5");
  expect(
      [](GenomeJson& r) {
        r["connections"][0]["pre"] = {{"population", "c"}};
      },
      "population is 'c'");
  expect([](GenomeJson& r) { r["drives"][0]["kind"] = "noise"; }, "kind is 'noise'");
  expect([](GenomeJson& r) { r["rules"] = "feagi-9"; }, "rules");
  const auto refused = [&](const char* key, const GenomeJson& value, const std::string& part) {
    expect([&](GenomeJson& r) { r["populations"][0]["lif"][key] = value; },
           "populations[0].lif." + std::string(key) + ": " + part);
  };
  refused("tau_m_ms", {{"normal", {20.0}}}, "normal is [20.0] (2 numbers were expected).");
  refused("tau_m_ms", {{"exponential", "x"}}, "exponential is \"x\" (1 number was expected).");
  refused("tau_m_ms", {{"cauchy", {0, 1}}}, "it is no distribution");
  refused("tau_m_ms", {{"normal", {1, 2}}, {"uniform", {1, 2}}}, "it has both 'normal'");
  refused("tau_m_ms", {{"normal", {20, -1}}}, "normal(20, -1): the standard deviation is below 0");
  refused("tau_m_ms", {{"normal", {20, 1}}, {"within", 3}}, "within is 3");
  refused("tau_m_ms", {{"normal", {20, 1}}, {"bound", 3}}, "unknown key 'bound'");
  refused("tau_m_ms", {1.0, "two"}, "it is [1.0,\"two\"] (a number, an array");
  refused("v_mv", "high", "it is \"high\" (a number, an array");
  expect(
      [](GenomeJson& r) {
        r["populations"][0]["lif"]["tau_m_ms"] = {1.0, 2.0};
      },
      "2 values do not fit 4 neurons");
  expect(
      [](GenomeJson& r) {
        r["populations"][0]["lif"]["tau_m_ms"] = {{"uniform", {-3, -2}}};
      },
      "'tau_m_ms': neuron 0 draws -2.");
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

TEST(Recipe, SynapsesThatLearn) {
  GenomeJson recipe = small_recipe();
  GenomeJson& connection = recipe["connections"][0];
  connection["weight"] = 0.5;
  connection["plasticity"] = "stdp_additive";
  connection["plasticity_values"] = {{"A_plus", 0.25}};
  connection["delay_in"] = "dendrite";
  const Network network = load_genome(recipe).network;
  ASSERT_EQ(network.projections().size(), 1U);
  const Projection projection = network.projections()[0];
  EXPECT_EQ(projection.plasticity.model.name(), "stdp_additive");
  EXPECT_EQ(projection.plasticity.delay_in, DelayIn::dendrite);
  EXPECT_EQ(projection.plasticity.values[2].values[0], 0.25);
  EXPECT_EQ(projection.delay, 3U);
  EXPECT_EQ(projection.synapses, 4U);
  connection["delay_in"] = "soma";
  EXPECT_NE(recipe_refusal(recipe).find("there are axon and dendrite"), std::string::npos);
  connection["delay_in"] = "axon";
  connection["plasticity"] = "stdp_addditive";
  EXPECT_NE(recipe_refusal(recipe).find("Did you mean 'stdp_additive'?"), std::string::npos);
  connection.erase("plasticity");
  EXPECT_NE(recipe_refusal(recipe).find("but no \"plasticity\""), std::string::npos);
}

}  // namespace
}  // namespace rheobase::test
