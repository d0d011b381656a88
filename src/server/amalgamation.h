// SPDX-License-Identifier: Apache-2.0
/// \file
/// Circuits put into a brain as regions of their own: FEAGI's amalgamation.
#pragma once

#include <cstddef>
#include <string>

#include "server/document.h"

namespace rheobase::server {

/// The custom and memory areas of a region and of all regions within it, with the mappings among
/// them. \throws NoSuch if there is no such region.
[[nodiscard]] Document circuit_of_region(const Document& document, const std::string& region);

/// The box around the custom and memory areas of a circuit; 1 x 1 x 1 if it has none.
[[nodiscard]] Place size_of_circuit(const Document& circuit);

/// Where a circuit goes.
struct Destination {
  std::string region, title;  ///< id and title of the region that is made
  std::string parent;         ///< the region in which that one lies
  Place origin{0, 0, 0};      ///< of the least corner of the circuit
  /// Mappings from and to inputs, outputs and core areas that the brain has too.
  bool rewire = true;
};

/// What came of it.
struct Amalgamated {
  std::size_t areas = 0, mappings = 0, mappings_skipped = 0;
  std::size_t morphologies = 0, morphologies_known = 0;
};

/// Adds the custom and memory areas of a circuit, with new ids, and the morphologies that their
/// mappings use; of those that the brain knows by name, its own. \throws NoSuch if there is no such
/// parent.
Amalgamated amalgamate(Document& brain, const Document& circuit, const Destination& to);

}  // namespace rheobase::server
