// SPDX-License-Identifier: Apache-2.0
// Sessions: what was done with an engine on one backend gives the same spikes again on any other.
#include "rheobase/session.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "rheobase/realtime.h"
#include "support/backend_cases.h"
#include "support/messages.h"
#include "support/random_network.h"
#include "support/temporary_folder.h"

namespace rheobase::test {
namespace {

/// Input, edits and whatever else an engine can be given, for some bursts.
void live(Engine& engine, const RandomCase& c, std::uint64_t seed) {
  Chooser choose(seed);
  for (int part = 0; part < 12; ++part) {
    const NeuronId some = choose.below(engine.network().neuron_count());
    engine.inject(some, 1.5F);
    engine.inject(std::vector<NeuronId>{some, 0}, std::vector<float>{0.25F, -2.0F});
    if (part == 2) {
      engine.schedule(c.input);
    }
    if (part % 3 == 1) {
      engine.edit(random_edit(choose, engine.network()));
    }
    if (part == 7) {
      State state = engine.state();
      state.u[some] = 0.5F;
      engine.set_state(std::move(state));
    }
    if (part == 8) {
      engine.set_potential(some, 0.75F);
    }
    engine.run(1 + choose.below(5));
  }
}

class SessionOn : public OnEveryBackend {};

TEST_P(SessionOn, IsRunAgainWithTheSameSignature) {
  for (const std::uint64_t seed : {3U, 11U}) {
    const TemporaryFolder folder;
    const RandomCase c = random_case(seed);
    Engine engine(c.network, {"cpu", 1, 5, {}});
    engine.run(4);
    engine.inject(0, 2.0F);  // waits already when the session begins
    engine.begin_session(folder / "session");
    live(engine, c, seed);
    engine.end_session();
    engine.run(3);  // no longer in it
    Replay replay(folder / "session", GetParam().options());
    const RunSummary all = replay.run();
    EXPECT_TRUE(replay.ended() && replay.finished());
    EXPECT_EQ(replay.engine().network().hash(), engine.network().hash());
    replay.engine().run(3);
    EXPECT_EQ(replay.engine().signature(), engine.signature());
    EXPECT_EQ(all.bursts + 4 + 3, engine.burst());
  }
}
RHEOBASE_ON_EVERY_BACKEND(SessionOn);

Network pair() {
  NetworkBuilder b;
  NeuronParams params;
  params.threshold = 1.0F;
  const AreaId a = b.population("a", 4, params);
  b.connect(a, a, index_pairs({0, 1, 2}, {1, 2, 3}));
  return b.build();
}

TEST(Session, KeepsEveryKindOfEdit) {
  const TemporaryFolder folder;
  Engine engine(pair(), {"reference", 1, 1, {}});
  engine.begin_session(folder / "session");
  NetworkEdit edit;
  NeuronParams params;
  params.threshold = 2.0F;
  params.refractory_period = 3;
  edit.set_params(1, 2, params);
  edit.set_refractory_period(0, 2, 5);
  edit.set_accumulates(3, 1, false);
  edit.set_psp(0, 1, 2.0F);
  edit.set_psp_mode(2, 1, {false, false});
  edit.set_values(0, 4, {{"threshold", {}, normal(1.0, 0.25).within(0.5, 2.0).step(0.125)}});
  edit.set_values(0, 2, {{"threshold", {1.5, 1.25}}});
  edit.add_synapse({3, 0, 1.0F, 1.0F, 2});
  edit.add_synapse({3, 1, 1.0F, 1.0F, 1});
  edit.set_weight(3, 0, 2.0F);
  edit.set_delay(3, 1, 4);
  edit.remove_synapse(2, 3);
  AreaSpec plain;
  plain.name = "plain";
  plain.size = {2, 2, 1};
  plain.threshold_gradient = {0.5F, 0.0F, 0.0F};
  plain.role = "output";
  plain.file_id = "id";
  edit.add_area(plain);
  AreaSpec modelled;
  modelled.name = "modelled";
  modelled.size = {3, 1, 1};
  modelled.model = Model::named("izhikevich");
  modelled.values = {{"a", {0.1}}, {"v", {}, uniform(-65.0, -60.0)}};
  edit.add_area(modelled);
  edit.delete_neurons(1, 1);
  engine.edit(edit);
  engine.inject(8, 20.0F);
  engine.run(9);
  engine.end_session();
  Replay replay(folder / "session", {"cpu", 1, 1, {}});
  replay.run();
  EXPECT_TRUE(replay.finished());
  EXPECT_EQ(replay.engine().network().hash(), engine.network().hash());
  const AreaSpec& again = replay.engine().network().area("plain").spec;
  EXPECT_EQ(again.role, "output");
  EXPECT_EQ(again.file_id, "id");
}

TEST(Session, StopsBeforeABurstAndExplainsIt) {
  const TemporaryFolder folder;
  Engine engine(pair(), {"cpu", 1, 1, {}});
  engine.begin_session(folder / "session");
  engine.run(6);
  engine.inject(0, 1.5F);
  engine.run(4);
  engine.end_session();
  Replay replay(folder / "session", {"reference", 1, 1, {}});
  EXPECT_EQ(replay.run(6).bursts, 6U);
  EXPECT_FALSE(replay.ended());
  const Explanation why = replay.engine().why(0);
  EXPECT_EQ(why.burst, 7U);
  EXPECT_TRUE(why.fired);
  EXPECT_EQ(replay.run().bursts, 4U);
  Engine taken = std::move(replay).take_engine();
  EXPECT_EQ(taken.signature(), engine.signature());
}

TEST(Session, ADifferenceIsToldWithItsBursts) {
  const TemporaryFolder folder;
  Engine engine(pair(), {"cpu", 1, 1, {}});
  {
    SessionWriter writer(folder / "session", engine.checkpoint());
    writer.add(SessionInput{{0}, {1.5F}, {}});
    writer.ran(5, 12345);
    writer.finish();
  }
  Replay replay(folder / "session", {"cpu", 1, 1, {}});
  EXPECT_SAYS(replay.run(), "the spikes differ from those of the session");
  Replay again(folder / "session", {"cpu", 1, 1, {}});
  EXPECT_SAYS(again.run(), "between its bursts 1 and 5");
}

TEST(Session, WhatCannotBeIsSaid) {
  const TemporaryFolder folder;
  Engine engine(pair(), {"cpu", 1, 1, {}});
  engine.end_session();  // nothing to do
  EXPECT_SAYS(Replay(folder / "none"), "there is no session in");
  engine.begin_session(folder / "session");
  EXPECT_SAYS(engine.begin_session(folder / "other"), "being kept");
  engine.run(2);
  engine.end_session();
  EXPECT_SAYS(engine.begin_session(folder / "session"), "holds a session already");
  folder.write("file", "");
  EXPECT_SAYS(engine.begin_session(folder / "file"), "cannot make the folder");
  Engine other(pair(), {"cpu", 1, 1, {}});
  {
    SessionWriter writer(folder / "damaged", other.checkpoint());
    writer.add(SessionInput{{99}, {1.0F}, {}});
    writer.ran(1, 0);
    writer.finish();
  }
  EXPECT_SAYS(Replay(folder / "damaged"), "is damaged before its burst 1: cannot inject into");
}

TEST(Session, OneThatWasCutOffIsReplayedAsFarAsItIsWhole) {
  const TemporaryFolder folder;
  Engine engine(pair(), {"cpu", 1, 1, {}});
  engine.begin_session(folder / "session");
  engine.inject(0, 1.5F);
  engine.run(5);
  engine.end_session();
  const std::string events = folder / "session/events_1";
  const auto size = std::filesystem::file_size(events);
  std::size_t cut_off = 0;
  for (std::uintmax_t cut = size; cut-- > 0;) {
    std::filesystem::resize_file(events, cut);
    try {
      Replay replay(folder / "session", {"reference", 1, 1, {}});
      replay.run();
      if (replay.finished()) {  // all but the end of the file is there
        EXPECT_EQ(replay.engine().signature(), engine.signature());
      } else {
        ++cut_off;
      }
    } catch (const Error& error) {  // not even its head is whole
      EXPECT_EQ(error.code(), ErrorCode::invalid_file) << cut << ": " << error.what();
    }
  }
  EXPECT_GT(cut_off, 10U) << "a list that is not whole is left out";
}

TEST(Session, ALoopKeepsOne) {
  const TemporaryFolder folder;
  Engine engine(pair(), {"cpu", 1, 1, {}});
  {
    RealtimeOptions options{2000.0, Late::catch_up, {}, 200};
    options.log = folder / "session";
    Realtime loop(engine, options);
    for (int i = 0; i < 20 && loop.running(); ++i) {
      loop.send({0, 2}, {0.6F, 1.5F});
      loop.send({0}, {0.6F}, 0, "eye");
      try {
        NetworkEdit edit;
        edit.set_weight(0, 1, static_cast<float>(i % 3));
        loop.edit(edit);
      } catch (const Error&) {  // the loop has ended
      }
      static_cast<void>(loop.next());
    }
    loop.stop();
  }
  for (const char* backend : {"reference", "cpu"}) {
    Replay replay(folder / "session", {backend, 1, 1, {}});
    EXPECT_EQ(replay.run().signature, engine.signature());
    EXPECT_TRUE(replay.finished());
    EXPECT_EQ(replay.engine().burst(), engine.burst());
  }
}

}  // namespace
}  // namespace rheobase::test
