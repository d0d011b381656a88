// SPDX-License-Identifier: Apache-2.0
/// \file
/// Delivery of spikes into the accumulators of a range of neurons.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "backends/cpu/part.h"
#include "model/fixed_point.h"

namespace rheobase {

/// Accumulators of the neurons first .. last - 1. A word holds charge << event_bits + events.
template <class Word>
class Accumulators {
 public:
  Accumulators(const NetworkData& network, NeuronId first, NeuronId last)
      : first_(first),
        last_(last),
        shift_(network.charge.event_bits),
        one_event_(network.counts_candidates ? 1 : 0),
        words_(last - first, 0) {
    learn_kinds(network);
  }

  /// Kinds are only ever added.
  void learn_kinds(const NetworkData& network) {
    for (std::size_t i = kind_words_.size(); i < network.kinds.size(); ++i) {
      kind_words_.push_back(word_of(network.kinds[i].charge));
    }
  }

  [[nodiscard]] Word* words() { return words_.data(); }

  void deliver(const BurstContext& context, PartResult& result) {
    const NetworkData& network = *context.network;
    for (const std::uint32_t delay : network.delays) {
      const FireQueue& queue = context.state->fired[delay - 1];
      for (std::size_t f = 0; f < queue.ids.size(); ++f) {
        const NeuronId pre = queue.ids[f];
        const RowSpan row = network.row(pre, delay);
        const std::uint32_t flags = network.classes[network.class_of[pre]].flags;
        if (row.count == 0) {
          continue;
        }
        if ((flags & model::kPotentialDriven) != 0U) {
          deliver_driven(context, row, pre, queue.potentials[f], result);
        } else if (row.compact != nullptr) {
          deliver_row(
              row.compact, row.count, [](std::uint32_t s) { return s & 0xFFFFFFU; },
              [](std::uint32_t s) { return s >> 24U; }, context, result);
        } else {
          deliver_row(
              row.wide, row.count, [](std::uint64_t s) { return static_cast<std::uint32_t>(s); },
              [](std::uint64_t s) { return static_cast<std::uint32_t>(s >> 32U); }, context,
              result);
        }
      }
    }
  }

  /// An injection makes a neuron a candidate; it counts as one event, however many there are.
  void mark_candidate(NeuronId id) {
    Word& word = words_[id - first_];
    const Word events = word & static_cast<Word>((Word{1} << shift_) - 1);
    word += (events == 0) ? one_event_ : 0;
  }

 private:
  [[nodiscard]] Word word_of(std::int64_t charge) const {
    return static_cast<Word>((static_cast<std::uint64_t>(charge) << shift_) +
                             static_cast<std::uint64_t>(one_event_));
  }

  template <class Synapse, class PostOf, class KindOf>
  void deliver_row(const Synapse* row, std::uint32_t count, PostOf post_of, KindOf kind_of,
                   const BurstContext& context, PartResult& result) {
    // the row is sorted by post: this part's events are one stretch of it
    const auto before = [&](Synapse s, NeuronId id) { return post_of(s) < id; };
    const Synapse* from = first_ == 0 ? row : std::lower_bound(row, row + count, first_, before);
    const Synapse* to = last_ == context.network->neuron_count
                            ? row + count
                            : std::lower_bound(from, row + count, last_, before);
    Word* words = words_.data();
    const Word* kinds = kind_words_.data();
    const NeuronId first = first_;
    for (const Synapse* s = from; s != to; ++s) {
      words[post_of(*s) - first] += kinds[kind_of(*s)];
    }
    result.events += static_cast<std::uint64_t>(to - from);
    if (context.branches) {
      for (const Synapse* s = from; s != to; ++s) {
        result.inhibitory_events += context.network->kinds[kind_of(*s)].charge < 0 ? 1U : 0U;
      }
    }
  }

  void deliver_driven(const BurstContext& context, const RowSpan& row, NeuronId pre,
                      float potential, PartResult& result) {
    const NetworkData& network = *context.network;
    const bool divided = (network.classes[network.class_of[pre]].flags & model::kDividedPsp) != 0U;
    const std::uint64_t psp =
        model::driven_psp(potential, network.rules.rounded_psp, network.charge.quantum_bits,
                          divided ? network.out_degree(pre) : 1U);
    for (std::uint32_t i = 0; i < row.count; ++i) {
      const NeuronId post = row.post(i);
      if (post < first_ || post >= last_) {
        continue;
      }
      const SynapseKind& kind = network.kinds[row.kind(i)];
      const std::int64_t size = model::driven_charge(kind.weight_numerator, kind.weight_shift, psp);
      const std::int64_t charge = kind.weight < 0.0F ? -size : size;
      words_[post - first_] += word_of(charge);
      ++result.events;
      result.inhibitory_events += context.branches && charge < 0 ? 1U : 0U;
    }
  }

  NeuronId first_, last_;
  std::uint32_t shift_;
  Word one_event_;
  std::vector<Word> words_;
  std::vector<Word> kind_words_;
};

}  // namespace rheobase
