// SPDX-License-Identifier: Apache-2.0
/// \file
/// Weights and delays that each synapse of a connection draws for itself.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "network/distribution.h"
#include "network/synapse_kinds.h"
#include "rheobase/network.h"

namespace rheobase {

/// As connections are planned: delays become whole bursts from 1 to kMostDelay.
/// \throws Error invalid_argument if a delay out of this range could be drawn.
[[nodiscard]] SynapseDraws planned_draws(const SynapseDraws& draws);

/// The delays that can be drawn; `delay` as planned_draws makes it.
struct DelayRange {
  std::uint32_t least = 1, most = 1;
};
[[nodiscard]] DelayRange delay_range(const Distribution& delay);

/// All weights that can be drawn, if compact synapses can tell them apart; else none.
[[nodiscard]] std::vector<float> few_weights(const Distribution& weight);

/// Bits of quantum for charges of weights that are drawn: 2^-16 of their mean size, or less where
/// all of them are multiples of a coarser quantum.
[[nodiscard]] std::uint32_t bits_for_draws(const Distribution& weight, float psp);

/// The codes of weights that are drawn, of neurons whose PSP is 1, neither divided nor driven.
class WeightCodes {
 public:
  /// Weights of which there are few get kinds at once.
  WeightCodes(const Distribution& weight, KindTable& kinds);
  /// \throws Error out_of_range if the charge is too large. From any thread.
  [[nodiscard]] std::uint32_t of(float weight) const;

 private:
  double per_step_ = 0.0;
  double least_ = 0.0;                ///< in steps
  std::vector<std::uint32_t> codes_;  ///< by step from the least on; empty: weights are codes
  const KindTable& kinds_;
};

/// Draws for the pairs of a connection, which come by owners. \see RuleImplementation::owners
class PairDraws {
 public:
  /// `has_owners`: pairs are drawn by owner, else by the order of all.
  PairDraws(const SynapseDraws& draws, std::uint64_t wiring_seed, std::uint32_t connection,
            bool has_owners);

  /// For the next `count` pairs, which are of this owner.
  void draw(std::uint32_t owner, std::size_t count);
  /// What was drawn; empty if that is not drawn.
  [[nodiscard]] std::span<const float> weights() const { return weights_; }
  [[nodiscard]] std::span<const float> delays() const { return delays_; }

 private:
  std::optional<Sampler> weight_, delay_;
  DrawKey weight_key_, delay_key_;
  bool has_owners_;
  bool some_drawn_ = false;
  std::uint64_t drawn_ = 0;  ///< pairs of the owner before
  std::vector<float> weights_, delays_;
};

}  // namespace rheobase
