// SPDX-License-Identifier: Apache-2.0
/// \file
/// A model as it was read: its parameters, states and ports, and the step that follows from its
/// text. Shared by all populations of that model; nothing changes in it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "definition/host_program.h"
#include "model/step_program.h"

namespace rheobase {

struct Definition {
  struct Parameter {
    std::string name;
    double value = 0.0;  ///< unless another one is given
    double lowest = 0.0, highest = 0.0;
    std::string unit, meaning;
  };
  struct State {
    std::string name;
    float lowest = 0.0F, highest = 0.0F;  ///< clamped to
    std::string unit, meaning;
    bool hidden = false;  ///< made by a port or by `refractory`, not named in the text as a state
  };
  struct Port {
    std::string name;
    std::string unit, meaning;
  };

  std::string name;
  std::string title;  ///< one line, with its source
  std::string text;   ///< as it was given
  std::vector<Parameter> parameters;
  std::vector<State> states;
  std::vector<Port> ports;
  model::StepProgram step;

  /// The number of a state; states.size() if there is none of that name.
  [[nodiscard]] std::size_t state_named(std::string_view wanted) const {
    std::size_t i = 0;
    while (i < states.size() && states[i].name != wanted) {
      ++i;
    }
    return i;
  }

  /// What the step reads as `parameter`, from one value for each of `parameters`, in double
  /// precision, rounded once. \throws Error invalid_argument if a time is off the grid of dt.
  [[nodiscard]] std::vector<float> constants(std::span<const double> values, double dt_ms) const;
  /// The states before the first burst, the same way. `given`: for each state that the text names,
  /// what it begins with instead; may be empty.
  [[nodiscard]] std::vector<float> initial(std::span<const double> values, double dt_ms,
                                           std::span<const std::optional<double>> given = {}) const;

  HostProgram host;  ///< how both are made
};

/// Reads a definition. `where` names the text in errors, which carry line and column.
/// \throws Error invalid_file.
[[nodiscard]] std::shared_ptr<const Definition> parse_definition(std::string_view text,
                                                                 std::string_view where);

}  // namespace rheobase
