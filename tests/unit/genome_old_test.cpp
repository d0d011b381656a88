// SPDX-License-Identifier: Apache-2.0
// Genomes of earlier times and half-broken ones: read as far as they can be, and told how.
#include <gtest/gtest.h>

#include "rheobase/error.h"
#include "support/old_genome.h"

namespace rheobase::test {
namespace {

constexpr auto kChanged = ImportNote::Kind::changed;
constexpr auto kIgnored = ImportNote::Kind::ignored;

#define EXPECT_GENOME_HOLDS(message, part) \
  EXPECT_NE((message).find(part), std::string::npos) << (message)

const Area& area_named(const Network& network, const std::string& name) {
  for (const Area& area : network.areas()) {
    if (area.spec.name == name) {
      return area;
    }
  }
  throw std::runtime_error("no area " + name);
}

GenomeJson& mapping(GenomeJson& genome, const char* from, const char* to) {
  return genome["blueprint"][from]["cortical_mapping_dst"][to];
}

TEST(GenomeBefore20, AreasAndNeurons) {
  const Brain brain = load_genome(genome_before_2());
  EXPECT_EQ(brain.report.format, "FEAGI genome before 2.0");
  const Area& eye = area_named(brain.network, "eye");
  EXPECT_EQ(eye.spec.size, (Voxel{4, 4, 1}));
  EXPECT_EQ(eye.spec.role, "input");
  EXPECT_EQ(eye.spec.params.threshold, 2.5F);
  EXPECT_EQ(eye.spec.params.leak, 1.0F);
  EXPECT_EQ(eye.spec.params.snooze_period, 2);
  EXPECT_EQ(eye.spec.params.fire_limit, 3);
  EXPECT_TRUE(eye.spec.params.accumulates);
  EXPECT_TRUE(eye.spec.psp.uniform);
  EXPECT_EQ(area_named(brain.network, "hand").spec.neurons_per_voxel, 3U);
  EXPECT_EQ(area_named(brain.network, "hand").spec.role, "output");
  // the blocks that both have; layer 2 to the second of three
  EXPECT_EQ(brain.network.synapse_count(), 4U + 4U * 3U);
  EXPECT_GENOME_HOLDS(notes_of(brain.report, kChanged), "snooze_length is 1.5; read as 2 bursts");
}

TEST(GenomeBefore20, ConvertedItIsTheSameNetwork) {
  const TemporaryFolder folder;
  const std::string in = folder.write("old.json", genome_before_2().dump());
  const std::string out = folder / "new.genome";
  (void)convert(in, out);
  EXPECT_EQ(load(in).network.hash(), load(out).network.hash());
  EXPECT_EQ(load(out, {.strict = true}).network.neuron_count(), load(in).network.neuron_count());
  // nothing of the file is lost
  const std::string text = text_of(out);
  for (const char* part : {"plot_index", "geometric_boundaries", "cortical_neuron_count", "rule_5",
                           "param_2", "excitatory", "1.5", "firing_patterns", "layer_index"}) {
    EXPECT_GENOME_HOLDS(text, part);
  }
  (void)convert(out, folder / "again.genome");
  EXPECT_EQ(text, text_of(folder / "again.genome"));
}

TEST(GenomeBefore20, EveryRuleThatFeagiHadIsRead) {
  // between a 4 x 4 x 3 stack and another of that size
  const std::vector<std::pair<std::string, std::uint64_t>> pairs{
      {"rule_0", 48},        {"rule_1", 48},      {"rule_6", 48},       {"rule_7", 48 * 3},
      {"rule_9", 4 * 3 * 2}, {"rule_10", 24},     {"rule_11", 16 * 48}, {"rule_12", 16 * 48},
      {"rule_13", 48 * 48},  {"rule_15", 12 * 4}, {"rule_16", 36},      {"rule_17", 48},
      {"rule_18", 12 * 48},  {"rule_19", 48}};
  for (const auto& [rule, count] : pairs) {
    GenomeJson genome = genome_before_2();
    genome["neighbor_locator_rule"][rule] = {{"param_1", 1}};
    genome["blueprint"]["eye"]["cortical_mapping_dst"] = GenomeJson::object();
    genome["blueprint"]["hand"]["cortical_mapping_dst"] = GenomeJson::object();
    mapping(genome, "stack", "a_stack_of_layers") = {{"neighbor_locator_rule_id", rule},
                                                     {"neighbor_locator_rule_param_id", "param_1"}};
    genome["blueprint"]["a_stack_of_layers"].erase("synapse_attractivity");
    const Brain brain = load_genome(genome);
    EXPECT_GENOME_HOLDS(notes_of(brain.report, kChanged), rule + " ");
    EXPECT_EQ(brain.network.synapse_count(), count) << rule;
  }
}

TEST(GenomeBefore20, RulesOfDistance) {
  // two lines of 10 blocks over 20 units: neighbours are 2 apart
  const auto synapses = [](const std::string& rule, double distance) {
    GenomeJson genome = genome_before_2();
    genome["neighbor_locator_rule"] = {{rule, {{"param_1", distance}}}};
    for (const char* area : {"eye", "hand"}) {
      genome["blueprint"][area]["cortical_mapping_dst"] = GenomeJson::object();
    }
    for (const char* area : {"stack", "a_stack_of_layers"}) {
      GenomeJson& params = genome["blueprint"][area]["neuron_params"];
      params["block_boundaries"] = {10, 1, 2};
      genome["blueprint"][area]["cortical_neuron_count"] = 20;
      params["geometric_boundaries"] = {{"x", {0, 20}}, {"y", {0, 2}}, {"z", {0, 4}}};
    }
    mapping(genome, "a_stack_of_layers", "stack") = {{"neighbor_locator_rule_id", rule},
                                                     {"neighbor_locator_rule_param_id", "param_1"}};
    genome["blueprint"]["a_stack_of_layers"].erase("synapse_attractivity");
    return load_genome(genome).network.synapse_count();
  };
  EXPECT_EQ(synapses("rule_2", 1), 10U * 4);
  EXPECT_EQ(synapses("rule_2", 3), 28U * 4);
  EXPECT_EQ(synapses("rule_4", 3), 28U * 4);
  EXPECT_EQ(synapses("rule_3", 0), 2U * 100);
  EXPECT_EQ(synapses("rule_3", 1), 2U * 100);
}

TEST(GenomeBefore20, TheOldestHaveNoBlocks) {
  GenomeJson genome = genome_before_2();
  GenomeJson& params = genome["blueprint"]["eye"]["neuron_params"];
  params.erase("block_boundaries");
  params["firing_threshold"] = "5";
  genome["blueprint"]["eye"]["cortical_neuron_count"] = 49;
  genome["blueprint"]["eye"]["neuron_params"]["geometric_boundaries"]["z"] = {0, 1};
  const Brain brain = load_genome(genome);
  EXPECT_EQ(area_named(brain.network, "eye").spec.size, (Voxel{7, 7, 1}));
  EXPECT_EQ(area_named(brain.network, "eye").spec.params.threshold, 5.0F);
  EXPECT_GENOME_HOLDS(notes_of(brain.report, kChanged), "firing_threshold is the text '5'");
}

TEST(GenomeBefore20, WhatCannotBeCarriedOverIsTold) {
  GenomeJson genome = genome_before_2();
  mapping(genome, "eye", "nowhere") = mapping(genome, "eye", "hand");
  mapping(genome, "eye", "eye") = {{"neighbor_locator_rule_id", "rule_99"}};
  mapping(genome, "eye", "stack") = GenomeJson::object();
  const std::string ignored = notes_of(load_genome(genome).report, kIgnored);
  EXPECT_GENOME_HOLDS(ignored, "mapping eye -> nowhere: the genome has no such area");
  EXPECT_GENOME_HOLDS(ignored, "mapping eye -> eye: no FEAGI has had a rule 'rule_99'");
  EXPECT_GENOME_HOLDS(ignored, "mapping eye -> stack: it names no neighbor_locator_rule_id");
  EXPECT_THROW((void)load_genome(genome_before_2(), {.strict = true}), Error);
}

TEST(GenomeOld, RuleReferencesOfTheFirstFlatFiles) {
  GenomeJson genome = small_genome();
  genome["neighbor_locator_rule"] = {{"rule_1", {{"param_1", 1}}}};
  rules(genome) = {"rule_1", "param_1"};
  const TemporaryFolder folder;
  const std::string in = folder.write("in.json", genome.dump());
  const Brain brain = load(in);
  EXPECT_EQ(brain.network.synapse_count(), 2U);
  EXPECT_GENOME_HOLDS(notes_of(brain.report, kChanged),
                      "mappings: rule_1 is read as block to block of the same place: SRC -> DST");
  (void)convert(in, folder / "out.json");
  EXPECT_EQ(load(folder / "out.json").network.hash(), brain.network.hash());
  EXPECT_GENOME_HOLDS(text_of(folder / "out.json"), "param_1");
}

TEST(GenomeOld, ARuleWithoutAListAroundIt) {
  const std::uint64_t listed = load_genome(small_genome()).network.hash();
  for (const GenomeJson& bare :
       {GenomeJson({"block_to_block", {1, 1, 1}, 1, false}), GenomeJson("block_to_block"),
        GenomeJson({{"morphology_id", "block_to_block"}})}) {
    GenomeJson genome = small_genome();
    rules(genome) = bare;
    const Brain brain = load_genome(genome);
    EXPECT_EQ(brain.network.hash(), listed) << bare;
    EXPECT_GENOME_HOLDS(notes_of(brain.report, kChanged), "mapping SRC -> DST: a single rule");
    EXPECT_THROW((void)load_genome(genome, {.strict = true}), Error);
  }
}

TEST(GenomeOld, MappingsToNothing) {
  GenomeJson genome = small_genome();
  GenomeJson& table = gene(genome, "cSRC__", "cx-dstmap-d");
  table["cGONE_"] = table["cDST__"];
  table["_power"] = nullptr;
  rules(genome).push_back({{"morphology_id", "blck_to_block"}});
  rules(genome).push_back({{"morphology_id", ""}});
  const Brain brain = load_genome(genome);
  EXPECT_EQ(brain.network.synapse_count(), 2U);
  const std::string ignored = notes_of(brain.report, kIgnored);
  EXPECT_GENOME_HOLDS(ignored, "mapping SRC -> cGONE_: the genome has no such area");
  EXPECT_GENOME_HOLDS(ignored,
                      "rule 2 of SRC -> DST: the genome has no morphology 'blck_to_block' (is "
                      "'block_to_block' meant?)");
  EXPECT_GENOME_HOLDS(ignored, "rule 3 of SRC -> DST: it names no morphology");
  EXPECT_GENOME_HOLDS(notes_of(brain.report, kChanged),
                      "it has null in the place of the list of rules");
}

TEST(GenomeOld, ANestedVectorAndNoVersion) {
  GenomeJson genome = small_genome();
  genome.erase("version");
  genome["neuron_morphologies"]["mine"] = {
      {"type", "vectors"}, {"parameters", {{"vectors", GenomeJson::parse("[[[0, 0, 0]]]")}}}};
  rules(genome)[0]["morphology_id"] = "mine";
  const TemporaryFolder folder;
  const std::string in = folder.write("in.json", genome.dump());
  const Brain brain = load(in);
  EXPECT_EQ(brain.network.synapse_count(), 2U);
  EXPECT_GENOME_HOLDS(notes_of(brain.report, kChanged), "read as version 2.0, by its layout");
  EXPECT_GENOME_HOLDS(notes_of(brain.report, kChanged), "a pair of brackets too many");
  (void)convert(in, folder / "out.json");
  EXPECT_EQ(load(folder / "out.json", {.strict = true}).network.synapse_count(), 2U);
}

TEST(GenomeOld, ACollectionOfGenomes) {
  const auto message = [](const GenomeJson& tree) -> std::string {
    try {
      (void)load_genome(tree);
    } catch (const Error& problem) {
      return problem.what();
    }
    return "";
  };
  EXPECT_GENOME_HOLDS(message({{"g1", small_genome()}, {"g2", small_genome()}}),
                      "holds 2 genomes below a key, the first below 'g1'");
  EXPECT_GENOME_HOLDS(message({{"g1", {{"properties", genome_before_2()}}}}),
                      "below 'g1.properties'");
  EXPECT_GENOME_HOLDS(message({{"bluprint", 1}, {"signatures", {{"blueprint", "1f"}}}}),
                      "it has the key 'bluprint'");
}

TEST(GenomeSkipBroken, TakesWhatItCanAndListsTheRest) {
  GenomeJson genome = small_genome();
  gene(genome, "cSRC__", "nx-fire_t-f") = "high";
  gene(genome, "cDST__", "cx-___bby-i") = 0;
  gene(genome, "cHUGE_", "cx-___bbx-i") = 4294967296U;
  gene(genome, "cTEXT_", "cx-dstmap-d") = "none";
  gene(genome, "cSRC__", "cx-dstmap-d")["_power"] = 7;
  rules(genome).push_back(7);
  rules(genome).push_back({{"morphology_id", "spiral"}});
  rules(genome).push_back({{"morphology_id", "block_to_block"}});
  genome["neuron_morphologies"]["spiral"] = {{"type", "spirals"}};
  genome["physiology"]["burst_delay"] = "fast";
  genome["version"] = "2.2";
  EXPECT_THROW((void)load_genome(genome), Error);
  const Brain brain = load_genome(genome, {.skip_broken = true});
  EXPECT_EQ(brain.network.synapse_count(), 4U);
  EXPECT_EQ(area_named(brain.network, "SRC").spec.params.threshold, 1.0F);
  const std::string ignored = notes_of(brain.report, kIgnored);
  for (const char* part :
       {"area cSRC__ (SRC): left out: fire_t is \"high\"", "its size in y is 0",
        "area cHUGE_: left out: its size in x", "area cTEXT_: left out: dstmap is text",
        "mapping SRC -> _power: left out", "rule 2 of SRC -> DST: left out: it is 7",
        "morphology spiral: left out", "physiology: left out",
        "left out: unknown genome version"}) {
    EXPECT_GENOME_HOLDS(ignored, part);
  }
}

TEST(GenomeSkipBroken, TheErrorSaysSoOnlyWhereItHelps) {
  const auto message = [](const GenomeJson& tree, const LoadOptions& options) -> std::string {
    try {
      (void)load_genome(tree, options);
    } catch (const Error& problem) {
      return problem.what();
    }
    return "";
  };
  GenomeJson genome = small_genome();
  gene(genome, "cSRC__", "nx-fire_t-f") = "high";
  EXPECT_GENOME_HOLDS(message(genome, {}), "Correct it, or load with skip-broken to leave it out.");
  EXPECT_EQ(message(genome, {.strict = true}).find("skip-broken"), std::string::npos);
  genome["blueprint"] = 3;
  EXPECT_EQ(message(genome, {}).find("skip-broken"), std::string::npos);
  EXPECT_GENOME_HOLDS(message(genome, {.skip_broken = true}), "blueprint: it is an integer");
  EXPECT_GENOME_HOLDS(message(genome, {.strict = true, .skip_broken = true}), "exclude each other");
}

}  // namespace
}  // namespace rheobase::test
