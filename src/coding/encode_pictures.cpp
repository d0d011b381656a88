// SPDX-License-Identifier: Apache-2.0
// Pictures and event cameras.
#include <algorithm>
#include <limits>
#include <string>

#include "coding/checks.h"
#include "rheobase/encode.h"
#include "rheobase/error.h"

namespace rheobase::encode {
namespace {

void require_picture(std::size_t pixels, std::size_t height, std::size_t width) {
  if (coding::entries_of(height, width) != pixels) {
    throw Error(ErrorCode::invalid_argument, "a picture of " + number_text(pixels) +
                                                 " pixels does not have " + number_text(height) +
                                                 " rows and " + number_text(width) +
                                                 " columns. Give height x width numbers.");
  }
}

/// A change, as how much is brighter and how much darker.
void put_pair(float change, float* pair) {
  pair[0] = change > 0.0F ? change : 0.0F;
  pair[1] = change < 0.0F ? -change : 0.0F;
}

/// Sums of `from` over the places from - radius to + radius that there are; stride from one to the
/// next.
void window_sums(const double* from, double* to, std::size_t n, std::size_t stride,
                 std::size_t radius) {
  // differences of running sums would keep what large neighbours lose
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t begin = i > radius ? i - radius : 0;
    const std::size_t end = std::min(i + radius + 1, n);
    double sum = 0.0;
    for (std::size_t k = begin; k < end; ++k) {
      sum += from[k * stride];
    }
    to[i * stride] = sum;
  }
}

std::size_t window_size(std::size_t i, std::size_t n, std::size_t radius) {
  return std::min(i + radius + 1, n) - (i > radius ? i - radius : 0);
}

}  // namespace

std::vector<float> on_off(std::span<const float> picture, std::size_t height, std::size_t width,
                          std::size_t radius) {
  require_picture(picture.size(), height, width);
  coding::require_numbers(picture, "picture");
  if (radius == 0 || radius > 1024) {
    throw Error(ErrorCode::invalid_argument,
                "radius = " + number_text(radius) + " is out of range (1 to 1024 pixels).");
  }
  std::vector<double> rows(picture.begin(), picture.end());
  std::vector<double> sums(picture.size());
  for (std::size_t y = 0; y < height; ++y) {
    window_sums(rows.data() + y * width, sums.data() + y * width, width, 1, radius);
  }
  for (std::size_t x = 0; x < width; ++x) {
    window_sums(sums.data() + x, rows.data() + x, height, width, radius);
  }
  std::vector<float> contrast(2 * picture.size());
  for (std::size_t y = 0; y < height; ++y) {
    for (std::size_t x = 0; x < width; ++x) {
      const std::size_t i = y * width + x;
      const auto pixels =
          static_cast<double>(window_size(y, height, radius) * window_size(x, width, radius));
      put_pair(static_cast<float>(static_cast<double>(picture[i]) - rows[i] / pixels),
               &contrast[2 * i]);
    }
  }
  return contrast;
}

std::vector<float> frame_difference(std::span<const float> picture, std::span<const float> former,
                                    float threshold) {
  if (picture.size() != former.size()) {
    throw Error(ErrorCode::invalid_argument, "pictures of " + number_text(picture.size()) +
                                                 " and " + number_text(former.size()) +
                                                 " pixels do not match. Give two of one size.");
  }
  coding::require_numbers(picture, "picture");
  coding::require_numbers(former, "former");
  const float least[] = {threshold};
  coding::require_within(least, 0.0F, std::numeric_limits<float>::max(), "threshold");
  std::vector<float> changes(2 * picture.size());
  for (std::size_t i = 0; i < picture.size(); ++i) {
    const float change = picture[i] - former[i];
    if (change >= threshold || change <= -threshold) {
      put_pair(change, &changes[2 * i]);
    }
  }
  return changes;
}

std::vector<std::uint16_t> events(const Events& events, std::size_t height, std::size_t width,
                                  std::int64_t begin, double burst_us, std::size_t bursts) {
  const std::size_t n = events.microseconds.size();
  if (events.x.size() != n || events.y.size() != n || events.on.size() != n) {
    throw Error(ErrorCode::invalid_argument,
                "the columns of the events differ in length. Give a time, x, y and polarity each.");
  }
  coding::require_positive(burst_us, "burst_us");
  constexpr std::uint16_t kMost = std::numeric_limits<std::uint16_t>::max();
  const std::size_t pixels = coding::entries_of(height, width);
  std::vector<std::uint16_t> counts(coding::entries_of(bursts, 2 * pixels));
  for (std::size_t i = 0; i < n; ++i) {
    if (events.x[i] >= width || events.y[i] >= height) {
      throw Error(ErrorCode::invalid_argument,
                  "event " + number_text(i) + " is at x = " + number_text(events.x[i]) +
                      ", y = " + number_text(events.y[i]) + " (the picture has " +
                      number_text(width) + " columns and " + number_text(height) + " rows).");
    }
    const double row =
        (static_cast<double>(events.microseconds[i]) - static_cast<double>(begin)) / burst_us;
    if (row >= 0.0 && row < static_cast<double>(bursts)) {
      const std::size_t pixel = events.y[i] * width + events.x[i];
      std::uint16_t& count = counts[(static_cast<std::size_t>(row) * pixels + pixel) * 2 +
                                    (events.on[i] != 0 ? 0U : 1U)];
      count = count == kMost ? kMost : static_cast<std::uint16_t>(count + 1U);
    }
  }
  return counts;
}

}  // namespace rheobase::encode
