// SPDX-License-Identifier: Apache-2.0
#include "network/charge_bounds.h"

#include <algorithm>
#include <bit>
#include <string>

#include "model/fixed_point.h"
#include "platform/parallel.h"
#include "rheobase/error.h"

namespace rheobase {
namespace {

/// Sums stop here, where no accumulator can hold them any more.
constexpr std::uint64_t kMost = std::uint64_t{1} << 63U;

/// The largest |charge| of a potential-driven kind; `kMost` where it could not be held.
std::uint64_t driven_bound(const SynapseKind& kind, std::uint64_t psp) {
  const double size = static_cast<double>(kind.weight_numerator) * static_cast<double>(psp) /
                      static_cast<double>(std::uint64_t{1} << kind.weight_shift);
  if (size >= static_cast<double>(model::kLargestCharge)) {
    return kMost;
  }
  return static_cast<std::uint64_t>(
      model::driven_charge(kind.weight_numerator, kind.weight_shift, psp));
}

/// The first synapse of a part, which is sorted by post, whose post is not below `post`.
std::uint32_t first_at(const RowSpan& span, NeuronId post) {
  std::uint32_t low = 0;
  std::uint32_t high = post == 0 ? 0 : span.count;
  while (low < high) {
    const std::uint32_t middle = (low + high) / 2U;
    if (span.post(middle) < post) {
      low = middle + 1U;
    } else {
      high = middle;
    }
  }
  return low;
}

/// A walk along synapses of one neuron with one delay, in the order of their targets.
struct Walk {
  RowSpan span;
  std::uint32_t at = 0;
  bool driven = false;    ///< by the potential
  std::uint64_t psp = 0;  ///< the largest, then
};

void append_walks(const NetworkData& owner, NeuronId pre, NeuronId first_post,
                  std::vector<Walk>& walks) {
  const std::uint32_t flags = owner.classes[owner.class_of[pre]].flags;
  Walk walk;
  walk.driven = (flags & model::kPotentialDriven) != 0U;
  if (walk.driven) {
    const bool rounded = owner.rules.rounded_psp;
    walk.psp = model::driven_psp(rounded ? model::kLargestRoundedPsp : model::kLargestDrivenPsp,
                                 rounded, owner.charge.quantum_bits,
                                 (flags & model::kDividedPsp) != 0U ? owner.out_degree(pre) : 1U);
  }
  const RowBlock& block = owner.block_of(pre);
  const std::uint32_t row = owner.row_in_block(pre);
  for (std::uint32_t p = block.row_parts[row]; p < block.row_parts[row + 1U]; ++p) {
    walk.span = owner.span_of(block, p);
    walk.at = first_at(walk.span, first_post);
    walks.push_back(walk);
  }
}

/// Goes on as far as targets are below `end`.
template <class Change>
void go_on(Walk& walk, const NetworkData& owner, std::uint64_t end, Change change) {
  const SynapseKind* kinds = owner.kinds.data();
  const RowSpan span = walk.span;
  std::uint32_t at = walk.at;
  for (; at < span.count; ++at) {
    const NeuronId post = span.post(at);
    if (post >= end) {
      break;
    }
    const SynapseKind& kind = kinds[span.kind(at)];
    change(post, walk.driven
                     ? driven_bound(kind, walk.psp)
                     : static_cast<std::uint64_t>(kind.charge < 0 ? -kind.charge : kind.charge));
  }
  walk.at = at;
}

constexpr std::uint64_t kAllPosts = std::uint64_t{1} << 32U;

}  // namespace

ChargeBounds::ChargeBounds(NetworkData& network)
    : network_(network), sums_(network.in_charge.edit()), degrees_(network.in_degree.edit()) {
  sums_.resize(network.neuron_count, 0);
  degrees_.resize(network.neuron_count, 0);
}

void ChargeBounds::add(const NetworkData& owner, NeuronId pre) {
  std::vector<Walk> walks;
  append_walks(owner, pre, 0, walks);
  for (Walk& walk : walks) {
    go_on(walk, owner, kAllPosts, [&](NeuronId post, std::uint64_t size) { add(post, size); });
  }
}

void ChargeBounds::remove(const NetworkData& owner, NeuronId pre) {
  std::vector<Walk> walks;
  append_walks(owner, pre, 0, walks);
  for (Walk& walk : walks) {
    go_on(walk, owner, kAllPosts, [&](NeuronId post, std::uint64_t size) {
      sums_[post] -= size;
      --degrees_[post];
    });
  }
}

void ChargeBounds::add(NeuronId post, std::uint64_t size) {
  sums_[post] += std::min(kMost - sums_[post], size);
  ++degrees_[post];
}

void ChargeBounds::add_all(Posts posts) {
  // few rows at a time, and of these, stretches of targets whose numbers fit the cache
  constexpr std::uint32_t kRows = 512;
  constexpr std::uint64_t kStretch = 65'536;
  // longer ones where too few synapses of a row would lie in each
  constexpr double kSynapsesOfARow = 8.0;
  const auto neurons = static_cast<double>(network_.neuron_count);
  const double synapses = std::max(1.0, static_cast<double>(network_.synapse_count));
  const std::uint64_t stretch = std::max(
      kStretch,
      static_cast<std::uint64_t>(neurons * std::min(1.0, neurons * kSynapsesOfARow / synapses)));
  std::vector<Walk> walks;
  for (NeuronId first = 0; first < network_.neuron_count; first += kRows) {
    const NeuronId last = first + std::min(kRows, network_.neuron_count - first);
    walks.clear();
    for (NeuronId pre = first; pre < last; ++pre) {
      append_walks(network_, pre, posts.first, walks);
    }
    for (std::uint64_t at = posts.first; at < posts.last; at += stretch) {
      const std::uint64_t end = std::min<std::uint64_t>(at + stretch, posts.last);
      for (Walk& walk : walks) {
        go_on(walk, network_, end, [this](NeuronId post, std::uint64_t size) { add(post, size); });
      }
    }
  }
}

void ChargeBounds::finish() {
  ChargeFacts& facts = network_.charge;
  const auto worst = std::max_element(sums_.begin(), sums_.end());
  facts.worst_neuron = *worst == 0 ? 0 : static_cast<NeuronId>(worst - sums_.begin());
  facts.worst_indegree = *std::max_element(degrees_.begin(), degrees_.end());
  facts.worst_sum =
      static_cast<double>(*worst) / static_cast<double>(std::uint64_t{1} << facts.quantum_bits);
  // an injection counts as one event more
  facts.event_bits = network_.counts_candidates
                         ? static_cast<std::uint32_t>(std::bit_width(facts.worst_indegree + 1U))
                         : 0U;
  const std::uint32_t bits =
      static_cast<std::uint32_t>(std::bit_width(*worst)) + facts.event_bits + 1U;
  if (bits > 64U) {
    throw Error(ErrorCode::out_of_range,
                "the charges into neuron " + std::to_string(facts.worst_neuron) + " can sum to " +
                    std::to_string(facts.worst_sum) + " (with " +
                    std::to_string(facts.quantum_bits) + " bits of quantum and " +
                    std::to_string(facts.event_bits) + " to count events that takes " +
                    std::to_string(bits) +
                    " of 64 bits). Lower quantum_bits, weights or the number of its inputs.");
  }
  facts.accumulator_bits = bits <= 32U ? 32U : 64U;
}

void bound_charges(NetworkData& network, std::uint32_t threads) {
  // each thread has targets of its own, and walks all rows
  constexpr std::uint64_t kLeast = 16'384;
  ChargeBounds bounds(network);
  const std::uint64_t neurons = network.neuron_count;
  const std::uint64_t parts = std::clamp<std::uint64_t>(neurons / kLeast, 1, threads);
  platform::parallel_for(parts, threads, [&](std::size_t i) {
    bounds.add_all({static_cast<NeuronId>(neurons * i / parts),
                    static_cast<NeuronId>(neurons * (i + 1) / parts)});
  });
  bounds.finish();
}

}  // namespace rheobase
