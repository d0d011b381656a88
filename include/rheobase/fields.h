// SPDX-License-Identifier: Apache-2.0
/// \file
/// Every parameter and state field of a network, described: the source of docs/state.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rheobase/export.h"

namespace rheobase {

struct FieldInfo {
  std::string_view group;  ///< "Neuron parameters", "Neuron state", …
  std::string_view name;   ///< as in the C++ API and in network recipes
  std::string_view type;
  std::string_view unit;
  std::string_view range;
  std::string default_value;             ///< taken from the code; empty for state that a run makes
  std::string_view feagi, nest, brian2;  ///< its name there; "" where there is none
  std::string_view meaning;
};

/// In the order of the documentation.
[[nodiscard]] RHEOBASE_API std::vector<FieldInfo> fields();

/// The text of docs/state.md.
[[nodiscard]] RHEOBASE_API std::string fields_markdown();

}  // namespace rheobase
