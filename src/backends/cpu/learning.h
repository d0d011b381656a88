// SPDX-License-Identifier: Apache-2.0
/// \file
/// Synapses that learn, on the CPU: what happens to them is worked out for many at a time, as the
/// step of a model is. A synapse is written by one thread in each phase, so that no order of
/// threads can show.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "backends/cpu/thread_team.h"
#include "engine/backend.h"

namespace rheobase {

class CpuLearning {
 public:
  /// `team` must outlive it.
  CpuLearning(const NetworkData& network, ThreadTeam& team);
  ~CpuLearning();
  CpuLearning(const CpuLearning&) = delete;
  CpuLearning& operator=(const CpuLearning&) = delete;

  [[nodiscard]] bool empty() const { return projections_.empty(); }

  /// Burst t, before input: spikes arrive at their synapses and change them.
  void arrive(const NetworkData& network, State& state, std::uint64_t t);
  /// Burst t, after the step: what fired changes the synapses that end there.
  void learn(const NetworkData& network, State& state, std::uint64_t t);

  /// After `arrive`: how many synapses spikes arrived at.
  [[nodiscard]] std::uint64_t events() const { return events_; }
  /// After `arrive`: what each synapse of a projection that a spike arrived at sends on.
  [[nodiscard]] const float* sent(const State& state, std::size_t projection) const;

 private:
  class Prepared;
  struct Lanes;
  /// Some spikes of a projection.
  struct Task {
    std::size_t projection = 0;
    std::span<const NeuronId> fired;
    std::uint32_t first = 0;  ///< or neurons from this one on, whose traces are worked out
  };

  /// Cuts the spikes into tasks. \return the synapses that they reach.
  std::uint64_t plan(std::size_t projection, std::span<const NeuronId> fired, NeuronId first,
                     const std::vector<std::uint32_t>& begin);
  /// What fired becomes a spike of the projection's targets.
  void count_spikes(std::size_t projection, const LearningProjection& p, State& state,
                    std::uint64_t t);
  /// Works out the traces that the tasks' synapses will ask for at their other ends.
  void work_out(bool arriving, const State& state, std::uint64_t t, std::uint64_t synapses);
  template <class Work>
  void share(std::uint64_t synapses, Work work);

  ThreadTeam& team_;
  std::vector<std::unique_ptr<Prepared>> projections_;
  std::vector<std::unique_ptr<Lanes>> lanes_;  ///< of each thread
  std::vector<Task> tasks_;
  std::uint64_t events_ = 0;
};

}  // namespace rheobase
