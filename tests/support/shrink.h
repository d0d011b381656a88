// SPDX-License-Identifier: Apache-2.0
/// \file
/// Makes a failing case small: fewer bursts, inputs, drives, synapses, neurons, plainer parameters.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "rheobase/engine.h"
#include "support/random_network.h"

namespace rheobase::test {

/// A case written out, neuron by neuron and synapse by synapse.
struct PlainCase {
  NetworkOptions options;
  std::vector<NeuronParams> params;
  std::vector<PspMode> modes;
  std::vector<Synapse> synapses;
  std::vector<Drive> drives;
  InputSchedule input;
  std::uint64_t bursts = 1;

  [[nodiscard]] Network build() const;
  /// The network before its first burst, with its input: `rheobase run --resume` runs it.
  [[nodiscard]] Checkpoint checkpoint() const;
};
[[nodiscard]] PlainCase written_out(const RandomCase& random);

/// The smallest case that was found for which `fails` is still true; it is true for `failing`.
[[nodiscard]] PlainCase shrunk(PlainCase failing,
                               const std::function<bool(const PlainCase&)>& fails);

/// Whether the two backends differ on it, or either throws.
[[nodiscard]] bool differs(const PlainCase& c, const std::string& backend, std::uint32_t threads);

/// Shrinks a case on which `backend` differs from reference and saves it as a checkpoint in the
/// folder that RHEOBASE_FINDINGS names (else the present one). \return a sentence that says where.
std::string shrink_and_save(const RandomCase& random, const std::string& backend,
                            std::uint32_t threads);

}  // namespace rheobase::test
