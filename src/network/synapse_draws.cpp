// SPDX-License-Identifier: Apache-2.0
#include "network/synapse_draws.h"

#include <algorithm>
#include <array>
#include <string>

#include "model/float_ops.h"
#include "model/quantile.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

/// Between which numbers all draws lie: shares have 65 bits, so that normal ones end at 9.3
/// standard deviations and exponential ones at 45 means.
struct Reach {
  double low = 0.0, high = 0.0;
};
Reach reach_of(const Distribution& d) {
  constexpr double kDeviations = 10.0;
  constexpr double kMeans = 50.0;
  constexpr double kMostExponent = 600.0;
  const double tail = kDeviations * d.second();
  Reach reach{0.0, kMeans * d.first()};
  switch (d.kind()) {
    case Distribution::Kind::normal: reach = {d.first() - tail, d.first() + tail}; break;
    case Distribution::Kind::lognormal:
      reach = {0.0, model::exp_of_number(std::min(d.first() + tail, kMostExponent))};
      break;
    case Distribution::Kind::uniform: reach = {d.first(), d.second()}; break;
    case Distribution::Kind::exponential: break;
  }
  return {std::max(reach.low, d.lowest()), std::min(reach.high, d.highest())};
}

Distribution planned_delay(const Distribution& given) {
  constexpr double kSure = 1.0 - 1e-9;
  constexpr double kHalf = 0.5 - 1e-9;
  const Reach reach = reach_of(given);
  if (reach.low < kHalf) {
    throw Error(ErrorCode::invalid_argument,
                "delays below one burst could be drawn from " + given.describe() +
                    " bursts. Cut it off: within(1, …), or dt where it is a time.");
  }
  const double most = kMostDelay;
  const Distribution cut = given.within(std::min(reach.low, most), std::min(reach.high, most));
  if (reach.high > most && probability_within(cut) < kSure * probability_within(given)) {
    throw Error(ErrorCode::invalid_argument, "delays beyond " + number_text(kMostDelay) +
                                                 " bursts could be drawn from " + given.describe() +
                                                 " bursts. Cut it off, or take a longer dt.");
  }
  return cut.step(1.0);
}

}  // namespace

SynapseDraws planned_draws(const SynapseDraws& draws) {
  SynapseDraws planned = draws;
  if (draws.delay) {
    planned.delay = planned_delay(*draws.delay);
  }
  return planned;
}

DelayRange delay_range(const Distribution& delay) {
  const Multiples bursts = multiples_within(delay);
  return {static_cast<std::uint32_t>(bursts.least), static_cast<std::uint32_t>(bursts.most)};
}

std::vector<float> few_weights(const Distribution& weight) {
  std::vector<float> weights;
  if (weight.step() > 0.0) {
    const Multiples within = multiples_within(weight);
    const double steps = (within.most - within.least) / weight.step();
    for (double i = 0.0; steps < double{kCompactKinds} && i < steps + 0.5; i += 1.0) {
      const double number = std::min(within.least + i * weight.step(), within.most);
      weights.push_back(model::canonical(static_cast<float>(number)));
    }
  }
  return weights;
}

std::uint32_t bits_for_draws(const Distribution& weight, float psp) {
  std::array<float, 1024> some;
  weight.sample(0, some);
  double sum = 0.0;
  for (const float w : some) {
    sum += w < 0.0F ? -w : w;
  }
  const double size = psp < 0.0F ? -psp : psp;
  const std::uint32_t enough = bits_for_size(size * sum / static_cast<double>(some.size()));
  for (std::uint32_t bits = 0; weight.step() > 0.0 && bits < enough; ++bits) {
    const double quanta = size * weight.step() * static_cast<double>(std::uint64_t{1} << bits);
    if (quanta >= 1.0 && quanta == static_cast<double>(static_cast<std::int64_t>(quanta))) {
      return bits;
    }
  }
  return enough;
}

WeightCodes::WeightCodes(const Distribution& weight, KindTable& kinds) : kinds_(kinds) {
  for (const float w : few_weights(weight)) {
    codes_.push_back(kinds.code_of({w, 1.0F, 1, false}));
  }
  if (!codes_.empty()) {
    per_step_ = 1.0 / weight.step();
    least_ = multiples_within(weight).least * per_step_;
  }
}

std::uint32_t WeightCodes::of(float weight) const {
  if (codes_.empty()) {
    return kinds_.code_of_weight(weight);
  }
  const auto i = static_cast<std::size_t>(
      std::max(static_cast<double>(weight) * per_step_ - least_ + 0.5, 0.0));
  return codes_[std::min(i, codes_.size() - 1)];
}

PairDraws::PairDraws(const SynapseDraws& draws, std::uint64_t wiring_seed, std::uint32_t connection,
                     bool has_owners)
    : weight_key_{wiring_seed, model::Purpose::weight, connection, 0},
      delay_key_{wiring_seed, model::Purpose::delay, connection, 0},
      has_owners_(has_owners) {
  if (draws.weight) {
    weight_.emplace(*draws.weight);
  }
  if (draws.delay) {
    delay_.emplace(*draws.delay);
  }
}

void PairDraws::draw(std::uint32_t owner, std::size_t count) {
  if (has_owners_ && (!some_drawn_ || owner != weight_key_.row)) {
    weight_key_.row = delay_key_.row = owner;
    drawn_ = 0;
    some_drawn_ = true;
  }
  if (weight_) {
    weights_.resize(count);
    weight_->draw_many(weight_key_, drawn_, weights_);
  }
  if (delay_) {
    delays_.resize(count);
    delay_->draw_many(delay_key_, drawn_, delays_);
  }
  drawn_ += count;
}

}  // namespace rheobase
