// SPDX-License-Identifier: Apache-2.0
#include "io/checkpoint/network_sections.h"

#include <algorithm>
#include <set>

#include "io/checkpoint/drive_sections.h"
#include "io/checkpoint/projection_sections.h"
#include "io/checkpoint/section_values.h"
#include "io/checkpoint/state_sections.h"
#include "io/checkpoint/synapse_sections.h"
#include "model/fixed_point.h"
#include "network/bounds.h"
#include "network/canonical.h"
#include "network/charge_bounds.h"
#include "network/join.h"
#include "network/model_areas.h"
#include "network/network_hash.h"
#include "network/neuron_classes.h"
#include "network/row_assembler.h"
#include "rheobase/error.h"

namespace rheobase::checkpoint {
namespace {

constexpr std::uint32_t kMostBlockShift = 10;

void put_params(SectionWriter& out, const NeuronParams& p) {
  for (const float value :
       {p.v_rest, p.v_reset, p.threshold, p.threshold_limit, p.leak, p.excitability}) {
    out.put(value);
  }
  out.put(p.refractory_period);
  out.put(p.fire_limit);
  out.put(p.snooze_period);
  out.put(std::uint8_t{p.accumulates});
}

NeuronParams get_params(SectionReader& in) {
  NeuronParams p;
  for (float* value :
       {&p.v_rest, &p.v_reset, &p.threshold, &p.threshold_limit, &p.leak, &p.excitability}) {
    *value = in.get<float>();
    const bool unlimited =
        (value == &p.threshold || value == &p.threshold_limit) && *value == kNoLimit;
    in.require(unlimited || is_canonical(*value), "a parameter is out of range");
  }
  p.refractory_period = in.get<std::uint16_t>();
  p.fire_limit = in.get<std::uint16_t>();
  p.snooze_period = in.get<std::uint16_t>();
  p.accumulates = get_flag(in);
  in.require(canonical_params(p, "") == p, "a leak is out of range");
  return p;
}

void put_psp(SectionWriter& out, const PspMode& psp) {
  out.put(std::uint8_t{psp.uniform});
  out.put(std::uint8_t{psp.potential_driven});
}
PspMode get_psp(SectionReader& in) {
  PspMode psp;
  psp.uniform = get_flag(in);
  psp.potential_driven = get_flag(in);
  return psp;
}

void put_rules(SectionWriter& out, const Rules& r) {
  out.put(static_cast<std::uint8_t>(r.leak));
  out.put(static_cast<std::uint8_t>(r.countdown));
  out.put(static_cast<std::uint8_t>(r.test));
  out.put(static_cast<std::uint8_t>(r.forget));
  for (const bool flag : {r.floor_negative, r.leak_in_refractory, r.saturating_count,
                          r.separate_snooze, r.rounded_psp}) {
    out.put(std::uint8_t{flag});
  }
}
Rules get_rules(SectionReader& in) {
  Rules r;
  r.leak = get_choice(in, Rules::Leak::after_miss);
  r.countdown = get_choice(in, Rules::When::as_candidate);
  r.test = get_choice(in, Rules::When::as_candidate);
  r.forget = get_choice(in, Rules::Forget::former_candidate);
  for (bool* flag : {&r.floor_negative, &r.leak_in_refractory, &r.saturating_count,
                     &r.separate_snooze, &r.rounded_psp}) {
    *flag = get_flag(in);
  }
  return r;
}

void write_areas(SectionWriter& out, const std::vector<Area>& areas) {
  out.begin("areas");
  out.put(static_cast<std::uint32_t>(areas.size()));
  for (const Area& area : areas) {
    const AreaSpec& spec = area.spec;
    out.put_text(spec.name);
    out.put_text(spec.file_id);
    out.put_text(spec.role);
    for (const std::uint32_t n :
         {spec.size.x, spec.size.y, spec.size.z, spec.neurons_per_voxel, area.first, area.count}) {
      out.put(n);
    }
    put_params(out, spec.params);
    for (const float step : spec.threshold_gradient) {
      out.put(step);
    }
    put_psp(out, spec.psp);
  }
}

void read_areas(SectionReader& in, NetworkData& network) {
  in.begin("areas");
  const auto count = in.get<std::uint32_t>();
  std::set<std::string> names;
  std::uint64_t neurons = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    Area area;
    AreaSpec& spec = area.spec;
    spec.name = in.get_text();
    spec.file_id = in.get_text();
    spec.role = in.get_text();
    for (std::uint32_t* n : {&spec.size.x, &spec.size.y, &spec.size.z, &spec.neurons_per_voxel,
                             &area.first, &area.count}) {
      *n = in.get<std::uint32_t>();
    }
    spec.params = get_params(in);
    for (float& step : spec.threshold_gradient) {
      step = get_canonical(in);
    }
    spec.psp = get_psp(in);
    in.require(!spec.name.empty() && names.insert(spec.name).second,
               "an area has no name of its own");
    const double cells = static_cast<double>(spec.size.x) * spec.size.y * spec.size.z *
                         static_cast<double>(spec.neurons_per_voxel);
    in.require(area.first == neurons && area.count > 0 && cells == area.count,
               "the areas do not follow each other");
    neurons += area.count;
    network.areas.edit().push_back(std::move(area));
  }
  in.require(neurons == network.neuron_count, "the areas do not add up to the neurons");
}

/// The text of each model once, then for each area that has one: its number, values that differ.
void write_models(SectionWriter& out, const NetworkData& network) {
  if (network.model_areas.empty()) {
    return;
  }
  std::vector<const Definition*> models;
  const auto number_of = [&](const ModelArea& area) {
    return std::find(models.begin(), models.end(), area.definition.get()) - models.begin();
  };
  for (const ModelArea& area : network.model_areas) {
    if (number_of(area) == static_cast<std::ptrdiff_t>(models.size())) {
      models.push_back(area.definition.get());
    }
  }
  out.begin("models");
  out.put(static_cast<std::uint32_t>(models.size()));
  for (const Definition* definition : models) {
    out.put_text(definition->text);
    out.put(step_hash(definition->step));
  }
  out.put(static_cast<std::uint32_t>(network.model_areas.size()));
  for (const ModelArea& area : network.model_areas) {
    const std::vector<ModelValue>& values = network.areas[area.area].spec.values;
    out.put(area.area);
    out.put(static_cast<std::uint32_t>(number_of(area)));
    out.put(static_cast<std::uint32_t>(values.size()));
    for (const ModelValue& value : values) {
      out.put_text(value.name);
      out.put(static_cast<std::uint32_t>(value.values.size()));
      out.put_all(value.values);
    }
  }
}

void read_models(SectionReader& in, NetworkData& network) {
  if (in.next() == "models") {
    in.begin("models");
    std::vector<Model> models;
    const auto texts = in.get<std::uint32_t>();
    for (std::uint32_t i = 0; i < texts; ++i) {
      const std::string text = in.get_text();
      const auto hash = in.get<std::uint64_t>();
      in.understand([&] { models.push_back(Model::parse(text, "its model")); });
      in.require(step_hash(models.back().definition()->step) == hash,
                 "this version makes other operations of a model's text than the one that wrote "
                 "it. Build the network again");
    }
    const auto areas = in.get<std::uint32_t>();
    std::uint32_t next = 0;
    for (std::uint32_t i = 0; i < areas; ++i) {
      const auto area = in.get<std::uint32_t>();
      const auto model = in.get<std::uint32_t>();
      in.require(area >= next && area < network.areas.size() && model < models.size(),
                 "the areas with models are not those of the network");
      next = area + 1;
      AreaSpec& spec = network.areas.edit()[area].spec;
      spec.model = models[model];
      const auto values = in.get<std::uint32_t>();
      for (std::uint32_t v = 0; v < values; ++v) {
        ModelValue value;
        value.name = in.get_text();
        value.values = in.get_all<double>(in.get<std::uint32_t>());
        spec.values.push_back(std::move(value));
      }
      in.understand([&] { append_model(network, area, network.areas[area]); });
    }
  }
  count_targets(network);
}

void write_neurons(SectionWriter& out, const NetworkData& network) {
  out.begin("classes");
  out.put(static_cast<std::uint32_t>(network.classes.size()));
  for (std::size_t i = 0; i < network.classes.size(); ++i) {
    const std::uint32_t flags = network.classes[i].flags;
    put_params(out, network.class_params[i]);
    put_psp(out, psp_mode_of(flags));
    out.put(std::uint8_t{(flags & model::kDead) == 0U});
  }
  out.begin("neurons");
  out.put(static_cast<std::uint32_t>(network.runs.size()));
  for (const ClassRun& run : network.runs) {
    out.put(run.count);
    out.put(run.neuron_class);
  }
}

void read_neurons(SectionReader& in, NetworkData& network) {
  in.begin("classes");
  const auto classes = in.get<std::uint32_t>();
  ClassTable table(network);
  for (std::uint32_t i = 0; i < classes; ++i) {
    const NeuronParams params = get_params(in);
    const PspMode psp = get_psp(in);
    const bool alive = get_flag(in);
    in.require(table.find_or_add(params, psp, alive) == i, "a class comes twice");
  }
  in.begin("neurons");
  const auto runs = in.get<std::uint32_t>();
  std::vector<std::uint32_t>& class_of = network.class_of.edit();
  for (std::uint32_t i = 0; i < runs; ++i) {
    const auto count = in.get<std::uint32_t>();
    const auto neuron_class = in.get<std::uint32_t>();
    in.require(neuron_class < network.classes.size() &&
                   class_of.size() + std::uint64_t{count} <= network.neuron_count,
               "a run of neurons leaves the network");
    class_of.insert(class_of.end(), count, neuron_class);
  }
  in.require(class_of.size() == network.neuron_count, "some neurons have no class");
  find_class_runs(network);
}

void write_first_potentials(SectionWriter& out, const NetworkData& network) {
  if (network.first_potentials.empty()) {
    return;
  }
  out.begin("potentials");
  out.put(static_cast<std::uint32_t>(network.first_potentials.size()));
  out.put_all(network.first_potentials.list());
}

void read_first_potentials(SectionReader& in, NetworkData& network) {
  if (in.next() != "potentials") {
    return;
  }
  in.begin("potentials");
  const auto count = in.get<std::uint32_t>();
  in.require(count > 0 && count <= network.neuron_count,
             "there are more first potentials than neurons");
  std::vector<float>& potentials = network.first_potentials.edit();
  potentials = in.get_all<float>(count);
  in.require(std::ranges::all_of(potentials, is_canonical) && potentials.back() != 0.0F,
             "a first potential is out of range");
}

/// Those of a joined network: whole areas that have no synapses to other members.
void read_members(SectionReader& in, NetworkData& network) {
  in.begin("members");
  const auto count = in.get<std::uint32_t>();
  Member next;
  for (std::uint32_t i = 0; i < count; ++i) {
    next.count = in.get<std::uint32_t>();
    next.area_count = in.get<std::uint32_t>();
    in.require(next.count != 0 && next.count <= network.neuron_count - next.first &&
                   next.area_count != 0 &&
                   next.area_count <= network.areas.size() - next.first_area,
               "a member leaves the network");
    const Area& last = network.areas[next.first_area + next.area_count - 1U];
    in.require(network.areas[next.first_area].first == next.first &&
                   last.first + last.count == next.first + next.count,
               "a member does not consist of areas");
    network.members.push_back(next);
    next.first += next.count;
    next.first_area += next.area_count;
  }
  in.require(count != 0 && next.first == network.neuron_count, "some neurons have no member");
  for (NeuronId id = 0; id < network.neuron_count; ++id) {
    const Member& own = network.members[network.member_of(id)];
    network.for_each_synapse(
        id, [&](std::uint32_t target, std::uint32_t /*code*/, std::uint32_t /*delay*/) {
          const NeuronId post = network.neuron_of(target);
          in.require(post - own.first < own.count, "a synapse leaves its member");
        });
  }
  std::size_t of_last = 0;
  for (const Drive& drive : network.drives) {
    in.require(drive.first < network.neuron_count, "a drive leaves the network");
    const std::size_t member = network.member_of(drive.first);
    const NeuronId last = drive.first + std::max(drive.count, 1U) - 1U;
    in.require(member >= of_last && member == network.member_of(last), "a drive leaves its member");
    of_last = member;
  }
  take_members(network);
}

}  // namespace

void write_network(SectionWriter& out, const NetworkData& network) {
  out.begin("network");
  out.put(network.dt_ms);
  out.put(network.wiring_seed);
  put_rules(out, network.rules);
  out.put(network.neuron_count);
  out.put(network.synapse_count);
  out.put(network.block_shift);
  out.put(network.charge.quantum_bits);
  write_areas(out, network.areas.list());
  write_models(out, network);
  write_neurons(out, network);
  write_first_potentials(out, network);
  write_synapses(out, network);
  write_projections(out, network);
  out.begin("drives");
  write_drives(out, network.drives);
  write_drive_ports(out, "drive ports", network.drives);
  if (!network.members.empty()) {
    out.begin("members");
    out.put(static_cast<std::uint32_t>(network.members.size()));
    for (const Member& member : network.members) {
      out.put(member.count);
      out.put(member.area_count);
    }
  }
}

std::shared_ptr<const NetworkData> read_network(SectionReader& in) {
  in.begin("network");
  auto network = std::make_shared<NetworkData>();
  network->dt_ms = in.get<double>();
  in.require(network->dt_ms > 0.0 && network->dt_ms <= 1e6, "the time step is out of range");
  network->wiring_seed = in.get<std::uint64_t>();
  network->rules = get_rules(in);
  network->step_rules = step_rules_of(network->rules);
  network->counts_candidates = asks_for_candidates(network->rules);
  network->neuron_count = in.get<std::uint32_t>();
  const auto synapses = in.get<std::uint64_t>();
  network->block_shift = in.get<std::uint32_t>();
  network->charge.quantum_bits = in.get<std::uint32_t>();
  in.require(network->neuron_count > 0 && network->neuron_count < 0xFFFFFFFFU,
             "the number of neurons is out of range");
  in.require(network->block_shift <= kMostBlockShift &&
                 network->charge.quantum_bits <= model::kMostQuantumBits,
             "a size is out of range");
  require_network_memory(network->neuron_count, synapses, true);
  // what the numbers claim must be in the file before memory is spent on it
  const std::uint64_t neurons = network->neuron_count;
  const std::uint64_t row_bytes = in.raw_bytes("rows") + in.raw_bytes("synapses");
  in.require(in.raw_bytes("state") == state_bytes(neurons) && synapses <= row_bytes / 4 &&
                 row_bytes - 4 * synapses >= 4 * neurons,
             "its numbers are not those of the sections that follow");
  read_areas(in, *network);
  read_models(in, *network);
  read_neurons(in, *network);
  read_first_potentials(in, *network);
  read_synapses(in, *network);
  in.require(network->synapse_count == synapses, "the synapses are not as many as they should be");
  read_projections(in, *network);
  find_delays(*network);
  bound_charges(*network);
  in.begin("drives");
  network->drives = read_drives(in, *network);
  read_drive_ports(in, "drive ports", *network, network->drives);
  if (in.next() == "members") {
    read_members(in, *network);
  }
  return network;
}

}  // namespace rheobase::checkpoint
