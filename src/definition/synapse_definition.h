// SPDX-License-Identifier: Apache-2.0
/// \file
/// A plastic synapse as it was read: what a spike of either end does to it. Each of these is a
/// program as the step of a neuron's model is one, so that every backend runs it with the same
/// bits.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "definition/definition.h"

namespace rheobase {

/// The ports of a program hold the traces, and how many bursts ago each end fired last.
inline constexpr std::size_t kMostTraces = model::kMostPorts - 2U;
/// Bursts since the last spike of an end that fired longer ago, or never. Exact in f32.
inline constexpr std::uint32_t kLongAgo = 1U << 24U;

struct SynapseDefinition {
  struct Trace {
    std::string name;
    bool of_post = false;
    bool nearest = false;  ///< a spike sets it to 1 instead of adding 1
    std::string meaning;
  };
  /// An end of the range of the weight.
  struct Limit {
    double number = 0.0;                     ///< unless it is a parameter:
    std::optional<std::uint32_t> parameter;  ///< its number
    double factor = 1.0;                     ///< from the unit of that parameter
  };

  std::string name, title, text;
  std::vector<Trace> traces;
  Limit lowest, highest;     ///< of the weight
  bool sends_weight = true;  ///< a spike carries the weight
  bool changes_on_pre = false, changes_on_post = false;

  // Ports of the first two: the traces, then the bursts since the last spike of pre and of post.
  // States: those of the text, the weight first; behind them in `on_pre`, if the synapse does not
  // send its weight, what is sent.
  std::shared_ptr<const Definition> on_pre, on_post;
  // The states of the others are the traces of an end as they were at its last spike, the only port
  // the bursts since then: what they are now, and what another spike makes of them.
  std::shared_ptr<const Definition> pre_now, post_now, pre_spike, post_spike;

  [[nodiscard]] const std::vector<Definition::Parameter>& parameters() const {
    return on_pre->parameters;
  }
  /// Those that a synapse keeps, the weight first.
  [[nodiscard]] std::size_t state_count() const { return on_post->states.size(); }
  [[nodiscard]] std::size_t traces_of(bool post) const;
  /// \throws Error invalid_argument if nothing lies between them.
  struct Weights {
    double lowest = 0.0, highest = 0.0;
  };
  [[nodiscard]] Weights weights(std::span<const double> values) const;
};

/// Reads a definition. `where` names the text in errors, which carry line and column.
/// \throws Error invalid_file.
[[nodiscard]] std::shared_ptr<const SynapseDefinition> parse_synapse(std::string_view text,
                                                                     std::string_view where);

/// Whether a program reads one of its ports.
[[nodiscard]] bool reads_port(const model::StepProgram& program, std::uint32_t port);

}  // namespace rheobase
