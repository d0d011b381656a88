// SPDX-License-Identifier: Apache-2.0
/// \file
/// Runs a connection's rule, alone or shared among threads.
#pragma once

#include <algorithm>
#include <cstdint>

#include "network/connection_rule.h"
#include "network/wiring.h"
#include "platform/parallel.h"
#include "rheobase/error.h"

namespace rheobase {

/// What a rule is told of a connection that stands in no plan yet.
[[nodiscard]] RuleContext context_of(const NetworkPlan& plan, const PlannedConnection& c);
/// What the rule of a plan's connection is told.
[[nodiscard]] RuleContext context_of(const NetworkPlan& plan, std::size_t connection);
/// Whether several threads should share the owners of a connection.
[[nodiscard]] bool is_worth_threads(const NetworkPlan& plan, std::size_t connection);

/// Runs one rule; an error says which connection it was. `make_sink` makes one for each stretch of
/// owners.
template <class MakeSink>
void run_rule(const NetworkPlan& plan, std::size_t connection, bool threaded, MakeSink make_sink) {
  const PlannedConnection& c = plan.connections[connection];
  const RuleImplementation& rule = c.rule.implementation();
  const RuleContext whole = context_of(plan, connection);
  constexpr std::uint32_t kStretchesPerThread = 16;
  try {
    if (!threaded) {
      auto sink = make_sink();
      rule.for_each(whole, sink);
      return;
    }
    const std::uint64_t owners = rule.owners(whole);
    const std::uint64_t stretches =
        std::min<std::uint64_t>(owners, std::uint64_t{plan.threads()} * kStretchesPerThread);
    platform::parallel_for(stretches, plan.threads(), [&](std::size_t i) {
      RuleContext part = whole;
      part.first_owner = static_cast<std::uint32_t>(i * owners / stretches);
      part.last_owner = static_cast<std::uint32_t>((i + 1) * owners / stretches);
      auto sink = make_sink();
      rule.for_each(part, sink);
    });
  } catch (const Error& error) {
    throw Error(error.code(), connection_name(plan, c) + ": " + error.what());
  }
}

}  // namespace rheobase
