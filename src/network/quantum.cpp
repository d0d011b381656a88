// SPDX-License-Identifier: Apache-2.0
#include "network/quantum.h"

#include <algorithm>
#include <unordered_set>

#include "model/float_ops.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

/// Bits for charges that are divided among synapses or driven by a potential.
constexpr std::uint32_t kDividedBits = 24;

float charge_of(float weight, float psp) { return model::mul_rn(weight, psp); }

}  // namespace

std::string charge_text(float weight, float psp) {
  return "weight " + number_text(weight) + " x PSP " + number_text(psp);
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

std::uint32_t bits_for_size(double size) {
  constexpr std::uint32_t kFiner = 16;
  double quantum = size / static_cast<double>(1U << kFiner);
  std::uint32_t bits = 0;
  for (; bits < model::kMostQuantumBits && quantum < 1.0; ++bits) {
    quantum *= 2.0;
  }
  return bits;
}

bool has_many_charges(const std::vector<Synapse>& synapses) {
  constexpr std::size_t kFew = 256;  // kinds of compact synapses
  std::unordered_set<std::uint64_t> seen;
  std::uint64_t last = ~std::uint64_t{0};
  for (const Synapse& s : synapses) {
    const std::uint64_t key =
        model::bits_of(s.weight) | (std::uint64_t{model::bits_of(s.psp)} << 32U);
    // runs of equal synapses are common in lists
    if (key != last && seen.insert(key).second && seen.size() > kFew) {
      return true;
    }
    last = key;
  }
  return false;
}

std::uint32_t enough_bits(const std::vector<Synapse>& synapses) {
  if (!has_many_charges(synapses)) {
    return kAnyBits;
  }
  double sum = 0.0;
  for (const Synapse& s : synapses) {
    const double charge = static_cast<double>(s.weight) * static_cast<double>(s.psp);
    sum += charge < 0.0 ? -charge : charge;
  }
  return bits_for_size(sum / static_cast<double>(synapses.size()));
}

bool is_too_small(const ChargeSource& c, std::optional<std::uint32_t> wanted) {
  return wanted ? charge_of(c.weight, c.psp) != 0.0F &&
                      model::to_fixed(charge_of(c.weight, c.psp), *wanted) == 0
                : !holds(c, model::kMostQuantumBits);
}

QuantumChoice::QuantumChoice(std::optional<std::uint32_t> wanted)
    : wanted_(wanted.has_value()), bits_(wanted.value_or(0)) {
  if (bits_ > model::kMostQuantumBits) {
    throw Error(ErrorCode::invalid_argument, "quantum_bits " + number_text(bits_) +
                                                 " is out of range (0 to " +
                                                 number_text(model::kMostQuantumBits) + ").");
  }
}

void QuantumChoice::add(const ChargeSource& c, std::uint32_t enough) {
  if (wanted_) {
    if (bits_ < enough && is_too_small(c, bits_)) {
      throw Error(ErrorCode::out_of_range, "the charge of " + charge_text(c.weight, c.psp) +
                                               " rounds to nothing (quantum 2^-" +
                                               number_text(bits_) + "). Raise quantum_bits.");
    }
    return;
  }
  if (c.mode.potential_driven || !c.mode.uniform) {
    bits_ = std::max(bits_, kDividedBits);
  }
  while (bits_ < enough && !holds(c, bits_)) {
    if (++bits_ > model::kMostQuantumBits) {
      throw Error(ErrorCode::out_of_range,
                  "the charge of " + charge_text(c.weight, c.psp) +
                      " is too small to be held within 2^-16 of its value (at most " +
                      number_text(model::kMostQuantumBits) +
                      " bits). Set quantum_bits or scale the weights.");
    }
  }
}

void QuantumChoice::add_drawn(const PspMode& mode, std::uint32_t bits) {
  if (!wanted_) {
    const bool is_shared = mode.potential_driven || !mode.uniform;
    bits_ = std::max({bits_, bits, is_shared ? kDividedBits : 0U});
  }
}

std::uint32_t quantum_bits_of(const ChargeSource& charge, std::optional<std::uint32_t> wanted) {
  QuantumChoice choice(wanted);
  choice.add(charge);
  return choice.bits();
}

}  // namespace rheobase
