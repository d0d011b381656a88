// SPDX-License-Identifier: Apache-2.0
#include "engine/signature.h"

#include <xxhash.h>

#include <array>

namespace rheobase {

struct Signature::Hash {
  std::unique_ptr<XXH64_state_t, decltype(&XXH64_freeState)> state{XXH64_createState(),
                                                                   XXH64_freeState};
};

Signature::Signature() : hash_(std::make_unique<Hash>()) { XXH64_reset(hash_->state.get(), 0); }
Signature::~Signature() = default;

void Signature::add(const BurstCounters& burst) {
  std::array<unsigned char, 20> bytes{};
  std::size_t at = 0;
  const auto put = [&](std::uint64_t value, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) {
      bytes[at++] = static_cast<unsigned char>((value >> (8U * i)) & 255U);
    }
  };
  put(burst.burst, 8);
  put(burst.spikes, 4);
  put(burst.signature_a, 4);
  put(burst.signature_b, 4);
  XXH64_update(hash_->state.get(), bytes.data(), bytes.size());
}

std::uint64_t Signature::value() const { return XXH64_digest(hash_->state.get()); }

}  // namespace rheobase
