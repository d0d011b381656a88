// SPDX-License-Identifier: Apache-2.0
/// \file
/// Synapses that learn. docs/plasticity.md describes the language in which they are defined.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rheobase/export.h"
#include "rheobase/model.h"

namespace rheobase {

struct SynapseDefinition;

/// What spikes do to a synapse: a cheap handle to shared, immutable data. Empty: nothing.
class RHEOBASE_API SynapseModel {
 public:
  SynapseModel() = default;
  explicit SynapseModel(std::shared_ptr<const SynapseDefinition> definition)
      : definition_(std::move(definition)) {}

  /// Reads a definition; `where` names it in errors (a file, for instance).
  /// \throws Error invalid_file with line, column, the reason and what would mend it.
  static SynapseModel parse(std::string_view text, std::string_view where = "the synapse");
  /// One of those that come with Rheobase. \throws Error invalid_argument naming close matches.
  static SynapseModel named(std::string_view name);
  /// The names of these, sorted.
  static std::vector<std::string> names();

  [[nodiscard]] bool empty() const { return definition_ == nullptr; }
  [[nodiscard]] const std::string& name() const;
  [[nodiscard]] const std::string& title() const;
  [[nodiscard]] const std::string& text() const;
  [[nodiscard]] std::vector<ModelItem> params() const;
  /// What each synapse keeps; the first is its weight, `w`.
  [[nodiscard]] std::vector<ModelItem> states() const;
  /// What its ends keep; the unit says which: "pre" or "post".
  [[nodiscard]] std::vector<ModelItem> traces() const;

  [[nodiscard]] const std::shared_ptr<const SynapseDefinition>& definition() const {
    return definition_;
  }

 private:
  std::shared_ptr<const SynapseDefinition> definition_;
};

/// Where a spike spends the delay of a synapse that learns.
enum class DelayIn : std::uint8_t {
  axon,  ///< before the synapse; the target feels it at once, and its own spikes are there at once
  dendrite,  ///< behind it, as in NEST: it changes the synapse when it is fired, and spikes of the
             ///< target reach the synapse a delay later
};

/// How the synapses of a connection learn. The weights that the connection gives or draws are those
/// that they begin with.
struct Plasticity {
  SynapseModel model{};
  /// Parameters that differ from what the text gives: one number each.
  std::vector<ModelValue> values{};
  DelayIn delay_in = DelayIn::axon;
};

/// The synapses of one connection that learn and have one delay. Synapse i of its arrays is the
/// same everywhere: here, in State::projections and in Engine::weights.
struct Projection {
  std::uint32_t pre = 0, post = 0;  ///< areas
  std::uint32_t delay = 1;          ///< bursts
  std::uint32_t port = 0;
  Plasticity plasticity;
  std::uint64_t synapses = 0;
};

/// The ends of the synapses of a projection, by pre, then post, then in order of creation.
struct ProjectionEnds {
  std::vector<std::uint32_t> pre, post;  ///< neurons
};

}  // namespace rheobase
