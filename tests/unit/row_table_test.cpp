// SPDX-License-Identifier: Apache-2.0
// Rows that are found by the table, and where some of their targets begin.
#include "backends/cpu/row_table.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "backends/cpu/row_search.h"
#include "support/random_network.h"

namespace rheobase::test {
namespace {

constexpr std::uint32_t kOwners = 4001;  // the last block is not full

/// Each neuron has `degree` synapses of each delay; every tenth none with the last.
Network rows_of(std::uint32_t degree, const std::vector<std::uint32_t>& delays,
                std::uint32_t weights = 1) {
  NetworkBuilder b;
  const AreaId area = b.population("all", kOwners, {});
  for (const std::uint32_t delay : delays) {
    std::vector<Synapse> synapses;
    for (NeuronId pre = 0; pre < kOwners; ++pre) {
      for (std::uint32_t i = 0; i < degree && (delay != delays.back() || pre % 10 != 0); ++i) {
        const NeuronId post = (pre * 17U + i * 31U) % b.area(area).count;
        synapses.push_back({pre, post, 1.0F + static_cast<float>(i % weights), 1.0F, delay});
      }
    }
    b.connect(std::move(synapses));
  }
  return b.build();
}

void expect_rows_of(const RowTable& table, const NetworkData& network) {
  for (const std::uint32_t delay : network.delays) {
    const TableRow* const rows = table.rows_with(delay);
    ASSERT_NE(rows, nullptr) << "delay " << delay;
    for (NeuronId id = 0; id < network.neuron_count; ++id) {
      const RowSpan expected = network.row(id, delay);
      const RowSpan row = rows[id].span();
      ASSERT_EQ(row.count, expected.count) << "delay " << delay << ", neuron " << id;
      if (row.count > 0) {
        ASSERT_EQ(row.compact, expected.compact) << "delay " << delay << ", neuron " << id;
        ASSERT_EQ(row.wide, expected.wide) << "delay " << delay << ", neuron " << id;
      }
    }
  }
}

TEST(RowTable, HoldsEveryRowOfEveryDelay) {
  const Network network = rows_of(64, {1, 3});
  const RowTable table(*network.data());
  expect_rows_of(table, *network.data());
  EXPECT_EQ(table.rows_with(2), nullptr) << "nothing has that delay";
}

TEST(RowTable, RowsOfWideSynapses) {
  const Network network = rows_of(300, {1}, 300);
  ASSERT_NE(network.data()->row(1, 1).wide, nullptr);
  expect_rows_of(RowTable(*network.data()), *network.data());
}

TEST(RowTable, IsNotKeptForShortRowsNorSmallNetworks) {
  EXPECT_EQ(RowTable(*rows_of(20, {1, 2, 3, 4, 5, 6}).data()).rows_with(1), nullptr);
  EXPECT_EQ(RowTable(*rows_of(90, {1}).data()).rows_with(1), nullptr);
}

TEST(RowTable, FollowsEdits) {
  Network before = rows_of(64, {1, 3});
  RowTable table(*before.data());
  const auto follow = [&](const NetworkEdit& edit) {
    const Network after = before.edited(edit);
    table.follow(*before.data(), *after.data());
    expect_rows_of(table, *after.data());
    before = after;
  };
  NetworkEdit some_rows;
  some_rows.set_psp(1000, 50, 2.0F);
  some_rows.remove_synapse(kOwners - 1, static_cast<NeuronId>((kOwners - 1) * 17U % kOwners));
  follow(some_rows);
  NetworkEdit another_delay;
  another_delay.add_synapse({7, 9, 1.0F, 1.0F, 2});
  follow(another_delay);
  NetworkEdit more_neurons;
  AreaSpec more;
  more.name = "more";
  more.size = {100, 1, 1};
  more_neurons.add_area(more);
  follow(more_neurons);
  NetworkEdit fewer_rows;  // until no table is worth it
  fewer_rows.delete_neurons(0, 3900);
  const Network after = before.edited(fewer_rows);
  table.follow(*before.data(), *after.data());
  EXPECT_EQ(table.rows_with(1), nullptr);
  table.follow(*after.data(), *before.data());
  expect_rows_of(table, *before.data());
}

TEST(FirstAt, IsFoundWhateverTheGuess) {
  Chooser choose(1);
  for (int trial = 0; trial < 20'000; ++trial) {
    std::vector<std::uint32_t> row(choose.below(choose.one_in(2) ? 40 : 300));
    const std::uint32_t posts = 1 + choose.below(choose.one_in(4) ? 5 : 1000);
    for (std::uint32_t& post : row) {
      post = choose.below(posts);
    }
    std::sort(row.begin(), row.end());
    const auto count = static_cast<std::uint32_t>(row.size());
    const NeuronId id = choose.below(posts + 2);
    const std::uint32_t guess = choose.below(count + 20);
    const auto expected = std::lower_bound(row.begin(), row.end(), id) - row.begin();
    const auto found = first_at(row.data(), count, id, guess) - row.data();
    ASSERT_EQ(found, expected) << "row of " << count << ", guess " << guess << ", id " << id;
  }
}

}  // namespace
}  // namespace rheobase::test
