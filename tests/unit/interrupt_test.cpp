// SPDX-License-Identifier: Apache-2.0
// Calls that may take long are told to stop, and leave all as it was.
#include "platform/interrupt.h"

#include <gtest/gtest.h>

#include <atomic>

#include "platform/parallel.h"
#include "rheobase/engine.h"
#include "rheobase/error.h"
#include "rheobase/generate.h"
#include "rheobase/load.h"
#include "support/temporary_folder.h"

namespace rheobase::test {
namespace {

const StopRequest kAtOnce = [] { return true; };

template <class Call>
void expect_interrupted(Call call) {
  try {
    call();
    FAIL() << "it went on";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::interrupted) << error.what();
  }
}

NetworkBuilder builder(std::uint32_t threads) {
  NetworkOptions options;
  options.threads = threads;
  NetworkBuilder b(options);
  const AreaId e = b.population("E", 2000, {});
  b.connect(e, e, fixed_indegree(60));
  b.connect(e, e, fixed_outdegree(60));
  return b;
}

TEST(Interrupt, ABuilderIsAsBefore) {
  for (const std::uint32_t threads : {1U, 3U}) {
    NetworkBuilder b = builder(threads);
    const std::uint64_t hash = builder(threads).build().hash();
    expect_interrupted([&] { static_cast<void>(b.build(kAtOnce)); });
    EXPECT_EQ(b.build([] { return false; }).hash(), hash);
    b.population("I", 5, {});
    EXPECT_EQ(b.build().neuron_count(), 2005U);
  }
}

TEST(Interrupt, WhatARequestThrowsEndsTheCall) {
  NetworkBuilder b = builder(3);
  const StopRequest broken = []() -> bool { throw std::domain_error("its own"); };
  EXPECT_THROW(static_cast<void>(b.build(broken)), std::domain_error);
  static_cast<void>(b.build());
}

TEST(Interrupt, LoadingStops) {
  const TemporaryFolder folder;
  for (const char* kind : {"vision", "balanced"}) {
    const std::string path = folder.write(kind, generate(kind, {5000, 1}));
    LoadOptions options;
    options.stop = kAtOnce;
    expect_interrupted([&] { static_cast<void>(load(path, options)); });
    options.stop = {};
    static_cast<void>(load(path, options));
  }
}

TEST(Interrupt, LookingAheadStops) {
  Engine engine(builder(1).build(), {"cpu", 1, 1, {}});
  engine.run(3);
  constexpr std::uint64_t kFar = 1'000'000'000;
  expect_interrupted([&] { static_cast<void>(engine.why(0, kFar, kAtOnce)); });
  expect_interrupted([&] { static_cast<void>(engine.why_silent("E", kFar, kAtOnce)); });
  EXPECT_EQ(engine.burst(), 3U);
  static_cast<void>(engine.why(0, 10));
}

TEST(Interrupt, ThreadsThatShareWorkStopTogether) {
  const platform::Stoppable stoppable(kAtOnce);
  std::atomic<int> begun{0};
  expect_interrupted([&] {
    platform::parallel_for(1'000'000, 3, [&](std::size_t) {
      ++begun;
      for (;;) {
        platform::check_stop();
      }
    });
  });
  EXPECT_LE(begun.load(), 3);
}

TEST(Interrupt, WithoutARequestNothingIsAsked) {
  platform::check_stop();
  {
    const platform::Stoppable stoppable(kAtOnce);
    const StopRequest none;
    const platform::Stoppable within(none);  // the outer one holds
    EXPECT_THROW(platform::check_stop(), Error);
  }
  platform::check_stop();
}

}  // namespace
}  // namespace rheobase::test
