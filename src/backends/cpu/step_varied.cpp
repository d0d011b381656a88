// SPDX-License-Identifier: Apache-2.0
// The loops for neurons of several classes: a file of their own, since they take long to compile.
#include "backends/cpu/step_loop.h"

namespace rheobase {

template <class Word>
StepFunction<Word> varied_step_function(std::uint32_t rules, ClassForm form, bool branches) {
  return step_loop::function_for<Word, true>(rules, form, branches);
}

template StepFunction<std::int32_t> varied_step_function(std::uint32_t, ClassForm, bool);
template StepFunction<std::int64_t> varied_step_function(std::uint32_t, ClassForm, bool);

}  // namespace rheobase
