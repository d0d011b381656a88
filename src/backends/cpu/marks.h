// SPDX-License-Identifier: Apache-2.0
/// \file
/// Which stretches of targets something reached in a burst.
#pragma once

#include <cstdint>
#include <cstring>
#include <vector>

namespace rheobase {

/// A byte for every kStretch targets. It may say too much, never too little.
class Marks {
 public:
  static constexpr std::uint32_t kShift = 6;
  static constexpr std::uint32_t kStretch = 1U << kShift;

  /// For so many targets; nothing is marked.
  void clear(std::uint32_t targets) {
    marks_.assign((targets >> kShift) + 1U, 0);
    any_ = false;
  }
  void set(std::uint32_t target) {
    marks_[target >> kShift] = 1;
    any_ = true;
  }
  /// Whether any of the targets first .. first + count - 1 may be marked; count > 0.
  [[nodiscard]] bool any(std::uint32_t first, std::uint32_t count) const {
    const std::uint32_t at = first >> kShift;
    const std::uint32_t end = ((first + count - 1U) >> kShift) + 1U;
    return any_ && std::memchr(marks_.data() + at, 1, end - at) != nullptr;
  }

 private:
  std::vector<std::uint8_t> marks_;
  bool any_ = false;
};

}  // namespace rheobase
