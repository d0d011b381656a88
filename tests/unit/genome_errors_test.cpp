// SPDX-License-Identifier: Apache-2.0
// Broken files: one clear sentence that names file, area and rule, and nothing written.
#include <gtest/gtest.h>

#include <functional>

#include "rheobase/error.h"
#include "support/genome_text.h"

namespace rheobase::test {
namespace {

/// The message of the error that loading gives; empty if it gives none.
std::string text_message(const std::string& text, const LoadOptions& options = {}) {
  try {
    (void)load_text(text, options);
  } catch (const Error& problem) {
    EXPECT_EQ(problem.code(), ErrorCode::invalid_file) << problem.what();
    return problem.what();
  }
  return "";
}
std::string refusal_of(const GenomeJson& genome, bool strict = false) {
  return text_message(genome.dump(),
                      {.semantics = Semantics::feagi_0_0_53, .strict = strict, .wiring_seed = 1});
}

#define EXPECT_HOLDS(message, part) EXPECT_NE((message).find(part), std::string::npos) << (message)

TEST(GenomeErrors, DamagedText) {
  const std::string good = small_genome().dump(1);
  const std::string truncated = text_message(good.substr(0, good.size() / 2));
  EXPECT_HOLDS(truncated, "brain.json, line ");
  EXPECT_HOLDS(truncated, "ends too early");
  EXPECT_HOLDS(text_message("hello"), "line 1, column 1: not valid JSON");
  EXPECT_HOLDS(text_message(""), "is empty");
  EXPECT_HOLDS(text_message("[1, 2]"), "not a brain");
  EXPECT_HOLDS(text_message("{\"a\": NaN}"), "not valid JSON");
  EXPECT_HOLDS(text_message("{\"a\": 1e999}"), "too large");
  EXPECT_HOLDS(text_message("{\"version\": \"2.0\", \"version\": \"2.0\"}"),
               "'version' stands twice");
  EXPECT_HOLDS(text_message("{\"a\": {\"b\": {\"c\": 1, \"c\": 2}}}"), "'c' stands twice in 'a.b'");
  EXPECT_HOLDS(text_message(std::string(5000, '[')), "nested deeper");
}

TEST(GenomeErrors, EveryTruncationIsAnErrorAndNoCrash) {
  const std::string good = small_genome().dump();
  for (std::size_t length = 0; length < good.size(); ++length) {
    EXPECT_NE(text_message(good.substr(0, length)), "") << length;
  }
}

TEST(GenomeErrors, MissingFile) {
  try {
    (void)load("/nowhere/brain.json");
    FAIL();
  } catch (const Error& problem) {
    EXPECT_EQ(problem.code(), ErrorCode::io);
    EXPECT_HOLDS(std::string(problem.what()), "/nowhere/brain.json");
  }
}

TEST(GenomeErrors, Versions) {
  GenomeJson genome = small_genome();
  genome["version"] = "2.2";
  EXPECT_HOLDS(refusal_of(genome), "unknown genome version \"2.2\"");
  genome.erase("version");
  EXPECT_HOLDS(refusal_of(genome, true), "neither genome_schema_version nor version");
  genome["genome_schema_version"] = 8;
  EXPECT_HOLDS(refusal_of(genome), "newest known is 7");
  genome["genome_schema_version"] = "7";
  EXPECT_HOLDS(refusal_of(genome), "from 2 to 7");
  genome["genome_schema_version"] = 7;
  EXPECT_EQ(refusal_of(genome), "");
}

TEST(GenomeErrors, Sizes) {
  GenomeJson genome = small_genome();
  gene(genome, "cDST__", "cx-___bby-i") = 0;
  const std::string zero = refusal_of(genome);
  EXPECT_HOLDS(zero, "brain.json: area cDST__ (DST): its size in y is 0");
  // FEAGI 0.0.53 reads 1, which strict follows
  EXPECT_EQ(refusal_of(genome, true), "");
  for (const GenomeJson& size : {GenomeJson(4294967295U), GenomeJson(1e30), GenomeJson(-1),
                                 GenomeJson("4"), GenomeJson(18446744073709551615U)}) {
    gene(genome, "cDST__", "cx-___bby-i") = size;
    EXPECT_HOLDS(refusal_of(genome), "area cDST__ (DST)");
  }
  // several large areas: each fits, together they do not
  gene(genome, "cDST__", "cx-___bby-i") = 2000000000;
  gene(genome, "cSRC__", "cx-___bby-i") = 2000000000;
  try {
    (void)load_genome(genome);
    FAIL();
  } catch (const Error& problem) {
    EXPECT_HOLDS(std::string(problem.what()), "brain.json");
  }
}

TEST(GenomeErrors, WrongTypesNameTheGene) {
  for (const auto& [key, value] : std::initializer_list<std::pair<const char*, GenomeJson>>{
           {"nx-fire_t-f", "high"},
           {"nx-mp_acc-b", 1},
           {"nx-refrac-i", -3},
           {"cx-__name-t", 5},
           {"nx-refrac-i", 2.5},
           {"nx-fire_t-f", 1e300},
           {"nx-leak_c-f", GenomeJson::array()},
           {"cx-dstmap-d", 7}}) {
    GenomeJson genome = small_genome();
    gene(genome, "cSRC__", key) = value;
    const std::string message = refusal_of(genome);
    EXPECT_HOLDS(message, "area cSRC__");
    EXPECT_HOLDS(message, std::string(key).substr(3, 6));
  }
  GenomeJson genome = small_genome();
  genome["blueprint"] = 3;
  EXPECT_HOLDS(refusal_of(genome), "blueprint: it is an integer");
  genome = small_genome();
  genome["neuron_morphologies"] = "none";
  EXPECT_HOLDS(refusal_of(genome), "neuron_morphologies: it is text");
}

TEST(GenomeErrors, MappingsAndRules) {
  const auto with_rule = [](const GenomeJson& rule) {
    GenomeJson changed = small_genome();
    rules(changed) = GenomeJson::array({{{"morphology_id", "block_to_block"}}, rule});
    return refusal_of(changed);
  };
  EXPECT_HOLDS(with_rule(7), "rule 2 of SRC -> DST: it is 7");
  EXPECT_HOLDS(with_rule(GenomeJson::array({"block_to_block", 1, 1})),
               "rule 2 of SRC -> DST: the array has 3");
  EXPECT_HOLDS(with_rule({{"morphology_id", "block_to_block"}, {"psc_multiplier", -1e38}}),
               "rule 2 of SRC -> DST: the multiplier is -1e+38");
  EXPECT_HOLDS(with_rule({{"morphology_id", 3}}), "rule 2 of SRC -> DST: morphology_id is 3");
  EXPECT_HOLDS(with_rule({{"morphology_id", "block_to_block"}, {"plasticity_flag", "yes"}}),
               "plasticity_flag");
  EXPECT_HOLDS(with_rule({{"morphology_id", "block_to_block"},
                          {"psc_multiplier", 1},
                          {"postSynapticCurrent_multiplier", 2}}),
               "they mean the same");
}

TEST(GenomeErrors, Morphologies) {
  GenomeJson genome = small_genome();
  rules(genome)[0]["morphology_id"] = "mine";
  genome["neuron_morphologies"]["mine"] = {{"type", "vectors"},
                                           {"parameters", {{"vectors", {{1, 2}}}}}};
  EXPECT_HOLDS(refusal_of(genome), "morphology mine: the vector [1,2]");
  genome["neuron_morphologies"]["mine"]["parameters"]["vectors"] = {{18446744073709551615U, 0, 0}};
  EXPECT_HOLDS(refusal_of(genome), "morphology mine: the vector [18446744073709551615,0,0]");
  genome["neuron_morphologies"]["mine"] = {{"type", "spirals"},
                                           {"parameters", GenomeJson::object()}};
  EXPECT_HOLDS(refusal_of(genome), "morphology mine: its type is 'spirals'");
  genome["neuron_morphologies"]["mine"] = {
      {"type", "patterns"},
      {"parameters",
       {{"patterns", GenomeJson::array({GenomeJson::array({{"*", "*", "%"}, {0, 0, 0}})})}}}};
  EXPECT_HOLDS(refusal_of(genome), "morphology mine");
}

TEST(GenomeErrors, ConvertWritesNothingOnFailure) {
  const TemporaryFolder folder;
  GenomeJson genome = small_genome();
  rules(genome) = GenomeJson::array({7});
  const std::string in = folder.write("in.json", genome.dump());
  EXPECT_THROW((void)convert(in, folder / "out.genome"), Error);
  const std::string good = folder.write("in.json", small_genome().dump());
  EXPECT_THROW((void)convert(good, folder / "out.csv"), Error);
  EXPECT_THROW((void)convert(good, folder / "no/such/folder/out.genome"), Error);
  EXPECT_EQ(folder.names(), std::vector<std::string>{"in.json"});
}

TEST(GenomeErrors, GenomesHaveNoPlainSemantics) {
  EXPECT_THROW(
      (void)load_genome(small_genome(),
                        {.semantics = Semantics::plain, .strict = false, .wiring_seed = 1}),
      Error);
}

}  // namespace
}  // namespace rheobase::test
