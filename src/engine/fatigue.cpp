// SPDX-License-Identifier: Apache-2.0
#include "engine/fatigue.h"

#include <numeric>
#include <string_view>

#include "network/view.h"

namespace rheobase {
namespace {

/// base64 of "___fatig"
constexpr std::string_view kFileId = "X19fZmF0aWc=";
/// what an area built in code is called; "3/_fatigue" in a joined network
constexpr std::string_view kName = "_fatigue";

bool is_fatigue(const AreaSpec& spec) {
  if (!spec.file_id.empty()) {
    return spec.file_id == kFileId;
  }
  const std::string_view name = spec.name;
  return name.substr(name.rfind('/') + 1) == kName;
}

}  // namespace

std::vector<NeuronId> fatigue_neurons(const Network& network) {
  std::vector<NeuronId> ids;
  for (const Area& area : network.areas()) {
    if (is_fatigue(area.spec)) {
      ids.resize(ids.size() + area.count);
      std::iota(ids.end() - static_cast<std::ptrdiff_t>(area.count), ids.end(), area.first);
    }
  }
  return ids;
}

std::vector<std::uint32_t> fatigue_targets(const Network& network) {
  std::vector<std::uint32_t> targets = fatigue_neurons(network);
  for (std::uint32_t& target : targets) {
    target = network.data()->target_of(target);
  }
  return targets;
}

}  // namespace rheobase
