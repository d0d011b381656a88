// SPDX-License-Identifier: Apache-2.0
// How genes and rules are read, profile by profile, and what conversion keeps. Expected values:
// what FEAGI 0.0.53 itself stored for the same input.
#include <gtest/gtest.h>

#include <limits>

#include "io/genome/cortical_id.h"
#include "rheobase/error.h"
#include "support/genome_text.h"

namespace rheobase::test {
namespace {

using Kind = ImportNote::Kind;

LoadOptions options(Semantics semantics, bool strict) {
  return {.semantics = semantics, .strict = strict, .wiring_seed = 1};
}
const LoadOptions kStrict = options(Semantics::feagi_0_0_53, true);
const LoadOptions kOld = options(Semantics::feagi_2026_02, false);
const LoadOptions kOldStrict = options(Semantics::feagi_2026_02, true);

/// Outgoing synapses of the first neuron of SRC.
std::vector<Synapse> synapses(const GenomeJson& genome, const LoadOptions& how = {}) {
  const Brain brain = load_genome(genome, how);
  return brain.network.outgoing(brain.network.area("SRC").first);
}
std::vector<Synapse> by_rule(const GenomeJson& rule, const LoadOptions& how = {}) {
  GenomeJson genome = small_genome();
  rules(genome) = GenomeJson::array({rule});
  return synapses(genome, how);
}
NeuronParams params(const GenomeJson& genome, const LoadOptions& how = {}) {
  const Brain brain = load_genome(genome, how);
  return brain.network.params(brain.network.area("SRC").first);
}
NeuronParams with_gene(const char* key, const GenomeJson& value, const LoadOptions& how = {}) {
  GenomeJson genome = small_genome();
  gene(genome, "cSRC__", key) = value;
  return params(genome, how);
}

TEST(CorticalId, MigratesAsFeagi) {
  const auto text = [](const char* old) { return genome::base64_of(genome::read_id(old).id); };
  EXPECT_EQ(text("_power"), "X19fcG93ZXI=");
  EXPECT_EQ(text("___pwr"), "X19fcG93ZXI=");
  EXPECT_EQ(text("_death"), "X19fZGVhdGg=");
  EXPECT_EQ(text("_fatigue"), "X19fZmF0aWc=");
  EXPECT_EQ(text("omot00"), "b21vdAUAAAA=");
  EXPECT_EQ(text("o__mot"), "b21vdAUAAAA=");
  EXPECT_EQ(text("ogaz00"), "b2dhegIAAAA=");
  EXPECT_EQ(text("iic000"), "aXN2aQkAAAA=");
  EXPECT_EQ(text("iic400"), "aXN2aUkAAAA=");
  EXPECT_EQ(text("iv00_C"), "aXN2aUkAAAA=");
  EXPECT_EQ(genome::read_id("i___id").id,
            (genome::CorticalId{'c', 'i', '_', '_', '_', 'i', 'd', '_'}));
  EXPECT_EQ(genome::read_id("t_mBck").id,
            (genome::CorticalId{'c', '_', 'm', 'B', 'c', 'k', '_', '_'}));
  EXPECT_EQ(genome::read_id("MLIcom").id,
            (genome::CorticalId{'m', 'L', 'I', 'c', 'o', 'm', '_', '_'}));
  // not ids of FEAGI: repaired, and said so
  EXPECT_FALSE(genome::read_id("__forw").repair.empty());
  EXPECT_TRUE(genome::read_id("c_avoid").feagi_skips);
  EXPECT_TRUE(genome::read_id("aXN2aUkAAAB=").feagi_skips);
  EXPECT_EQ(genome::id_from_base64("aXN2aUkAAAA="), genome::read_id("iic400").id);
}

TEST(GenomeReading, CoreAreasComeFirst) {
  const Brain brain = load_genome(small_genome());
  ASSERT_EQ(brain.network.areas().size(), 9U);
  EXPECT_EQ(brain.network.areas()[1].spec.name, "_power");
  EXPECT_EQ(brain.network.areas()[7].spec.name, "SRC");
  EXPECT_EQ(load_genome(small_genome(), kOld).network.areas().size(), 5U);
  // FEAGI's template
  const NeuronParams power = brain.network.params(1);
  EXPECT_EQ(power.threshold, 0.1F);
  EXPECT_EQ(power.refractory_period, 0);
  EXPECT_FALSE(power.accumulates);
  EXPECT_TRUE(brain.network.areas()[1].spec.psp.uniform);
  // the power neuron receives 1 every burst
  ASSERT_EQ(brain.network.drives().size(), 1U);
  EXPECT_EQ(brain.network.drives()[0].kind, Drive::Kind::constant);
  EXPECT_EQ(brain.network.drives()[0].first, 1U);
  EXPECT_EQ(brain.network.drives()[0].count, 1U);
  EXPECT_EQ(brain.network.drives()[0].amplitude, 1.0F);
  EXPECT_EQ(brain.network.dt_ms(), 10.0);
}

TEST(GenomeReading, Excitability) {
  for (const auto& [given, expected] :
       std::initializer_list<std::pair<GenomeJson, float>>{{0, 0.0F},
                                                           {0.3, 0.3F},
                                                           {1, 1.0F},
                                                           {1.5, 0.015F},
                                                           {50, 0.5F},
                                                           {100, 1.0F},
                                                           {250, 1.0F},
                                                           {-3, 0.0F},
                                                           {nullptr, 1.0F}}) {
    EXPECT_EQ(with_gene("nx-excite-f", given).excitability, expected) << given;
    EXPECT_EQ(with_gene("nx-excite-f", given, kStrict).excitability, expected) << given;
  }
  EXPECT_EQ(with_gene("nx-excite-f", 50, kOldStrict).excitability, 50.0F);
  EXPECT_EQ(with_gene("nx-excite-f", 50, kOld).excitability, 0.5F);
  EXPECT_EQ(with_gene("nx-excite-i", 50).excitability, 0.5F);
  EXPECT_EQ(with_gene("nx-excite-i", 50, kStrict).excitability, 1.0F);
}

TEST(GenomeReading, Leak) {
  EXPECT_EQ(with_gene("nx-leak_c-f", 0.5).leak, 0.5F);
  EXPECT_EQ(with_gene("nx-leak_c-f", 10).leak, 1.0F);
  EXPECT_EQ(with_gene("nx-leak_c-f", -0.5).leak, 0.0F);
  EXPECT_EQ(with_gene("nx-leak_c-f", 10, kStrict).leak, 10.0F);
  GenomeJson genome = small_genome();
  gene(genome, "cSRC__", "nx-leak_c-f") = 10;
  EXPECT_NE(notes_of(load_genome(genome).report, Kind::changed).find("leak is 10;"),
            std::string::npos);
}

TEST(GenomeReading, CountersAndLimits) {
  EXPECT_EQ(with_gene("nx-snooze-i", 4).snooze_period, 4);
  EXPECT_EQ(with_gene("nx-snooze-f", 4).snooze_period, 4);
  EXPECT_EQ(with_gene("nx-snooze-i", 4, kStrict).snooze_period, 0);
  EXPECT_EQ(with_gene("nx-refrac-i", 3.0).refractory_period, 3);
  EXPECT_THROW((void)with_gene("nx-refrac-i", 3.0, kStrict), Error);
  EXPECT_EQ(with_gene("nx-refrac-i", 65537).refractory_period, 65535);
  EXPECT_EQ(with_gene("nx-refrac-i", 65537, kStrict).refractory_period, 1);
  EXPECT_EQ(with_gene("nx-c_fr_c-i", 65535).fire_limit, 0);
  EXPECT_EQ(with_gene("nx-c_fr_c-i", 3).fire_limit, 3);
  EXPECT_EQ(with_gene("nx-fthlim-f", 0).threshold_limit, kNoLimit);
  EXPECT_EQ(with_gene("nx-fthlim-f", 5).threshold_limit, 5.0F);
}

TEST(GenomeReading, FormsOfRules) {
  const auto weight_and_delay = [](const GenomeJson& rule, const LoadOptions& how) {
    const std::vector<Synapse> row = by_rule(rule, how);
    return row.size() == 1 ? std::pair(row[0].weight, row[0].delay) : std::pair(0.0F, 0U);
  };
  using Pair = std::pair<float, std::uint32_t>;
  const std::string b = "block_to_block";
  const GenomeJson one = {1, 1, 1};
  for (const LoadOptions& how : {LoadOptions{}, kStrict}) {
    EXPECT_EQ(weight_and_delay({b, one, 2, false}, how), Pair(2.0F, 1));
    EXPECT_EQ(weight_and_delay({b, one, -3, false, 1, 1, 1}, how), Pair(-3.0F, 1));
    EXPECT_EQ(weight_and_delay({b, one, 1, false, 1, 1, 1, 5}, how), Pair(1.0F, 1));
    EXPECT_EQ(weight_and_delay({b, one, 1, false, 1, 1, 1, 5, 9}, how), Pair(1.0F, 9));
    EXPECT_EQ(weight_and_delay({{"morphology_id", b}, {"psc_multiplier", 0.5}}, how),
              Pair(0.5F, 1));
    EXPECT_EQ(weight_and_delay({{"morphology_id", b}}, how), Pair(1.0F, 1));
    EXPECT_EQ(weight_and_delay({b, one, 1, true, 1, 1, 1, 2}, how), Pair(1.0F, 1));
    EXPECT_EQ(weight_and_delay({b, one, "x", false}, how), Pair(1.0F, 1));
  }
  // plastic without window: FEAGI refuses the mapping
  EXPECT_EQ(weight_and_delay({b, one, 1, true, 1, 1, 1}, {}), Pair(1.0F, 1));
  EXPECT_TRUE(by_rule({b, one, 1, true, 1, 1, 1}, kStrict).empty());
  EXPECT_THROW((void)by_rule({{"morphology_id", b}, {"plasticity_flag", true}}, kStrict), Error);
  // FEAGI of February 2026: whole multipliers in eight bits, eight elements, one burst
  EXPECT_EQ(weight_and_delay({b, one, 0.5, false}, kOld), Pair(1.0F, 1));
  EXPECT_EQ(weight_and_delay({b, one, -300, false}, kOld), Pair(-255.0F, 1));
  EXPECT_TRUE(by_rule({b, one, 1, false, 1, 1, 1}, kOldStrict).empty());
  EXPECT_EQ(weight_and_delay({b, one, 1, false, 1, 1, 1, 5, 9}, kOld), Pair(1.0F, 1));
  EXPECT_EQ(weight_and_delay({b, one, 1, false}, options(Semantics::feagi_2025_10, false)),
            Pair(1.0F, 2));
}

TEST(GenomeReading, ARefusedRuleEndsItsMapping) {
  GenomeJson genome = small_genome();
  const GenomeJson plain = {{"morphology_id", "block_to_block"}};
  const GenomeJson plastic = GenomeJson::array({"block_to_block", 1, 1, true, 1, 1, 1});
  rules(genome) = GenomeJson::array({plain, plastic, plain});
  EXPECT_EQ(synapses(genome).size(), 3U);
  EXPECT_EQ(synapses(genome, kStrict).size(), 1U);
}

TEST(GenomeReading, Delays) {
  const auto delay = [](const GenomeJson& given, const LoadOptions& how) {
    const std::vector<Synapse> row =
        by_rule({{"morphology_id", "block_to_block"}, {"synaptic_delay_bursts", given}}, how);
    return row.empty() ? 0U : row[0].delay;
  };
  for (const auto& [given, expected] :
       std::initializer_list<std::pair<GenomeJson, std::uint32_t>>{{1, 1},
                                                                   {2, 2},
                                                                   {15, 15},
                                                                   {255, 255},
                                                                   {256, 1},
                                                                   {300, 1},
                                                                   {-1, 1},
                                                                   {2.5, 1},
                                                                   {"3", 1},
                                                                   {nullptr, 1}}) {
    EXPECT_EQ(delay(given, {}), expected) << given;
    EXPECT_EQ(delay(given, kStrict), expected) << given;
  }
  EXPECT_EQ(delay(0, kStrict), 0U);
  EXPECT_EQ(delay(0, {}), 1U);
  EXPECT_EQ(delay(2.0, kStrict), 1U);
  EXPECT_EQ(delay(2.0, {}), 2U);
}

TEST(GenomeReading, PostsynapticCurrent) {
  GenomeJson genome = small_genome();
  for (const auto& [given, now, before] : std::initializer_list<std::tuple<double, float, float>>{
           {500, 500.0F, 255.0F}, {0.5, 0.5F, 0.0F}, {6, 6.0F, 6.0F}, {-3, -3.0F, 0.0F}}) {
    gene(genome, "cSRC__", "nx-pstcr_-f") = given;
    EXPECT_EQ(synapses(genome).at(0).psp, now);
    EXPECT_EQ(synapses(genome, kOld).at(0).psp, before);
  }
}

TEST(GenomeReading, FunctionsThatFeagiDoesNotGrow) {
  GenomeJson genome = small_genome();
  rules(genome)[0]["morphology_id"] = "lateral_pairs_x";
  genome["neuron_morphologies"]["lateral_pairs_x"] = {{"type", "functions"},
                                                      {"parameters", GenomeJson::object()}};
  EXPECT_EQ(synapses(genome).size(), 1U);
  EXPECT_EQ(synapses(genome, kStrict).size(), 0U);
  EXPECT_NE(
      notes_of(load_genome(genome, kStrict).report, Kind::ignored).find("rule 1 of SRC -> DST"),
      std::string::npos);
}

/// By their names alone: FEAGI's templates define them.
TEST(GenomeReading, FunctionsThatFeagiGrows) {
  for (const std::string name :
       {"projector",          "transpose_xy",      "transpose_yz",      "transpose_xz",
        "centered_projector", "bitmask_encoder_x", "bitmask_encoder_y", "bitmask_encoder_z",
        "bitmask_decoder_x",  "bitmask_decoder_y", "bitmask_decoder_z", "sweeper",
        "last_to_first",      "first_to_last",     "rotator_z",         "tile",
        "lateral_+x",         "lateral_-x",        "lateral_+y",        "lateral_-y",
        "lateral_+z",         "lateral_-z",        "all_to_0-0-0",      "0-0-0_to_all"}) {
    GenomeJson genome = small_genome();
    rules(genome) = GenomeJson::array({{{"morphology_id", name}}});
    for (const char axis : {'x', 'y', 'z'}) {
      gene(genome, "cSRC__", std::string("cx-___bb") + axis + "-i") = 3;
      gene(genome, "cDST__", std::string("cx-___bb") + axis + "-i") = 4;
    }
    NetworkBuilder builder;
    AreaSpec spec;
    spec.name = "from";
    spec.size = {3, 3, 3};
    const AreaId from = builder.add_area(spec);
    spec.name = "to";
    spec.size = {4, 4, 4};
    const AreaId to = builder.add_area(spec);
    builder.connect(from, to, voxel_function(name));
    const Network wanted = builder.build();
    for (const LoadOptions& how : {LoadOptions{}, kStrict}) {
      const Brain brain = load_genome(genome, how);
      const Area& src = brain.network.area("SRC");
      const Area& dst = brain.network.area("DST");
      std::size_t grown = 0;
      for (NeuronId i = 0; i < src.count; ++i) {
        std::vector<NeuronId> got;
        for (const Synapse& s : brain.network.outgoing(src.first + i)) {
          got.push_back(s.post - dst.first);
        }
        std::vector<NeuronId> want;
        for (const Synapse& s : wanted.outgoing(i)) {
          want.push_back(s.post - 27);
        }
        EXPECT_EQ(got, want) << name << ", neuron " << i;
        grown += got.size();
      }
      EXPECT_GT(grown, 0U) << name;
      EXPECT_EQ(notes_of(brain.report, Kind::ignored), "") << name;
    }
  }
}

TEST(GenomeReading, ClassifiersNeedNoDefinition) {
  for (const char* name : {"classifier_sample", "classifier_class"}) {
    EXPECT_TRUE(by_rule({{"morphology_id", name}}).empty());
    EXPECT_TRUE(by_rule({{"morphology_id", name}}, kStrict).empty());
  }
}

TEST(GenomeReading, StrictTakesAllMorphologiesOfFeagiOrNone) {
  GenomeJson genome = small_genome();
  const auto with_own = [&](const char* name) {
    genome["neuron_morphologies"][name] = {
        {"type", "vectors"}, {"parameters", {{"vectors", GenomeJson::array({{0, 0, 0}})}}}};
  };
  with_own("lateral_+x");
  rules(genome)[0]["morphology_id"] = "lateral_+x";
  const NeuronId first = synapses(genome).at(0).post;
  EXPECT_EQ(synapses(genome, kStrict).at(0).post, first + 1);
  for (const char* name : {"block_to_block",
                           "projector",
                           "centered_projector",
                           "transpose_xy",
                           "transpose_yz",
                           "transpose_xz",
                           "sweeper",
                           "last_to_first",
                           "first_to_last",
                           "bitmask_encoder_x",
                           "bitmask_encoder_y",
                           "bitmask_encoder_z",
                           "bitmask_decoder_x",
                           "bitmask_decoder_y",
                           "bitmask_decoder_z",
                           "episodic_memory",
                           "episodic_scan",
                           "memory_replay",
                           "associative_memory",
                           "rotator_z",
                           "all_to_0-0-0",
                           "0-0-0_to_all",
                           "tile",
                           "lateral_-x",
                           "lateral_+y",
                           "lateral_-y",
                           "lateral_+z",
                           "lateral_-z"}) {
    with_own(name);
  }
  EXPECT_EQ(synapses(genome, kStrict).at(0).post, first);
}

TEST(GenomeReading, WhatIsNotSimulatedIsReported) {
  GenomeJson genome = small_genome();
  genome["modulators"] = {{"m1", {{"type", "synaptic.gate"}}}};
  gene(genome, "cDST__", "cx-memory-b") = true;
  rules(genome) = GenomeJson::array({{"block_to_block", 1, 1, true, 1, 1, 1, 2}});
  gene(genome, "cSRC__", "cx-dstmap-d")["//cDST__"] = GenomeJson::array();
  const ImportReport report = load_genome(genome).report;
  const std::string ignored = notes_of(report, Kind::ignored);
  EXPECT_NE(ignored.find("modulators: 1 kept"), std::string::npos) << ignored;
  EXPECT_NE(ignored.find("area cDST__ (DST): a memory area"), std::string::npos) << ignored;
  EXPECT_NE(ignored.find("rule 1 of SRC -> DST: plasticity"), std::string::npos) << ignored;
  EXPECT_NE(ignored.find("//cDST__: a comment"), std::string::npos) << ignored;
  EXPECT_NE(notes_of(report, Kind::taken)
                .find("area SRC: 2 neurons (2 x 1 x 1), custom, 1 outgoing rule"),
            std::string::npos);
}

TEST(GenomeReading, NamesBecomeUnique) {
  GenomeJson genome = small_genome();
  gene(genome, "cDST__", "cx-__name-t") = "SRC";
  const Brain brain = load_genome(genome);
  EXPECT_EQ(brain.network.area("SRC").count, 2U);
  EXPECT_EQ(brain.network.area("SRC (cDST)").count, 2U);
}

TEST(GenomeConvert, KeepsWhatItDoesNotKnow) {
  const TemporaryFolder folder;
  GenomeJson genome = small_genome();
  genome["my_notes"] = {{"author", "someone"}};
  genome["burst_delay"] = 0.5;
  gene(genome, "cSRC__", "cx-my_gen-x") = "kept";
  gene(genome, "cSRC__", "nx-excite-i") = 50;
  genome["blueprint"]["a comment"] = "kept too";
  rules(genome)[0]["my_key"] = 17;
  genome["neuron_morphologies"]["old"] = {{"vectors", {{1, 0, 0}}}, {"color", "red"}};
  genome["brain_regions"] = {{"root", {{"areas", {"cSRC__"}}, {"inputs", {"cDST__"}}}}};
  const std::string in = folder.write("in.json", genome.dump());
  const ImportReport report = convert(in, folder / "out.genome");
  GenomeJson out = GenomeJson::parse(text_of(folder / "out.genome"));
  const std::string src = "Y1NSQ19fX18=";
  const std::string head = "_____10c-" + src + "-";
  EXPECT_EQ(out["genome_schema_version"], 7);
  EXPECT_EQ(out["version"], "3.0");
  EXPECT_EQ(out["my_notes"]["author"], "someone");
  EXPECT_EQ(out["blueprint"][head + "cx-my_gen-x"], "kept");
  EXPECT_EQ(out["blueprint"][head + "nx-excite-f"], 50);
  EXPECT_EQ(out["blueprint"]["a comment"], "kept too");
  EXPECT_EQ(out["blueprint"][head + "cx-dstmap-d"]["Y0RTVF9fX18="][0]["my_key"], 17);
  EXPECT_EQ(out["neuron_morphologies"]["old"]["parameters"]["vectors"][0][0], 1);
  EXPECT_EQ(out["neuron_morphologies"]["old"]["color"], "red");
  EXPECT_EQ(out["brain_regions"]["root"]["cortical_areas"][0], src);
  EXPECT_EQ(out["physiology"]["burst_delay"], 0.01);
  EXPECT_NE(notes_of(report, Kind::changed).find("excite-i is written excite-f"),
            std::string::npos);
  EXPECT_EQ(load(in).network.hash(), load(folder / "out.genome").network.hash());
}

TEST(GenomeConvert, AHierarchicalGenomeBecomesFlat) {
  const TemporaryFolder folder;
  GenomeJson genome = {{"version", "2.1"}, {"neuron_morphologies", GenomeJson::object()}};
  genome["blueprint"]["cSRC__"] = {
      {"cortical_name", "SRC"},
      {"block_boundaries", {2, 3, 1}},
      {"snooze_length", 2},
      {"colour", "blue"},
      {"cortical_mapping_dst",
       {{"cSRC__", GenomeJson::array({{{"morphology_id", "lateral_+x"}}})}}}};
  const std::string in = folder.write("in.json", genome.dump());
  convert(in, folder / "out.json");
  const Brain a = load(in);
  const Brain b = load(folder / "out.json");
  EXPECT_EQ(a.report.format, "FEAGI genome 2.1, hierarchical");
  EXPECT_EQ(b.report.format, "FEAGI genome schema 7, flat");
  EXPECT_EQ(a.network.hash(), b.network.hash());
  EXPECT_EQ(b.network.params(7).snooze_period, 2);
  EXPECT_EQ(b.network.synapse_count(), 3U);
  EXPECT_NE(text_of(folder / "out.json").find("cx-colour"), std::string::npos);
}

}  // namespace
}  // namespace rheobase::test
