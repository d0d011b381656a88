// SPDX-License-Identifier: Apache-2.0
/// \file
/// The signature of a run: one number over all its spikes.
#pragma once

#include <cstdint>

#include "rheobase/checkpoint.h"
#include "rheobase/record.h"

namespace rheobase {

/// xxHash64 (seed 0) over (burst u64, count u32, a u32, b u32) of each burst, little endian.
/// Written out here because its state goes into checkpoints, and the library keeps its own to
/// itself. https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md
class Signature {
 public:
  Signature() : Signature(initial()) {}
  explicit Signature(const SignatureState& state) : state_(state) {}
  void add(const BurstCounters& burst);
  [[nodiscard]] std::uint64_t value() const;
  [[nodiscard]] const SignatureState& state() const { return state_; }

 private:
  static SignatureState initial();

  SignatureState state_;
};

}  // namespace rheobase
