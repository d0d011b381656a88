// SPDX-License-Identifier: Apache-2.0
// FEAGI's own behaviour, vector by vector, on every backend.
#include <fstream>
#include <iostream>
#include <map>
#include <set>

#include "support/backend_cases.h"
#include "support/shared_data.h"
#include "support/vector_case.h"

namespace rheobase::test {
namespace {

using nlohmann::json;

class FeagiVectors : public OnEveryBackend {};

TEST_P(FeagiVectors, BurstSimulations) {
  const auto files = vector_files();
  if (files.empty()) {
    GTEST_SKIP() << "no vector files (set RHEOBASE_VECTORS)";
  }
  std::map<std::string, std::vector<std::string>> skipped;
  std::size_t run = 0;
  for (const auto& file : files) {
    const json document = json::parse(std::ifstream(file));
    for (const json& vector : document["vectors"]) {
      if (vector["kind"] != "burst_sim") {
        continue;
      }
      const std::string id = vector["id"];
      if (const auto reason = reason_to_skip(vector)) {
        skipped[*reason].push_back(id);
        continue;
      }
      SCOPED_TRACE(file.filename().string() + ", vector " + id + ": " + vector.value("title", ""));
      run_vector(vector, GetParam());
      ++run;
    }
  }
  std::cout << run << " vectors run on " << GetParam() << "\n";
  for (const auto& [reason, ids] : skipped) {
    std::cout << ids.size() << " skipped (" << reason << "):";
    for (const std::string& id : ids) {
      std::cout << " " << id;
    }
    std::cout << "\n";
  }
  EXPECT_GT(run, 0U);
}

/// The 0.0.49 file holds only what differs from 0.0.53: every other vector gives the same there.
TEST_P(FeagiVectors, OlderEngineAgreesWhereNothingElseIsSaid) {
  std::set<std::string> differ;
  std::vector<json> newest;
  for (const auto& file : vector_files()) {
    const json document = json::parse(std::ifstream(file));
    for (const json& vector : document["vectors"]) {
      const std::string profile = vector.value("profile", "new");
      const std::string id = vector["id"];
      if (vector["kind"] == "burst_sim" && profile == "feagi-0.0.49") {
        differ.insert(id.substr(id.find('-') + 1));
      } else if (vector["kind"] == "burst_sim" && profile == "feagi-0.0.53") {
        newest.push_back(vector);
      }
    }
  }
  if (differ.empty() || newest.empty()) {
    GTEST_SKIP() << "no vector files of both engines (set RHEOBASE_VECTORS)";
  }
  std::size_t run = 0;
  for (json& vector : newest) {
    const std::string id = vector["id"];
    const bool listed =
        differ.contains(id) || (id.starts_with("F53-") && differ.contains(id.substr(4)));
    if (listed || reason_to_skip(vector)) {
      continue;
    }
    SCOPED_TRACE("vector " + id + " under 0.0.49");
    vector["profile"] = "feagi-0.0.49";
    run_vector(vector, GetParam());
    ++run;
  }
  std::cout << run << " vectors of 0.0.53 run under 0.0.49 on " << GetParam() << "\n";
  EXPECT_GT(run, 50U);
}

/// One neuron alone and among 9,999 others: FEAGI's scalar path is the one to follow at every size.
TEST_P(FeagiVectors, ScalarPathAtEverySize) {
  std::size_t run = 0;
  for (const auto& file : vector_files()) {
    const json document = json::parse(std::ifstream(file));
    for (const json& vector : document["vectors"]) {
      if (vector["kind"] != "batched_vs_scalar") {
        continue;
      }
      SCOPED_TRACE(vector["id"].get<std::string>());
      json one = vector;
      json filler = {{"threshold", 1e9}, {"area", 4}, {"count", vector["fillers"]}};
      one["neurons"] = json::array({vector["neuron"], filler});
      one["pattern"] = {{"0", vector["pattern_scalar"]}};
      one["bursts"] = json::array();
      for (const json& potential : vector["inject"]) {
        json inject = json::array({json::array({0, potential})});
        for (int id = 1; id <= vector["fillers"].get<int>(); ++id) {
          inject.push_back(json::array({id, 0.001}));
        }
        one["bursts"].push_back({{"inject", inject}});
      }
      run_vector(one, GetParam());
      ++run;
    }
  }
  if (run == 0) {
    GTEST_SKIP() << "no vector files (set RHEOBASE_VECTORS)";
  }
}

/// An unlimited neuron loses one fire when its counter is full.
TEST_P(FeagiVectors, LongRuns) {
  std::size_t run = 0;
  for (const auto& file : vector_files()) {
    const json document = json::parse(std::ifstream(file));
    for (const json& vector : document["vectors"]) {
      if (vector["kind"] != "long_run") {
        continue;
      }
      json one = vector;
      one["neurons"] = json::array({vector["neuron"]});
      Engine engine(vector_network(one), GetParam().options());
      RecordPlan plan;
      plan.spikes = {{0, 1}};
      engine.record(plan);
      const auto sink = std::make_shared<MemorySink>();
      engine.add_sink(sink);
      InputSchedule input;
      for (std::uint64_t t = 1; t <= vector["bursts"].get<std::uint64_t>(); ++t) {
        input.bursts.push_back(t);
        input.ids.push_back(0);
        input.potentials.push_back(vector["inject_every_burst"]);
      }
      engine.schedule(input);
      const RunSummary summary = engine.run(vector["bursts"].get<std::uint64_t>());
      EXPECT_EQ(summary.spikes, vector["expect"]["fired_total"].get<std::uint64_t>())
          << vector["id"];
      for (const json& silent : vector["expect"]["silent_bursts"]) {
        EXPECT_EQ(sink->all().bursts[silent.get<std::size_t>() - 1].spikes, 0U) << vector["id"];
      }
      ++run;
    }
  }
  if (run == 0) {
    GTEST_SKIP() << "no vector files (set RHEOBASE_VECTORS)";
  }
}

RHEOBASE_ON_EVERY_BACKEND(FeagiVectors);

}  // namespace
}  // namespace rheobase::test
