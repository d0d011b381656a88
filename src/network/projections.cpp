// SPDX-License-Identifier: Apache-2.0
#include "network/projections.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "model/fixed_point.h"
#include "model/float_ops.h"
#include "network/quantum.h"
#include "network/synapse_draws.h"
#include "network/wiring.h"
#include "platform/large_pages.h"
#include "platform/memory.h"
#include "platform/nearest.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

double magnitude(double x) { return x < 0.0 ? -x : x; }

/// What is counted with 32 bits.
constexpr std::uint64_t kMostSynapses = 0xFFFFFFFEU;

std::vector<double> parameter_values(const SynapseDefinition& d,
                                     const std::vector<ModelValue>& values) {
  std::vector<double> all;
  std::vector<std::string_view> names;
  for (const Definition::Parameter& p : d.parameters()) {
    all.push_back(p.value);
    names.emplace_back(p.name);
  }
  for (const ModelValue& value : values) {
    const auto at = std::ranges::find(names, value.name);
    if (at == names.end()) {
      const std::string_view like = nearest(value.name, names);
      throw Error(ErrorCode::invalid_argument,
                  "synapse " + quoted_name(d.name) + " has no parameter " +
                      quoted_name(value.name) +
                      (like.empty() ? "." : ". Did you mean " + quoted_name(like) + "?"));
    }
    if (value.distribution || value.values.size() != 1) {
      throw Error(ErrorCode::invalid_argument,
                  "synapse " + quoted_name(d.name) + ": " + quoted_name(value.name) +
                      " is one number for all synapses of a connection (given are several). Give "
                      "one, or make several connections.");
    }
    all[static_cast<std::size_t>(at - names.begin())] = value.values.front();
  }
  return all;
}

/// Its synapses with one delay, while they are collected.
struct Collected {
  std::vector<std::uint32_t> pre, post;
  std::vector<float> weights;
};

ProjectionRows rows_of(const Collected& all, std::uint32_t sources, std::uint32_t targets) {
  ProjectionRows rows;
  rows.row_begin.assign(std::size_t{sources} + 1U, 0);
  for (const std::uint32_t pre : all.pre) {
    ++rows.row_begin[pre + 1U];
  }
  for (std::uint32_t i = 0; i < sources; ++i) {
    rows.row_begin[i + 1U] += rows.row_begin[i];
  }
  rows.post = all.post;
  index_rows(rows, targets);
  return rows;
}

}  // namespace

void index_rows(ProjectionRows& rows, std::uint32_t targets) {
  const std::uint32_t n = rows.synapses();
  rows.column_begin.assign(std::size_t{targets} + 1U, 0);
  for (const std::uint32_t post : rows.post) {
    ++rows.column_begin[post + 1U];
  }
  for (std::uint32_t i = 0; i < targets; ++i) {
    rows.column_begin[i + 1U] += rows.column_begin[i];
  }
  std::vector<std::uint32_t> next(rows.column_begin.begin(), rows.column_begin.end() - 1);
  platform::resize_on_large_pages(rows.column, n);
  rows.stretch_owner.clear();
  std::uint32_t source = 0;
  for (std::uint32_t s = 0; s < n; ++s) {
    rows.column[next[rows.post[s]]++] = s;
    if (s % ProjectionRows::kStretch == 0) {
      while (rows.row_begin[source + 1U] <= s) {
        ++source;
      }
      rows.stretch_owner.push_back(source);
    }
  }
}

void check_plasticity(const NetworkPlan& plan, const PlannedConnection& c) {
  const SynapseDefinition& d = *c.plasticity.model.definition();
  const PspMode mode = plan.areas[c.pre].spec.psp;
  if (!mode.uniform || mode.potential_driven || c.synapse.psp != 1.0F) {
    throw Error(
        ErrorCode::invalid_argument,
        "its synapses cannot learn (a synapse that learns sends its weight, and the PSP of "
        "the source is divided, driven by the potential or not 1). Change the area or leave "
        "the plasticity out.");
  }
  const std::uint32_t bits = plan.options.quantum_bits.value_or(bits_for_learning(c));
  ProjectionNumbers numbers = projection_numbers(d, c.plasticity.values, plan.options.dt_ms, bits);
  if (!c.draws.weight) {
    begin_with(numbers, d, {c.synapse.weight}, plan.options.dt_ms);
  }
}

std::uint32_t bits_for_learning(const PlannedConnection& c) {
  if (c.draws.weight) {
    return bits_for_draws(*c.draws.weight, 1.0F);
  }
  const SynapseDefinition& d = *c.plasticity.model.definition();
  const SynapseDefinition::Weights range = d.weights(parameter_values(d, c.plasticity.values));
  const double size = magnitude(static_cast<double>(c.synapse.weight));
  const double most = std::max(magnitude(range.lowest), magnitude(range.highest));
  return bits_for_size(size != 0.0 ? size : most != 0.0 ? most : 1.0);
}

ProjectionNumbers projection_numbers(const SynapseDefinition& d,
                                     const std::vector<ModelValue>& values, double dt_ms,
                                     std::uint32_t quantum_bits) {
  ProjectionNumbers numbers;
  numbers.values = parameter_values(d, values);
  numbers.on_pre = d.on_pre->constants(numbers.values, dt_ms);
  numbers.on_post = d.on_post->constants(numbers.values, dt_ms);
  numbers.pre_now = d.pre_now->constants(numbers.values, dt_ms);
  numbers.post_now = d.post_now->constants(numbers.values, dt_ms);
  numbers.pre_spike = d.pre_spike->constants(numbers.values, dt_ms);
  numbers.post_spike = d.post_spike->constants(numbers.values, dt_ms);
  const SynapseDefinition::Weights range = d.weights(numbers.values);
  numbers.lowest = model::canonical(static_cast<float>(range.lowest));
  numbers.highest = model::canonical(static_cast<float>(range.highest));
  const double most = std::max(magnitude(range.lowest), magnitude(range.highest));
  if (most * static_cast<double>(std::uint64_t{1} << quantum_bits) >=
      static_cast<double>(model::kLargestCharge)) {
    throw Error(ErrorCode::out_of_range,
                "synapse " + quoted_name(d.name) + ": a weight of " + rounded_text(most) +
                    " is too large for a quantum of 2^-" + number_text(quantum_bits) +
                    ". Narrow the range of its weights, or give fewer quantum_bits.");
  }
  return numbers;
}

void begin_with(ProjectionNumbers& numbers, const SynapseDefinition& d, std::vector<float> weights,
                double dt_ms) {
  for (const float w : weights) {
    if (!(w >= numbers.lowest && w <= numbers.highest)) {
      throw Error(ErrorCode::invalid_argument,
                  "synapse " + quoted_name(d.name) + ": a weight of " + rounded_text(w) +
                      " is outside its range (" + rounded_text(numbers.lowest) + " to " +
                      rounded_text(numbers.highest) + "). Correct one of them.");
    }
  }
  const std::size_t states = d.state_count();
  numbers.initial.assign(states, {});
  std::vector<std::optional<double>> given(states);
  // states that follow from the weight differ from synapse to synapse
  const std::size_t each = d.on_post->host.chained ? weights.size() : 1U;
  for (std::size_t i = 0; i < each && states > 1; ++i) {
    given[0] = weights[i];
    const std::vector<float> first = d.on_post->initial(numbers.values, dt_ms, given);
    for (std::size_t s = 1; s < states; ++s) {
      numbers.initial[s].push_back(first[s]);
    }
  }
  numbers.initial[0] = std::move(weights);
}

void append_projections(const NetworkPlan& plan, const std::string& what, NetworkData& network) {
  NetworkPlan one;
  for (std::size_t i = 0; i < plan.connections.size(); ++i) {
    const PlannedConnection& c = plan.connections[i];
    if (c.plasticity.model.empty()) {
      continue;
    }
    if (one.areas.empty()) {
      one.options = plan.options;
      one.areas = plan.areas;
      one.neuron_count = plan.neuron_count;
      one.connections = plan.connections;
      for (PlannedConnection& other : one.connections) {
        other.left_out = true;
      }
    }
    one.connections[i].left_out = false;
    NetworkData made = network;
    made.blocks = {};
    made.delay_parts.clear();
    make_rows(one, what, made);
    one.connections[i].left_out = true;

    const Area& pre = plan.areas[c.pre];
    const Area& post = plan.areas[c.post];
    if (made.synapse_count > kMostSynapses) {
      throw Error(ErrorCode::out_of_range,
                  connection_name(plan, c) + " has " + number_text(made.synapse_count) +
                      " synapses that learn (at most 2^32 - 2). Make several connections.");
    }
    std::map<std::uint32_t, Collected> by_delay;
    for (std::uint32_t source = 0; source < pre.count; ++source) {
      made.for_each_synapse(pre.first + source,
                            [&](std::uint32_t target, std::uint32_t code, std::uint32_t delay) {
                              Collected& to = by_delay[delay];
                              to.pre.push_back(source);
                              to.post.push_back(made.neuron_of(target) - post.first);
                              to.weights.push_back(made.kind(code).weight);
                            });
    }
    for (auto& [delay, all] : by_delay) {
      LearningProjection p;
      p.pre_area = c.pre;
      p.post_area = c.post;
      p.pre_first = pre.first;
      p.pre_count = pre.count;
      p.post_first = post.first;
      p.post_count = post.count;
      p.delay = delay;
      p.port = c.synapse.port;
      p.delay_in = c.plasticity.delay_in;
      p.definition = c.plasticity.model.definition();
      auto numbers = std::make_shared<ProjectionNumbers>(projection_numbers(
          *p.definition, c.plasticity.values, network.dt_ms, network.charge.quantum_bits));
      const auto same = [&](float w) { return w == all.weights.front(); };
      if (std::ranges::all_of(all.weights, same)) {
        all.weights.resize(1);
      }
      try {
        begin_with(*numbers, *p.definition, std::move(all.weights), network.dt_ms);
      } catch (const Error& error) {
        throw Error(error.code(), connection_name(plan, c) + ": " + error.what());
      }
      p.numbers = std::move(numbers);
      p.rows = std::make_shared<ProjectionRows>(rows_of(all, pre.count, post.count));
      network.least_queues = std::max(network.least_queues, p.queues());
      network.projections.push_back(std::move(p));
    }
  }
}

std::uint64_t largest_charge(const LearningProjection& p, std::uint32_t quantum_bits) {
  const auto size = [&](float weight) {
    const std::int64_t charge = model::to_fixed(weight, quantum_bits);
    return static_cast<std::uint64_t>(charge < 0 ? -charge : charge);
  };
  return std::max(size(p.numbers->lowest), size(p.numbers->highest));
}

Plasticity plasticity_of(const LearningProjection& p) {
  Plasticity plasticity{SynapseModel(p.definition), {}, p.delay_in};
  const std::vector<Definition::Parameter>& parameters = p.definition->parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    plasticity.values.push_back({parameters[i].name, {p.numbers->values[i]}, {}});
  }
  return plasticity;
}

ProjectionEnds ends_of(const LearningProjection& p) {
  ProjectionEnds ends;
  ends.pre.reserve(p.rows->synapses());
  ends.post.reserve(p.rows->synapses());
  for (std::uint32_t source = 0; source < p.pre_count; ++source) {
    for (std::uint32_t s = p.rows->row_begin[source]; s < p.rows->row_begin[source + 1U]; ++s) {
      ends.pre.push_back(p.pre_first + source);
      ends.post.push_back(p.post_first + p.rows->post[s]);
    }
  }
  return ends;
}

std::uint64_t memory_of(const LearningProjection& p) {
  const ProjectionRows& r = *p.rows;
  std::uint64_t words = r.row_begin.size() + r.post.size() + r.column_begin.size() +
                        r.column.size() + r.stretch_owner.size();
  for (const std::vector<float>& column : p.numbers->initial) {
    words += column.size();
  }
  return words * sizeof(std::uint32_t);
}

ProjectionState initial_projection(const LearningProjection& p) {
  ProjectionState state;
  for (const std::vector<float>& first : p.numbers->initial) {
    std::vector<float>& column = state.synapses.emplace_back();
    platform::resize_on_large_pages(column,
                                    p.rows->synapses());  // spikes of targets reach all over
    if (first.size() == 1) {
      std::ranges::fill(column, first.front());
    } else {
      std::ranges::copy(first, column.begin());
    }
  }
  state.pre_traces.assign(p.definition->traces_of(false), std::vector<float>(p.pre_count, 0.0F));
  state.post_traces.assign(p.definition->traces_of(true), std::vector<float>(p.post_count, 0.0F));
  state.pre_spiked.assign(p.pre_count, 0);
  state.post_spiked.assign(p.post_count, 0);
  return state;
}

}  // namespace rheobase
