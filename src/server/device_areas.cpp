// SPDX-License-Identifier: Apache-2.0
#include "server/device_areas.h"

#include <algorithm>

#include "io/base64.h"
#include "server/area_ids.h"

namespace rheobase::server {

void make_device_areas(Brain& brain, const std::vector<WantedArea>& wanted) {
  const auto lacks = [&](const Document& document) {
    return std::any_of(wanted.begin(), wanted.end(),
                       [&](const WantedArea& area) { return document.find(area.id) == nullptr; });
  };
  if (const auto now = brain.served(); now != nullptr && !lacks(now->document)) {
    return;
  }
  brain.change([&](Document& document) {
    Change change{true, Json::array(), {{"kind", "create_cortical_areas"}}};
    for (const WantedArea& area : wanted) {
      if (document.find(area.id) != nullptr) {
        continue;
      }
      GenomeArea& made =
          document.add(area.id, free_name(document, area.name), area.size, document.root_region());
      made.set_place(area.place);
      made.genes["cx-devcnt-i"] = area.devices;
      made.genes["nx-fire_t-f"] = area.threshold;
      if (area.input) {
        made.genes["cx-snhold-b"] = area.holds;
      }
      change.targets.push_back({{"kind", "cortical_area"}, {"id", area.id}});
    }
    change.network = !change.targets.empty();
    return change;
  });
}

std::set<AreaKey> output_keys(const std::vector<WantedArea>& areas) {
  std::set<AreaKey> keys;
  for (const WantedArea& area : areas) {
    const auto bytes = bytes_of_base64(area.id);
    if (!area.input && bytes && bytes->size() == sizeof(AreaKey)) {
      AreaKey key{};
      std::copy(bytes->begin(), bytes->end(), key.begin());
      keys.insert(key);
    }
  }
  return keys;
}

}  // namespace rheobase::server
