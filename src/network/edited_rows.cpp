// SPDX-License-Identifier: Apache-2.0
#include "network/edited_rows.h"

#include <algorithm>
#include <optional>
#include <string>

#include "network/neuron_classes.h"
#include "network/row_assembler.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

/// Quanta of a synapse on average, from which on a network's quantum is fine enough for charges of
/// all sizes. \see bits_for_size
constexpr double kFineMean = 65536.0;

double mean_charge(const NetworkData& network) {
  double sum = 0.0;
  for (const std::uint64_t charge : network.in_charge) {
    sum += static_cast<double>(charge);
  }
  return network.synapse_count == 0 ? 0.0 : sum / static_cast<double>(network.synapse_count);
}

}  // namespace

EditedRows::Row& EditedRows::row_of(NeuronId pre) {
  const auto [place, added] = rows_.try_emplace(pre);
  Row& row = place->second;
  if (added && pre < before_.neuron_count) {
    row.entries.reserve(before_.out_degree(pre) + 1U);
    before_.for_each_synapse(pre, [&](std::uint32_t post, std::uint32_t code, std::uint32_t delay) {
      const SynapseKind kind = before_.kind(code);
      row.entries.push_back({post, kind.weight, kind.psp, delay, code, false});
    });
  }
  return row;
}

EditedRows::Row& EditedRows::sorted_row(NeuronId pre) {
  Row& row = row_of(pre);
  if (!row.sorted) {
    std::stable_sort(row.entries.begin(), row.entries.end(), [](const Entry& a, const Entry& b) {
      return a.delay != b.delay ? a.delay < b.delay : a.post < b.post;
    });
    row.sorted = true;
  }
  return row;
}

void EditedRows::forget_codes(NeuronId pre) {
  for (Entry& entry : row_of(pre).entries) {
    entry.code = kUnknown;
    entry.fresh = true;
  }
}

void EditedRows::set_psp(NeuronId pre, float psp) {
  for (Entry& entry : row_of(pre).entries) {
    if (entry.psp != psp) {
      entry.psp = psp;
      entry.code = kUnknown;
      entry.fresh = true;
    }
  }
}

void EditedRows::add(NeuronId pre, std::span<const Entry> entries) {
  Row& row = row_of(pre);
  row.sorted = false;
  row.entries.insert(row.entries.end(), entries.begin(), entries.end());
}

EditedRows::Entry& EditedRows::find(NeuronId pre, NeuronId post) {
  Row& row = sorted_row(pre);
  const auto found = std::find_if(row.entries.begin(), row.entries.end(), [&](const Entry& e) {
    return before_.neuron_of(e.post) == post;
  });
  if (found == row.entries.end()) {
    throw Error(ErrorCode::invalid_argument, "there is no synapse from neuron " + number_text(pre) +
                                                 " to neuron " + number_text(post) + ".");
  }
  return *found;
}

void EditedRows::remove(NeuronId pre, NeuronId post) {
  const Entry& found = find(pre, post);
  std::vector<Entry>& entries = row_of(pre).entries;
  entries.erase(entries.begin() + (&found - entries.data()));
}

void EditedRows::set_weight(NeuronId pre, NeuronId post, float weight) {
  Entry& entry = find(pre, post);
  if (entry.weight != weight) {
    entry.weight = weight;
    entry.code = kUnknown;
    entry.fresh = true;
  }
}

void EditedRows::set_delay(NeuronId pre, NeuronId post, std::uint32_t delay) {
  Entry changed = find(pre, post);
  remove(pre, post);
  changed.delay = delay;
  changed.code = kUnknown;
  add(pre, std::span(&changed, 1));
}

void EditedRows::bury(const std::vector<bool>& is_dead) {
  const auto reaches_dead = [&](NeuronId pre) {
    bool found = false;
    before_.for_each_synapse(
        pre, [&](std::uint32_t post, std::uint32_t /*code*/, std::uint32_t /*delay*/) {
          found = found || is_dead[before_.neuron_of(post)];
        });
    return found;
  };
  for (NeuronId pre = 0; pre < before_.neuron_count; ++pre) {
    if (!rows_.contains(pre) && (is_dead[pre] ? before_.out_degree(pre) > 0 : reaches_dead(pre))) {
      static_cast<void>(row_of(pre));
    }
  }
  for (auto& [pre, row] : rows_) {
    if (is_dead[pre]) {
      row.entries.clear();
    } else {
      std::erase_if(row.entries,
                    [&](const Entry& e) { return is_dead[before_.neuron_of(e.post)]; });
    }
  }
}

std::vector<NeuronId> EditedRows::touched() const {
  std::vector<NeuronId> ids;
  ids.reserve(rows_.size());
  for (const auto& [pre, row] : rows_) {
    ids.push_back(pre);
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

void EditedRows::check_quantum(const NetworkData& after) const {
  const std::uint32_t k = after.charge.quantum_bits;
  std::optional<double> mean;  // asked for where it decides, as it takes a look at all targets
  const auto is_fine = [&](const Entry& e, const PspMode& mode) {
    if (holds({e.weight, e.psp, mode}, k)) {
      return true;
    }
    if (!mode.uniform || mode.potential_driven ||
        model::to_fixed(model::mul_rn(e.weight, e.psp), k) == 0) {
      return false;
    }
    mean = mean ? mean : mean_charge(before_);
    return *mean >= kFineMean;
  };
  for (const auto& [pre, row] : rows_) {
    const PspMode mode = psp_mode_of(after.classes[after.class_of[pre]].flags);
    const bool same_mode = pre < before_.neuron_count &&
                           mode == psp_mode_of(before_.classes[before_.class_of[pre]].flags);
    // charges that the row had were accepted when it was built
    const auto had = [&, p = pre](const Entry& e) {
      bool found = false;
      before_.for_each_synapse(
          p, [&](std::uint32_t /*post*/, std::uint32_t code, std::uint32_t /*delay*/) {
            const SynapseKind kind = before_.kind(code);
            found = found || (kind.weight == e.weight && kind.psp == e.psp);
          });
      return found;
    };
    const Entry* last = nullptr;  // one that is held; equal ones often follow each other
    for (const Entry& e : row.entries) {
      if (!e.fresh || (last != nullptr && last->weight == e.weight && last->psp == e.psp)) {
        continue;
      }
      last = &e;
      if (!is_fine(e, mode) && !(same_mode && had(e))) {
        throw Error(ErrorCode::out_of_range,
                    "synapse " + number_text(pre) + " -> " + number_text(after.neuron_of(e.post)) +
                        " with weight " + number_text(e.weight) + " x PSP " + number_text(e.psp) +
                        " needs a finer quantum than the network's 2^-" + number_text(k) +
                        ". requantize: build the network again with a larger quantum_bits.");
      }
    }
  }
}

void EditedRows::append_edited(const NetworkData& after, NeuronId pre, KindTable& kinds,
                               BlockWriter& to) {
  const Row& row = sorted_row(pre);
  const PspMode mode = psp_mode_of(after.classes[after.class_of[pre]].flags);
  const auto divisor = mode.uniform ? 1U : static_cast<std::uint32_t>(row.entries.size());
  const bool other_share =
      !mode.uniform && (pre >= before_.neuron_count || before_.out_degree(pre) != divisor);
  const Entry* last = nullptr;  // equal synapses often follow each other
  std::uint32_t last_code = 0;
  for (const Entry& e : row.entries) {
    std::uint32_t code = e.code;
    if (code == kUnknown || other_share) {
      const bool again = last != nullptr && last->weight == e.weight && last->psp == e.psp;
      code = again ? last_code : kinds.code_of({e.weight, e.psp, divisor, mode.potential_driven});
      last = &e;
      last_code = code;
    }
    to.add(e.post, code, e.delay);
  }
}

void EditedRows::append_untouched(NeuronId pre, BlockWriter& to) const {
  before_.for_each_synapse(pre, [&](std::uint32_t post, std::uint32_t code, std::uint32_t delay) {
    to.add(post, code, delay);
  });
}

void EditedRows::write(NetworkData& after) {
  constexpr std::size_t kUsualBlock = 8192;  // synapses
  KindTable kinds(after);
  const std::uint32_t rows = 1U << after.block_shift;
  std::vector<std::size_t> blocks;
  for (const NeuronId pre : touched()) {
    blocks.push_back(pre >> after.block_shift);
  }
  // new neurons fill up the last block and begin others
  for (std::uint64_t id = before_.neuron_count; id < after.neuron_count; ++id) {
    blocks.push_back(static_cast<std::size_t>(id >> after.block_shift));
  }
  std::sort(blocks.begin(), blocks.end());
  blocks.erase(std::unique(blocks.begin(), blocks.end()), blocks.end());
  if (blocks.empty()) {
    return;
  }
  auto& list = after.blocks.edit();
  list.resize((std::uint64_t{after.neuron_count} + rows - 1U) / rows);
  BlockWriter writer;
  writer.reserve(kUsualBlock);
  for (const std::size_t b : blocks) {
    const std::uint64_t first = static_cast<std::uint64_t>(b) * rows;
    const std::uint64_t last = std::min<std::uint64_t>(first + rows, after.neuron_count);
    for (std::uint64_t id = first; id < last; ++id) {
      const auto pre = static_cast<NeuronId>(id);
      if (rows_.contains(pre)) {
        append_edited(after, pre, kinds, writer);
      } else if (pre < before_.neuron_count) {
        append_untouched(pre, writer);
      }
      writer.end_row();
    }
    auto block = writer.finish();
    if (list[b] != nullptr) {
      count_block(after, *list[b], false);
    }
    count_block(after, *block, true);
    list[b] = std::move(block);
  }
  find_delays(after);
  kinds.keep_index();
}

}  // namespace rheobase
