// SPDX-License-Identifier: Apache-2.0
// Synapses that learn, one after the other: what they mean.

#include <algorithm>
#include <span>
#include <vector>

#include "engine/backend.h"
#include "model/fixed_point.h"
#include "model/run_step.h"

namespace rheobase {
namespace {

/// Bursts since a spike, as programs read them.
float bursts_since(std::uint64_t spiked, std::uint64_t t) {
  const std::uint64_t bursts =
      spiked == 0 ? kLongAgo : std::min<std::uint64_t>(t - spiked, kLongAgo);
  return static_cast<float>(bursts);
}

/// A program of a projection, ready to run.
class Program {
 public:
  Program(const Definition& definition, const std::vector<float>& parameters, std::uint64_t t,
          double dt_ms)
      : step_(definition.step),
        parameters_(parameters),
        t_(t),
        dt_ms_(dt_ms),
        values_(step_.operations.size()) {}

  void run(std::span<const float> states, std::span<const float> ports) {
    model::run_step(step_, {parameters_, states, ports, 0, 0, t_, dt_ms_}, values_);
  }
  [[nodiscard]] float after(std::size_t state) const {
    return model::float_of(values_[step_.next[state]]);
  }
  [[nodiscard]] std::size_t states() const { return step_.next.size(); }

 private:
  const model::StepProgram& step_;
  const std::vector<float>& parameters_;
  std::uint64_t t_;
  double dt_ms_;
  std::vector<std::uint32_t> values_;
};

/// One projection in one burst.
class Projecting {
 public:
  Projecting(const NetworkData& network, const LearningProjection& p, ProjectionState& state,
             std::uint64_t t)
      : network_(network), p_(p), state_(state), t_(t) {}

  void deliver(const FireQueue& queue, const Arrives& arrives) {
    Program program(*p_.definition->on_pre, p_.numbers->on_pre, t_, network_.dt_ms);
    for (const NeuronId id : fired_within(queue.ids, p_.pre_first, p_.pre_count)) {
      const std::uint32_t pre = id - p_.pre_first;
      for (std::uint32_t s = p_.rows->row_begin[pre]; s < p_.rows->row_begin[pre + 1U]; ++s) {
        change(program, s, pre);
        const std::size_t states = state_.synapses.size();
        const float sent =
            p_.definition->sends_weight ? state_.synapses[0][s] : program.after(states);
        arrives(p_, s, pre, model::to_fixed(sent, network_.charge.quantum_bits));
      }
      spike(*p_.definition->pre_spike, p_.numbers->pre_spike, state_.pre_traces, state_.pre_spiked,
            pre);
    }
  }

  /// Spikes of targets change synapses.
  void change_columns(const FireQueue& queue) {
    Program program(*p_.definition->on_post, p_.numbers->on_post, t_, network_.dt_ms);
    for (const NeuronId id : fired_within(queue.ids, p_.post_first, p_.post_count)) {
      const std::uint32_t post = id - p_.post_first;
      for (std::uint32_t i = p_.rows->column_begin[post]; i < p_.rows->column_begin[post + 1U];
           ++i) {
        const std::uint32_t s = p_.rows->column[i];
        change(program, s, p_.rows->pre_of(s));
      }
    }
  }

  /// And count as such.
  void spike_targets(const FireQueue& queue) {
    for (const NeuronId id : fired_within(queue.ids, p_.post_first, p_.post_count)) {
      spike(*p_.definition->post_spike, p_.numbers->post_spike, state_.post_traces,
            state_.post_spiked, id - p_.post_first);
    }
  }

 private:
  /// What one synapse becomes.
  void change(Program& program, std::uint32_t s, std::uint32_t pre) {
    const std::uint32_t post = p_.rows->post[s];
    const SynapseDefinition& d = *p_.definition;
    const std::vector<float> of_pre =
        traces_by(*d.pre_now, p_.numbers->pre_now, state_.pre_traces, state_.pre_spiked, pre);
    const std::vector<float> of_post =
        traces_by(*d.post_now, p_.numbers->post_now, state_.post_traces, state_.post_spiked, post);
    std::vector<float> ports;
    std::size_t next_pre = 0;
    std::size_t next_post = 0;
    for (const SynapseDefinition::Trace& trace : d.traces) {
      ports.push_back(trace.of_post ? of_post[next_post++] : of_pre[next_pre++]);
    }
    ports.push_back(bursts_since(state_.pre_spiked[pre], t_));
    ports.push_back(bursts_since(state_.post_spiked[post], t_));
    std::vector<float> states;
    for (const std::vector<float>& column : state_.synapses) {
      states.push_back(column[s]);
    }
    states.resize(program.states(), 0.0F);  // and what is sent
    program.run(states, ports);
    for (std::size_t i = 0; i < state_.synapses.size(); ++i) {
      state_.synapses[i][s] = program.after(i);
    }
  }

  /// What a spike makes of the traces of its neuron.
  void spike(const Definition& definition, const std::vector<float>& parameters,
             std::vector<std::vector<float>>& traces, std::vector<std::uint64_t>& spiked,
             std::uint32_t neuron) const {
    const std::vector<float> after = traces_by(definition, parameters, traces, spiked, neuron);
    for (std::size_t i = 0; i < traces.size(); ++i) {
      traces[i][neuron] = after[i];
    }
    spiked[neuron] = t_;
  }

  /// What a program makes of the traces of a neuron.
  [[nodiscard]] std::vector<float> traces_by(const Definition& definition,
                                             const std::vector<float>& parameters,
                                             const std::vector<std::vector<float>>& traces,
                                             const std::vector<std::uint64_t>& spiked,
                                             std::uint32_t neuron) const {
    Program program(definition, parameters, t_, network_.dt_ms);
    std::vector<float> values;
    for (const std::vector<float>& trace : traces) {
      values.push_back(trace[neuron]);
    }
    const float since = bursts_since(spiked[neuron], t_);
    program.run(values, {&since, 1});
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = program.after(i);
    }
    return values;
  }

  const NetworkData& network_;
  const LearningProjection& p_;
  ProjectionState& state_;
  std::uint64_t t_;
};

}  // namespace

void deliver_learning(const NetworkData& network, State& state, std::uint64_t t,
                      const Arrives& arrives) {
  for (std::size_t i = 0; i < network.projections.size(); ++i) {
    const LearningProjection& p = network.projections[i];
    Projecting(network, p, state.projections[i], t).deliver(state.fired[p.delay - 1U], arrives);
  }
}

void learn(const NetworkData& network, State& state, std::uint64_t t) {
  for (std::size_t i = 0; i < network.projections.size(); ++i) {
    const LearningProjection& p = network.projections[i];
    Projecting now(network, p, state.projections[i], t);
    Projecting changing(network, p, state.projections[i], p.change_time(t));
    const bool spikes_first = p.spike_lag() != p.change_lag();
    if (spikes_first) {
      now.spike_targets(state.fired[p.spike_lag()]);
    }
    changing.change_columns(state.fired[p.change_lag()]);
    if (!spikes_first) {
      now.spike_targets(state.fired[p.spike_lag()]);
    }
  }
}

}  // namespace rheobase
