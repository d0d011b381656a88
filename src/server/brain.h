// SPDX-License-Identifier: Apache-2.0
/// \file
/// The brain that is served: its genome, its network that runs, and how changes reach both.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "rheobase/load.h"
#include "server/area_properties.h"
#include "server/burst_loop.h"
#include "server/document.h"

namespace rheobase::server {

struct BrainSettings {
  EngineOptions engine;
  LoadOptions load;
  double hz = 0.0;  ///< 0: as the genome's time step says
  std::uint64_t most_neurons = 100'000'000;
};

/// What a change of the document asks of the network, and how it is told.
struct Change {
  /// Neurons or synapses change.
  bool network = true;
  Json targets = Json::array();     ///< [{"kind": "cortical_area", "id": …}]
  Json operation = Json::object();  ///< {"kind": "update_cortical_area", …}
};

/// Numbers that change when a part of the genome does; never 0, below 2^53.
struct Hashes {
  std::uint64_t regions = 1, areas = 1, geometry = 1, morphologies = 1, mappings = 1,
                classifiers = 1;
};

/// A genome and the network that was made of it; never changes.
struct Served {
  Document document;
  Network network;
  AreaIndex index;
  std::uint64_t genome_number = 0;  ///< of genomes loaded by this process, from 1
  std::int64_t loaded_at = 0;       ///< seconds since 1970
  Hashes hashes;
};

class Brain {
 public:
  Brain(BrainSettings settings, BurstLoop::Listener listener);

  [[nodiscard]] BurstLoop& loop() { return loop_; }

  /// What is served now; null before the first genome. Any thread.
  [[nodiscard]] std::shared_ptr<const Served> served() const;
  [[nodiscard]] bool loading() const { return loading_; }

  /// A genome in the place of the present one, with a new engine. \throws Error, and then the
  /// present one goes on.
  void load(const std::string& genome, const std::string& name);
  /// The same for one that goes on from a checkpoint: its network and state, its burst.
  void resume(const std::string& genome, const std::string& name, Checkpoint checkpoint);

  /// Changes the document and, if `edit` says so, the network that runs, between two bursts and as
  /// a whole. \throws Error of `edit` or of the network, and then nothing was changed.
  void change(const std::function<Change(Document&)>& edit);
  /// Seconds of a burst, kept in the genome. \throws Error invalid_argument.
  void set_timestep(double seconds);

  /// Changes since that sequence number, as genome/changes tells them.
  [[nodiscard]] Json changes_since(std::uint64_t sequence) const;
  [[nodiscard]] std::uint64_t last_change() const;

  /// Synapses and neurons of an area; slow the first time after a change.
  [[nodiscard]] AreaCounts counts_of(const Served& served, const std::string& area);

  /// Called whenever another genome was loaded, by the thread that did it.
  std::function<void()> on_load;

 private:
  std::shared_ptr<Served> grown(Document document) const;
  /// The same network with another document beside it.
  static std::shared_ptr<Served> beside(Document document, const Served& now);
  /// Changes the network that runs to that of `next`. \return false if that takes a new one.
  bool edit_running(const Served& now, Served& next);
  void replace_running(const Served& next);
  void publish(std::shared_ptr<Served> next);
  void note_change(const Change& change);
  void begin_load(const std::string& genome, const std::string& name,
                  const std::function<Engine(Served&)>& make);

  BrainSettings settings_;
  BurstLoop loop_;
  std::mutex changing_;  ///< changes come one after another
  std::atomic<bool> loading_{false};

  mutable std::mutex mutex_;
  std::shared_ptr<const Served> served_;
  std::uint64_t genomes_ = 0;
  std::uint64_t sequence_ = 0;
  std::deque<Json> changes_;

  std::mutex counting_;
  std::shared_ptr<const NetworkData> counted_network_;  ///< so that no other takes its address
  std::vector<AreaCounts> counts_;
};

}  // namespace rheobase::server
