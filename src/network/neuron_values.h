// SPDX-License-Identifier: Apache-2.0
/// \file
/// Values of neurons without a model that differ from those of their area.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "network/area_values.h"
#include "network/view.h"

namespace rheobase {

/// \throws Error invalid_argument naming those that there are.
[[nodiscard]] ValueRange range_of_neuron_value(const AreaSpec& spec, const std::string& name,
                                               double dt_ms);

/// The values of `count` neurons, checked; no distribution is left among them.
class NeuronValues {
 public:
  /// Keeps `values`, which must outlive it.
  /// \throws Error invalid_argument if there is no such value, if it is given twice, is out of
  /// range or no whole number, or if there are not 1 or `count` of it.
  NeuronValues(const AreaSpec& spec, const std::vector<ModelValue>& values, std::uint32_t count,
               double dt_ms);

  /// Changes the parameters of neuron i to what is given for it.
  void set(NeuronParams& params, std::uint32_t i) const;
  [[nodiscard]] bool has_potentials() const { return potentials_ != nullptr; }
  /// Before the first burst.
  [[nodiscard]] float potential(std::uint32_t i) const;

 private:
  struct Column {
    std::size_t field = 0;
    const std::vector<double>* numbers = nullptr;
  };
  std::vector<Column> columns_;
  const std::vector<double>* potentials_ = nullptr;
  double dt_ms_;
};

/// Takes the potentials before the first burst from the values of an area whose neurons have their
/// classes already, in place behind those of the areas before it. Without a model nothing is left
/// of the values then: classes and potentials hold them.
void take_first_potentials(NetworkData& network, Area& area);
/// Zeros at the end say nothing.
void trim_first_potentials(std::vector<float>& potentials);

}  // namespace rheobase
