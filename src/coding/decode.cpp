// SPDX-License-Identifier: Apache-2.0
#include "rheobase/decode.h"

#include <algorithm>
#include <limits>
#include <string>

#include "coding/checks.h"
#include "model/exponential.h"
#include "model/float_ops.h"
#include "model/quantile.h"
#include "rheobase/error.h"

namespace rheobase::decode {
namespace {

float number(double value) { return model::canonical(static_cast<float>(value)); }

template <class Count>
std::vector<std::uint32_t> sums(std::span<const Count> spikes, std::size_t values) {
  coding::require_sets(spikes.size(), values, "spikes");
  std::vector<std::uint32_t> counts(values);
  for (std::size_t row = 0; row < spikes.size(); row += values) {
    for (std::size_t i = 0; i < values; ++i) {
      counts[i] += spikes[row + i];
    }
  }
  return counts;
}

/// For each value, what `of` says of the row of its first spike.
template <class Of>
std::vector<float> of_first_rows(std::span<const std::uint8_t> spikes, std::size_t values,
                                 float silent, Of of) {
  coding::require_sets(spikes.size(), values, "spikes");
  std::vector<float> found(values, silent);
  for (std::size_t row = spikes.size() / values; row-- > 0;) {
    for (std::size_t i = 0; i < values; ++i) {
      if (spikes[row * values + i] != 0) {
        found[i] = of(row);
      }
    }
  }
  return found;
}

void require_activity(std::span<const float> activity) {
  coding::require_within(activity, 0.0F, model::kLargestPotential, "activity");
}

/// exp((a - largest) / temperature), and their sum.
double exponentials(std::span<const float> activity, double temperature,
                    std::vector<double>& weights) {
  const double largest = *std::max_element(activity.begin(), activity.end());
  double sum = 0.0;
  weights.clear();
  for (const float a : activity) {
    weights.push_back(model::exp_of_number((static_cast<double>(a) - largest) / temperature));
    sum += weights.back();
  }
  return sum;
}

/// A share from the active neurons of a column.
float share_of_column(std::span<const float> column, encode::Positioning positioning,
                      float silent) {
  double places = 0.0;
  double shares = 0.0;
  double active = 0.0;
  double digit = 1.0;
  for (std::size_t z = 0; z < column.size(); ++z) {
    digit *= 0.5;
    if (column[z] > 0.0F) {
      active += 1.0;
      places += static_cast<double>(z);
      shares += digit;
    }
  }
  if (active == 0.0) {
    return silent;
  }
  return positioning == encode::Positioning::linear
             ? number(1.0 - places / (active * static_cast<double>(column.size())))
             : number(shares);
}

}  // namespace

std::vector<std::uint32_t> counts(std::span<const std::uint8_t> spikes, std::size_t values) {
  return sums(spikes, values);
}
std::vector<std::uint32_t> counts(std::span<const std::uint16_t> spikes, std::size_t values) {
  return sums(spikes, values);
}

std::vector<float> scaled(std::span<const float> shares, float low, float high) {
  coding::require_numbers(shares, "shares");
  const float ends[] = {low, high};
  coding::require_numbers(ends, "low and high");
  std::vector<float> values(shares.size());
  const double size = static_cast<double>(high) - low;
  std::transform(shares.begin(), shares.end(), values.begin(),
                 [&](float v) { return number(low + static_cast<double>(v) * size); });
  return values;
}

std::vector<float> latency(std::span<const std::uint8_t> spikes, std::size_t values, float silent) {
  coding::require_sets(spikes.size(), values, "spikes");
  const auto last = static_cast<double>(std::max<std::size_t>(spikes.size() / values, 2) - 1);
  return of_first_rows(spikes, values, silent, [&](std::size_t row) {
    return number(1.0 - static_cast<double>(row) / last);
  });
}

std::vector<float> first_spike(std::span<const std::uint8_t> spikes, std::size_t values, double tau,
                               float threshold, float silent) {
  coding::require_positive(tau, "tau");
  coding::require_positive(threshold, "threshold");
  return of_first_rows(spikes, values, silent, [&](std::size_t row) {
    const double charged = 1.0 - model::exp_of_number(-static_cast<double>(row + 1) / tau);
    return number(threshold / charged);
  });
}

std::vector<float> population_vector(std::span<const float> activity,
                                     std::span<const float> preferred, std::size_t axes,
                                     float silent) {
  require_activity(activity);
  coding::require_numbers(preferred, "preferred");
  coding::require_sets(preferred.size(), axes, "preferred");
  const std::size_t neurons = preferred.size() / axes;
  coding::require_sets(activity.size(), neurons, "activity");
  std::vector<float> vectors;
  std::vector<double> sums(axes);
  for (std::size_t set = 0; set < activity.size(); set += neurons) {
    double all = 0.0;
    std::fill(sums.begin(), sums.end(), 0.0);
    for (std::size_t i = 0; i < neurons; ++i) {
      const double a = activity[set + i];
      all += a;
      for (std::size_t axis = 0; axis < axes; ++axis) {
        sums[axis] += a * preferred[i * axes + axis];
      }
    }
    for (const double sum : sums) {
      vectors.push_back(all > 0.0 ? number(sum / all) : silent);
    }
  }
  return vectors;
}

std::vector<float> signed_pair(std::span<const float> pairs) {
  coding::require_sets(pairs.size(), 2, "pairs");
  coding::require_numbers(pairs, "pairs");
  std::vector<float> values;
  for (std::size_t i = 0; i < pairs.size(); i += 2) {
    values.push_back(model::canonical(pairs[i] - pairs[i + 1]));
  }
  return values;
}

std::vector<std::int32_t> winner(std::span<const float> activity, std::size_t choices) {
  coding::require_sets(activity.size(), choices, "activity");
  require_activity(activity);
  std::vector<std::int32_t> winners;
  for (std::size_t set = 0; set < activity.size(); set += choices) {
    const auto some = activity.subspan(set, choices);
    const auto most = std::max_element(some.begin(), some.end());
    winners.push_back(*most > 0.0F ? static_cast<std::int32_t>(most - some.begin()) : -1);
  }
  return winners;
}

std::vector<float> softmax(std::span<const float> activity, std::size_t choices,
                           double temperature) {
  coding::require_sets(activity.size(), choices, "activity");
  coding::require_numbers(activity, "activity");
  coding::require_positive(temperature, "temperature");
  std::vector<float> shares;
  std::vector<double> weights;
  for (std::size_t set = 0; set < activity.size(); set += choices) {
    const double sum = exponentials(activity.subspan(set, choices), temperature, weights);
    for (const double weight : weights) {
      shares.push_back(number(weight / sum));
    }
  }
  return shares;
}

std::vector<std::int32_t> softmax_choice(std::span<const float> activity, std::size_t choices,
                                         double temperature, const encode::Draws& draws) {
  coding::require_sets(activity.size(), choices, "activity");
  coding::require_numbers(activity, "activity");
  coding::require_positive(temperature, "temperature");
  std::vector<std::int32_t> chosen;
  std::vector<double> weights;
  coding::Words words(draws);
  for (std::size_t set = 0; set < activity.size() / choices; ++set) {
    const double sum = exponentials(activity.subspan(set * choices, choices), temperature, weights);
    // a word is a place among the weights laid end to end
    double left = (static_cast<double>(words(set, 0)) + 0.5) * 0x1p-32 * sum;
    std::size_t choice = 0;
    while (choice + 1 < choices && left >= weights[choice]) {
      left -= weights[choice++];
    }
    chosen.push_back(static_cast<std::int32_t>(choice));
  }
  return chosen;
}

std::vector<float> percentage(std::span<const float> active, std::size_t depth,
                              encode::Positioning positioning, float silent) {
  coding::require_sets(active.size(), depth, "active");
  coding::require_numbers(active, "active");
  std::vector<float> shares;
  for (std::size_t set = 0; set < active.size(); set += depth) {
    shares.push_back(share_of_column(active.subspan(set, depth), positioning, silent));
  }
  return shares;
}

std::vector<float> signed_percentage(std::span<const float> active, std::size_t depth,
                                     encode::Positioning positioning) {
  coding::require_sets(active.size(), 2 * depth, "active");
  return signed_pair(decode::percentage(active, depth, positioning));
}

}  // namespace rheobase::decode
