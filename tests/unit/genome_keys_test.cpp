// SPDX-License-Identifier: Apache-2.0
// No key of a genome is passed over in silence.
#include <gtest/gtest.h>

#include "support/genome_text.h"
#include "support/misspelt.h"
#include "support/old_genome.h"

namespace rheobase::test {
namespace {

/// Every kind of key that flat genomes have.
GenomeJson flat_genome() {
  GenomeJson genome = small_genome();
  genome["genome_id"] = "g1";
  genome["stats"] = {{"innate_neuron_count", 4}};
  genome["species"] = {{"brand", "b"}, {"parents", GenomeJson::object()}};
  genome["physiology"]["max_age"] = 1000;
  genome["physiology"]["sleep"] = {{"deep_sleep_enabled", false}};
  genome["brain_regions"]["root"] = {{"title", "all"}, {"areas", {"cSRC__", "cDST__"}}};
  for (const char* key : {"nx-fire_t-f", "nx-leak_c-f", "nx-refrac-i", "nx-excite-f", "cx-synatt-i",
                          "cx-rcordx-i", "cx-plst_c-f", "nx-snooze-i"}) {
    gene(genome, "cSRC__", key) = 1;
  }
  gene(genome, "cSRC__", "cx-gd_vis-b") = true;
  gene(genome, "cSRC__", "cx-hmlk-d") = {{"target_rate", 3}};
  rules(genome).push_back({{"morphology_id", "mine"},
                           {"morphology_scalar", {1, 1, 1}},
                           {"postSynapticCurrent_multiplier", 2},
                           {"plasticity_flag", false},
                           {"plasticity_constant", 1},
                           {"ltp_multiplier", 1},
                           {"synaptic_delay_bursts", 2},
                           {"modulators", {{"dopamine", 1}}}});
  genome["neuron_morphologies"] = {
      {"mine",
       {{"type", "vectors"}, {"class", "custom"}, {"parameters", {{"vectors", {{0, 0, 0}}}}}}},
      {"oldest", {{"vectors", {{1, 0, 0}}}}},
      {"unused", {{"type", "patterns"}, {"parameters", {{"patterns", GenomeJson::array()}}}}}};
  return genome;
}

GenomeJson hierarchical_genome() {
  return GenomeJson::parse(R"({
    "genome_schema_version": 6, "genome_title": "h", "physiology": {"simulation_timestep": 0.01},
    "blueprint": {
      "cSRC__": {"cortical_name": "SRC", "block_boundaries": [2, 1, 1], "firing_threshold": 1,
                 "relative_coordinate": [0, 0, 0], "visualization": true, "group_id": "CUSTOM",
                 "coordinates_3d": {"x": 0, "y": 0, "z": 0},
                 "cortical_mapping_dst": {"cDST__": [{"morphology_id": "block_to_block",
                                                      "psc_multiplier": 1}]}},
      "cDST__": {"cortical_name": "DST", "block_boundaries": [2, 1, 1], "leak_coefficient": 0.5,
                 "neuron_excitability": 100, "cortical_mapping_dst": {}}},
    "modulators": {"dopamine": {"kind": "reward"}}})");
}

void expect_every_key_named(const GenomeJson& genome) {
  const TemporaryFolder folder;
  const std::vector<KeyPlace> places = key_places(genome);
  ASSERT_GT(places.size(), 20U);
  for (std::uint32_t seed = 0; seed < 8; ++seed) {
    for (std::size_t i = 0; i < places.size(); ++i) {
      EXPECT_EQ(unnamed_key(genome, places[i], seed * 11 + static_cast<std::uint32_t>(i), folder),
                "");
    }
  }
}

TEST(GenomeKeys, AMisspeltKeyOfAFlatGenomeIsNamed) { expect_every_key_named(flat_genome()); }
TEST(GenomeKeys, AMisspeltKeyOfAHierarchicalGenomeIsNamed) {
  expect_every_key_named(hierarchical_genome());
}
TEST(GenomeKeys, AMisspeltKeyFromBefore20IsNamed) { expect_every_key_named(genome_before_2()); }

TEST(GenomeKeys, TheKeyThatIsMeantIsTold) {
  GenomeJson genome = small_genome();
  gene(genome, "cSRC__", "nx-firet-f") = 5;
  gene(genome, "cSRC__", "nx-LEAK_C-f") = 1;
  gene(genome, "cSRC__", "cx-dst_map-d") = GenomeJson::object();
  genome["phisiology"] = {{"burst_delay", 0.1}};
  const std::string ignored = notes_of(load_genome(genome).report, ImportNote::Kind::ignored);
  for (const char* part :
       {"area cSRC__ (SRC): unknown key '_____10c-cSRC__-nx-firet-f' (is fire_t-f meant?)",
        "'_____10c-cSRC__-nx-LEAK_C-f' (is leak_c-f meant?)", "(is dstmap-d meant?)",
        "unknown key 'phisiology' with burst_delay (is physiology meant?)"}) {
    EXPECT_NE(ignored.find(part), std::string::npos) << part << "\n" << ignored;
  }
}

TEST(GenomeKeys, WhatIsReadIsNotTold) {
  const Brain brain = load_genome(small_genome());
  EXPECT_EQ(notes_of(brain.report, ImportNote::Kind::ignored), "");
}

TEST(GenomeKeys, IdsThatWereChangedAreTold) {
  GenomeJson genome = small_genome();
  gene(genome, "vision", "cx-___bbx-i") = 3;
  gene(genome, "iic400", "cx-___bbx-i") = 3;
  const std::string changed = notes_of(load_genome(genome).report, ImportNote::Kind::changed);
  EXPECT_NE(changed.find("area vision: its id 'vision' is read as cision"), std::string::npos)
      << changed;
  EXPECT_NE(changed.find("area iic400: its id 'iic400' is read as "), std::string::npos);
  EXPECT_EQ(changed.find("cSRC__"), std::string::npos);
}

TEST(GenomeKeys, NamesDoNotActOnATerminal) {
  GenomeJson genome = small_genome();
  gene(genome, "cSRC__", "cx-__name-t") = "a\nb\x1b[31m\xe2\x80\xae";
  gene(genome, "cSRC__", "nx-lek\n-f") = 1;
  rules(genome)[0]["morphology_id"] = "no\x1b[2J";
  for (const ImportNote& note : load_genome(genome).report.notes) {
    for (const std::string& text : {note.where, note.message}) {
      EXPECT_EQ(text.find_first_of("\n\x1b"), std::string::npos) << text;
      EXPECT_EQ(text.find("\xe2\x80\xae"), std::string::npos) << text;
    }
  }
}

}  // namespace
}  // namespace rheobase::test
