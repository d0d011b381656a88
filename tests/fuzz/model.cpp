// SPDX-License-Identifier: Apache-2.0
// Definitions of models: whatever is accepted must have constants or a reason not to, and run.
#include <algorithm>
#include <string_view>

#include "definition/definition.h"
#include "definition/limits.h"
#include "fuzz/fuzzed.h"
#include "model/run_step.h"

using namespace rheobase;

namespace {

void require(bool holds, const char* what) {
  if (!holds) {
    std::cerr << what << "\n";
    std::abort();
  }
}

/// Some steps of one neuron, with nothing, much and little arriving.
void run(const Definition& d) {
  std::vector<double> parameters;
  for (const Definition::Parameter& p : d.parameters) {
    parameters.push_back(p.value);
  }
  const std::vector<float> constants = d.constants(parameters, 0.1);
  std::vector<float> states = d.initial(parameters, 0.1);
  require(constants.size() == d.step.parameters, "as many constants as the step reads");
  require(states.size() == d.states.size() && d.step.next.size() == states.size(), "states");
  require(d.step.operations.size() <= model::kMostOperations, "too many operations");
  std::vector<std::uint32_t> values(d.step.operations.size());
  for (std::uint64_t burst = 0; burst < 6; ++burst) {
    constexpr float kArrivals[] = {
        0.0F, 1.5F, language::kLargestArrival, -language::kLargestArrival, -3.0F, 0.0F};
    const std::vector<float> ports(d.ports.size(), kArrivals[burst]);
    (void)model::run_step(d.step, {constants, states, ports, 1, 0, burst << 13U, 0.1}, values);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::uint32_t size = values[i] & 0x7FFFFFFFU;
      require(model::is_truth(d.step.operations[i].op) || values[i] == 0U ||
                  (size >= 0x00800000U && model::float_of(size) <= language::kLargestValue),
              "a number that is none");
    }
    for (std::size_t s = 0; s < states.size(); ++s) {
      states[s] = model::float_of(values[d.step.next[s]]);
      require(states[s] >= d.states[s].lowest && states[s] <= d.states[s].highest, "a state");
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  test::only_errors([&] { run(*parse_definition(text, "the model")); });
  return 0;
}
