// SPDX-License-Identifier: Apache-2.0
#include "backends/cpu/learning.h"

#include <algorithm>
#include <atomic>

#include "backends/cpu/synapse_block.h"
#include "platform/float_mode.h"

namespace rheobase {

/// What a thread needs: the numbers of a block, and whose they are.
struct CpuLearning::Lanes {
  Registers registers;
  std::array<std::uint32_t, kBlock> synapse;
  std::array<std::uint32_t, kBlock> pre;  ///< the source of each
  std::uint32_t count = 0;
  std::vector<float> states = std::vector<float>((model::kMostStates + 1U) * kBlock);
  std::vector<float> ports = std::vector<float>(model::kMostPorts * kBlock);
};

/// A projection with its programs.
class CpuLearning::Prepared {
 public:
  Prepared(const LearningProjection& p, double dt_ms)
      : p_(p),
        dt_ms_(dt_ms),
        on_pre_(*p.definition->on_pre, p_.numbers->on_pre),
        on_post_(*p.definition->on_post, p_.numbers->on_post),
        pre_spike_(*p.definition->pre_spike, p_.numbers->pre_spike),
        post_spike_(*p.definition->post_spike, p_.numbers->post_spike),
        sent_(p.definition->sends_weight ? 0U : p.rows->synapses()) {}

  [[nodiscard]] const LearningProjection& projection() const { return p_; }
  [[nodiscard]] const std::vector<float>& sent() const { return sent_; }

  /// Spikes of these sources arrive.
  void arrive(std::span<const NeuronId> fired, ProjectionState& state, std::uint64_t t,
              Lanes& lanes) {
    const bool changes = p_.definition->changes_on_pre || !p_.definition->sends_weight;
    for (const NeuronId id : fired) {
      const std::uint32_t pre = id - p_.pre_first;
      for (std::uint32_t s = p_.rows->row_begin[pre]; changes && s < p_.rows->row_begin[pre + 1U];
           ++s) {
        add(s, pre, on_pre_, state, t, lanes);
      }
    }
    flush(on_pre_, state, t, lanes);
    spike(pre_spike_, fired, p_.pre_first, state.pre_traces, state.pre_spiked, t, lanes);
  }

  /// These targets have fired.
  void learn(std::span<const NeuronId> fired, ProjectionState& state, std::uint64_t t,
             Lanes& lanes) {
    for (const NeuronId id : fired) {
      const std::uint32_t post = id - p_.post_first;
      for (std::uint32_t i = p_.rows->column_begin[post];
           p_.definition->changes_on_post && i < p_.rows->column_begin[post + 1U]; ++i) {
        const std::uint32_t s = p_.rows->column[i];
        add(s, p_.rows->pre_of(s), on_post_, state, t, lanes);
      }
    }
    flush(on_post_, state, t, lanes);
    spike(post_spike_, fired, p_.post_first, state.post_traces, state.post_spiked, t, lanes);
  }

 private:
  void add(std::uint32_t synapse, std::uint32_t pre, const SharedProgram& program,
           ProjectionState& state, std::uint64_t t, Lanes& lanes) {
    lanes.synapse[lanes.count] = synapse;
    lanes.pre[lanes.count] = pre;
    if (++lanes.count == kBlock) {
      flush(program, state, t, lanes);
    }
  }

  /// Runs a program on the synapses that were added.
  void flush(const SharedProgram& program, ProjectionState& state, std::uint64_t t, Lanes& lanes) {
    const std::uint32_t n = lanes.count;
    lanes.count = 0;
    if (n == 0) {
      return;
    }
    for (std::size_t c = 0; c < state.synapses.size(); ++c) {
      float* const to = lanes.states.data() + c * kBlock;
      const float* const from = state.synapses[c].data();
      for (std::uint32_t i = 0; i < n; ++i) {
        to[i] = from[lanes.synapse[i]];
      }
    }
    gather_ports(program, state, t, n, lanes);
    program.run(n, lanes.states.data(), lanes.ports.data(), t, dt_ms_, lanes.registers);
    for (std::size_t c = 0; c < program.states(); ++c) {
      const float* const from = lanes.states.data() + c * kBlock;
      float* const to = c < state.synapses.size() ? state.synapses[c].data() : sent_.data();
      for (std::uint32_t i = 0; i < n; ++i) {
        to[lanes.synapse[i]] = from[i];
      }
    }
  }

  void gather_ports(const SharedProgram& program, const ProjectionState& state, std::uint64_t t,
                    std::uint32_t n, Lanes& lanes) const {
    const std::uint32_t* const post = p_.rows->post.data();
    std::size_t port = 0;
    std::size_t of_pre = 0;
    std::size_t of_post = 0;
    const auto to = [&] { return lanes.ports.data() + port * kBlock; };
    for (const SynapseDefinition::Trace& trace : p_.definition->traces) {
      const float* const from =
          trace.of_post ? state.post_traces[of_post++].data() : state.pre_traces[of_pre++].data();
      for (std::uint32_t i = 0; program.reads(port) && i < n; ++i) {
        to()[i] = from[trace.of_post ? post[lanes.synapse[i]] : lanes.pre[i]];
      }
      ++port;
    }
    for (std::uint32_t i = 0; program.reads(port) && i < n; ++i) {
      to()[i] = bursts_since(state.pre_spiked[lanes.pre[i]], t);
    }
    ++port;
    for (std::uint32_t i = 0; program.reads(port) && i < n; ++i) {
      to()[i] = bursts_since(state.post_spiked[post[lanes.synapse[i]]], t);
    }
  }

  /// What spikes make of the traces of their neurons.
  void spike(const SharedProgram& program, std::span<const NeuronId> fired, NeuronId first,
             std::vector<std::vector<float>>& traces, std::vector<std::uint64_t>& spiked,
             std::uint64_t t, Lanes& lanes) const {
    for (std::size_t begin = 0; begin < fired.size(); begin += kBlock) {
      const std::span<const NeuronId> some =
          fired.subspan(begin, std::min<std::size_t>(kBlock, fired.size() - begin));
      const auto n = static_cast<std::uint32_t>(some.size());
      for (std::size_t c = 0; c < traces.size(); ++c) {
        for (std::uint32_t i = 0; i < n; ++i) {
          lanes.states[c * kBlock + i] = traces[c][some[i] - first];
        }
      }
      for (std::uint32_t i = 0; i < n; ++i) {
        std::uint64_t& last = spiked[some[i] - first];
        lanes.ports[i] = bursts_since(last, t);
        last = t;
      }
      if (!traces.empty()) {
        program.run(n, lanes.states.data(), lanes.ports.data(), t, dt_ms_, lanes.registers);
      }
      for (std::size_t c = 0; c < traces.size(); ++c) {
        for (std::uint32_t i = 0; i < n; ++i) {
          traces[c][some[i] - first] = lanes.states[c * kBlock + i];
        }
      }
    }
  }

  LearningProjection p_;
  double dt_ms_;
  SharedProgram on_pre_, on_post_, pre_spike_, post_spike_;
  std::vector<float> sent_;  ///< of each synapse, if that is not its weight
};

CpuLearning::CpuLearning(const NetworkData& network, ThreadTeam& team) : team_(team) {
  for (const LearningProjection& p : network.projections) {
    projections_.push_back(std::make_unique<Prepared>(p, network.dt_ms));
  }
  for (std::uint32_t i = 0; !projections_.empty() && i < team.size(); ++i) {
    lanes_.push_back(std::make_unique<Lanes>());
  }
}
CpuLearning::~CpuLearning() = default;

const float* CpuLearning::sent(const State& state, std::size_t projection) const {
  const Prepared& p = *projections_[projection];
  return p.projection().definition->sends_weight ? state.projections[projection].synapses[0].data()
                                                 : p.sent().data();
}

std::uint64_t CpuLearning::plan(std::size_t projection, std::span<const NeuronId> fired,
                                NeuronId first, const std::vector<std::uint32_t>& begin) {
  constexpr std::uint64_t kTask = 8192;  // synapses
  std::uint64_t all = 0;
  std::uint64_t own = 0;
  std::size_t from = 0;
  for (std::size_t i = 0; i < fired.size(); ++i) {
    const std::uint32_t neuron = fired[i] - first;
    own += begin[neuron + 1U] - begin[neuron];
    if (own >= kTask || i + 1 == fired.size()) {
      tasks_.push_back({projection, fired.subspan(from, i + 1 - from)});
      all += own;
      own = 0;
      from = i + 1;
    }
  }
  return all;
}

template <class Work>
void CpuLearning::share(std::uint64_t synapses, Work work) {
  constexpr std::uint64_t kWorthThreads = 4096;
  if (team_.size() == 1 || tasks_.size() == 1 || synapses < kWorthThreads) {
    const platform::FloatMode mode;
    for (const Task& task : tasks_) {
      work(task, *lanes_.front());
    }
  } else {
    std::atomic<std::size_t> next{0};
    team_.run([&](std::uint32_t thread) {
      for (std::size_t i = next++; i < tasks_.size(); i = next++) {
        work(tasks_[i], *lanes_[thread]);
      }
    });
  }
  tasks_.clear();
}

void CpuLearning::arrive(const NetworkData& network, State& state, std::uint64_t t) {
  events_ = 0;
  for (std::size_t i = 0; i < projections_.size(); ++i) {
    const LearningProjection& p = network.projections[i];
    events_ += plan(i, fired_within(state.fired[p.delay - 1U].ids, p.pre_first, p.pre_count),
                    p.pre_first, p.rows->row_begin);
  }
  share(events_, [&](const Task& task, Lanes& lanes) {
    projections_[task.projection]->arrive(task.fired, state.projections[task.projection], t, lanes);
  });
}

void CpuLearning::learn(const NetworkData& network, State& state, std::uint64_t t) {
  std::uint64_t synapses = 0;
  for (std::size_t i = 0; i < projections_.size(); ++i) {
    const LearningProjection& p = network.projections[i];
    synapses += plan(i, fired_within(state.fired.front().ids, p.post_first, p.post_count),
                     p.post_first, p.rows->column_begin);
  }
  share(synapses, [&](const Task& task, Lanes& lanes) {
    projections_[task.projection]->learn(task.fired, state.projections[task.projection], t, lanes);
  });
}

}  // namespace rheobase
