// SPDX-License-Identifier: Apache-2.0
#include "io/recipe_part.h"

#include <algorithm>
#include <limits>

#include "io/recipe_rule.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase::recipe {

AreaPart read_part(ObjectReader& reader, const char* key, const FindPopulation& find) {
  const Json& value = reader.need(key);
  AreaPart part;
  if (!value.is_object()) {
    part.area = find(reader, key, reader.text(key, std::nullopt));
    return part;
  }
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max() - 1U;
  ObjectReader object(value, reader.place() + "." + key);
  part.area = find(object, "population", object.text("population", std::nullopt));
  if (object.has("indices")) {
    if (object.has("first") || object.has("count")) {
      object.refuse("it has both \"indices\" and a stretch. Keep one.");
    }
    part.indices = index_list(object, "indices");
    if (part.indices.empty()) {
      object.refuse("indices is empty (at least one index was expected).");
    }
  } else {
    part.first = static_cast<std::uint32_t>(object.count("first", 0, 0, kMost));
    part.count =
        static_cast<std::uint32_t>(object.count("count", AreaPart::kRest, 0, AreaPart::kRest));
  }
  object.finish();
  return part;
}

std::vector<std::pair<NeuronId, std::uint32_t>> stretches_of(const AreaPart& part,
                                                             const Area& area) {
  const auto require = [&](std::uint64_t end) {
    if (end > area.count) {
      throw Error(ErrorCode::invalid_argument,
                  "a part of " + quoted_name(area.spec.name) + " ends at " + number_text(end) +
                      " (the area has " + number_text(area.count) + " neurons).");
    }
  };
  if (part.indices.empty()) {
    require(part.first);
    const std::uint32_t count =
        part.count == AreaPart::kRest ? area.count - part.first : part.count;
    require(std::uint64_t{part.first} + count);
    return {{area.first + part.first, count}};
  }
  std::vector<std::uint32_t> indices = part.indices;
  std::sort(indices.begin(), indices.end());
  require(std::uint64_t{indices.back()} + 1U);
  std::vector<std::pair<NeuronId, std::uint32_t>> stretches;
  for (const std::uint32_t index : indices) {
    const NeuronId id = area.first + index;
    if (stretches.empty() || id > stretches.back().first + stretches.back().second) {
      stretches.emplace_back(id, 0);
    }
    stretches.back().second = id - stretches.back().first + 1U;
  }
  return stretches;
}

}  // namespace rheobase::recipe
