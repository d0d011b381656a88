// SPDX-License-Identifier: Apache-2.0
/// \file
/// Models of neurons that are given as text. docs/models.md describes the language.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rheobase/distribution.h"
#include "rheobase/export.h"

namespace rheobase {

struct Definition;

/// Something that a model has: a parameter, a state or a port.
struct ModelItem {
  std::string name;
  std::string unit;                    ///< empty if the text gives none
  std::string meaning;                 ///< the same
  double value = 0.0;                  ///< of a parameter, unless another is given; 0 otherwise
  double lowest = 0.0, highest = 0.0;  ///< of parameters and states
};

/// A model of a neuron: a cheap handle to shared, immutable data. Empty: the neuron of
/// NeuronParams.
class RHEOBASE_API Model {
 public:
  Model() = default;
  explicit Model(std::shared_ptr<const Definition> definition)
      : definition_(std::move(definition)) {}

  /// Reads a definition; `where` names it in errors (a file, for instance).
  /// \throws Error invalid_file with line, column, the reason and what would mend it.
  static Model parse(std::string_view text, std::string_view where = "the model");
  /// One of the models that come with Rheobase. \throws Error invalid_argument naming close
  /// matches.
  static Model named(std::string_view name);
  /// The names of these, sorted.
  static std::vector<std::string> names();

  [[nodiscard]] bool empty() const { return definition_ == nullptr; }
  [[nodiscard]] const std::string& name() const;
  [[nodiscard]] const std::string& title() const;
  [[nodiscard]] const std::string& text() const;
  [[nodiscard]] std::vector<ModelItem> params() const;
  /// Those that the text names, then those of ports and of the refractory period.
  [[nodiscard]] std::vector<ModelItem> states() const;
  /// What synapses and injections can reach; the first one unless another is named.
  [[nodiscard]] std::vector<ModelItem> ports() const;

  [[nodiscard]] const std::shared_ptr<const Definition>& definition() const { return definition_; }

 private:
  std::shared_ptr<const Definition> definition_;
};

/// A parameter or the first value of a state, for a population: one number for all its neurons, one
/// for each, or a distribution from which each draws its own.
///
/// A draw follows from the wiring seed, the names of area and parameter, and the neuron's index
/// within the area; it is the same whatever else there is in the network. \see docs/models.md
struct ModelValue {
  std::string name;
  std::vector<double> values{};
  std::optional<Distribution> distribution{};  ///< instead of values
};

}  // namespace rheobase
