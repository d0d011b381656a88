// SPDX-License-Identifier: Apache-2.0
#include "network/charge_bounds.h"

#include <algorithm>
#include <bit>
#include <span>
#include <string>
#include <utility>

#include "model/fixed_point.h"
#include "network/charge_bins.h"
#include "network/projections.h"
#include "platform/interrupt.h"
#include "platform/large_pages.h"
#include "platform/parallel.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

/// The largest |charge| of a potential-driven kind; InSums::kMost where it could not be held.
std::uint64_t driven_bound(const SynapseKind& kind, std::uint64_t psp) {
  const double size = static_cast<double>(kind.weight_numerator) * static_cast<double>(psp) /
                      static_cast<double>(std::uint64_t{1} << kind.weight_shift);
  if (size >= static_cast<double>(model::kLargestCharge)) {
    return InSums::kMost;
  }
  return static_cast<std::uint64_t>(
      model::driven_charge(kind.weight_numerator, kind.weight_shift, psp));
}

bool is_driven(const NetworkData& owner, NeuronId pre) {
  return (owner.classes[owner.class_of[pre]].flags & model::kPotentialDriven) != 0U;
}

/// Calls visit(post, largest |charge|) for each synapse that leaves the neuron.
template <class Visit>
void for_each_size(const NetworkData& owner, NeuronId pre, Visit visit) {
  if (!is_driven(owner, pre)) {
    owner.for_each_synapse(pre,
                           [&](std::uint32_t post, std::uint32_t code, std::uint32_t /*delay*/) {
                             visit(post, size_of(owner.kind(code)));
                           });
    return;
  }
  const bool rounded = owner.rules.rounded_psp;
  const std::uint32_t flags = owner.classes[owner.class_of[pre]].flags;
  const std::uint64_t psp = model::driven_psp(
      rounded ? model::kLargestRoundedPsp : model::kLargestDrivenPsp, rounded,
      owner.charge.quantum_bits, (flags & model::kDividedPsp) != 0U ? owner.out_degree(pre) : 1U);
  owner.for_each_synapse(pre, [&](std::uint32_t post, std::uint32_t code, std::uint32_t /*delay*/) {
    visit(post, driven_bound(owner.kind(code), psp));
  });
}

}  // namespace

ChargeBounds::ChargeBounds(NetworkData& network)
    : network_(network), sums_(network.in_charge.edit()), degrees_(network.in_degree.edit()) {
  platform::resize_on_large_pages(sums_, network.target_count);
  platform::resize_on_large_pages(degrees_, network.target_count);
}

void ChargeBounds::add(const NetworkData& owner, NeuronId pre) {
  const InSums sums{sums_.data(), degrees_.data()};
  for_each_size(owner, pre, [&](NeuronId post, std::uint64_t size) { sums.add(post, size); });
}

void ChargeBounds::remove(const NetworkData& owner, NeuronId pre) {
  for_each_size(owner, pre, [&](NeuronId post, std::uint64_t size) {
    sums_[post] -= size;
    --degrees_[post];
  });
}

void ChargeBounds::add_all(std::uint32_t threads) {
  SharedSums sums({sums_.data(), degrees_.data()}, network_);
  constexpr std::size_t kBlocksWorthThreads = 64;
  constexpr std::size_t kStretchesPerThread = 4;
  const std::size_t blocks = network_.blocks.size();
  const std::size_t stretches =
      blocks < kBlocksWorthThreads ? 1 : std::min(blocks, threads * kStretchesPerThread);
  platform::parallel_for(stretches, threads, [&](std::size_t i) {
    ChargeBins<std::uint32_t> compact(sums);
    ChargeBins<std::uint64_t> wide(sums);
    for (std::size_t b = blocks * i / stretches; b < blocks * (i + 1) / stretches; ++b) {
      const RowBlock& block = *network_.blocks[b];
      platform::check_stop(block.compact.size() + block.wide.size());
      if (!network_.potential_driven) {
        compact.add(block.compact);
        wide.add(block.wide);
        continue;
      }
      const std::size_t first = b << network_.block_shift;
      for (std::size_t row = 0; row + 1 < block.row_parts.size(); ++row) {
        const auto pre = static_cast<NeuronId>(first + row);
        if (is_driven(network_, pre)) {
          for_each_size(network_, pre,
                        [&](NeuronId post, std::uint64_t size) { sums.add(post, size); });
          continue;
        }
        const std::uint32_t begin = block.parts[block.row_parts[row]].begin;
        const std::uint32_t count = network_.out_degree(pre);
        if (block.wide.empty()) {
          compact.add(std::span(block.compact).subspan(begin, count));
        } else {
          wide.add(std::span(block.wide).subspan(begin, count));
        }
      }
    }
    compact.finish();
    wide.finish();
  });
}

void ChargeBounds::finish() {
  ChargeFacts& facts = network_.charge;
  const auto worst = std::max_element(sums_.begin(), sums_.end());
  facts.worst_neuron =
      *worst == 0 ? 0 : network_.neuron_of(static_cast<std::uint32_t>(worst - sums_.begin()));
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
                "the charges into neuron " + number_text(facts.worst_neuron) + " can sum to " +
                    number_text(facts.worst_sum) + " (with " + number_text(facts.quantum_bits) +
                    " bits of quantum and " + number_text(facts.event_bits) +
                    " to count events that takes " + number_text(bits) +
                    " of 64 bits). Lower quantum_bits, weights or the number of its inputs.");
  }
  facts.accumulator_bits = bits <= 32U ? 32U : 64U;
}

void ChargeBounds::add_projections() {
  const InSums sums{sums_.data(), degrees_.data()};
  for (const LearningProjection& p : network_.projections) {
    const std::uint64_t most = largest_charge(p, network_.charge.quantum_bits);
    for (const std::uint32_t post : p.rows->post) {
      sums.add(network_.target_in(p, post), most);
    }
  }
}

void bound_charges(NetworkData& network, std::uint32_t threads) {
  ChargeBounds bounds(network);
  bounds.add_all(threads);
  bounds.add_projections();
  bounds.finish();
}

}  // namespace rheobase
