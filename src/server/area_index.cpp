// SPDX-License-Identifier: Apache-2.0
#include "server/area_index.h"

#include <algorithm>

#include "io/base64.h"

namespace rheobase::server {

std::optional<NeuronId> IndexedArea::neuron_at(const Voxel& voxel) const {
  if (voxel.x >= size.x || voxel.y >= size.y || voxel.z >= size.z) {
    return std::nullopt;
  }
  // x outermost, then y, then z; the last neuron of a voxel receives
  return first + ((voxel.x * size.y + voxel.y) * size.z + voxel.z) * per_voxel + per_voxel - 1;
}

AreaIndex::AreaIndex(const Network& network, const Document& document) {
  for (const Area& area : network.areas()) {
    const auto bytes = bytes_of_base64(area.spec.file_id);
    const GenomeArea* genes = document.find(area.spec.file_id);
    // an area that was deleted from a running network stays in it as dead neurons
    if (!bytes || bytes->size() != sizeof(AreaKey) || genes == nullptr || area.count == 0 ||
        !network.alive(area.first)) {
      continue;
    }
    IndexedArea indexed;
    std::copy(bytes->begin(), bytes->end(), indexed.key.begin());
    indexed.id = area.spec.file_id;
    indexed.first = area.first;
    indexed.count = area.count;
    indexed.size = area.spec.size;
    indexed.per_voxel = area.spec.neurons_per_voxel;
    indexed.output = genes->kind() == 'o';
    indexed.holds = genes->flag("cx-snhold-b", false);
    areas_.push_back(std::move(indexed));
  }
}

const IndexedArea* AreaIndex::find(const AreaKey& key) const {
  const auto it = std::find_if(areas_.begin(), areas_.end(),
                               [&](const IndexedArea& area) { return area.key == key; });
  return it == areas_.end() ? nullptr : &*it;
}

const IndexedArea* AreaIndex::find(const std::string& id) const {
  const auto it = std::find_if(areas_.begin(), areas_.end(),
                               [&](const IndexedArea& area) { return area.id == id; });
  return it == areas_.end() ? nullptr : &*it;
}

AreaVoxels AreaIndex::voxels_within(const IndexedArea& area, std::span<const NeuronId> fired,
                                    float potential) {
  AreaVoxels list;
  list.area = area.key;
  std::uint32_t last = 0;
  for (const NeuronId id : fired) {
    const std::uint32_t voxel = (id - area.first) / area.per_voxel;
    if (!list.p.empty() && voxel == last) {
      continue;
    }
    last = voxel;
    list.x.push_back(voxel / (area.size.y * area.size.z));
    list.y.push_back(voxel / area.size.z % area.size.y);
    list.z.push_back(voxel % area.size.z);
    list.p.push_back(potential);
  }
  return list;
}

}  // namespace rheobase::server
