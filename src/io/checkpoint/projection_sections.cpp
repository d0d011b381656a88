// SPDX-License-Identifier: Apache-2.0
#include "io/checkpoint/projection_sections.h"

#include <algorithm>
#include <array>
#include <utility>

#include "io/checkpoint/section_values.h"
#include "network/network_hash.h"
#include "network/projections.h"

namespace rheobase::checkpoint {
namespace {

using Program = std::shared_ptr<const Definition>;
std::array<Program, 6> programs_of(const SynapseDefinition& d) {
  return {d.on_pre, d.on_post, d.pre_now, d.post_now, d.pre_spike, d.post_spike};
}

std::vector<float> get_numbers(SectionReader& in, std::uint64_t count) {
  std::vector<float> numbers = in.get_all<float>(count);
  for (const float number : numbers) {
    in.require(is_canonical(number), "a number is out of range");
  }
  return numbers;
}

ProjectionRows get_rows(SectionReader& in, const LearningProjection& p) {
  ProjectionRows rows;
  rows.row_begin = in.get_all<std::uint32_t>(std::uint64_t{p.pre_count} + 1U);
  in.require(rows.row_begin.front() == 0 && std::ranges::is_sorted(rows.row_begin),
             "the rows of synapses do not follow each other");
  rows.post = in.get_all<std::uint32_t>(rows.row_begin.back());
  for (std::uint32_t source = 0; source < p.pre_count; ++source) {
    const auto begin = rows.post.begin() + rows.row_begin[source];
    const auto end = rows.post.begin() + rows.row_begin[source + 1U];
    in.require(std::is_sorted(begin, end) && (begin == end || *(end - 1) < p.post_count),
               "a synapse leaves the network");
  }
  index_rows(rows, p.post_count);
  return rows;
}

LearningProjection get_projection(SectionReader& in, const NetworkData& network) {
  LearningProjection p;
  p.pre_area = in.get<std::uint32_t>();
  p.post_area = in.get<std::uint32_t>();
  p.delay = in.get<std::uint32_t>();
  p.port = in.get<std::uint32_t>();
  p.delay_in = get_choice(in, DelayIn::dendrite);
  in.require(p.pre_area < network.areas.size() && p.post_area < network.areas.size() &&
                 p.delay >= 1 && p.delay <= kMostDelay,
             "a projection leaves the network");
  const Area& pre = network.areas[p.pre_area];
  const Area& post = network.areas[p.post_area];
  p.pre_first = pre.first;
  p.pre_count = pre.count;
  p.post_first = post.first;
  p.post_count = post.count;
  const ModelArea* const model = network.model_of(post.first);
  in.require(p.port < (model != nullptr ? model->ports : 1U), "a projection has no such port");
  const std::string text = in.get_text();
  in.understand([&] { p.definition = parse_synapse(text, "its synapse"); });
  for (const auto& program : programs_of(*p.definition)) {
    in.require(step_hash(program->step) == in.get<std::uint64_t>(),
               "this version makes other operations of a synapse's text than the one that wrote "
               "it. Build the network again");
  }
  std::vector<ModelValue> values;
  for (const Definition::Parameter& parameter : p.definition->parameters()) {
    values.push_back({parameter.name, {in.get<double>()}, {}});
  }
  p.rows = std::make_shared<ProjectionRows>(get_rows(in, p));
  const std::uint32_t given = in.get<std::uint32_t>();
  in.require(given == 1 || given == p.rows->synapses(),
             "the weights are not those of its synapses");
  std::vector<float> weights = get_numbers(in, given);
  in.understand([&] {
    ProjectionNumbers numbers =
        projection_numbers(*p.definition, values, network.dt_ms, network.charge.quantum_bits);
    begin_with(numbers, *p.definition, std::move(weights), network.dt_ms);
    p.numbers = std::make_shared<ProjectionNumbers>(std::move(numbers));
  });
  return p;
}

}  // namespace

void write_projections(SectionWriter& out, const NetworkData& network) {
  if (network.projections.empty()) {
    return;
  }
  out.begin("learning");
  out.put(static_cast<std::uint32_t>(network.projections.size()));
  for (const LearningProjection& p : network.projections) {
    for (const std::uint32_t number : {p.pre_area, p.post_area, p.delay, p.port}) {
      out.put(number);
    }
    out.put(static_cast<std::uint8_t>(p.delay_in));
    out.put_text(p.definition->text);
    for (const auto& program : programs_of(*p.definition)) {
      out.put(step_hash(program->step));
    }
    out.put_all(p.numbers->values);
    out.put_all(p.rows->row_begin);
    out.put_all(p.rows->post);
    const std::vector<float>& weights = p.numbers->initial.front();
    out.put(static_cast<std::uint32_t>(weights.size()));
    out.put_all(weights);
  }
}

void read_projections(SectionReader& in, NetworkData& network) {
  if (in.next() != "learning") {
    return;
  }
  in.begin("learning");
  const auto count = in.get<std::uint32_t>();
  for (std::uint32_t i = 0; i < count; ++i) {
    network.projections.push_back(get_projection(in, network));
    network.least_queues = std::max(network.least_queues, network.projections.back().queues());
  }
}

void write_learned(SectionWriter& out, const State& state) {
  if (state.projections.empty()) {
    return;
  }
  out.begin("learned");
  for (const ProjectionState& p : state.projections) {
    for (const auto* columns : {&p.synapses, &p.pre_traces, &p.post_traces}) {
      for (const std::vector<float>& column : *columns) {
        out.put_all(column);
      }
    }
    out.put_all(p.pre_spiked);
    out.put_all(p.post_spiked);
  }
}

void read_learned(SectionReader& in, const NetworkData& network, State& state) {
  if (network.projections.empty()) {
    return;
  }
  in.begin("learned");
  for (const LearningProjection& p : network.projections) {
    ProjectionState& own = state.projections.emplace_back();
    const auto read = [&](std::vector<std::vector<float>>& columns, std::size_t count,
                          std::uint64_t size) {
      for (std::size_t c = 0; c < count; ++c) {
        columns.push_back(get_numbers(in, size));
      }
    };
    read(own.synapses, p.definition->state_count(), p.rows->synapses());
    read(own.pre_traces, p.definition->traces_of(false), p.pre_count);
    read(own.post_traces, p.definition->traces_of(true), p.post_count);
    own.pre_spiked = in.get_all<std::uint64_t>(p.pre_count);
    own.post_spiked = in.get_all<std::uint64_t>(p.post_count);
    for (const auto* spiked : {&own.pre_spiked, &own.post_spiked}) {
      in.require(
          std::ranges::all_of(*spiked, [&](std::uint64_t burst) { return burst <= state.burst; }),
          "a spike of the future");
    }
    in.require(std::ranges::all_of(
                   own.synapses.front(),
                   [&](float w) { return w >= p.numbers->lowest && w <= p.numbers->highest; }),
               "a weight is outside its range");
  }
}

}  // namespace rheobase::checkpoint
