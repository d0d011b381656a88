// SPDX-License-Identifier: Apache-2.0
/// \file
/// How fine the quantum of charge must be.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/fixed_point.h"
#include "rheobase/network.h"

namespace rheobase {

/// One sort of charge that a network has, before anything is quantised.
struct ChargeSource {
  float weight = 0.0F, psp = 0.0F;
  PspMode mode;
};

/// "weight 0.5 x PSP 1"
[[nodiscard]] std::string charge_text(float weight, float psp);

/// Whether the charge is held well enough by k bits: exact to 2^-16 of its value.
[[nodiscard]] bool holds(const ChargeSource& charge, std::uint32_t k);

/// Bits whose quantum is 2^-16 of this size or finer: enough for charges of which many differ and
/// that are about as large. Such charges come close to nothing now and then, where 2^-16 of the
/// value itself would ask for ever finer quanta.
[[nodiscard]] std::uint32_t bits_for_size(double size);

/// No charge needs more; it is refused before.
inline constexpr std::uint32_t kAnyBits = model::kMostQuantumBits + 1U;

/// Whether more charges of a list differ than compact synapses could tell apart.
[[nodiscard]] bool has_many_charges(const std::vector<Synapse>& synapses);
/// bits_for_size of the mean charge of a list in which many differ; else kAnyBits.
[[nodiscard]] std::uint32_t enough_bits(const std::vector<Synapse>& synapses);
/// Whether it is too small for the bits that are wanted, or for any.
[[nodiscard]] bool is_too_small(const ChargeSource& charge, std::optional<std::uint32_t> wanted);

/// Finds the least number of quantum bits that holds all charges. \see NetworkOptions::quantum_bits
class QuantumChoice {
 public:
  /// \throws Error out_of_range if more bits are wanted than there can be.
  explicit QuantumChoice(std::optional<std::uint32_t> wanted);

  /// `enough`: more bits than that are not asked for this charge's sake.
  /// \throws Error out_of_range if it is too small for any quantum, or rounds to nothing.
  void add(const ChargeSource& charge, std::uint32_t enough = kAnyBits);
  /// Charges that are drawn, for which so many bits are enough.
  void add_drawn(const PspMode& mode, std::uint32_t bits);

  [[nodiscard]] std::uint32_t bits() const { return bits_; }

 private:
  bool wanted_;
  std::uint32_t bits_;
};

/// The bits that one charge alone asks for.
[[nodiscard]] std::uint32_t quantum_bits_of(const ChargeSource& charge,
                                            std::optional<std::uint32_t> wanted);

}  // namespace rheobase
