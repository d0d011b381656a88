// SPDX-License-Identifier: Apache-2.0
/// \file
/// What a builder was told, before anything is made.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "rheobase/host.h"
#include "rheobase/network.h"

namespace rheobase {

struct PlannedConnection {
  AreaId pre = 0, post = 0;
  ConnectionRule rule;
  SynapseSpec synapse;
  PlanId id = 0;
  SynapseDraws draws{};
  Plasticity plasticity{};
  bool left_out = false;  ///< its synapses are made elsewhere; it still counts as a connection
};

struct PlannedList {
  std::vector<Synapse> synapses;
  PlanId id = 0;
};

struct PlannedDrive {
  Drive drive;
  PlanId id = 0;
};

struct NetworkPlan {
  NetworkOptions options;
  std::vector<Area> areas;
  std::unordered_map<std::string, AreaId> area_by_name;
  std::vector<PlannedConnection> connections;
  std::vector<PlannedList> lists;
  std::vector<PlannedDrive> drives;
  PlanId next_id = 1;
  std::uint64_t neuron_count = 0;

  /// That build it.
  [[nodiscard]] std::uint32_t threads() const {
    return options.threads != 0 ? options.threads : host_info().cores;
  }
};

class NetworkData;
/// Makes the rows of the connections that are not left out, and their lists. `network` must have
/// its classes, targets and quantum; `what` names it in errors.
void make_rows(const NetworkPlan& plan, const std::string& what, NetworkData& network);
/// Makes the network. \throws Error as NetworkBuilder::build
[[nodiscard]] std::shared_ptr<const NetworkData> assemble(const NetworkPlan& plan);

}  // namespace rheobase
