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

/// Bits for charges that are divided among synapses or driven by a potential.
constexpr std::uint32_t kDividedBits = 24;

float charge_of(float weight, float psp) { return model::mul_rn(weight, psp); }

std::string text_of(const ChargeSource& c) {
  return "weight " + number_text(c.weight) + " x PSP " + number_text(c.psp);
}

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
SynapseKind kind_of(const SynapseSpec& synapse, std::uint32_t divisor, bool potential_driven,
                    std::uint32_t quantum_bits) {
  SynapseKind kind{synapse.weight, synapse.psp, synapse.delay, divisor, 0, 0, 0};
  const float charge = charge_of(synapse.weight, synapse.psp);
  if (potential_driven) {
    set_weight_fraction(kind);
  } else if (divisor > 1U) {
    kind.charge = model::to_fixed_share(charge, quantum_bits, divisor);
  } else {
    kind.charge = model::to_fixed(charge, quantum_bits);
  }
  if (kind.charge >= model::kLargestCharge || kind.charge <= -model::kLargestCharge) {
    throw Error(ErrorCode::out_of_range,
                "the charge of " + text_of({synapse.weight, synapse.psp, {}}) +
                    " is too large (2^" + number_text(61U - quantum_bits) + " at most with " +
                    number_text(quantum_bits) +
                    " bits of quantum). Scale the weights or lower quantum_bits.");
  }
  return kind;
}

}  // namespace

void check_charge(const ChargeSource& charge, std::optional<std::uint32_t> wanted) {
  // a charge that is divided becomes smaller; how much is not known yet
  static_cast<void>(kind_of({charge.weight, charge.psp, 1}, charge.mode.uniform ? 1U : 2U,
                            charge.mode.potential_driven, choose_quantum_bits({charge}, wanted)));
}

bool holds(const ChargeSource& charge, std::uint32_t k) {
  // a potential takes the place of the PSP where that is driven
  const model::Parts parts = model::parts_of(
      charge.mode.potential_driven ? charge.weight : charge_of(charge.weight, charge.psp));
  if (parts.mantissa == 0) {
    return true;
  }
  if ((charge.mode.potential_driven || !charge.mode.uniform) && k < kDividedBits) {
    return false;
  }
  // |round(m * 2^(e+k)) - m * 2^(e+k)| <= m * 2^(e+k) / 2^16, with e + k = -s: in units of 2^-s
  const int s = -(parts.exponent + static_cast<int>(k));
  if (charge.mode.potential_driven || s <= 0) {
    return true;
  }
  if (s > 24) {
    return false;
  }
  const std::uint64_t unit = std::uint64_t{1} << static_cast<unsigned>(s);
  const std::uint64_t rest = parts.mantissa & (unit - 1U);
  return std::min(rest, unit - rest) <= parts.mantissa >> 16U;
}

std::uint32_t choose_quantum_bits(const std::vector<ChargeSource>& charges,
                                  std::optional<std::uint32_t> wanted) {
  if (wanted) {
    if (*wanted > model::kMostQuantumBits) {
      throw Error(ErrorCode::invalid_argument, "quantum_bits " + number_text(*wanted) +
                                                   " is out of range (0 to " +
                                                   number_text(model::kMostQuantumBits) + ").");
    }
    for (const ChargeSource& c : charges) {
      const float charge = charge_of(c.weight, c.psp);
      if (charge != 0.0F && model::to_fixed(charge, *wanted) == 0) {
        throw Error(ErrorCode::out_of_range, "the charge of " + text_of(c) +
                                                 " rounds to nothing (quantum 2^-" +
                                                 number_text(*wanted) + "). Raise quantum_bits.");
      }
    }
    return *wanted;
  }
  const bool shared = std::any_of(charges.begin(), charges.end(), [](const ChargeSource& c) {
    return c.mode.potential_driven || !c.mode.uniform;
  });
  std::uint32_t k = shared ? kDividedBits : 0U;
  for (const ChargeSource& c : charges) {
    while (!holds(c, k)) {
      if (++k > model::kMostQuantumBits) {
        throw Error(ErrorCode::out_of_range,
                    "the charge of " + text_of(c) +
                        " is too small to be held within 2^-16 of its value (at most " +
                        number_text(model::kMostQuantumBits) +
                        " bits). Set quantum_bits or scale the weights.");
      }
    }
  }
  return k;
}

std::size_t KindIndex::Hash::operator()(const Key& key) const {
  std::uint64_t h = key.weight;
  for (const std::uint32_t word : {key.psp, key.delay, key.divisor, key.driven ? 1U : 0U}) {
    h = (h ^ word) * 0x9E3779B97F4A7C15ULL;
    h ^= h >> 29U;
  }
  return static_cast<std::size_t>(h);
}

KindTable::KindTable(NetworkData& network) : network_(network), index_(network.kind_index) {
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
      index_->numbers.emplace(KindIndex::Key{model::bits_of(k.weight), model::bits_of(k.psp),
                                             k.delay, k.divisor, is_driven(k)},
                              i);
    }
  }
}

std::uint32_t KindTable::find_or_add(const SynapseSpec& synapse, std::uint32_t divisor,
                                     bool potential_driven) {
  const KindIndex::Key key{model::bits_of(synapse.weight), model::bits_of(synapse.psp),
                           synapse.delay, divisor, potential_driven && synapse.weight != 0.0F};
  const auto next = static_cast<std::uint32_t>(network_.kinds.size());
  const auto known = index_->numbers.find(key);
  if (known == index_->numbers.end()) {
    network_.kinds.edit().push_back(
        kind_of(synapse, divisor, potential_driven, network_.charge.quantum_bits));
    index_->numbers.emplace(key, next);
    return next;
  }
  return known->second;
}

}  // namespace rheobase
