// SPDX-License-Identifier: Apache-2.0
/// \file
/// Fills blocks of rows when the number of synapses of every neuron is known.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "network/staged_rows.h"
#include "network/view.h"
#include "platform/shared_count.h"

namespace rheobase {

/// Usage: construct with all out-degrees, `put` every synapse, `finish` once.
class RowAssembler {
 public:
  RowAssembler(NetworkData& network, const std::vector<std::uint32_t>& out_degrees, StagedForm form,
               EqualPlaces equal, std::uint32_t threads = 1);

  [[nodiscard]] const StagedForm& form() const { return form_; }

  /// `place`: \see StagedForm::place
  void put(NeuronId pre, std::uint32_t place, std::uint32_t code) {
    put_at(cursor_[pre]++, pre, place, code);
  }
  /// The same while other threads put synapses into the same row; in no fixed order.
  void put_shared(NeuronId pre, std::uint32_t place, std::uint32_t code) {
    put_at(platform::add_shared(cursor_[pre], 1), pre, place, code);
  }

  /// Sorts the rows, builds their parts and moves the blocks into the network.
  void finish();

 private:
  [[nodiscard]] std::uint32_t useful_threads() const;
  /// Of wide blocks, those whose ids and kinds allow it, if that saves memory.
  void narrow_blocks();
  void put_at(std::uint32_t at, NeuronId pre, std::uint32_t place, std::uint32_t code) {
    RowBlock& block = *blocks_[pre >> shift_];
    if (compact_) {
      block.compact[at] = compact_synapse(place, code);
    } else {
      block.wide[at] = wide_synapse(place, code);
    }
  }

  NetworkData& network_;
  StagedForm form_;
  EqualPlaces equal_;
  std::uint32_t shift_ = 0;
  bool compact_ = true;
  std::uint32_t threads_ = 1;
  std::vector<std::uint32_t> cursor_;  ///< next free place of each row within its block
  std::vector<std::shared_ptr<RowBlock>> blocks_;
};

/// Cuts all blocks into smaller ones if the network has grown far beyond what their size was chosen
/// for, so that later edits do not touch too much.
void split_large_blocks(NetworkData& network);

/// Adds a block to `synapse_count` and `delay_parts`, or takes it away.
void count_block(NetworkData& network, const RowBlock& block, bool added);
/// Sets `delays` from `delay_parts`.
void find_delays(NetworkData& network);

/// log2 of the neurons per block, so that a block holds a few thousand synapses.
[[nodiscard]] std::uint32_t choose_block_shift(std::uint64_t synapses, std::uint64_t neurons);

}  // namespace rheobase
