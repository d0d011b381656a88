// SPDX-License-Identifier: Apache-2.0
/// \file
/// Areas as FEAGI's clients see them: objects of properties in place of genes.
#pragma once

#include <cstdint>
#include <string>

#include "server/document.h"

namespace rheobase::server {

/// What the running network says of an area.
struct AreaCounts {
  std::int64_t index = 0;  ///< FEAGI's cortical_idx: the place among the areas
  std::uint64_t neurons = 0;
  std::uint64_t incoming = 0, outgoing = 0;  ///< synapses
};

/// The full object, some forty keys.
[[nodiscard]] Json properties_of(const GenomeArea& area, const Document& document,
                                 const AreaCounts& counts);
/// The object of the geometry list, some twenty keys.
[[nodiscard]] Json geometry_of(const GenomeArea& area, const Document& document);

/// What a change of properties means for the network.
struct PropertyChange {
  bool network = false;   ///< neurons or synapses change
  bool geometry = false;  ///< place or size changes
  std::string ignored;    ///< names of properties that no gene stands for, with commas
};
/// Sets every property of `wanted` but `cortical_id`; names of properties as in FEAGI, old and new.
/// \throws Error invalid_argument naming the property, and then nothing was changed.
PropertyChange set_properties(Document& document, const std::string& id, const Json& wanted);

/// [x, y, z] or {"x": , "y": , "z": } of whole numbers. \throws Error invalid_argument.
[[nodiscard]] Place place_from(const Json& value, const std::string& property);
[[nodiscard]] std::array<std::int64_t, 2> place_2d_from(const Json& value,
                                                        const std::string& property);
/// As place_from, for sizes: each from 1 to 2^20. \throws Error invalid_argument.
[[nodiscard]] Place size_from(const Json& value, const std::string& property);

}  // namespace rheobase::server
