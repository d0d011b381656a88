// SPDX-License-Identifier: Apache-2.0
#include "io/checkpoint/state_sections.h"

#include <algorithm>

#include "io/checkpoint/drive_sections.h"
#include "io/checkpoint/projection_sections.h"
#include "network/canonical.h"

namespace rheobase::checkpoint {
namespace {

void check_input(const SectionReader& in, const NetworkData& network,
                 const std::vector<NeuronId>& ids, const std::vector<float>& potentials) {
  for (std::size_t i = 0; i < ids.size(); ++i) {
    in.require(ids[i] < network.neuron_count && is_canonical(potentials[i]),
               "an input leaves the network");
  }
}

void check_ports(const SectionReader& in, const NetworkData& network,
                 const std::vector<NeuronId>& ids, const std::vector<std::uint32_t>& ports) {
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const ModelArea* const area = network.model_of(ids[i]);
    in.require(ports[i] < (area != nullptr ? area->ports : 1U), "an input has no such port");
  }
}

bool has_ports(const std::vector<std::uint32_t>& ports) {
  return std::ranges::any_of(ports, [](std::uint32_t port) { return port != 0; });
}

}  // namespace

void write_state(SectionWriter& out, const State& state) {
  out.begin("state");
  out.put(state.burst);
  out.put_all(state.u);
  out.put_all(state.refractory_countdown);
  out.put_all(state.fire_count);
  out.put_all(state.snooze_countdown);
  out.put_all(state.forget);
  if (!state.tables.empty()) {
    out.begin("columns");
    for (const StateTable& table : state.tables) {
      for (const std::vector<float>& column : table.columns) {
        out.put_all(column);
      }
    }
  }
  write_learned(out, state);
  out.begin("fired");
  for (const FireQueue& queue : state.fired) {
    out.put(static_cast<std::uint32_t>(queue.ids.size()));
    out.put_all(queue.ids);
    out.put(std::uint8_t{!queue.potentials.empty()});
    out.put_all(queue.potentials);
  }
}

State read_state(SectionReader& in, const NetworkData& network) {
  in.begin("state");
  State state;
  const std::uint32_t n = network.neuron_count;
  state.burst = in.get<std::uint64_t>();
  state.u = in.get_all<float>(n);
  state.refractory_countdown = in.get_all<std::uint16_t>(n);
  state.fire_count = in.get_all<std::uint16_t>(n);
  state.snooze_countdown = in.get_all<std::uint16_t>(n);
  state.forget = in.get_all<std::uint8_t>(n);
  for (const float u : state.u) {
    in.require(is_canonical(u), "a potential is out of range");
  }
  if (!network.model_areas.empty()) {
    in.begin("columns");
    for (const ModelArea& area : network.model_areas) {
      StateTable& table = state.tables.emplace_back();
      table.area = area.area;
      for (std::size_t s = 0; s < area.definition->states.size(); ++s) {
        table.columns.push_back(in.get_all<float>(area.count));
        for (const float value : table.columns.back()) {
          in.require(is_canonical(value), "a state is out of range");
        }
      }
    }
  }
  read_learned(in, network, state);
  in.begin("fired");
  for (std::uint32_t delay = 0; delay < network.max_delay(); ++delay) {
    FireQueue queue;
    const auto count = in.get<std::uint32_t>();
    queue.ids = in.get_all<NeuronId>(count);
    const auto with_potentials = in.get<std::uint8_t>();
    queue.potentials = in.get_all<float>(with_potentials != 0 ? count : 0);
    state.fired.push_back(std::move(queue));
  }
  return state;
}

void write_engine(SectionWriter& out, const Checkpoint& c) {
  out.begin("engine");
  out.put(c.seed);
  out.put(c.last_burst);
  out.put(c.signature.length);
  for (const std::uint64_t sum : c.signature.sums) {
    out.put(sum);
  }
  for (const std::uint8_t byte : c.signature.rest) {
    out.put(byte);
  }
  write_drives(out, c.drives);
  write_drive_ports(out, "engine ports", c.drives);
  out.begin("input");
  out.put(std::uint64_t{c.input.bursts.size()});
  out.put_all(c.input.bursts);
  out.put_all(c.input.ids);
  out.put_all(c.input.potentials);
  out.put(std::uint64_t{c.injected_ids.size()});
  out.put_all(c.injected_ids);
  out.put_all(c.injected_values);
  if (has_ports(c.input.ports) || has_ports(c.injected_ports)) {
    std::vector<std::uint32_t> ports = c.input.ports;
    ports.resize(c.input.ids.size(), 0);
    out.begin("input ports");
    out.put_all(ports);
    ports = c.injected_ports;
    ports.resize(c.injected_ids.size(), 0);
    out.put_all(ports);
  }
  if (!c.seeds.empty()) {
    out.begin("seeds");
    out.put(static_cast<std::uint32_t>(c.seeds.size()));
    out.put_all(c.seeds);
  }
  if (c.fatigue) {
    out.begin("fatigue");
    out.put(*c.fatigue);
  }
}

void read_engine(SectionReader& in, Checkpoint& c) {
  const NetworkData& network = *c.network.data();
  in.begin("engine");
  c.seed = in.get<std::uint64_t>();
  c.last_burst = in.get<std::uint64_t>();
  c.signature.length = in.get<std::uint64_t>();
  for (std::uint64_t& sum : c.signature.sums) {
    sum = in.get<std::uint64_t>();
  }
  for (std::uint8_t& byte : c.signature.rest) {
    byte = in.get<std::uint8_t>();
  }
  c.drives = read_drives(in, network);
  read_drive_ports(in, "engine ports", network, c.drives);
  in.begin("input");
  const auto rows = in.get<std::uint64_t>();
  c.input.bursts = in.get_all<std::uint64_t>(rows);
  c.input.ids = in.get_all<NeuronId>(rows);
  c.input.potentials = in.get_all<float>(rows);
  in.require(std::is_sorted(c.input.bursts.begin(), c.input.bursts.end()),
             "the input is not in the order of bursts");
  check_input(in, network, c.input.ids, c.input.potentials);
  const auto injections = in.get<std::uint64_t>();
  c.injected_ids = in.get_all<NeuronId>(injections);
  c.injected_values = in.get_all<float>(injections);
  check_input(in, network, c.injected_ids, c.injected_values);
  if (in.next() == "input ports") {
    in.begin("input ports");
    c.input.ports = in.get_all<std::uint32_t>(c.input.ids.size());
    c.injected_ports = in.get_all<std::uint32_t>(c.injected_ids.size());
    check_ports(in, network, c.input.ids, c.input.ports);
    check_ports(in, network, c.injected_ids, c.injected_ports);
  }
  if (in.next() == "seeds") {
    in.begin("seeds");
    c.seeds = in.get_all<std::uint64_t>(in.get<std::uint32_t>());
    in.require(c.seeds.size() == std::max<std::size_t>(network.members.size(), 1),
               "the seeds are not as many as the members");
  }
  if (in.next() == "fatigue") {
    in.begin("fatigue");
    c.fatigue = in.get<float>();
    in.require(is_canonical(*c.fatigue), "the amount is out of range");
  }
}

}  // namespace rheobase::checkpoint
