// SPDX-License-Identifier: Apache-2.0
/// \file
/// Runs the connection rules of a plan, twice: to count synapses, and to make them. Neurons whose
/// pairs are drawn apart from each other's are shared among threads; the network is the same with
/// any number of them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "network/plan.h"
#include "network/row_assembler.h"

namespace rheobase {

/// "connection A -> B"
[[nodiscard]] std::string connection_name(const NetworkPlan& plan,
                                          const PlannedConnection& connection);

/// \throws Error, with the connection's name, if the rule does not fit the areas or no quantum can
/// hold the charge.
void check_connection(const NetworkPlan& plan, const PlannedConnection& connection);

struct SynapseCounts {
  std::vector<std::uint32_t> degrees;        ///< synapses that leave each neuron
  std::vector<std::uint64_t> of_connection;  ///< for each connection of the plan
  std::uint64_t total = 0;                   ///< with those of lists
};

/// \throws Error out_of_memory as soon as it is sure that the network cannot fit; `what` names it.
[[nodiscard]] SynapseCounts count_synapses(const NetworkPlan& plan, const std::string& what);

/// The delays that synapses can have, ascending.
[[nodiscard]] std::vector<std::uint32_t> delays_of(const NetworkPlan& plan);

/// About so many synapses all rules make together.
[[nodiscard]] double expected_synapses(const NetworkPlan& plan);

/// `network` must have its classes and its quantum.
void make_synapses(const NetworkPlan& plan, const SynapseCounts& counts, NetworkData& network,
                   RowAssembler& rows);

}  // namespace rheobase
