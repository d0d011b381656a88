// SPDX-License-Identifier: Apache-2.0
/// \file
/// The step of a range of neurons on the CPU, from the single definition in model/neuron_step.h.
#pragma once

#include <cstdint>

#include "backends/cpu/class_columns.h"
#include "backends/cpu/part.h"

namespace rheobase {

/// Arguments of one call: neurons first .. first + count - 1, count <= kStepBlock.
template <class Word>
struct StepBlock {
  const model::NeuronClass* neuron_class = nullptr;  ///< if they are of one
  const ClassColumns* columns = nullptr;             ///< if not
  NeuronId first = 0;
  std::uint32_t count = 0;
  std::uint32_t rules = 0;
  std::uint32_t burst_low = 0;
  std::uint32_t quantum_bits = 0;
  std::uint32_t event_bits = 0;
  bool counts_candidates = false;
  // one entry per neuron
  Word* words = nullptr;  ///< read and set to 0
  const float* injected = nullptr;
  float* u = nullptr;
  std::uint16_t* refractory_countdown = nullptr;
  std::uint16_t* fire_count = nullptr;
  std::uint16_t* snooze_countdown = nullptr;
  std::uint8_t* forget = nullptr;
  // results
  std::uint8_t* fired = nullptr;
  float* potential_at_firing = nullptr;
  std::uint32_t* branches = nullptr;  ///< null unless counted
};

inline constexpr std::uint32_t kStepBlock = 1024;

template <class Word>
using StepFunction = void (*)(const StepBlock<Word>&);

/// What a class can do. Most do without a part of the step, and are stepped by a loop without it.
enum class ClassForm : std::uint8_t {
  any,
  plain,    ///< alive, accumulating, no limit of fires, no snooze; fires whenever it may
  drawing,  ///< the same, but whether it fires is drawn
};
inline constexpr std::size_t kClassForms = 3;
/// `potential_driven`: the network needs potentials at firing, which only ClassForm::any gives.
[[nodiscard]] ClassForm form_of(const model::NeuronClass& c, bool potential_driven);

/// The step compiled for these rules, or for any where they are no named profile's. `varied`: for
/// neurons of several classes, all of that form.
template <class Word>
[[nodiscard]] StepFunction<Word> step_function(std::uint32_t rules, ClassForm form, bool branches,
                                               bool varied);
template <class Word>
[[nodiscard]] StepFunction<Word> varied_step_function(std::uint32_t rules, ClassForm form,
                                                      bool branches);

}  // namespace rheobase
