// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "network/rules/voxel_rule.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

class Vectors final : public VoxelRule {
 public:
  explicit Vectors(const std::vector<std::array<std::int32_t, 3>>& offsets) {
    // an offset that is written twice connects once
    for (const auto& offset : offsets) {
      if (std::find(offsets_.begin(), offsets_.end(), offset) == offsets_.end()) {
        offsets_.push_back(offset);
      }
    }
  }

  [[nodiscard]] std::string describe() const override {
    return "vectors(" + number_text(offsets_.size()) +
           (offsets_.size() == 1 ? " offset)" : " offsets)");
  }

  void targets(Voxel s, Voxel /*from*/, Voxel to, std::vector<Voxel>& out) const override {
    for (const auto& offset : offsets_) {
      Voxel t;
      bool inside = true;
      for (unsigned a = 0; a < 3; ++a) {
        const std::int64_t coordinate = std::int64_t{axis(s, a)} + offset[a];
        inside = inside && coordinate >= 0 && coordinate < axis(to, a);
        axis(t, a) = static_cast<std::uint32_t>(coordinate);
      }
      if (inside) {
        out.push_back(t);
      }
    }
  }

 private:
  std::vector<std::array<std::int32_t, 3>> offsets_;
};

}  // namespace

ConnectionRule vectors(const std::vector<std::array<std::int32_t, 3>>& offsets) {
  return ConnectionRule(std::make_shared<Vectors>(offsets));
}

}  // namespace rheobase
