// SPDX-License-Identifier: Apache-2.0
/// \file
/// `rheobase serve`: a brain that FEAGI's own clients talk to as to FEAGI.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "rheobase/engine.h"
#include "rheobase/load.h"
#include "server/context.h"

namespace rheobase::server {

struct ServeOptions {
  std::string genome;  ///< a file; empty: none until one is uploaded
  EngineOptions engine;
  LoadOptions load;
  std::string host = "127.0.0.1";
  Ports ports;
  double hz = 0.0;                  ///< bursts a second; 0: as the genome's time step says
  std::string genome_folder = ".";  ///< genomes that clients save go here and nowhere else
  /// 32 bytes that agents and requests must bring; empty: none. \see token_from_base64
  std::string token;
  std::string resume;               ///< a checkpoint of `serve`, with FILE.genome beside it
  std::string checkpoint;           ///< saved here when it ends, FILE.genome beside it
  double checkpoint_seconds = 0.0;  ///< and about so often meanwhile; 0: only at the end
  std::string log_input;            ///< all input by burst, as `run --input` reads it
  std::uint64_t most_neurons = 100'000'000;
  std::size_t most_agents = 64;
  std::size_t most_agent_areas = 256;               ///< that one configuration may ask for
  std::size_t most_body = std::size_t{256} << 20U;  ///< bytes of a request
  std::function<bool()> stop;                       ///< asked some fifty times a second
  std::function<void(const std::string&)> say;  ///< a sentence for who runs the server; any thread
};

/// Serves until it is stopped. \throws Error io if a port is taken; of the genome, if it cannot be
/// loaded at the start.
void serve(const ServeOptions& options);

/// What a configuration file of FEAGI (feagi_configuration.toml) says of the server; keys that mean
/// nothing here are passed over. \throws Error invalid_file naming the line.
void take_configuration(const std::string& text, const std::string& name, ServeOptions& to);

/// \throws Error invalid_argument unless it is the base64 of 32 bytes.
[[nodiscard]] std::string token_from_base64(const std::string& text);

}  // namespace rheobase::server
