// SPDX-License-Identifier: Apache-2.0
/// \file
/// The signature of a run: one number over all its spikes.
#pragma once

#include <cstdint>
#include <memory>

#include "rheobase/record.h"

namespace rheobase {

/// xxHash64 (seed 0) over (burst u64, count u32, a u32, b u32) of each burst, little endian.
class Signature {
 public:
  Signature();
  ~Signature();
  void add(const BurstCounters& burst);
  [[nodiscard]] std::uint64_t value() const;

 private:
  struct Hash;
  std::unique_ptr<Hash> hash_;
};

}  // namespace rheobase
