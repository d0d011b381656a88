// SPDX-License-Identifier: Apache-2.0
// Spikes from values: rates, draws, times.
#include "rheobase/encode.h"

#include <algorithm>
#include <string>

#include "coding/checks.h"
#include "model/functions.h"
#include "model/quantile.h"
#include "rheobase/error.h"

namespace rheobase::encode {
namespace {

constexpr float kMostMean = 2000.0F;

/// v 2^32, rounded: 0 to 2^32.
std::uint64_t in_words(float share) {
  return static_cast<std::uint64_t>(static_cast<double>(share) * 4294967296.0 + 0.5);
}

}  // namespace

std::vector<float> scaled(std::span<const float> values, float low, float high) {
  coding::require_numbers(values, "values");
  const float ends[] = {low, high};
  coding::require_numbers(ends, "low and high");
  if (!(low < high)) {
    throw Error(ErrorCode::invalid_argument, "low = " + number_text(low) + " is not below high = " +
                                                 number_text(high) + ". Give low < high.");
  }
  const double size = static_cast<double>(high) - low;
  std::vector<float> shares(values.size());
  std::transform(values.begin(), values.end(), shares.begin(), [&](float v) {
    return static_cast<float>(std::clamp((static_cast<double>(v) - low) / size, 0.0, 1.0));
  });
  return shares;
}

std::vector<std::uint8_t> rate(std::span<const float> shares, std::size_t bursts,
                               std::uint64_t first_burst) {
  coding::require_within(shares, 0.0F, 1.0F, "shares");
  std::vector<std::uint8_t> spikes(coding::entries_of(bursts, shares.size()));
  for (std::size_t i = 0; i < shares.size(); ++i) {
    // a sum of 2^-32 that begins at a half: its whole part counts the spikes
    const std::uint64_t step = in_words(shares[i]);
    std::uint64_t sum = (std::uint64_t{1} << 31U) + step * (first_burst - 1U);
    for (std::size_t row = 0; row < bursts; ++row) {
      const std::uint64_t next = sum + step;
      spikes[row * shares.size() + i] = static_cast<std::uint8_t>((next >> 32U) - (sum >> 32U));
      sum = next;
    }
  }
  return spikes;
}

std::vector<std::uint8_t> bernoulli(std::span<const float> shares, std::size_t bursts,
                                    const Draws& draws) {
  coding::require_within(shares, 0.0F, 1.0F, "shares");
  std::vector<std::uint8_t> spikes(coding::entries_of(bursts, shares.size()));
  coding::Words words(draws);
  for (std::size_t row = 0; row < bursts; ++row) {
    for (std::size_t i = 0; i < shares.size(); ++i) {
      spikes[row * shares.size() + i] = words(i, row) < in_words(shares[i]) ? 1 : 0;
    }
  }
  return spikes;
}

std::vector<std::uint16_t> poisson(std::span<const float> means, std::size_t bursts,
                                   const Draws& draws) {
  coding::require_within(means, 0.0F, kMostMean, "means");
  std::vector<std::uint16_t> spikes(coding::entries_of(bursts, means.size()));
  coding::Words words(draws);
  for (std::size_t row = 0; row < bursts; ++row) {
    for (std::size_t i = 0; i < means.size(); ++i) {
      spikes[row * means.size() + i] =
          static_cast<std::uint16_t>(model::poisson_of(model::canonical(means[i]), words(i, row)));
    }
  }
  return spikes;
}

std::vector<std::uint8_t> latency(std::span<const float> shares, std::size_t bursts) {
  coding::require_within(shares, 0.0F, 1.0F, "shares");
  if (bursts == 0) {
    throw Error(ErrorCode::invalid_argument, "bursts = 0 have no place for a spike. Give some.");
  }
  std::vector<std::uint8_t> spikes(coding::entries_of(bursts, shares.size()));
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const double late = (1.0 - static_cast<double>(shares[i])) * static_cast<double>(bursts - 1);
    spikes[static_cast<std::size_t>(late + 0.5) * shares.size() + i] = 1;
  }
  return spikes;
}

std::vector<std::uint8_t> first_spike(std::span<const float> values, std::size_t bursts, double tau,
                                      float threshold) {
  coding::require_numbers(values, "values");
  coding::require_positive(tau, "tau");
  coding::require_positive(threshold, "threshold");
  std::vector<std::uint8_t> spikes(coding::entries_of(bursts, values.size()));
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!(values[i] > threshold)) {
      continue;
    }
    const double v = values[i];
    const double time = tau * model::log_of_share(v / (v - threshold));
    // the row that ends at its time or behind it: row 0 ends after one burst
    if (time <= static_cast<double>(bursts)) {
      auto row = static_cast<std::size_t>(time);
      row -= row > 0 && static_cast<double>(row) >= time ? 1U : 0U;
      spikes[row * values.size() + i] = 1;
    }
  }
  return spikes;
}

std::vector<float> population(std::span<const float> values, std::span<const float> centres,
                              std::span<const float> widths) {
  coding::require_numbers(values, "values");
  coding::require_numbers(centres, "centres");
  for (const float width : widths) {
    coding::require_positive(width, "width");
  }
  std::vector<float> activity;
  activity.reserve(
      coding::entries_of(values.size(), coding::entries_of(widths.size(), centres.size())));
  for (const float value : values) {
    for (const float width : widths) {
      for (const float centre : centres) {
        const double away = (static_cast<double>(value) - centre) / width;
        activity.push_back(
            model::canonical(static_cast<float>(model::exp_of_number(-0.5 * away * away))));
      }
    }
  }
  return activity;
}

std::vector<float> signed_pair(std::span<const float> values) {
  coding::require_numbers(values, "values");
  std::vector<float> pairs;
  pairs.reserve(2 * values.size());
  for (const float value : values) {
    pairs.push_back(value > 0.0F ? value : 0.0F);
    pairs.push_back(value < 0.0F ? -value : 0.0F);
  }
  return pairs;
}

namespace {

/// The neurons of a share along z.
void encode_column(float share, std::span<std::uint8_t> column, Positioning positioning) {
  const std::size_t depth = column.size();
  if (positioning == Positioning::linear) {
    const float place = (1.0F - share) * static_cast<float>(depth);
    column[std::min(static_cast<std::size_t>(place), depth - 1)] = 1;
    return;
  }
  bool any = false;
  float left = share;
  float digit = 1.0F;
  for (std::uint8_t& neuron : column) {
    digit *= 0.5F;
    if (left >= digit) {
      left -= digit;
      neuron = 1;
      any = true;
    }
  }
  if (share == 0.0F || !any) {
    column.back() = 1;
  }
}

void require_depth(std::size_t depth, Positioning positioning) {
  const std::size_t most = positioning == Positioning::linear ? 1U << 20U : 24U;
  if (depth == 0 || depth > most) {
    throw Error(ErrorCode::invalid_argument, "depth = " + number_text(depth) +
                                                 " is out of range (1 to " + number_text(most) +
                                                 " neurons).");
  }
}

}  // namespace

std::vector<std::uint8_t> percentage(std::span<const float> shares, std::size_t depth,
                                     Positioning positioning) {
  coding::require_within(shares, 0.0F, 1.0F, "shares");
  require_depth(depth, positioning);
  std::vector<std::uint8_t> neurons(coding::entries_of(shares.size(), depth));
  for (std::size_t i = 0; i < shares.size(); ++i) {
    encode_column(shares[i], std::span(neurons).subspan(i * depth, depth), positioning);
  }
  return neurons;
}

std::vector<std::uint8_t> signed_percentage(std::span<const float> values, std::size_t depth,
                                            Positioning positioning) {
  coding::require_within(values, -1.0F, 1.0F, "values");
  require_depth(depth, positioning);
  std::vector<std::uint8_t> neurons(coding::entries_of(values.size(), 2 * depth));
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto columns = std::span(neurons).subspan(i * 2 * depth, 2 * depth);
    if (values[i] >= 0.0F) {
      encode_column(values[i], columns.first(depth), positioning);
    }
    if (values[i] <= 0.0F) {
      encode_column(-values[i], columns.last(depth), positioning);
    }
  }
  return neurons;
}

}  // namespace rheobase::encode
