// SPDX-License-Identifier: Apache-2.0
/// \file
/// Rows of a network while an edit changes them.
#pragma once

#include <span>
#include <unordered_map>
#include <vector>

#include "network/block_writer.h"
#include "network/synapse_kinds.h"
#include "network/view.h"

namespace rheobase {

/// Takes rows out of a network when they are asked for, and puts the blocks that hold them back
/// into its next version.
class EditedRows {
 public:
  struct Entry {
    std::uint32_t post = 0;  ///< a target
    float weight = 0.0F, psp = 0.0F;
    std::uint32_t delay = 1;
    std::uint32_t code = kUnknown;  ///< as long as it is the one that it had
    bool fresh = false;             ///< its charge was changed or made by the edit
  };
  static constexpr std::uint32_t kUnknown = ~0U;  ///< no kind has the last number

  explicit EditedRows(const NetworkData& before) : before_(before) {}

  /// All synapses of the neuron lose their codes, since it has another PSP mode.
  void forget_codes(NeuronId pre);
  void set_psp(NeuronId pre, float psp);
  void add(NeuronId pre, std::span<const Entry> entries);
  // of the first synapse to `post` in order of delay and creation; none: Error invalid_argument
  void remove(NeuronId pre, NeuronId post);
  void set_weight(NeuronId pre, NeuronId post, float weight);
  /// It counts as the youngest then.
  void set_delay(NeuronId pre, NeuronId post, std::uint32_t delay);
  /// Removes all synapses that leave or reach neurons that `is_dead` marks; looks at every row.
  void bury(const std::vector<bool>& is_dead);

  /// Ids of the rows that were taken out, ascending.
  [[nodiscard]] std::vector<NeuronId> touched() const;
  /// \throws Error out_of_range if a charge needs a finer quantum than the network has.
  void check_quantum(const NetworkData& after) const;
  /// Puts the rows into `after`, which has at least as many neurons.
  void write(NetworkData& after);

 private:
  struct Row {
    std::vector<Entry> entries;
    bool sorted = true;  ///< by delay, then post, then creation
  };

  Row& row_of(NeuronId pre);
  Row& sorted_row(NeuronId pre);
  Entry& find(NeuronId pre, NeuronId post);
  void append_edited(const NetworkData& after, NeuronId pre, KindTable& kinds, BlockWriter& to);
  void append_untouched(NeuronId pre, BlockWriter& to) const;

  const NetworkData& before_;
  std::unordered_map<NeuronId, Row> rows_;
};

}  // namespace rheobase
