// SPDX-License-Identifier: Apache-2.0
/// \file
/// Many networks of one size side by side, stepped together: for learning environments, where each
/// has a world of its own, and for evolution, where each is another brain.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "rheobase/export.h"
#include "rheobase/network.h"
#include "rheobase/state.h"

namespace rheobase {

struct VectorOptions {
  std::vector<NeuronId> inputs;                ///< neurons that `step` gives input to, each once
  std::vector<std::vector<NeuronId>> outputs;  ///< groups of neurons whose spikes are counted
  std::string backend = "cpu";                 ///< of each member; \see EngineOptions::backend
  std::uint32_t threads = 0;                   ///< that share the members; 0: one per core
  std::uint64_t seed = 1;                      ///< run seed of member 0; the next has the next
};

/// Members with one engine of one thread each, which a team of threads shares. A member fires as an
/// Engine of its own with its seed does, and as a member of a joined network (\see join); here it
/// can also be reset, and its weights changed, by itself. One thread at a time may call.
class RHEOBASE_API VectorEngine {
 public:
  /// Members 0, 1, … run these networks, which may share their data (copies of one).
  /// \throws Error invalid_argument if there are none, if they differ in their number of neurons,
  /// or if an input is no neuron or stands twice, or an output is no neuron or in two groups;
  /// unavailable as Engine.
  VectorEngine(const std::vector<Network>& networks, VectorOptions options);
  ~VectorEngine();
  VectorEngine(VectorEngine&&) noexcept;
  VectorEngine& operator=(VectorEngine&&) noexcept;

  [[nodiscard]] std::size_t members() const;
  [[nodiscard]] std::size_t inputs() const;
  [[nodiscard]] std::size_t outputs() const;

  /// Runs `bursts` bursts, in each of which every input neuron gets its potential. `potentials`:
  /// for each member one for each input, or none at all. `running`: for each member whether it
  /// runs, or empty: all do. \return for each member and output the spikes of these bursts (0 of
  /// members that do not run), until the next call. \throws Error invalid_argument if a size does
  /// not fit or a potential is no number, and then no member ran; what Engine::run throws.
  std::span<const std::uint32_t> step(std::uint64_t bursts, std::span<const float> potentials,
                                      std::span<const std::uint8_t> running = {});

  /// The member's state before its first burst. Its bursts count on, so that what drives draw
  /// differs from episode to episode. Weights stay.
  void reset(std::size_t member);

  /// Weights of the first synapse of each pair pre[i] -> post[i]: `values` holds one for each pair,
  /// for all members, or for each member one for each pair. \throws Error invalid_argument if a
  /// size does not fit or there is no such synapse, out_of_range if a weight is no whole number of
  /// the network's quanta of charge; and then nothing is changed.
  void set_weights(std::span<const NeuronId> pre, std::span<const NeuronId> post,
                   std::span<const float> values);
  /// The same of one member.
  void set_weights(std::size_t member, std::span<const NeuronId> pre,
                   std::span<const NeuronId> post, std::span<const float> values);

  /// \throws Error invalid_argument if there is no such member; so do the others.
  [[nodiscard]] const Network& network(std::size_t member) const;
  [[nodiscard]] State state(std::size_t member) const;
  void set_state(std::size_t member, State state);
  [[nodiscard]] std::uint64_t signature(std::size_t member) const;

 private:
  struct Self;
  std::unique_ptr<Self> self_;
};

/// The weight of the first synapse of each pair, in order of delay and creation.
/// \throws Error invalid_argument if sizes differ or there is no such synapse.
[[nodiscard]] RHEOBASE_API std::vector<float> weights_of(const Network& network,
                                                         std::span<const NeuronId> pre,
                                                         std::span<const NeuronId> post);

}  // namespace rheobase
