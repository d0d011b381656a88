// SPDX-License-Identifier: Apache-2.0
#include "network/synapse_kinds.h"

#include <algorithm>
#include <bit>
#include <string>

#include "model/fixed_point.h"
#include "model/float_ops.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

/// |weight| = numerator * 2^-shift with the smallest shift.
void set_weight_fraction(SynapseKind& kind) {
  model::Parts parts = model::parts_of(kind.weight);
  if (parts.mantissa == 0) {
    return;
  }
  constexpr int kMostExponent = 8;  // of a 24-bit mantissa: the numerator has 32 bits
  if (parts.exponent > kMostExponent) {
    throw Error(
        ErrorCode::out_of_range,
        "weight " + number_text(kind.weight) +
            " of a potential-driven synapse is too large (below 2^32 is possible). Scale it.");
  }
  while (parts.exponent < 0 && (parts.mantissa & 1U) == 0U) {
    parts.mantissa >>= 1U;
    ++parts.exponent;
  }
  // finer than 2^-40 is rounded to it
  while (parts.exponent < -static_cast<int>(model::kMostQuantumBits)) {
    parts.mantissa = (parts.mantissa + 1U) >> 1U;
    ++parts.exponent;
  }
  kind.weight_shift = parts.exponent < 0 ? static_cast<std::uint32_t>(-parts.exponent) : 0U;
  kind.weight_numerator = static_cast<std::uint32_t>(
      parts.exponent > 0 ? parts.mantissa << static_cast<unsigned>(parts.exponent)
                         : parts.mantissa);
}

/// \throws Error out_of_range if that many bits cannot hold its charge.
SynapseKind kind_of(const KindFacts& facts, std::uint32_t quantum_bits) {
  SynapseKind kind{facts.weight, facts.psp, facts.divisor, 0, 0, 0};
  const float charge = model::mul_rn(facts.weight, facts.psp);
  if (facts.potential_driven) {
    set_weight_fraction(kind);
  } else if (facts.divisor > 1U) {
    kind.charge = model::to_fixed_share(charge, quantum_bits, facts.divisor);
  } else {
    kind.charge = model::to_fixed(charge, quantum_bits);
  }
  if (kind.charge >= model::kLargestCharge || kind.charge <= -model::kLargestCharge) {
    throw Error(ErrorCode::out_of_range,
                "the charge of " + charge_text(facts.weight, facts.psp) + " is too large (2^" +
                    number_text(61U - quantum_bits) + " at most with " + number_text(quantum_bits) +
                    " bits of quantum). Scale the weights or lower quantum_bits.");
  }
  return kind;
}

KindIndex::Key key_of(const KindFacts& facts) {
  return {model::bits_of(facts.weight), model::bits_of(facts.psp), facts.divisor,
          facts.potential_driven && facts.weight != 0.0F};
}

}  // namespace

void check_charge(const ChargeSource& charge, std::optional<std::uint32_t> wanted) {
  // a charge that is divided becomes smaller; how much is not known yet
  static_cast<void>(kind_of(
      {charge.weight, charge.psp, charge.mode.uniform ? 1U : 2U, charge.mode.potential_driven},
      quantum_bits_of(charge, wanted)));
}

std::size_t KindIndex::Hash::operator()(const Key& key) const {
  std::uint64_t h = key.weight;
  for (const std::uint32_t word : {key.psp, key.divisor, key.driven ? 1U : 0U}) {
    h = (h ^ word) * 0x9E3779B97F4A7C15ULL;
    h ^= h >> 29U;
  }
  return static_cast<std::size_t>(h);
}

KindTable::KindTable(NetworkData& network)
    : network_(network),
      too_large_(model::float_of((127U + 61U - network.charge.quantum_bits) << 23U)),
      index_(network.kind_index) {
  // another version of the network may have gone another way with the index, or be using it now
  if (index_ != nullptr) {
    lock_ = std::unique_lock(index_->in_use, std::try_to_lock);
  }
  if (index_ == nullptr || !lock_.owns_lock() || index_->numbers.size() != network.kinds.size()) {
    lock_ = {};
    index_ = std::make_shared<KindIndex>();
    lock_ = std::unique_lock(index_->in_use);
    for (std::uint32_t i = 0; i < network.kinds.size(); ++i) {
      const SynapseKind& k = network.kinds[i];
      index_->numbers.emplace(key_of({k.weight, k.psp, k.divisor, is_driven(k)}), i);
    }
  }
}

bool KindTable::may_be_weight(const KindFacts& facts) const {
  return facts.psp == 1.0F && facts.divisor == 1U && !facts.potential_driven &&
         facts.weight < too_large_ && facts.weight > -too_large_;
}

bool KindTable::has(const KindFacts& facts) const {
  return index_->numbers.contains(key_of(facts));
}

std::uint32_t KindTable::add(const KindFacts& facts) {
  const auto number = static_cast<std::uint32_t>(network_.kinds.size());
  if (number == kMostKinds) {
    throw Error(ErrorCode::out_of_range,
                "the synapses have more than " + number_text(kMostKinds) +
                    " different charges with a PSP that is divided, driven or not 1. Round their "
                    "weights, or give them a PSP of 1.");
  }
  network_.kinds.edit().push_back(kind_of(facts, network_.charge.quantum_bits));
  index_->numbers.emplace(key_of(facts), number);
  return number;
}

std::uint32_t KindTable::code_of_weight(float weight) const {
  if (!(weight < too_large_ && weight > -too_large_)) {
    static_cast<void>(kind_of({weight, 1.0F, 1, false}, network_.charge.quantum_bits));
  }
  return model::bits_of(weight);
}

std::uint32_t KindTable::code_of(const KindFacts& facts) {
  const auto known = index_->numbers.find(key_of(facts));
  if (known != index_->numbers.end()) {
    return code_of_kind(known->second);
  }
  if (network_.kinds.size() >= kCompactKinds && may_be_weight(facts)) {
    return model::bits_of(facts.weight);
  }
  return code_of_kind(add(facts));
}

}  // namespace rheobase
