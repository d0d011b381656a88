// SPDX-License-Identifier: Apache-2.0
/// \file
/// The floating-point mode that the arithmetic rests on: round to nearest, denormals kept.
#pragma once

namespace rheobase::platform {

/// Sets the mode for this thread and restores the former one at the end of its life.
class FloatMode {
 public:
  FloatMode();
  ~FloatMode();
  FloatMode(const FloatMode&) = delete;
  FloatMode& operator=(const FloatMode&) = delete;

 private:
  int rounding_;
  unsigned long long control_;
};

}  // namespace rheobase::platform
