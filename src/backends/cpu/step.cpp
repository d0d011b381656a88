// SPDX-License-Identifier: Apache-2.0
#include "backends/cpu/step.h"

#include "backends/cpu/step_loop.h"

namespace rheobase {

ClassForm form_of(const model::NeuronClass& c, bool potential_driven) {
  const std::uint32_t flags =
      c.flags & ~std::uint32_t{model::kDividedPsp};  // not the step's concern
  if (potential_driven || c.fire_limit != 0 || c.snooze_period != 0 ||
      (flags & ~std::uint32_t{model::kAlwaysFires}) != model::kAccumulates) {
    return ClassForm::any;
  }
  return (flags & model::kAlwaysFires) != 0U ? ClassForm::plain : ClassForm::drawing;
}

template <class Word>
StepFunction<Word> step_function(std::uint32_t rules, ClassForm form, bool branches, bool varied) {
  return varied ? varied_step_function<Word>(rules, form, branches)
                : step_loop::function_for<Word, false>(rules, form, branches);
}

template StepFunction<std::int32_t> step_function(std::uint32_t, ClassForm, bool, bool);
template StepFunction<std::int64_t> step_function(std::uint32_t, ClassForm, bool, bool);

}  // namespace rheobase
