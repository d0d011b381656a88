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

}  // namespace

template <class Change>
void ChargeBounds::for_each(const NetworkData& owner, NeuronId pre, Posts posts, Change change) {
  const std::uint32_t flags = owner.classes[owner.class_of[pre]].flags;
  const bool driven = (flags & model::kPotentialDriven) != 0U;
  std::uint64_t psp = 0;
  if (driven) {
    const bool rounded = owner.rules.rounded_psp;
    psp = model::driven_psp(rounded ? model::kLargestRoundedPsp : model::kLargestDrivenPsp, rounded,
                            owner.charge.quantum_bits,
                            (flags & model::kDividedPsp) != 0U ? owner.out_degree(pre) : 1U);
  }
  const SynapseKind* kinds = owner.kinds.data();
  const RowBlock& block = owner.block_of(pre);
  const std::uint32_t row = owner.row_in_block(pre);
  for (std::uint32_t p = block.row_parts[row]; p < block.row_parts[row + 1U]; ++p) {
    const RowSpan span = owner.span_of(block, p);
    for (std::uint32_t i = first_at(span, posts.first); i < span.count; ++i) {
      const NeuronId post = span.post(i);
      if (post >= posts.last) {
        break;
      }
      const SynapseKind& kind = kinds[span.kind(i)];
      change(post, driven
                       ? driven_bound(kind, psp)
                       : static_cast<std::uint64_t>(kind.charge < 0 ? -kind.charge : kind.charge));
    }
  }
}

ChargeBounds::ChargeBounds(NetworkData& network)
    : network_(network), sums_(network.in_charge.edit()), degrees_(network.in_degree.edit()) {
  sums_.resize(network.neuron_count, 0);
  degrees_.resize(network.neuron_count, 0);
}

void ChargeBounds::add(const NetworkData& owner, NeuronId pre) { add(owner, pre, {}); }

void ChargeBounds::add(const NetworkData& owner, NeuronId pre, Posts posts) {
  for_each(owner, pre, posts, [&](NeuronId post, std::uint64_t size) {
    sums_[post] += std::min(kMost - sums_[post], size);
    ++degrees_[post];
  });
}

void ChargeBounds::remove(const NetworkData& owner, NeuronId pre) {
  for_each(owner, pre, {}, [&](NeuronId post, std::uint64_t size) {
    sums_[post] -= size;
    --degrees_[post];
  });
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
  // targets by stretches whose numbers fit the cache; each walks all rows
  constexpr std::uint64_t kStretch = 131'072;
  ChargeBounds bounds(network);
  const std::uint64_t neurons = network.neuron_count;
  const std::uint64_t stretches = (neurons + kStretch - 1) / kStretch;
  platform::parallel_for(stretches, threads, [&](std::size_t i) {
    const auto first = static_cast<NeuronId>(i * kStretch);
    const auto last = static_cast<NeuronId>(std::min(neurons, (i + 1) * kStretch));
    for (NeuronId id = 0; id < network.neuron_count; ++id) {
      bounds.add(network, id, {first, last});
    }
  });
  bounds.finish();
}

}  // namespace rheobase
