// SPDX-License-Identifier: Apache-2.0
// Distributions as users make them: what cannot be is refused here.
#include <algorithm>

#include "model/quantile.h"
#include "network/distribution.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

constexpr double kMost = 0x1p100;
constexpr double kMostLogarithm = 100.0;
constexpr double kLeastProbability = 1e-9;

const char* name_of(Distribution::Kind kind) {
  switch (kind) {
    case Distribution::Kind::normal: return "normal";
    case Distribution::Kind::lognormal: return "lognormal";
    case Distribution::Kind::uniform: return "uniform";
    case Distribution::Kind::exponential: break;
  }
  return "exponential";
}

[[noreturn]] void refuse(const Distribution& d, const std::string& problem) {
  throw Error(ErrorCode::invalid_argument, d.describe() + ": " + problem);
}

void check_size(const Distribution& d, double value, double most, const char* name) {
  if (!(value >= -most && value <= most)) {
    refuse(d, std::string(name) + " is out of range (a number of at most " +
                  (most == kMost ? "2^100" : number_text(most)) + " in size was expected).");
  }
}

}  // namespace

Distribution::Distribution(Kind kind, double first, double second)
    : kind_(kind), first_(first), second_(second) {
  switch (kind) {
    case Kind::normal:
      check_size(*this, first, kMost, "the mean");
      check_size(*this, second, kMost, "the standard deviation");
      break;
    case Kind::lognormal:
      check_size(*this, first, kMostLogarithm, "mu");
      check_size(*this, second, kMostLogarithm, "sigma");
      break;
    case Kind::uniform:
      check_size(*this, first, kMost, "the lower limit");
      check_size(*this, second, kMost, "the upper limit");
      if (first > second) {
        refuse(*this, "the lower limit is above the upper one. Exchange them.");
      }
      return;
    case Kind::exponential:
      check_size(*this, first, kMost, "the mean");
      if (!(first > 0.0)) {
        refuse(*this, "the mean must be above 0.");
      }
      second_ = 0.0;
      break;
  }
  if (second_ < 0.0) {
    refuse(*this, std::string(kind == Kind::normal ? "the standard deviation" : "sigma") +
                      " is below 0 (0 or more was expected).");
  }
}

Distribution Distribution::within(double low, double high) const {
  Distribution d = *this;
  d.lowest_ = std::max(low, lowest_);
  d.highest_ = std::min(high, highest_);
  if (!(low <= high)) {
    throw Error(ErrorCode::invalid_argument,
                describe() + " cannot be within " + number_text(low) + " to " + number_text(high) +
                    " (the lower limit is above the upper one, or no number).");
  }
  const double probability = d.lowest_ <= d.highest_ ? probability_within(d) : 0.0;
  if (probability < kLeastProbability) {
    refuse(d, "next to nothing of " + describe() + " lies within (a share of " +
                  rounded_text(probability, 2) +
                  "). Widen the limits, or use another distribution.");
  }
  return d.step_ > 0.0 ? d.step(d.step_) : d;
}

Distribution Distribution::step(double size) const {
  Distribution d = *this;
  d.step_ = size;
  if (!(size >= 1.0 / kMost && size <= kMost)) {
    refuse(d, "a step is above 0 and at most 2^100.");
  }
  const Multiples within = multiples_within(d);
  if (!(within.least <= within.most)) {
    refuse(d, "no multiple of " + number_text(size) + " lies within the limits. Widen them.");
  }
  return d;
}

Distribution Distribution::times(double factor) const {
  if (!(factor > 0.0 && factor <= kMost && factor >= 1.0 / kMost)) {
    throw Error(ErrorCode::invalid_argument, describe() + " cannot be multiplied by " +
                                                 number_text(factor) +
                                                 " (a factor above 0 was expected).");
  }
  Distribution d = kind_ == Kind::lognormal
                       ? Distribution(kind_, first_ + model::log_of_share(factor), second_)
                       : Distribution(kind_, first_ * factor, second_ * factor);
  d.lowest_ = lowest_ * factor;
  d.highest_ = highest_ * factor;
  return step_ > 0.0 ? d.step(step_ * factor) : d;
}

std::string Distribution::describe() const {
  std::string text = std::string(name_of(kind_)) + "(" + number_text(first_);
  text += kind_ == Kind::exponential ? ")" : ", " + number_text(second_) + ")";
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (lowest_ != -kInfinity || highest_ != kInfinity) {
    text += ".within(" + number_text(lowest_) + ", " + number_text(highest_) + ")";
  }
  return step_ != 0.0 ? text + ".step(" + number_text(step_) + ")" : text;
}

void Distribution::sample(std::uint64_t seed, std::span<float> numbers) const {
  Sampler(*this).draw_many({seed, model::Purpose::sample, 0, 0}, 0, numbers);
}

Distribution normal(double mean, double sd) { return {Distribution::Kind::normal, mean, sd}; }
Distribution lognormal(double mu, double sigma) {
  return {Distribution::Kind::lognormal, mu, sigma};
}
Distribution uniform(double low, double high) { return {Distribution::Kind::uniform, low, high}; }
Distribution exponential(double mean) { return {Distribution::Kind::exponential, mean, 0.0}; }

}  // namespace rheobase
