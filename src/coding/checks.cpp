// SPDX-License-Identifier: Apache-2.0
#include "coding/checks.h"

#include <limits>
#include <string>

#include "model/float_ops.h"
#include "rheobase/error.h"

namespace rheobase::coding {

void require_within(std::span<const float> values, float low, float high, std::string_view what) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!(values[i] >= low && values[i] <= high)) {
      const bool number = values[i] - values[i] == 0.0F;
      throw Error(ErrorCode::invalid_argument,
                  std::string(what) + ": number " + number_text(i) + ", " + number_text(values[i]) +
                      ", is " +
                      (number ? "out of range (" + number_text(low) + " to " + number_text(high) +
                                    "). Scale or clip it first."
                              : "not finite. Give a number."));
    }
  }
}

void require_numbers(std::span<const float> values, std::string_view what) {
  require_within(values, -model::kLargestPotential, model::kLargestPotential, what);
}

void require_positive(double value, std::string_view what) {
  if (!(value > 0.0 && value <= 1e30)) {
    throw Error(ErrorCode::invalid_argument, std::string(what) + " = " + number_text(value) +
                                                 " is out of range (above 0, at most 1e30).");
  }
}

void require_sets(std::size_t entries, std::size_t each, std::string_view what) {
  if (each == 0 || entries % each != 0) {
    throw Error(ErrorCode::invalid_argument, std::string(what) + " has " + number_text(entries) +
                                                 " entries (whole sets of " + number_text(each) +
                                                 " are expected, at least of 1).");
  }
}

std::size_t entries_of(std::size_t bursts, std::size_t values) {
  constexpr std::size_t kMost = std::numeric_limits<std::size_t>::max() / 16;
  if (values != 0 && bursts > kMost / values) {
    throw Error(ErrorCode::out_of_memory, number_text(bursts) + " bursts of " +
                                              number_text(values) +
                                              " values are more than there can be memory. Encode "
                                              "fewer bursts at a time.");
  }
  return bursts * values;
}

}  // namespace rheobase::coding
