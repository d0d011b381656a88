// SPDX-License-Identifier: Apache-2.0
/// \file
/// Populations and parts of them as recipes name them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "io/object_reader.h"
#include "rheobase/network.h"

namespace rheobase::recipe {

/// Finds a population by name, or refuses.
using FindPopulation = std::function<AreaId(const ObjectReader&, const char*, const std::string&)>;

/// "e", {"population": "e", "first": 0, "count": 100} or {"population": "e", "indices": [3, 5]}.
/// \throws Error invalid_file.
[[nodiscard]] AreaPart read_part(ObjectReader& reader, const char* key, const FindPopulation& find);

/// Stretches of the neurons of a part as {first, count} of ids in the network, ascending.
/// \throws Error invalid_argument if the part leaves the area.
[[nodiscard]] std::vector<std::pair<NeuronId, std::uint32_t>> stretches_of(const AreaPart& part,
                                                                           const Area& area);

}  // namespace rheobase::recipe
