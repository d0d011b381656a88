// SPDX-License-Identifier: Apache-2.0
/// \file
/// From voxels of FEAGI's frames to neurons of the network and back.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "rheobase/network.h"
#include "server/document.h"
#include "server/xyzp.h"

namespace rheobase::server {

struct IndexedArea {
  AreaKey key{};
  std::string id;  ///< the same in base64
  NeuronId first = 0;
  std::uint32_t count = 0;
  Voxel size{1, 1, 1};
  std::uint32_t per_voxel = 1;
  bool output = false;  ///< motor agents hear of it
  bool holds = false;   ///< sensory input stays until the next frame

  /// The neuron that receives at a voxel; none outside of the area.
  [[nodiscard]] std::optional<NeuronId> neuron_at(const Voxel& voxel) const;
};

class AreaIndex {
 public:
  AreaIndex() = default;
  AreaIndex(const Network& network, const Document& document);

  [[nodiscard]] const std::vector<IndexedArea>& areas() const { return areas_; }
  [[nodiscard]] const IndexedArea* find(const AreaKey& key) const;
  [[nodiscard]] const IndexedArea* find(const std::string& id) const;

  /// The voxels of these neurons (ascending), by area in the order of the network; a voxel of
  /// which several neurons fired comes once. Only areas for which `wanted` is true.
  template <class Wanted>
  [[nodiscard]] std::vector<AreaVoxels> voxels_of(std::span<const NeuronId> fired, Wanted wanted,
                                                  float potential) const;

 private:
  static AreaVoxels voxels_within(const IndexedArea& area, std::span<const NeuronId> fired,
                                  float potential);

  std::vector<IndexedArea> areas_;  ///< by first neuron
};

template <class Wanted>
std::vector<AreaVoxels> AreaIndex::voxels_of(std::span<const NeuronId> fired, Wanted wanted,
                                             float potential) const {
  std::vector<AreaVoxels> list;
  std::size_t at = 0;
  for (const IndexedArea& area : areas_) {
    while (at < fired.size() && fired[at] < area.first) {
      ++at;
    }
    const std::size_t begin = at;
    while (at < fired.size() && fired[at] - area.first < area.count) {
      ++at;
    }
    if (at != begin && wanted(area)) {
      list.push_back(voxels_within(area, fired.subspan(begin, at - begin), potential));
    }
  }
  return list;
}

}  // namespace rheobase::server
