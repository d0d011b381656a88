// SPDX-License-Identifier: Apache-2.0
/// Memory in an arena: aligned, one's own, from many threads, and where copies lie.
#include "platform/arena.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <memory>
#include <numeric>
#include <thread>
#include <utility>
#include <vector>

#include "network/view.h"

namespace rheobase::platform {
namespace {

TEST(Arena, PiecesAreAlignedAndApart) {
  Arena arena;
  std::vector<std::pair<unsigned char*, std::size_t>> pieces;
  // some fit behind others, some need a chunk of their own, one is larger than a large page
  for (const std::size_t bytes : {1U, 100U, 8U, 0U, 5'000U, 3U, 3'000'000U, 16U, 900'000U, 2U}) {
    for (const std::size_t alignment : {1U, 4U, 8U, 64U}) {
      auto* const piece = static_cast<unsigned char*>(arena.allocate(bytes, alignment));
      ASSERT_EQ(reinterpret_cast<std::uintptr_t>(piece) % alignment, 0U) << bytes;
      std::memset(piece, static_cast<int>(pieces.size()), bytes);
      pieces.emplace_back(piece, bytes);
    }
  }
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    for (std::size_t k = 0; k < pieces[i].second; ++k) {
      ASSERT_EQ(pieces[i].first[k], i) << "byte " << k;
    }
  }
}

TEST(Arena, ServesThreadsAtOnce) {
  Arena arena;
  std::vector<ArenaVector<std::uint32_t>> filled;
  for (int i = 0; i < 8; ++i) {
    filled.emplace_back(&arena);
    ASSERT_EQ(filled.back().get_allocator().arena(), &arena);
  }
  std::vector<std::thread> threads;
  threads.reserve(filled.size());
  for (std::uint32_t t = 0; t < filled.size(); ++t) {
    threads.emplace_back([&numbers = filled[t], t] {
      for (std::uint32_t i = 0; i < 20'000; ++i) {
        numbers.push_back(i ^ t);
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  for (std::uint32_t t = 0; t < filled.size(); ++t) {
    for (std::uint32_t i = 0; i < 20'000; ++i) {
      ASSERT_EQ(filled[t][i], i ^ t);
    }
  }
}

TEST(Arena, CopiesOfWhatLiesInItOutliveIt) {
  RowBlock copy;
  {
    RowBlock block(std::make_shared<Arena>());
    block.compact.resize(1'000);
    std::iota(block.compact.begin(), block.compact.end(), 0U);
    EXPECT_NE(block.compact.get_allocator().arena(), nullptr);
    copy.compact = block.compact;
    const RowBlock whole(block);
    EXPECT_EQ(whole.compact.get_allocator().arena(), nullptr);
  }
  ASSERT_EQ(copy.compact.size(), 1'000U);
  EXPECT_EQ(std::accumulate(copy.compact.begin(), copy.compact.end(), 0U), 499'500U);
}

}  // namespace
}  // namespace rheobase::platform
