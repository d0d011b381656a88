// SPDX-License-Identifier: Apache-2.0
#include "io/session/edit_codec.h"

#include <cmath>
#include <utility>

#include "io/checkpoint/section_values.h"

namespace rheobase::session {
namespace {

using checkpoint::get_choice;
using checkpoint::get_flag;
using checkpoint::SectionReader;
using checkpoint::SectionWriter;
using Kind = NetworkEdit::Operation::Kind;

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
  }
  p.refractory_period = in.get<std::uint16_t>();
  p.fire_limit = in.get<std::uint16_t>();
  p.snooze_period = in.get<std::uint16_t>();
  p.accumulates = get_flag(in);
  return p;
}

void put_mode(SectionWriter& out, const PspMode& mode) {
  out.put(std::uint8_t{mode.uniform});
  out.put(std::uint8_t{mode.potential_driven});
}
PspMode get_mode(SectionReader& in) {
  PspMode mode;
  mode.uniform = get_flag(in);
  mode.potential_driven = get_flag(in);
  return mode;
}

void put_synapse(SectionWriter& out, const Synapse& s) {
  out.put(s.pre);
  out.put(s.post);
  out.put(s.weight);
  out.put(s.psp);
  out.put(s.delay);
  out.put(s.port);
}
Synapse get_synapse(SectionReader& in) {
  Synapse s;
  s.pre = in.get<std::uint32_t>();
  s.post = in.get<std::uint32_t>();
  s.weight = in.get<float>();
  s.psp = in.get<float>();
  s.delay = in.get<std::uint32_t>();
  s.port = in.get<std::uint32_t>();
  return s;
}

void put_distribution(SectionWriter& out, const Distribution& d) {
  out.put(static_cast<std::uint8_t>(d.kind()));
  for (const double number : {d.first(), d.second(), d.lowest(), d.highest(), d.step()}) {
    out.put(number);
  }
}
Distribution get_distribution(SectionReader& in) {
  const auto kind = get_choice(in, Distribution::Kind::exponential);
  const auto first = in.get<double>();
  const auto second = in.get<double>();
  const auto lowest = in.get<double>();
  const auto highest = in.get<double>();
  const auto step = in.get<double>();
  std::optional<Distribution> made;
  in.understand([&] {
    made = Distribution(kind, first, second);
    if (!std::isinf(lowest) || !std::isinf(highest)) {
      made = made->within(lowest, highest);
    }
    if (step != 0.0) {
      made = made->step(step);
    }
  });
  return *made;
}

void put_values(SectionWriter& out, const std::vector<ModelValue>& values) {
  out.put(static_cast<std::uint32_t>(values.size()));
  for (const ModelValue& value : values) {
    out.put_text(value.name);
    out.put(std::uint8_t{value.distribution.has_value()});
    if (value.distribution) {
      put_distribution(out, *value.distribution);
    }
    out.put(static_cast<std::uint32_t>(value.values.size()));
    out.put_all(value.values);
  }
}
std::vector<ModelValue> get_values(SectionReader& in) {
  std::vector<ModelValue> values;
  const auto count = in.get<std::uint32_t>();
  for (std::uint32_t i = 0; i < count; ++i) {
    ModelValue& value = values.emplace_back();
    value.name = in.get_text();
    if (get_flag(in)) {
      value.distribution = get_distribution(in);
    }
    value.values = in.get_all<double>(in.get<std::uint32_t>());
  }
  return values;
}

void put_area(SectionWriter& out, const AreaSpec& spec) {
  for (const std::string* text : {&spec.name, &spec.file_id, &spec.role}) {
    out.put_text(*text);
  }
  for (const std::uint32_t n : {spec.size.x, spec.size.y, spec.size.z, spec.neurons_per_voxel}) {
    out.put(n);
  }
  put_params(out, spec.params);
  for (const float step : spec.threshold_gradient) {
    out.put(step);
  }
  put_mode(out, spec.psp);
  out.put_text(spec.model.empty() ? std::string() : spec.model.text());
  put_values(out, spec.values);
}
AreaSpec get_area(SectionReader& in) {
  AreaSpec spec;
  for (std::string* text : {&spec.name, &spec.file_id, &spec.role}) {
    *text = in.get_text();
  }
  for (std::uint32_t* n : {&spec.size.x, &spec.size.y, &spec.size.z, &spec.neurons_per_voxel}) {
    *n = in.get<std::uint32_t>();
  }
  spec.params = get_params(in);
  for (float& step : spec.threshold_gradient) {
    step = in.get<float>();
  }
  spec.psp = get_mode(in);
  if (const std::string model = in.get_text(); !model.empty()) {
    in.understand([&] { spec.model = Model::parse(model, "its model"); });
  }
  spec.values = get_values(in);
  return spec;
}

void get_operation(SectionReader& in, NetworkEdit& edit) {
  const auto kind = get_choice(in, Kind::delete_neurons);
  const auto first = in.get<std::uint32_t>();
  const auto count = in.get<std::uint32_t>();
  switch (kind) {
    case Kind::set_params: edit.set_params(first, count, get_params(in)); break;
    case Kind::set_refractory_period:
      edit.set_refractory_period(first, count, get_params(in).refractory_period);
      break;
    case Kind::set_accumulates:
      edit.set_accumulates(first, count, get_params(in).accumulates);
      break;
    case Kind::set_psp: edit.set_psp(first, count, get_synapse(in).psp); break;
    case Kind::set_psp_mode: edit.set_psp_mode(first, count, get_mode(in)); break;
    case Kind::set_values: edit.set_values(first, count, get_values(in)); break;
    case Kind::add_synapses:
      for (std::uint32_t i = 0; i < count; ++i) {
        edit.add_synapse(get_synapse(in));
      }
      break;
    case Kind::remove_synapse: {
      const Synapse s = get_synapse(in);
      edit.remove_synapse(s.pre, s.post);
      break;
    }
    case Kind::set_weight: {
      const Synapse s = get_synapse(in);
      edit.set_weight(s.pre, s.post, s.weight);
      break;
    }
    case Kind::set_delay: {
      const Synapse s = get_synapse(in);
      edit.set_delay(s.pre, s.post, s.delay);
      break;
    }
    case Kind::add_area: edit.add_area(get_area(in)); break;
    case Kind::delete_neurons: edit.delete_neurons(first, count); break;
  }
}

}  // namespace

void put_edit(SectionWriter& out, const NetworkEdit& edit) {
  out.put(static_cast<std::uint32_t>(edit.operations().size()));
  for (const NetworkEdit::Operation& op : edit.operations()) {
    out.put(static_cast<std::uint8_t>(op.kind));
    out.put(op.first);
    out.put(op.count);
    switch (op.kind) {
      case Kind::set_params:
      case Kind::set_refractory_period:
      case Kind::set_accumulates: put_params(out, edit.params()[op.at]); break;
      case Kind::set_psp:
      case Kind::remove_synapse:
      case Kind::set_weight:
      case Kind::set_delay: put_synapse(out, edit.synapses()[op.at]); break;
      case Kind::add_synapses:
        for (std::uint32_t i = 0; i < op.count; ++i) {
          put_synapse(out, edit.synapses()[op.at + i]);
        }
        break;
      case Kind::set_psp_mode: put_mode(out, op.mode); break;
      case Kind::set_values: put_values(out, edit.values()[op.at]); break;
      case Kind::add_area: put_area(out, edit.areas()[op.at]); break;
      case Kind::delete_neurons: break;
    }
  }
}

NetworkEdit get_edit(SectionReader& in) {
  NetworkEdit edit;
  const auto count = in.get<std::uint32_t>();
  for (std::uint32_t i = 0; i < count; ++i) {
    get_operation(in, edit);
  }
  return edit;
}

}  // namespace rheobase::session
