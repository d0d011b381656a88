// SPDX-License-Identifier: Apache-2.0
#include "network/rules/kernel_table.h"

#include <algorithm>

#include "definition/double_functions.h"
#include "model/exponential.h"
#include "network/rules/gaps.h"

namespace rheobase {
namespace {

/// Where the kernel is 1e-10, or 0.
double reach_of(const DistanceKernel& kernel) {
  constexpr double kLog = 23.025850929940457;  // -log 1e-10
  switch (kernel.shape) {
    case DistanceKernel::Shape::gaussian: return kernel.scale * language::sqrt_of(2.0 * kLog);
    case DistanceKernel::Shape::exponential: return kernel.scale * kLog;
    case DistanceKernel::Shape::linear:
    case DistanceKernel::Shape::within: return kernel.scale;
  }
  return kernel.scale;
}

}  // namespace

KernelTable::KernelTable(const DistanceKernel& kernel, double p, double max_distance)
    : kernel_(kernel), p_(p) {
  constexpr double kLittleMore = 1.000001;
  const double reach = std::min(reach_of(kernel), max_distance) * kLittleMore;
  limit_ = reach * reach;
  const std::uint32_t last = std::bit_cast<std::uint32_t>(static_cast<float>(limit_)) >> kShift;
  constexpr std::uint32_t kLower = kBins - 2;
  first_ = last > kLower ? last - kLower : 0U;
  const auto edge = [&](std::int64_t i) {
    return std::bit_cast<float>((first_ + static_cast<std::uint32_t>(i)) << kShift);
  };
  constexpr double kMargin = 1e-6;  // more than the roundings of floats and of the kernel
  for (std::int64_t i = 0; i < kBins; ++i) {
    Bin& bin = bins_[static_cast<std::size_t>(i)];
    const double most = at(i == 0 ? 0.0F : edge(i));
    const double least = at(edge(i + 1));
    bin.upper = static_cast<float>(std::min(1.0, most * (1.0 + kMargin)));
    bin.lower = least == 1.0 ? 1.0F : static_cast<float>(least * (1.0 - kMargin));
    if (bin.upper > 0.0F && bin.upper < kManyOf) {
      bin.rate = rate_of(static_cast<double>(bin.upper));
      bin.per_rate = 1.0 / bin.rate;
    }
  }
}

double KernelTable::at(float squared) const {
  const auto d2 = static_cast<double>(squared);
  if (!(d2 <= limit_)) {
    return 0.0;
  }
  const double scale = kernel_.scale;
  switch (kernel_.shape) {
    case DistanceKernel::Shape::gaussian:
      return p_ * model::exp_negative(d2 / (2.0 * scale * scale));
    case DistanceKernel::Shape::exponential:
      return p_ * model::exp_negative(language::sqrt_of(d2) / scale);
    case DistanceKernel::Shape::linear:
      return p_ * std::max(0.0, 1.0 - language::sqrt_of(d2) / scale);
    case DistanceKernel::Shape::within: return p_;
  }
  return 0.0;
}

}  // namespace rheobase
