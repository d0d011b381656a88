// SPDX-License-Identifier: Apache-2.0
/// \file
/// The targets of one source among points in a tree, each with a probability by its distance.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "network/rules/draws.h"
#include "network/rules/gaps.h"
#include "network/rules/kernel_table.h"
#include "network/rules/point_tree.h"

namespace rheobase {

/// Goes through the boxes of a tree. Where the bounds of a box's probabilities are close, or their
/// difference costs less than its children would, candidates among its neurons are drawn with the
/// upper bound, and each is kept with the share that its own probability is of that. Candidates are
/// the neurons that events of a Poisson process hit, of rate -log(1 - upper) for each neuron: the
/// cost is that of events. Nothing here branches on what is drawn, but for what is rare.
template <class Metric>
class DistanceWalk {
 public:
  DistanceWalk(const PointTree& tree, const KernelTable& kernel, const Metric& metric)
      : tree_(tree), kernel_(kernel), metric_(metric), exponential_(exponential_table()) {}

  /// Looks at the targets from all points of a box; `draw` does so from one of them.
  void look_from(const Box& box) { rate_ = find_blocks(box, kWorthAnotherLook); }

  /// The targets of a source at `from`, but for `own`.
  [[nodiscard]] std::span<const std::uint32_t> draw(const Point& from, std::uint32_t own,
                                                    Draws& draws) {
    find_events(rate_, draws);
    find_candidates();
    kept_.resize(candidates_.size());
    std::size_t kept = 0;
    for (const Candidate& c : candidates_) {
      const float squared = metric_.squared(from, tree_.point(c.place));
      const KernelTable::Bin& bin = kernel_.bin_of(squared);
      const double x = (draws.next() + 0.5) * 0x1p-32 * c.upper;
      const auto lower = static_cast<double>(bin.lower);
      bool is_kept = x < lower;
      if ((x >= lower) & (x < static_cast<double>(bin.upper))) {  // seldom
        is_kept = x < kernel_.at(squared);
      }
      const std::uint32_t neuron = tree_.neuron(c.place);
      kept_[kept] = neuron;
      kept += static_cast<std::size_t>(is_kept & (neuron != own));
    }
    return std::span<const std::uint32_t>(kept_).first(kept);
  }

  /// About how many targets such a source has.
  [[nodiscard]] double expected(const Point& from) {
    constexpr float kFine = 0.05F;
    (void)find_blocks({from, from}, kFine);
    double sum = 0.0;
    for (const Block& b : blocks_) {
      const KernelTable::Bin& bin = *b.bin;
      sum += b.count * 0.5 * (static_cast<double>(bin.upper) + static_cast<double>(b.lower));
    }
    return sum;
  }

 private:
  /// What a box may cost in candidates that are not kept, rather than look at its children.
  static constexpr float kWorthAnotherLook = 1.5F;

  /// Neurons with about one probability.
  struct Block {
    std::uint32_t first = 0, count = 0;
    const KernelTable::Bin* bin = nullptr;  ///< of the nearest point of their box
    float lower = 0.0F;
  };
  struct Candidate {
    std::uint32_t place = 0;  ///< in the order of the tree
    double upper = 0.0;       ///< its probability to be one
  };

  /// `worth`: the doubt about a box, in candidates, from which on its children are looked at. Level
  /// by level: no box waits for another. Gives the sum of the blocks' rates.
  double find_blocks(const Box& from, float worth) {
    const auto& nodes = tree_.nodes();
    std::size_t asked = nodes.empty() ? 0 : 1;
    std::size_t found = 0;
    double total = 0.0;
    waiting_.resize(std::max(waiting_.size(), std::size_t{64}));
    waiting_[0] = 0;
    for (std::size_t i = 0; i < asked; ++i) {
      if (asked + 2U > waiting_.size()) {
        waiting_.resize(2U * waiting_.size());
      }
      if (found == blocks_.size()) {
        blocks_.resize(2U * found + 64U);
      }
      const std::uint32_t at = waiting_[i];
      const PointTree::Node& node = nodes[at];
      const auto range = metric_.squared(from, node.box);
      const KernelTable::Bin& nearest = kernel_.bin_of(range.least);
      const float lower = kernel_.bin_of(range.most).lower;
      const float doubt = static_cast<float>(node.count) * (nearest.upper - lower);
      const bool descends = (node.right != 0) & (doubt > worth);
      const bool is_block = (nearest.upper > 0.0F) & !descends;
      waiting_[asked] = at + 1U;
      waiting_[asked + 1U] = node.right;
      asked += descends ? 2U : 0U;
      blocks_[found] = {node.first, node.count, &nearest, lower};
      total += is_block ? node.count * nearest.rate : 0.0;
      found += is_block ? 1U : 0U;
    }
    blocks_.resize(found);
    return total;
  }

  /// When events come, as far as `total`.
  void find_events(double total, Draws& draws) {
    events_.clear();
    for (double t = exponential_(draws.next()); t < total; t += exponential_(draws.next())) {
      events_.push_back(t);
    }
  }

  /// Whom events hit, each once; and all of blocks in which nearly all are candidates.
  void find_candidates() {
    candidates_.clear();
    events_.push_back(std::numeric_limits<double>::max());
    candidates_.resize(events_.size());
    std::size_t count = 0;
    const double* event = events_.data();
    double begin = 0.0;
    std::uint32_t last = 0xFFFFFFFFU;
    for (const Block& block : blocks_) {
      const double end = begin + block.count * block.bin->rate;
      for (; *event < end; ++event) {
        const auto along = static_cast<std::uint32_t>((*event - begin) * block.bin->per_rate);
        const std::uint32_t place = block.first + std::min(along, block.count - 1U);
        candidates_[count] = {place, static_cast<double>(block.bin->upper)};
        count += place != last ? 1U : 0U;
        last = place;
      }
      begin = end;
    }
    candidates_.resize(count);
    for (const Block& block : blocks_) {
      for (std::uint32_t i = 0; block.bin->rate == 0.0 && i < block.count; ++i) {
        candidates_.push_back({block.first + i, 1.0});
      }
    }
  }

  const PointTree& tree_;
  const KernelTable& kernel_;
  const Metric& metric_;
  const Exponential& exponential_;
  double rate_ = 0.0;  ///< of all blocks together
  // kept from source to source
  std::vector<std::uint32_t> waiting_;  ///< boxes, in the order in which they are looked at
  std::vector<Block> blocks_;
  std::vector<double> events_;
  std::vector<Candidate> candidates_;
  std::vector<std::uint32_t> kept_;
};

}  // namespace rheobase
