// SPDX-License-Identifier: Apache-2.0
/// \file
/// Delivery of spikes into the accumulators of a range of neurons.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "backends/cpu/bins.h"
#include "backends/cpu/marks.h"
#include "backends/cpu/part.h"
#include "backends/cpu/row_search.h"
#include "backends/cpu/rows_ahead.h"
#include "model/fixed_point.h"
#include "platform/large_pages.h"

namespace rheobase {

/// Adds the charges of compact synapses to `words`, whose first entry belongs to neuron `first`.
/// Everything on the CPU waits for these two loops: each is a function of its own, so that all of
/// it stays in registers.
template <class Word>
[[gnu::noinline]] void add_events(const std::uint32_t* from, const std::uint32_t* to,
                                  NeuronId first, Word* words, const Word* kinds) {
  const auto add = [=](std::uint32_t synapse) {
    words[post_of(synapse) - first] += kinds[kind_of(synapse)];
  };
  for (; to - from >= 4; from += 4) {
    add(from[0]);
    add(from[1]);
    add(from[2]);
    add(from[3]);
  }
  for (; from != to; ++from) {
    add(*from);
  }
}
/// The same where there is no kind but the first, whose number, 0, leaves the post as it is.
template <class Word>
[[gnu::noinline]] void add_events_of_one_kind(const std::uint32_t* from, const std::uint32_t* to,
                                              NeuronId first, Word* words, Word charge) {
  for (; to - from >= 4; from += 4) {
    words[from[0] - first] += charge;
    words[from[1] - first] += charge;
    words[from[2] - first] += charge;
    words[from[3] - first] += charge;
  }
  for (; from != to; ++from) {
    words[*from - first] += charge;
  }
}

/// What a spike adds: charge << event_bits + events.
template <class Word>
struct EventWords {
  std::uint32_t quantum_bits = 0;
  std::uint32_t event_bits = 0;
  Word one_event = 0;

  [[nodiscard]] Word of(std::int64_t charge) const {
    return static_cast<Word>((static_cast<std::uint64_t>(charge) << event_bits) +
                             static_cast<std::uint64_t>(one_event));
  }
  /// Of weights, the codes of wide synapses: model::to_fixed by the way of doubles, which hold the
  /// product and the sum exactly or beyond any fraction, and are fast in many lanes.
  void of_weights(const std::uint64_t* synapses, std::uint32_t n, Word* words) const {
    make(n, words, [=](std::uint32_t i) { return model::float_of(code_of(synapses[i])); });
  }
  void of_numbers(const float* weights, std::uint32_t n, Word* words) const {
    make(n, words, [=](std::uint32_t i) { return weights[i]; });
  }

 private:
  template <class Weight>
  void make(std::uint32_t n, Word* words, Weight weight) const {
    const double quanta = static_cast<double>(std::uint64_t{1} << quantum_bits);
    for (std::uint32_t i = 0; i < n; ++i) {
      const double charge = quanta * static_cast<double>(weight(i));
      const double rounded = charge + (charge < 0.0 ? -0.5 : 0.5);
      if constexpr (sizeof(Word) == 4) {
        words[i] = of_small(static_cast<std::int32_t>(rounded));
      } else {
        words[i] = of(static_cast<std::int64_t>(rounded));
      }
    }
  }
  [[nodiscard]] Word of_small(std::int32_t charge) const {
    return static_cast<Word>((static_cast<std::uint32_t>(charge) << event_bits) +
                             static_cast<std::uint32_t>(one_event));
  }
};

/// Adds the charges of wide synapses, many of which have a weight of their own.
template <class Word>
[[gnu::noinline]] void add_wide_events(const std::uint64_t* from, const std::uint64_t* to,
                                       NeuronId first, Word* words, const Word* kinds,
                                       const EventWords<Word>& event) {
  constexpr std::uint32_t kAtOnce = 64;
  Word made[kAtOnce];
  while (from != to) {
    const auto n = static_cast<std::uint32_t>(std::min<std::ptrdiff_t>(to - from, kAtOnce));
    const bool some_kinds =
        std::any_of(from, from + n, [](std::uint64_t s) { return is_kind(code_of(s)); });
    if (!some_kinds) {
      event.of_weights(from, n, made);
    }
    for (std::uint32_t i = 0; some_kinds && i < n; ++i) {
      const std::uint32_t code = code_of(from[i]);
      if (is_kind(code)) {
        made[i] = kinds[kind_number(code)];
      } else {
        event.of_weights(from + i, 1, made + i);
      }
    }
    for (std::uint32_t i = 0; i < n; ++i) {
      words[post_of(from[i]) - first] += made[i];
    }
    from += n;
  }
}

/// Accumulators of the targets first .. last - 1, words as EventWords makes them.
template <class Word>
class Accumulators {
 public:
  Accumulators(const NetworkData& network, std::uint32_t first, std::uint32_t last)
      : first_(first),
        last_(last),
        event_{network.charge.quantum_bits, network.charge.event_bits,
               static_cast<Word>(network.counts_candidates ? 1 : 0)} {
    platform::resize_on_large_pages(words_, last - first);
    learn_kinds(network);
  }

  /// Kinds are only ever added.
  void learn_kinds(const NetworkData& network) {
    for (std::size_t i = kind_words_.size(); i < network.kinds.size(); ++i) {
      kind_words_.push_back(event_.of(network.kinds[i].charge));
    }
  }

  /// From now on for other targets; all sums must have been moved away.
  void cover(std::uint32_t first, std::uint32_t last) {
    first_ = first;
    last_ = last;
    if (words_.size() < last - first) {
      platform::resize_on_large_pages(words_, last - first);
    }
  }

  [[nodiscard]] Word* words() { return words_.data(); }

  /// Before `deliver`: about so many of the burst's events will come here. Where they are few, it
  /// is marked which targets they reach; else one has to look.
  void expect(double events) {
    constexpr double kFew = 1.0 / 2048.0;  // events a target
    binned_ = Bins<Word>::pay_off(events, last_ - first_);
    marking_ = events < kFew * (last_ - first_);
    if (marking_) {
      marks_.clear(last_ - first_);
    }
  }

  /// After `deliver`: whether anything reached the targets first .. first + count - 1.
  [[nodiscard]] bool reached(std::uint32_t first, std::uint32_t count) const {
    if (marking_) {
      return marks_.any(first - first_, count);
    }
    const Word* const from = words_.data() + (first - first_);
    return std::any_of(from, from + count, [](Word word) { return word != 0; });
  }

  /// Delivers spikes `from` .. `to` - 1 of the burst, counted through the fire queues of all
  /// delays; the sums are complete after `finish`.
  void deliver(const BurstContext& context, std::uint64_t from, std::uint64_t to,
               PartResult& result) {
    Word* const words = words_.data();
    const Word* const kinds = kind_words_.data();
    std::uint64_t before = 0;
    for (const std::uint32_t delay : context.network->delays) {
      const FireQueue& queue = context.state->fired[delay - 1];
      const std::uint64_t begin = std::max(from, before) - before;
      const std::uint64_t end = std::min(to - std::min(to, before), queue.ids.size());
      before += queue.ids.size();
      if (begin >= end) {
        continue;
      }
      const Stretch spikes{&queue, begin, end, delay};
      if (marking_) {
        deliver_queue(spikes, context, result, [&](const std::uint32_t* s, std::uint32_t n) {
          add_events(s, s + n, first_, words, kinds);
          mark(s, s + n);
        });
      } else if (binned_) {
        deliver_queue(spikes, context, result, [&](const std::uint32_t* s, std::uint32_t n) {
          bins_.add(s, n, first_, words, kinds);
        });
      } else if (kind_words_.size() == 1) {
        deliver_queue(spikes, context, result, [&](const std::uint32_t* s, std::uint32_t n) {
          add_events_of_one_kind(s, s + n, first_, words, kinds[0]);
        });
      } else {
        deliver_queue(spikes, context, result, [&](const std::uint32_t* s, std::uint32_t n) {
          add_events(s, s + n, first_, words, kinds);
        });
      }
    }
  }
  /// Delivers what synapses that learn send to the neurons first .. last - 1, whose targets these
  /// are.
  void deliver_learning(const BurstContext& context, NeuronId first, NeuronId last,
                        PartResult& result) {
    const NetworkData& network = *context.network;
    for (std::size_t i = 0; i < network.projections.size(); ++i) {
      const LearningProjection& p = network.projections[i];
      const NeuronId end = p.post_first + p.post_count;
      if (last <= p.post_first || first >= end) {
        continue;
      }
      const std::uint32_t low = std::max(first, p.post_first) - p.post_first;
      const std::uint32_t high = std::min(last, end) - p.post_first;
      const float* const sent = context.learning->sent(*context.state, i);
      for (const NeuronId id :
           fired_within(context.state->fired[p.delay - 1U].ids, p.pre_first, p.pre_count)) {
        const std::uint32_t* const post = p.rows->post.data();
        const std::uint32_t row = id - p.pre_first;
        const std::uint32_t* from = post + p.rows->row_begin[row];
        const std::uint32_t* to = post + p.rows->row_begin[row + 1U];
        from = low == 0 ? from : std::lower_bound(from, to, low);
        to = high == p.post_count ? to : std::lower_bound(from, to, high);
        add_sent(network, p, from, to, sent + (from - post));
        result.events += static_cast<std::uint64_t>(to - from);
        for (const std::uint32_t* s = from; context.branches && s != to; ++s) {
          const std::int64_t charge = model::to_fixed(sent[s - post], event_.quantum_bits);
          result.inhibitory_events += charge < 0 ? 1U : 0U;
        }
      }
    }
  }
  void finish() {
    if (binned_) {
      bins_.empty(first_, words_.data(), kind_words_.data());
    }
  }

  /// Moves the sums of the targets first .. first + count - 1 to `to`.
  void move_to(Word* to, std::uint32_t first, std::uint32_t count) {
    Word* const from = words_.data() + (first - first_);
    for (std::uint32_t i = 0; i < count; ++i) {
      to[i] += from[i];
      from[i] = 0;
    }
  }

  /// An injection makes a neuron a candidate; it counts as one event, however many there are.
  void mark_candidate(std::uint32_t target) {
    Word& word = words_[target - first_];
    word += ((word & event_mask()) == 0) ? event_.one_event : 0;
  }
  [[nodiscard]] Word event_mask() const {
    return static_cast<Word>((Word{1} << event_.event_bits) - 1);
  }
  [[nodiscard]] Word one_event() const { return event_.one_event; }

 private:
  /// Adds what some synapses of a projection send.
  void add_sent(const NetworkData& network, const LearningProjection& p, const std::uint32_t* from,
                const std::uint32_t* to, const float* sent) {
    if (from == to) {
      return;
    }
    constexpr std::uint32_t kAtOnce = 64;
    const std::uint32_t first = network.target_in(p, 0);
    const std::uint32_t each = p.post_count > 1 ? network.target_in(p, 1) - first : 1U;
    const std::uint32_t offset = first - first_;  // modulo 2^32: rows may begin before this part
    Word* const words = words_.data();
    Word made[kAtOnce];
    while (from != to) {
      const auto n = static_cast<std::uint32_t>(std::min<std::ptrdiff_t>(to - from, kAtOnce));
      event_.of_numbers(sent, n, made);
      for (std::uint32_t i = 0; i < n; ++i) {
        words[offset + from[i] * each] += made[i];
      }
      for (std::uint32_t i = 0; marking_ && i < n; ++i) {
        marks_.set(offset + from[i] * each);
      }
      from += n;
      sent += n;
    }
  }

  template <class Synapse>
  void mark(const Synapse* from, const Synapse* to) {
    for (; from != to; ++from) {
      marks_.set(post_of(*from) - first_);
    }
  }

  /// Spikes begin .. end - 1 of a fire queue.
  struct Stretch {
    const FireQueue* queue;
    std::uint64_t begin, end;
    std::uint32_t delay;
  };

  /// `add_compact` takes the synapses of a compact row that reach these neurons.
  template <class AddCompact>
  void deliver_queue(const Stretch& spikes, const BurstContext& context, PartResult& result,
                     AddCompact add_compact) {
    const NetworkData& network = *context.network;
    const std::span<const NeuronId> ids(spikes.queue->ids.data() + spikes.begin,
                                        spikes.end - spikes.begin);
    RowsAhead rows(network, *context.rows, ids, spikes.delay, first_, last_);
    for (std::size_t f = 0; f < ids.size(); ++f) {
      const RowSpan row = rows[f];
      if (row.count == 0) {
        continue;
      }
      if (network.potential_driven) {
        const NeuronId pre = ids[f];
        if ((network.classes[network.class_of[pre]].flags & model::kPotentialDriven) != 0U) {
          deliver_driven(context, row, pre, spikes.queue->potentials[spikes.begin + f], result);
          continue;
        }
      }
      if (row.compact != nullptr) {
        const auto [from, to] = stretch(row.compact, row.count, rows, network);
        add_compact(from, static_cast<std::uint32_t>(to - from));
        count(from, to, context, result);
      } else {
        const auto [from, to] = stretch(row.wide, row.count, rows, network);
        add_wide_events(from, to, first_, words_.data(), kind_words_.data(), event_);
        if (marking_) {
          mark(from, to);
        }
        count(from, to, context, result);
      }
    }
  }

  /// The row is sorted by post: this part's events are one stretch of it.
  template <class Synapse>
  std::pair<const Synapse*, const Synapse*> stretch(const Synapse* row, std::uint32_t count,
                                                    const RowsAhead& rows,
                                                    const NetworkData& network) {
    return {first_ == 0 ? row : first_at(row, count, first_, rows.guess_from(count)),
            last_ == network.target_count ? row + count
                                          : first_at(row, count, last_, rows.guess_to(count))};
  }

  template <class Synapse>
  static void count(const Synapse* from, const Synapse* to, const BurstContext& context,
                    PartResult& result) {
    result.events += static_cast<std::uint64_t>(to - from);
    if (context.branches) {
      for (const Synapse* s = from; s != to; ++s) {
        result.inhibitory_events += context.network->kind(code_of(*s)).charge < 0 ? 1U : 0U;
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
      const std::uint32_t post = row.post(i);
      if (post < first_ || post >= last_) {
        continue;
      }
      const SynapseKind kind = network.kind(row.code(i));
      const std::int64_t size = model::driven_charge(kind.weight_numerator, kind.weight_shift, psp);
      const std::int64_t charge = kind.weight < 0.0F ? -size : size;
      words_[post - first_] += event_.of(charge);
      if (marking_) {
        marks_.set(post - first_);
      }
      ++result.events;
      result.inhibitory_events += context.branches && charge < 0 ? 1U : 0U;
    }
  }

  std::uint32_t first_, last_;
  EventWords<Word> event_;
  std::vector<Word> words_;
  std::vector<Word> kind_words_;
  Bins<Word> bins_;
  bool binned_ = false;
  Marks marks_;
  bool marking_ = false;
};

}  // namespace rheobase
