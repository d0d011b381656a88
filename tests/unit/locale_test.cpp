// SPDX-License-Identifier: Apache-2.0
// A host may have set any locale: files and messages have decimal points all the same.
#include <gtest/gtest.h>

#include <clocale>
#include <locale>

#include "rheobase/checkpoint.h"
#include "rheobase/engine.h"
#include "rheobase/generate.h"
#include "rheobase/host.h"
#include "rheobase/load.h"
#include "rheobase/record.h"
#include "support/messages.h"
#include "support/temporary_folder.h"

namespace rheobase::test {
namespace {

/// Numbers as they are written in much of Europe: 1.234,5.
class Commas : public std::numpunct<char> {
 protected:
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\3"; }
};

/// Everything that the library reads and writes, as one text.
std::string all_of_it() {
  const TemporaryFolder folder;
  const std::string recipe =
      folder.write("r.json", R"({"format": "rheobase-network", "version": 1, "dt_ms": 0.25,
      "populations": [{"name": "a", "count": 12345, "params": {"threshold": 0.75}}],
      "connections": [{"pre": "a", "post": "a", "rule": {"name": "fixed_indegree", "indegree": 3},
                       "weight": 0.125, "delay_ms": 1.5}],
      "drives": [{"population": "a", "kind": "poisson", "rate_hz": 12.5, "amplitude": 1.5}]})");
  std::string text = generate("balanced", {2000, 1}) + generate("vision", {2000, 1});
  const Network network = load(recipe).network;
  Engine engine(network, {"cpu", 1, 1, {}});
  engine.schedule(load_input(
      folder.write("i.csv", "burst,neuron,potential\n1,12000,1.5\n2,1,2.5e-1\n"), network));
  RecordPlan plan;
  plan.spikes = {{0, network.neuron_count()}};
  plan.probes = {{Field::potential, {0, 2}, 1}};
  engine.record(plan);
  const auto sink = open_recording(network, plan, {folder / "out", false, true, true});
  engine.add_sink(sink);
  engine.run(40);
  sink->close();
  engine.save(folder / "c");
  const auto contents = [](const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return std::string{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  };
  for (const char* name : {"out/spikes.csv", "out/spikes.npy", "out/probes.json", "c"}) {
    text += contents(folder / name);
  }
  text += std::to_string(read_spikes(folder / "out/spikes.csv").ids.size());
  text += engine.why(12000, 0).text(engine.network());
  text += engine.why_silent("a", 10).text();
  text += message_of([&] { (void)engine.why(99999, 0); });
  text += message_of([&] {
            (void)load(folder.write("x.json", R"({"format": "rheobase-network", "version": 1.5})"));
          }).substr(std::string(folder / "").size());
  const std::string genome = folder.write("g.genome", generate("vision", {2000, 1}));
  (void)convert(genome, folder / "again.genome");
  return text + contents(folder / "again.genome");
}

TEST(Locale, OfTheHostChangesNothing) {
  const std::string plain = all_of_it();
  EXPECT_NE(plain.find("0.1"), std::string::npos);
  const std::locale former = std::locale::global(std::locale(std::locale::classic(), new Commas));
  const std::string with_commas = all_of_it();
  std::locale::global(former);
  EXPECT_TRUE(plain == with_commas) << "under C++'s locale";
  // C's, where the machine has one with commas
  const std::string former_c = std::setlocale(LC_ALL, nullptr);
  for (const char* name : {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "fr_FR.utf8"}) {
    if (std::setlocale(LC_ALL, name) != nullptr) {
      const std::string under_c = all_of_it();
      std::setlocale(LC_ALL, former_c.c_str());
      EXPECT_TRUE(plain == under_c) << "under " << name;
      return;
    }
  }
  GTEST_LOG_(INFO) << "this machine has no locale of C with decimal commas";
}

}  // namespace
}  // namespace rheobase::test
