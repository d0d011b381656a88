// SPDX-License-Identifier: Apache-2.0
// After a fork: what a child inherits goes on in it or says that it does not; nothing hangs.
#include <gtest/gtest.h>

#include <memory>
#include <optional>

#include "backends/cpu/thread_team.h"
#include "platform/parallel.h"
#include "rheobase/engine.h"
#include "rheobase/realtime.h"
#include "support/backend_cases.h"
#include "support/forked.h"
#include "support/random_network.h"
#include "support/small_networks.h"
#include "support/temporary_folder.h"

namespace rheobase::test {
namespace {

std::string text(std::uint64_t signature) { return std::to_string(signature); }

class ForkedOn : public OnEveryBackend {};

TEST_P(ForkedOn, AnEngineGoesOnOrSaysThatItDoesNot) {
  const RandomCase c = random_case(3);
  Engine engine(c.network, GetParam().options());
  engine.run(20);
  const std::string child = in_child([&] { return text(engine.run(30).signature); });
  const std::string grandchild = in_child([&] {
    engine.run(10);
    return in_child([&] { return text(engine.run(20).signature); });
  });
  const std::string parent = text(engine.run(30).signature);
  if (GetParam().options().backend.find("wgpu") == std::string::npos) {
    EXPECT_EQ(child, parent);
    EXPECT_EQ(grandchild, parent);
  } else {
    EXPECT_NE(child.find("does not work in a forked process (its GPU belongs"), std::string::npos)
        << child;
  }
}

TEST_P(ForkedOn, AChildThatDestroysAnEngineEnds) {
  const RandomCase c = random_case(3);
  auto engine = std::make_unique<Engine>(c.network, GetParam().options());
  engine->run(5);
  EXPECT_EQ(in_child([&] {
              engine.reset();
              return std::string("ended");
            }),
            "ended");
  engine->run(5);
}
RHEOBASE_ON_EVERY_BACKEND(ForkedOn);

TEST(Forked, ATeamIsMadeAnewWhileItsThreadsAreAnywhere) {
  ThreadTeam team(3, false);
  for (int i = 0; i < 50; ++i) {
    std::atomic<int> sum{0};
    team.run([&](std::uint32_t index) { sum += static_cast<int>(index); });
    ASSERT_EQ(in_child([&] {
                sum = 0;
                team.run([&](std::uint32_t index) { sum += static_cast<int>(index); });
                return std::to_string(sum.load());
              }),
              "3");
  }
}

TEST(Forked, ARealTimeLoopSaysThatItIsTheParents) {
  const RandomCase c = random_case(3);
  Engine engine(c.network, {"cpu", 2, 1, {}});
  std::optional<Realtime> loop;
  loop.emplace(engine, RealtimeOptions{1000.0, Late::skip, {}, 0});
  ASSERT_TRUE(loop->next().has_value());
  for (const auto& call : std::vector<std::function<void()>>{
           [&] { static_cast<void>(loop->next()); },
           [&] { loop->stop(); },
           [&] { loop->send({}, {}); },
           [&] { loop->between_bursts([](Engine&) {}); },
           [&] { static_cast<void>(loop->running()); },
           [&] { static_cast<void>(loop->stats()); },
       }) {
    EXPECT_EQ(in_child([&] {
                call();
                return std::string("went through");
              }),
              "a real-time loop does not go on in a forked process (its thread is the parent's). "
              "Begin a new one here.");
  }
  EXPECT_EQ(in_child([&] {
              engine.run(1);
              return std::string("went through");
            }),
            "this engine does not work in a forked process (it was running when this process was "
            "forked). Make a new one here, or start processes by another way than fork.");
  EXPECT_EQ(in_child([&] {
              loop.reset();
              return std::string("ended");
            }),
            "ended");
  loop.reset();
  engine.run(1);
}

TEST(Forked, ARecordingStaysTheParents) {
  const RandomCase c = random_case(3);
  const TemporaryFolder folder;
  Engine engine(c.network, {"cpu", 2, 1, {}});
  const RecordPlan plan{{{0, c.network.neuron_count()}}, {}, false};
  RecordingOptions options;
  options.directory = folder / "out";
  std::shared_ptr<RecordSink> sink = open_recording(c.network, plan, options);
  engine.record(plan);
  engine.add_sink(sink);
  engine.schedule(c.input);
  engine.run(40);
  EXPECT_EQ(in_child([&] {
              engine.run(1);
              return std::string("went through");
            }),
            "a recording does not go on in a forked process (its files are the parent's). Open "
            "another one here.");
  EXPECT_EQ(in_child([&] {
              { const Engine gone = std::move(engine); }
              sink.reset();
              return std::string("ended");
            }),
            "ended");
  engine.run(40);
  sink->close();
  std::size_t spikes = 0;
  {
    Engine again(c.network, {"cpu", 1, 1, {}});
    again.schedule(c.input);
    spikes = again.run(80).spikes;
  }
  EXPECT_EQ(read_spikes(folder / "out/spikes.csv").ids.size(), spikes);
}

TEST(Forked, ThreadsOfASharedWorkAreTheChilds) {
  EXPECT_EQ(in_child([] {
              std::atomic<int> sum{0};
              platform::parallel_for(100, 4, [&](std::size_t i) { sum += static_cast<int>(i); });
              return std::to_string(sum.load());
            }),
            "4950");
}

}  // namespace
}  // namespace rheobase::test
