// SPDX-License-Identifier: Apache-2.0
// Values that follow others smoothly.
#include <algorithm>
#include <string>

#include "coding/checks.h"
#include "model/exponential.h"
#include "model/float_ops.h"
#include "rheobase/decode.h"
#include "rheobase/error.h"

namespace rheobase::decode {
namespace {

/// exp(-dt / tau); 0 where it is next to nothing.
float kept(double tau, double dt) {
  const double bursts = dt / tau;
  return bursts > 80.0 ? 0.0F : model::canonical(static_cast<float>(model::exp_negative(bursts)));
}

void require_size(std::size_t given, std::size_t wanted, const char* what) {
  if (given != wanted) {
    throw Error(ErrorCode::invalid_argument, number_text(given) + " " + what + " do not fit " +
                                                 number_text(wanted) + " values. Give one each.");
  }
}

}  // namespace

LowPass::LowPass(std::size_t values, double tau, double dt) : values_(values) {
  coding::require_positive(tau, "tau");
  coding::require_positive(dt, "dt");
  keep_ = kept(tau, dt);
  take_ = 1.0F - keep_;
}

std::span<const float> LowPass::step(std::span<const float> activity) {
  require_size(activity.size(), values_.size(), "activities");
  coding::require_numbers(activity, "activity");
  for (std::size_t i = 0; i < values_.size(); ++i) {
    const float old = model::mul_rn(values_[i], keep_);
    values_[i] = model::canonical(model::add_rn(old, model::mul_rn(activity[i], take_)));
  }
  return values_;
}

void LowPass::reset() { std::fill(values_.begin(), values_.end(), 0.0F); }

Actuator::Actuator(std::size_t values, const ActuatorLimits& limits, double dt)
    : values_(values, limits.rest), limits_(limits) {
  coding::require_positive(dt, "dt");
  const float ends[] = {limits.low, limits.high, limits.rest};
  coding::require_numbers(ends, "low, high and rest");
  if (!(limits.low <= limits.rest && limits.rest <= limits.high)) {
    throw Error(ErrorCode::invalid_argument, "rest = " + number_text(limits.rest) +
                                                 " is not within low = " + number_text(limits.low) +
                                                 " and high = " + number_text(limits.high) + ".");
  }
  if (limits.tau != 0.0) {
    coding::require_positive(limits.tau, "tau");
    share_ = 1.0F - kept(limits.tau, dt);
  }
  most_change_ = model::kLargestPotential;
  if (limits.most_speed != 0.0) {
    coding::require_positive(limits.most_speed, "most_speed");
    most_change_ = static_cast<float>(
        std::min(limits.most_speed * dt / 1000.0, static_cast<double>(model::kLargestPotential)));
  }
}

std::span<const float> Actuator::step(std::span<const float> targets) {
  require_size(targets.size(), values_.size(), "targets");
  coding::require_numbers(targets, "targets");
  for (std::size_t i = 0; i < values_.size(); ++i) {
    const float wanted = std::clamp(targets[i], limits_.low, limits_.high);
    const float way = model::mul_rn(model::add_rn(wanted, -values_[i]), share_);
    const float change = std::clamp(way, -most_change_, most_change_);
    values_[i] =
        std::clamp(model::canonical(model::add_rn(values_[i], change)), limits_.low, limits_.high);
  }
  return values_;
}

void Actuator::reset() { std::fill(values_.begin(), values_.end(), limits_.rest); }

}  // namespace rheobase::decode
