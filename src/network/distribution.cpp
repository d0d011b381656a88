// SPDX-License-Identifier: Apache-2.0
#include "network/distribution.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>

#include "model/float_ops.h"
#include "model/quantile.h"

namespace rheobase {
namespace {

constexpr double kLeastNormal = 0x1p-1000;
constexpr double kRounder = 0x1.8p52;  // adding it rounds to a whole number

constexpr std::size_t kChunk = 256;  // numbers that are drawn together

double share_below_negative(double z) {
  // by halving between the bits of two numbers, so that small shares are as exact as large ones
  auto low = std::bit_cast<std::uint64_t>(kLeastNormal);
  auto high = std::bit_cast<std::uint64_t>(0.5);
  while (low + 1 < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    (model::normal_quantile(std::bit_cast<double>(middle)) < z ? low : high) = middle;
  }
  return low == std::bit_cast<std::uint64_t>(kLeastNormal) ? 0.0 : std::bit_cast<double>(high);
}

/// The share of a standard normal distribution below z.
double normal_share(double z) {
  return z < 0.0 ? share_below_negative(z) : 1.0 - share_below_negative(-z);
}

/// Shares low .. high of a distribution function, and whether they are counted from above.
struct Shares {
  double low = 0.0, high = 1.0;
  bool from_above = false;
};

/// Of a standard normal distribution between two numbers. What lies above 0 is counted from above,
/// where shares are small and so exact.
Shares normal_shares(double low, double high) {
  if (low > 0.0 || (high > 0.0 && normal_share(high) == 1.0)) {
    return {normal_share(-high), normal_share(-low), true};
  }
  return {normal_share(low), normal_share(high), false};
}

double log_of_limit(double x) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  return x < kLeastNormal ? -kInfinity : x == kInfinity ? x : model::log_of_share(x);
}

/// The share of an exponential distribution of mean 1 above x.
double exponential_share(double x) { return x > 0.0 ? model::exp_of_number(-x) : 1.0; }

bool is_constant(const Distribution& d) {
  return d.kind() == Distribution::Kind::uniform       ? d.first() == d.second()
         : d.kind() == Distribution::Kind::exponential ? false
                                                       : d.second() == 0.0;
}

double constant_of(const Distribution& d) {
  return d.kind() == Distribution::Kind::lognormal ? model::exp_of_number(d.first()) : d.first();
}

Shares shares_within(const Distribution& d) {
  if (is_constant(d)) {
    const double at = constant_of(d);
    return {0.0, at >= d.lowest() && at <= d.highest() ? 1.0 : 0.0, false};
  }
  switch (d.kind()) {
    case Distribution::Kind::normal:
      return normal_shares((d.lowest() - d.first()) / d.second(),
                           (d.highest() - d.first()) / d.second());
    case Distribution::Kind::lognormal:
      return normal_shares((log_of_limit(d.lowest()) - d.first()) / d.second(),
                           (log_of_limit(d.highest()) - d.first()) / d.second());
    case Distribution::Kind::uniform: {
      const double range = d.second() - d.first();
      return {(std::max(d.lowest(), d.first()) - d.first()) / range,
              (std::min(d.highest(), d.second()) - d.first()) / range, false};
    }
    case Distribution::Kind::exponential: break;
  }
  return {exponential_share(d.highest() / d.first()), exponential_share(d.lowest() / d.first()),
          true};
}

Shares shares_to_draw(const Distribution& d) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const bool is_whole = d.lowest() == -kInfinity && d.highest() == kInfinity;
  const bool from_above = d.kind() == Distribution::Kind::exponential;
  return is_whole || is_constant(d) ? Shares{0.0, 1.0, from_above} : shares_within(d);
}

std::array<std::uint32_t, 4> block(const DrawKey& key, std::uint64_t number) {
  return model::philox(
      {static_cast<std::uint32_t>(number), static_cast<std::uint32_t>(number >> 32U), key.row,
       static_cast<std::uint32_t>(key.purpose)},
      {static_cast<std::uint32_t>(key.seed) ^ (key.stream * 0x85EBCA6BU),
       static_cast<std::uint32_t>(key.seed >> 32U) + key.stream});
}

std::uint64_t joined(std::uint32_t low, std::uint32_t high) {
  return low | (std::uint64_t{high} << 32U);
}

}  // namespace

double probability_within(const Distribution& distribution) {
  const Shares shares = shares_within(distribution);
  return std::max(shares.high - shares.low, 0.0);
}

Multiples multiples_within(const Distribution& d) {
  // limits are often meant as multiples that no double hits: 0.3 is below 3 times 0.1
  constexpr double kNear = 1e-9;
  const auto whole = [](double x, double toward) {
    const bool has_digits = x > -0x1p50 && x < 0x1p50;
    const double rounded = has_digits ? (x + kRounder) - kRounder : x;
    return (rounded - x) * toward < -kNear ? rounded + toward : rounded;
  };
  return {whole(d.lowest() / d.step(), 1.0) * d.step(),
          whole(d.highest() / d.step(), -1.0) * d.step()};
}

std::uint64_t DrawKey::word(std::uint64_t counter) const {
  const std::array<std::uint32_t, 4> four = block(*this, counter / 2);
  return counter % 2 == 0 ? joined(four[0], four[1]) : joined(four[2], four[3]);
}

void DrawKey::words(std::uint64_t first, std::span<std::uint64_t> to) const {
  std::size_t i = 0;
  if (first % 2 != 0 && !to.empty()) {
    to[i++] = word(first);
  }
  for (std::uint64_t number = (first + i) / 2; i + 1 < to.size(); i += 2, ++number) {
    const std::array<std::uint32_t, 4> four = block(*this, number);
    to[i] = joined(four[0], four[1]);
    to[i + 1] = joined(four[2], four[3]);
  }
  if (i < to.size()) {
    to[i] = word(first + i);
  }
}

Sampler::Sampler(const Distribution& d)
    : kind_(d.kind()), first_(d.first()), second_(d.second()), step_(d.step()) {
  const Shares shares = shares_to_draw(d);
  if (kind_ == Distribution::Kind::uniform) {
    first_ = std::max(d.first(), d.lowest());
    second_ = std::min(d.second(), d.highest()) - first_;
  } else {
    share_low_ = shares.low;
    share_range_ = shares.high - shares.low;
    if (shares.from_above) {  // larger shares still give larger numbers
      turn_ = 1.0;
      turned_ = -1.0;
      second_ = -second_;
    }
  }
  double lowest = d.lowest();
  double highest = d.highest();
  if (step_ > 0.0) {
    per_step_ = 1.0 / step_;
    const auto [low, high] = multiples_within(d);
    lowest = low;
    highest = high;
  }
  const auto limit = [](double x) {
    constexpr double kMost = model::kLargestPotential;
    return model::canonical(static_cast<float>(std::clamp(x, -kMost, kMost)));
  };
  least_ = limit(lowest);
  most_ = limit(highest);
}

float Sampler::finished(double number) const {
  if (step_ > 0.0) {
    const double steps = number * per_step_;
    // what is larger has no digits that small
    number = steps > -0x1p50 && steps < 0x1p50 ? ((steps + kRounder) - kRounder) * step_ : number;
  }
  const auto rounded = static_cast<float>(number);
  const float at_least = rounded > least_ ? rounded : least_;
  return model::canonical(at_least < most_ ? at_least : most_);
}

float Sampler::draw(const DrawKey& key, std::uint64_t counter) const {
  double share = model::share_of(key.word(counter));
  if (kind_ == Distribution::Kind::uniform) {
    return finished(first_ + second_ * share);
  }
  share = part_of(share);
  if (kind_ == Distribution::Kind::exponential) {
    return finished(-first_ * model::log_of_share(share));
  }
  const double z = first_ + second_ * model::normal_quantile(share);
  return finished(kind_ == Distribution::Kind::lognormal ? model::exp_of_number(z) : z);
}

void Sampler::draw_many(const DrawKey& key, std::uint64_t first, std::span<float> to) const {
  std::array<std::uint64_t, kChunk> words;
  std::array<double, kChunk> shares;
  for (std::size_t done = 0; done < to.size(); done += kChunk) {
    const std::size_t n = std::min(kChunk, to.size() - done);
    key.words(first + done, std::span(words).first(n));
    for (std::size_t i = 0; i < n; ++i) {
      shares[i] = model::share_of(words[i]);
    }
    numbers_at(std::span(shares).first(n));
    for (std::size_t i = 0; i < n; ++i) {
      to[done + i] = finished(shares[i]);
    }
  }
}

namespace {

/// As model::normal_quantile. The middle's formula is worked out for all, and then replaced where
/// it does not hold; to list those places first saves jumps that no processor foresees.
void normal_quantiles(std::span<double> shares) {
  std::array<double, kChunk> middle;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    middle[i] = model::normal_middle(shares[i] - 0.5);
  }
  std::array<std::uint16_t, kChunk + 1> tails;
  std::size_t found = 0;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    tails[found] = static_cast<std::uint16_t>(i);
    found += model::is_in_tail(shares[i] - 0.5) ? 1U : 0U;
  }
  for (std::size_t i = 0; i < found; ++i) {
    const double p = shares[tails[i]];
    const bool is_below = p < 0.5;
    const double size = model::normal_tail(is_below ? p : 1.0 - p);
    middle[tails[i]] = is_below ? -size : size;
  }
  std::copy_n(middle.begin(), shares.size(), shares.begin());
}

}  // namespace

/// Loops of their own, without jumps where that is possible: compilers make vector code of them.
void Sampler::numbers_at(std::span<double> shares) const {
  if (kind_ == Distribution::Kind::uniform) {
    for (double& x : shares) {
      x = first_ + second_ * x;
    }
    return;
  }
  for (double& x : shares) {
    x = part_of(x);
  }
  if (kind_ == Distribution::Kind::exponential) {
    for (double& x : shares) {
      x = -first_ * model::log_of_share(x);
    }
    return;
  }
  normal_quantiles(shares);
  for (double& x : shares) {
    x = first_ + second_ * x;
  }
  if (kind_ == Distribution::Kind::lognormal) {
    for (double& x : shares) {
      x = model::exp_of_number(x);
    }
  }
}

}  // namespace rheobase
