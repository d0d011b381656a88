// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the routes of the HTTP interface see of the server.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "server/agents.h"
#include "server/brain.h"

namespace rheobase::server {

/// What fired in the last burst, kept while somebody asked for it of late.
struct LastFired {
  std::uint64_t burst = 0;
  std::vector<NeuronId> ids;
};

struct Ports {
  std::uint16_t http = 8000, control = 30001, sensory = 5558, motor = 5564, visualisation = 5588;
  std::uint16_t ws_control = 9053, ws_visualisation = 8080;
};

/// A circuit that waits for its place in the brain: FEAGI's amalgamation.
struct Amalgamation {
  std::string id, title;
  Document circuit;
  Place size{1, 1, 1};
};

struct Context {
  Brain& brain;
  Agents& agents;
  std::string host = "127.0.0.1";
  Ports ports;
  std::string genome_folder = ".";  ///< genomes are saved here and nowhere else
  std::string token;                ///< 32 bytes that requests must bring in base64; empty: none
  std::int64_t session = 0;         ///< ms since 1970 when the process began

  // kept for the visualiser, without effect here
  std::atomic<std::int64_t> skip_rate{1}, suppression_threshold{0}, plasticity_queue_depth{0};

  /// All that fired in a burst that is to come soon.
  std::function<LastFired()> fired;

  std::mutex amalgamating;  ///< of the two below
  std::optional<Amalgamation> amalgamation;
  Json amalgamations = Json::array();  ///< what became of them, oldest first
};

}  // namespace rheobase::server
