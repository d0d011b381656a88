// SPDX-License-Identifier: Apache-2.0
/// \file
/// Synapses that learn: how they are made of a plan, and what is asked about them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "network/plan.h"
#include "network/view.h"
#include "rheobase/state.h"

namespace rheobase {

/// \throws Error if the synapses of a connection cannot learn as it says.
void check_plasticity(const NetworkPlan& plan, const PlannedConnection& c);

/// Bits of quantum for the charges of such a connection: 2^-16 of the weights that it begins with.
[[nodiscard]] std::uint32_t bits_for_learning(const PlannedConnection& c);

/// Makes what learns. `network` must have its classes, targets and quantum; `what` names it in
/// errors. \throws Error as NetworkBuilder::build.
void append_projections(const NetworkPlan& plan, const std::string& what, NetworkData& network);

/// From parameters as given. The weights to begin with are not among them.
/// \throws Error invalid_argument, out_of_range if no charge can be as large as the weight.
[[nodiscard]] ProjectionNumbers projection_numbers(const SynapseDefinition& definition,
                                                   const std::vector<ModelValue>& values,
                                                   double dt_ms, std::uint32_t quantum_bits);
/// Sets `initial`; `weights`: one, or one for each synapse.
/// \throws Error invalid_argument if a weight is outside its range.
void begin_with(ProjectionNumbers& numbers, const SynapseDefinition& definition,
                std::vector<float> weights, double dt_ms);

/// Fills in columns and owners from rows and posts.
void index_rows(ProjectionRows& rows, std::uint32_t targets);

/// The largest |charge| of a spike, in quanta.
[[nodiscard]] std::uint64_t largest_charge(const LearningProjection& p, std::uint32_t quantum_bits);

[[nodiscard]] Plasticity plasticity_of(const LearningProjection& p);
[[nodiscard]] ProjectionEnds ends_of(const LearningProjection& p);
/// Bytes.
[[nodiscard]] std::uint64_t memory_of(const LearningProjection& p);

/// Calls visit(projection, synapse) for each synapse of the neuron that learns.
template <class Visit>
void for_each_learning(const NetworkData& network, NeuronId pre, Visit visit) {
  for (const LearningProjection& p : network.projections) {
    const std::uint32_t source = pre - p.pre_first;
    for (std::uint32_t s = source < p.pre_count ? p.rows->row_begin[source] : 0U;
         source < p.pre_count && s < p.rows->row_begin[source + 1U]; ++s) {
      visit(p, s);
    }
  }
}

/// What a projection keeps before the first burst.
[[nodiscard]] ProjectionState initial_projection(const LearningProjection& p);

}  // namespace rheobase
