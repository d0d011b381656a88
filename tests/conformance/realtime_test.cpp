// SPDX-License-Identifier: Apache-2.0
// The real-time loop: what it runs is what `run` runs, whatever the time says.
#include "rheobase/realtime.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <optional>
#include <thread>
#include <vector>

#include "engine/time_histogram.h"
#include "engine/unread_bursts.h"
#include "support/backend_cases.h"
#include "support/messages.h"
#include "support/random_network.h"
#include "support/temporary_folder.h"

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
      loop->send({0}, {5.0F}, 0, "eye");
      loop->send({2}, {5.0F}, 0, "eye");
      loop->send({1}, {5.0F}, 0, "ear");
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

TEST(Realtime, FramesWithoutAChannelAddUp) {
  in_time([] {
    constexpr double kHz = 20.0;
    Engine engine(chain_of_three(), {"cpu", 1, 1, {}});
    std::optional<Realtime> loop;
    const bool sent = sent_before(kHz, [&] {
      loop.emplace(engine, RealtimeOptions{kHz, Late::skip, {}, 1});
      loop->send({0}, {0.6F});
      loop->send({0, 2}, {0.6F, 0.6F});
    });
    const auto burst = loop->next();
    if (!sent) {
      return false;
    }
    EXPECT_EQ(burst.value().fired, (std::vector<NeuronId>{0}));
    EXPECT_EQ(loop->stats().frames_dropped, 0U);
    return true;
  });
}

/// Spikes of each neuron in `bursts` bursts of the case, by a plain run.
std::vector<std::uint64_t> counts_of(const RandomCase& c, std::uint64_t first, std::uint64_t last) {
  Engine engine(c.network, {"reference", 1, 1, {}});
  engine.schedule(c.input);
  engine.record({{{0, c.network.neuron_count()}}, {}, false});
  const auto sink = std::make_shared<MemorySink>();
  engine.add_sink(sink);
  engine.run(last);
  std::vector<std::uint64_t> counts(c.network.neuron_count(), 0);
  for (std::uint64_t b = first - 1; b < last; ++b) {
    for (std::uint64_t i = sink->all().spike_begin[b]; i < sink->all().spike_begin[b + 1]; ++i) {
      ++counts[sink->all().spike_ids[i]];
    }
  }
  return counts;
}

TEST(Realtime, NoSpikeIsLostToALateReader) {
  const RandomCase c = random_case(3);
  for (const std::uint64_t queue : {1U, 4U, 100U}) {
    Engine engine(c.network, {"cpu", 1, 1, {}});
    engine.schedule(c.input);
    RealtimeOptions options{2000.0, Late::catch_up, {}, 40};
    options.queue = queue;
    Realtime loop(engine, options);
    while (loop.running()) {  // nobody reads meanwhile
      std::this_thread::yield();
    }
    std::uint64_t before = 0;
    std::vector<std::uint64_t> told;
    while (const auto burst = loop.next(0)) {
      EXPECT_EQ(burst->burst, before + burst->bursts);
      std::vector<std::uint64_t> counts(c.network.neuron_count(), 0);
      std::uint64_t spikes = 0;
      for (std::size_t i = 0; i < burst->fired.size(); ++i) {
        counts[burst->fired[i]] = burst->counts[i];
        spikes += burst->counts[i];
      }
      EXPECT_EQ(counts, counts_of(c, before + 1, burst->burst));
      EXPECT_EQ(spikes, burst->spikes);
      EXPECT_TRUE(std::is_sorted(burst->fired.begin(), burst->fired.end()));
      before = burst->burst;
      told.push_back(burst->bursts);
    }
    EXPECT_EQ(before, 40U);
    EXPECT_EQ(told.size(), std::min<std::uint64_t>(queue, 40));
    EXPECT_EQ(told.front(), 40 - (told.size() - 1)) << "the oldest are told as one";
    EXPECT_EQ(loop.stats().unread, 40 - told.size());
  }
}

TEST(UnreadBursts, CountEveryNeuronOnceHoweverManyThereAre) {
  // more than are counted in at once
  constexpr std::uint32_t kNeurons = 3000;
  constexpr std::uint64_t kBursts = 50;
  UnreadBursts unread(1);
  std::vector<std::uint64_t> expected(kNeurons, 0);
  for (std::uint64_t b = 1; b <= kBursts; ++b) {
    std::vector<NeuronId> fired;
    for (NeuronId id = 0; id < kNeurons; ++id) {
      if ((id * 7 + b * 13) % 5 < 2) {
        fired.push_back(id);
        ++expected[id];
      }
    }
    EXPECT_EQ(unread.add(b, std::move(fired), 1, b == 7), b > 1);
  }
  const RealtimeBurst all = unread.take();
  EXPECT_TRUE(unread.empty());
  EXPECT_EQ(all.bursts, kBursts);
  EXPECT_EQ(all.spikes, kBursts);
  EXPECT_TRUE(all.late);
  std::vector<std::uint64_t> counts(kNeurons, 0);
  for (std::size_t i = 0; i < all.fired.size(); ++i) {
    EXPECT_EQ(counts.at(all.fired[i]), 0U);
    counts.at(all.fired[i]) = all.counts[i];
  }
  EXPECT_EQ(counts, expected);
}

TEST(Realtime, HandsOutOutputsAlone) {
  in_time([] {
    constexpr double kHz = 20.0;
    Engine engine(chain_of_three(), {"cpu", 1, 1, {}});
    std::optional<Realtime> loop;
    const bool sent = sent_before(kHz, [&] {
      loop.emplace(engine, RealtimeOptions{kHz, Late::catch_up, {{2, 1}}, 3});
      loop->send({0, 1}, {5.0F, 5.0F});
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
    EXPECT_SAYS(loop.send({7}, {1.0F}), "cannot send to neuron 7");
    EXPECT_SAYS(loop.send({1, 2}, {1.0F}), "2 ids and 1 potentials do not match");
    NetworkEdit edit;
    edit.delete_neurons(2, 1);
    loop.edit(edit);
    EXPECT_FALSE(loop.network().alive(2));
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

TEST(Realtime, WhatFailsInACallIsItsCallersAlone) {
  Engine engine(chain_of_three(), {"cpu", 1, 1, {}});
  Realtime loop(engine, {1000.0, Late::skip, {}, 0});
  EXPECT_SAYS(loop.between_bursts([](Engine& e) { e.inject(99, 1.0F); }),
              "cannot inject into neuron 99");
  NetworkEdit wrong;
  wrong.remove_synapse(2, 0);
  EXPECT_SAYS(loop.edit(wrong), "no synapse");
  EXPECT_SAYS(loop.between_bursts([&](Engine& e) { e.edit(wrong); }), "no synapse");
  EXPECT_SAYS(loop.record({{{7, 1}}, {}, false}), "");
  static_cast<void>(loop.next());
  ASSERT_TRUE(loop.next().has_value()) << "the brain goes on";
  EXPECT_TRUE(loop.running());
  loop.stop();
  EXPECT_SAYS(loop.between_bursts([](Engine&) {}), "the real-time loop has ended");
  EXPECT_SAYS(Realtime(engine, {-1.0, Late::skip, {}, 0}), "a frequency of -1 Hz is out of range");
  engine.run(1);
}

/// Fails in its burst, whatever that is for.
class FailingSink final : public RecordSink {
 public:
  void write(const RecordBatch& batch) override {
    if (batch.bursts.back().burst == 3) {
      throw Error(ErrorCode::io, "the sink is full.");
    }
  }
  void close() override {}
};

TEST(Realtime, WhatEndsTheLoopIsToldBehindItsLastBurst) {
  Engine engine(chain_of_three(), {"cpu", 1, 1, {}});
  engine.add_sink(std::make_shared<FailingSink>());
  Realtime loop(engine, {1000.0, Late::skip, {}, 0});
  while (loop.running()) {
    std::this_thread::yield();
  }
  EXPECT_EQ(loop.next().value().burst, 2U);
  EXPECT_SAYS(static_cast<void>(loop.next()), "the sink is full");
  EXPECT_SAYS(loop.stop(), "the sink is full");
}

TEST(Realtime, NeuronsAddedMeanwhileAreReachedAndHandedOutAtOnce) {
  for (const bool all : {true, false}) {
    Engine engine(chain_of_three(), {"cpu", 1, 1, {}});
    Realtime loop(engine,
                  {500.0, Late::skip, all ? std::vector<IdRange>{} : std::vector<IdRange>{{0, 1}}});
    NetworkEdit edit;
    AreaSpec grown;
    grown.name = "grown";
    grown.size = {2, 1, 1};
    edit.add_area(grown);
    loop.edit(edit);
    loop.send({3, 4}, {5.0F, 5.0F});
    std::uint64_t fired = 0;
    for (const auto start = std::chrono::steady_clock::now();
         fired == 0 && std::chrono::steady_clock::now() - start < std::chrono::seconds(60);) {
      const auto burst = loop.next();
      fired += burst.value().spikes;
      if (fired != 0) {
        EXPECT_EQ(burst->fired, (std::vector<NeuronId>{3, 4}));
      }
    }
    EXPECT_EQ(fired, 2U);
  }
}

TEST(Realtime, ItSavesWhileItRunsAndWhenItEnds) {
  const TemporaryFolder folder;
  const RandomCase c = random_case(3);
  Engine engine(c.network, {"cpu", 1, 1, {}});
  engine.schedule(c.input);
  RealtimeOptions options{2000.0, Late::catch_up, {}, 60};
  options.checkpoint = folder / "last";
  Realtime loop(engine, options);
  loop.save(folder / "meanwhile");
  loop.stop();
  while (engine.burst() < 60) {
    engine.run(1);
  }
  Engine last(load_checkpoint(options.checkpoint), {"reference", 1, 1, {}});
  Engine meanwhile(load_checkpoint(folder / "meanwhile"), {"reference", 1, 1, {}});
  last.run(60 - last.burst());
  meanwhile.run(60 - meanwhile.burst());
  EXPECT_EQ(last.signature(), engine.signature());
  EXPECT_EQ(meanwhile.signature(), engine.signature());
  options.checkpoint = folder / "missing/last";
  EXPECT_SAYS(Realtime(engine, options), "cannot write");
  engine.run(1);
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
