// SPDX-License-Identifier: Apache-2.0
// The real-time loop: what it runs is what `run` runs, whatever the time says.
#include "rheobase/realtime.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <optional>
#include <thread>
#include <vector>

#include "engine/time_histogram.h"
#include "support/backend_cases.h"
#include "support/messages.h"
#include "support/random_network.h"

namespace rheobase::test {
namespace {

/// Neuron 0 wakes neuron 1, which wakes neuron 2.
Network chain_of_three() {
  NetworkBuilder b;
  NeuronParams params;
  params.threshold = 1.0F;
  const AreaId area = b.population("chain", 3, params);
  b.connect(area, area, index_pairs({0, 1}, {1, 2}));
  return b.build();
}

class RealtimeOn : public OnEveryBackend {};

TEST_P(RealtimeOn, RunsTheSameBursts) {
  const RandomCase c = random_case(3);
  Engine engine(c.network, GetParam().options());
  Engine reference(c.network, {"reference", 1, 1, {}});
  engine.schedule(c.input);
  reference.schedule(c.input);
  Realtime loop(engine, {2000.0, Late::catch_up, {}, 50});
  std::uint64_t seen = 0;
  while (const auto burst = loop.next()) {
    EXPECT_GT(burst->burst, seen);
    seen = burst->burst;
  }
  EXPECT_EQ(seen, 50U);
  EXPECT_FALSE(loop.running());
  loop.stop();
  EXPECT_EQ(loop.stats().bursts, 50U);
  EXPECT_EQ(engine.signature(), reference.run(50).signature);
}
RHEOBASE_ON_EVERY_BACKEND(RealtimeOn);

/// Calls `attempt` until it says that it kept up with its loop, which a busy machine may prevent.
template <class Attempt>
void in_time(Attempt attempt) {
  constexpr int kAttempts = 50;
  for (int i = 0; i < kAttempts; ++i) {
    if (attempt()) {
      return;
    }
  }
  FAIL() << "never in time in " << kAttempts << " attempts";
}

/// Sends before the first burst of a loop; false if that may have begun already.
template <class Send>
bool sent_before(double hz, Send send) {
  const auto start = std::chrono::steady_clock::now();
  send();
  return std::chrono::steady_clock::now() - start < std::chrono::duration<double>(0.5 / hz);
}

TEST(Realtime, ANewerFrameReplacesAnOlderOneOfItsChannel) {
  in_time([] {
    constexpr double kHz = 20.0;
    Engine engine(chain_of_three(), {"cpu", 1, 1, {}});
    std::optional<Realtime> loop;
    const bool sent = sent_before(kHz, [&] {
      loop.emplace(engine, RealtimeOptions{kHz, Late::skip, {}, 1});
      loop->send(0, {0}, {5.0F});
      loop->send(0, {2}, {5.0F});
      loop->send(1, {1}, {5.0F});
    });
    const auto burst = loop->next();
    if (!sent) {
      return false;
    }
    EXPECT_EQ(burst.value().fired, (std::vector<NeuronId>{1, 2}));
    const RealtimeStats stats = loop->stats();
    EXPECT_EQ(stats.frames, 3U);
    EXPECT_EQ(stats.frames_dropped, 1U);
    EXPECT_GT(stats.latency.max, 0.0);
    return true;
  });
}

TEST(Realtime, HandsOutOutputsAlone) {
  in_time([] {
    constexpr double kHz = 20.0;
    Engine engine(chain_of_three(), {"cpu", 1, 1, {}});
    std::optional<Realtime> loop;
    const bool sent = sent_before(kHz, [&] {
      loop.emplace(engine, RealtimeOptions{kHz, Late::catch_up, {{2, 1}}, 3});
      loop->send(0, {0, 1}, {5.0F, 5.0F});
    });
    const auto first = loop->next();
    const auto second = loop->next();
    if (!sent || !second.has_value() || first->burst != 1 || second->burst != 2) {
      return false;
    }
    EXPECT_EQ(first->spikes, 2U);
    EXPECT_TRUE(first->fired.empty());
    EXPECT_EQ(second->fired, (std::vector<NeuronId>{2}));
    EXPECT_EQ(second->spikes, 2U) << "a frame counts once";
    return true;
  });
}

TEST(Realtime, LateBurstsAreSkippedOrCaughtUp) {
  for (const Late late : {Late::skip, Late::catch_up}) {
    in_time([late] {
      Engine engine(chain_of_three(), {"cpu", 1, 1, {}});
      Realtime loop(engine, {200.0, late, {}, 20});
      // one burst takes as long as ten
      std::atomic<std::uint64_t> before{20};
      loop.between_bursts([&](Engine& e) {
        before = e.burst();
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
      });
      while (loop.next().has_value()) {
      }
      const RealtimeStats stats = loop.stats();
      EXPECT_EQ(stats.bursts, 20U);
      if (before.load() > 5) {
        return false;  // the loop had nearly ended
      }
      EXPECT_GE(stats.late, 1U);
      if (late == Late::skip) {
        EXPECT_GE(stats.skipped, 9U);
      } else {
        EXPECT_EQ(stats.skipped, 0U);
        EXPECT_GE(stats.late, 9U);
      }
      return true;
    });
  }
}

TEST(Realtime, TheEngineIsTheLoopsUntilItEnds) {
  Engine engine(chain_of_three(), {"cpu", 1, 1, {}});
  engine.record({{{1, 2}}, {}, false});
  {
    Realtime loop(engine, {1000.0, Late::skip, {{0, 2}}, 0});
    EXPECT_SAYS(engine.run(1), "the engine is in a real-time loop");
    EXPECT_SAYS(engine.inject(0, 1.0F), "real-time loop");
    EXPECT_SAYS(loop.send(0, {7}, {1.0F}), "cannot send to neuron 7");
    EXPECT_SAYS(loop.send(0, {1, 2}, {1.0F}), "2 ids and 1 potentials do not match");
    NetworkEdit edit;
    edit.delete_neurons(2, 1);
    loop.between_bursts([edit](Engine& e) { e.edit(edit); });
    // one may have ended before the edit came, the next have begun
    for (int i = 0; i < 3; ++i) {
      ASSERT_TRUE(loop.next().has_value());
    }
    loop.stop();
  }
  EXPECT_FALSE(engine.network().alive(2));
  EXPECT_EQ(engine.recorded().spikes.size(), 1U);
  EXPECT_EQ(engine.recorded().spikes[0].first, 1U);
  engine.run(1);
}

TEST(Realtime, SeveralThreadsStopIt) {
  Engine engine(chain_of_three(), {"cpu", 1, 1, {}});
  for (int i = 0; i < 50; ++i) {
    std::optional<Realtime> loop;
    loop.emplace(engine, RealtimeOptions{5000.0, Late::skip, {}, 0});
    std::vector<std::thread> others;
    for (int k = 0; k < 4; ++k) {
      others.emplace_back([&] {
        loop->stop();
        EXPECT_FALSE(loop->running());
      });
    }
    while (loop->next().has_value()) {
    }
    for (std::thread& other : others) {
      other.join();
    }
    loop->stop();
    loop.reset();
    engine.run(1);  // it is free again
  }
}

TEST(Realtime, AnActionMayStopIt) {
  Engine engine(chain_of_three(), {"cpu", 1, 1, {}});
  Realtime loop(engine, {5000.0, Late::skip, {}, 0});
  loop.between_bursts([&](Engine&) { loop.stop(); });
  while (loop.next().has_value()) {
  }
  EXPECT_FALSE(loop.running());
  loop.stop();
  engine.run(1);
}

TEST(Realtime, AFailureEndsTheLoopAndIsTold) {
  Engine engine(chain_of_three(), {"cpu", 1, 1, {}});
  Realtime loop(engine, {1000.0, Late::skip, {}, 0});
  loop.between_bursts([](Engine& e) { e.inject(99, 1.0F); });
  EXPECT_SAYS(while (loop.next().has_value()){}, "cannot inject into neuron 99");
  EXPECT_SAYS(loop.stop(), "cannot inject into neuron 99");
  EXPECT_SAYS(Realtime(engine, {0.0, Late::skip, {}, 0}), "a frequency of 0 Hz is out of range");
}

TEST(TimeHistogram, PercentilesAreRightWithinThreePercent) {
  TimeHistogram times;
  for (int i = 1; i <= 100'000; ++i) {
    times.add(i * 1e-6);
  }
  const TimeSpread spread = times.spread();
  EXPECT_NEAR(spread.p50, 50'000.0, 1'600.0);
  EXPECT_NEAR(spread.p99, 99'000.0, 3'200.0);
  EXPECT_NEAR(spread.max, 100'000.0, 0.01);
  EXPECT_LE(spread.p999, spread.max);
  TimeHistogram few;
  few.add(5e-9);
  few.add(-1.0);
  EXPECT_EQ(few.spread().max, 5e-3);
}

}  // namespace
}  // namespace rheobase::test
