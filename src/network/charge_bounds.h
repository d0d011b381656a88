// SPDX-License-Identifier: Apache-2.0
/// \file
/// The largest sums of charge that can reach each neuron; from them the accumulator's width.
#pragma once

#include "network/view.h"

namespace rheobase {

/// Keeps `in_charge` and `in_degree` of a network, whose kinds and classes must be up to date.
class ChargeBounds {
 public:
  explicit ChargeBounds(NetworkData& network);

  /// Adds, or takes back, what the row of a neuron of `owner` can send: the network itself, or the
  /// one before an edit. Rows are taken back before others are added.
  void add(const NetworkData& owner, NeuronId pre);
  void remove(const NetworkData& owner, NeuronId pre);
  /// Adds what all rows of the network send.
  void add_all(std::uint32_t threads);
  /// Adds what all synapses that learn can send.
  void add_projections();

  /// Sets `charge` but for the quantum. \throws Error out_of_range if no accumulator can hold the
  /// sums.
  void finish();

 private:
  NetworkData& network_;
  std::vector<std::uint64_t>& sums_;
  std::vector<std::uint32_t>& degrees_;
};

/// All rows of a network.
void bound_charges(NetworkData& network, std::uint32_t threads = 1);

}  // namespace rheobase
