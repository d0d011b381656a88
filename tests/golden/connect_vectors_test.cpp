// SPDX-License-Identifier: Apache-2.0
// What FEAGI's morphologies connect, as its own code did: kinds connect, connect_all,
// connect_count.
#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <variant>

#include "network/rules/voxel_rule.h"
#include "rheobase/connect.h"
#include "rheobase/error.h"
#include "support/shared_data.h"

namespace rheobase::test {
namespace {

using nlohmann::json;

Voxel voxel_in(const json& triple) { return {triple[0], triple[1], triple[2]}; }

std::vector<Pattern> patterns_in(const json& list) {
  const auto text = [](const json& element) {
    return element.is_string() ? element.get<std::string>() : std::to_string(element.get<int>());
  };
  std::vector<Pattern> patterns;
  for (const json& pair : list) {
    Pattern p;
    for (std::size_t a = 0; a < 3; ++a) {
      p.source[a] = text(pair[0][a]);
      p.target[a] = text(pair[1][a]);
    }
    patterns.push_back(p);
  }
  return patterns;
}

/// The rule that a vector names, or why there is none.
std::variant<ConnectionRule, std::string> rule_of(const json& v) {
  const json parameters = v.contains("morphology") && v["morphology"].is_object()
                              ? v["morphology"].value("parameters", json::object())
                              : json::object();
  const json& source = parameters.empty() ? v : parameters;
  const std::string name = v["rule"];
  if (source.contains("vectors")) {
    std::vector<std::array<std::int32_t, 3>> offsets;
    for (const json& offset : source["vectors"]) {
      offsets.push_back({offset[0], offset[1], offset[2]});
    }
    return vectors(offsets);
  }
  if (source.contains("patterns")) {
    try {
      return patterns(patterns_in(source["patterns"]));
    } catch (const Error&) {
      return "refused: a pattern that FEAGI refuses too";
    }
  }
  if (name == "block_to_block" && v["kind"] == "connect_count") {
    return vectors({{0, 0, 0}});  // its core definition
  }
  if (name == "all_to_0-0-0") {
    return patterns({{{"*", "*", "*"}, {"0", "0", "0"}}});
  }
  if (name == "0-0-0_to_all") {
    return patterns({{{"0", "0", "0"}, {"*", "*", "*"}}});
  }
  if (name.find('|') != std::string::npos || name == "randomizer" ||
      (name == "reducer_x" && v["kind"] == "connect_all")) {
    return "FEAGI leaves these functions at 0 synapses; the genome loader decides, not the rule";
  }
  const std::string id = v["id"];
  if (id.starts_with("F53-HLP") || id == "F53-BLK-01") {
    return "FEAGI 0.0.53 gives none from a genome; the loader decides, not the rule";
  }
  if (name == "block_to_block (functions form)") {
    return voxel_function("block_to_block");
  }
  for (const std::string& known : voxel_function_names()) {
    if (known == name) {
      return voxel_function(name);
    }
  }
  return "FEAGI makes no synapses at birth for " + name;
}

/// Pairs in the order in which a rule creates them.
class Collector final : public PairSink {
 public:
  void row(std::uint32_t source, std::span<const std::uint32_t> targets) override {
    for (const std::uint32_t target : targets) {
      pairs.emplace_back(source, target);
    }
  }
  void column(std::uint32_t target, std::span<const std::uint32_t> sources) override {
    for (const std::uint32_t source : sources) {
      pairs.emplace_back(source, target);
    }
  }
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
};

AreaShape shape_in(const json& v, const char* size, const char* per_voxel) {
  AreaShape shape{voxel_in(v[size]), v.value(per_voxel, 1U), 0};
  shape.count = shape.size.x * shape.size.y * shape.size.z * shape.neurons_per_voxel;
  return shape;
}

json triple(Voxel v) { return json::array({v.x, v.y, v.z}); }

TEST(ConnectVectors, EveryRule) {
  std::map<std::string, std::vector<std::string>> skipped;
  std::size_t run = 0;
  for (const auto& file : vector_files()) {
    const json document = json::parse(std::ifstream(file));
    for (const json& v : document["vectors"]) {
      const std::string kind = v["kind"];
      if (kind != "connect" && kind != "connect_all" && kind != "connect_count") {
        continue;
      }
      const std::string id = v["id"];
      SCOPED_TRACE(id + ": " + v.value("title", ""));
      const auto rule = rule_of(v);
      if (std::holds_alternative<std::string>(rule)) {
        skipped[std::get<std::string>(rule)].push_back(id);
        if (kind == "connect_all") {
          EXPECT_TRUE(v["expect_pairs"].empty());
        }
        continue;
      }
      RuleContext context;
      context.pre = shape_in(v, "source_dims", "source_neurons_per_voxel");
      context.post = shape_in(v, "target_dims", "target_neurons_per_voxel");
      if (kind == "connect") {
        // one source voxel; the areas may be too large to run the whole rule
        const auto* between =
            dynamic_cast<const VoxelRule*>(&std::get<ConnectionRule>(rule).implementation());
        ASSERT_NE(between, nullptr);
        std::vector<Voxel> voxels;
        between->targets(voxel_in(v["source_voxel"]), context.pre.size, context.post.size, voxels);
        json got = json::array();
        for (const Voxel& t : voxels) {
          got.push_back(triple(t));
        }
        EXPECT_EQ(got, v["expect"]);
        ++run;
        continue;
      }
      Collector made;
      const auto percent = v.value("attractivity", 100U);
      attractivity(std::get<ConnectionRule>(rule), percent)
          .implementation()
          .for_each(context, made);
      json got = json::array();
      for (const auto& [source, target] : made.pairs) {
        const Voxel s = voxel_at(context.pre, source);
        const Voxel t = voxel_at(context.post, target);
        got.push_back(json::array({triple(s), triple(t)}));
      }
      if (kind == "connect_count") {
        EXPECT_EQ(made.pairs.size(), v["expect_synapses"].get<std::size_t>());
      } else {
        EXPECT_EQ(got, v["expect_pairs"]);
      }
      ++run;
    }
  }
  if (run == 0) {
    GTEST_SKIP() << "no vector files (set RHEOBASE_VECTORS)";
  }
  std::cout << run << " vectors run\n";
  for (const auto& [reason, ids] : skipped) {
    std::cout << ids.size() << " not run (" << reason << "):";
    for (const std::string& id : ids) {
      std::cout << " " << id;
    }
    std::cout << "\n";
  }
}

}  // namespace
}  // namespace rheobase::test
