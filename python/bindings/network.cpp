// SPDX-License-Identifier: Apache-2.0
// Networks: built, looked at, edited.
#include "rheobase/network.h"

#include <nanobind/stl/array.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <map>
#include <utility>

#include "arrays.h"
#include "bindings.h"
#include "connect_arguments.h"
#include "drive_kind.h"
#include "interruptible.h"
#include "rheobase/checkpoint.h"
#include "rheobase/engine.h"
#include "rheobase/error.h"

namespace rheobase::python {
namespace {

using namespace nb::literals;
using Triple = std::array<std::uint32_t, 3>;
using ValueTuple = std::tuple<std::string_view, nb::object>;

std::vector<Synapse> synapses_of(const In<std::uint32_t>& pre, const In<std::uint32_t>& post,
                                 const In<float>& weight, const In<float>& psp,
                                 const In<std::uint32_t>& delay, std::uint32_t port) {
  const std::size_t n = pre.shape(0);
  if (post.shape(0) != n || weight.shape(0) != n || psp.shape(0) != n || delay.shape(0) != n) {
    throw Error(ErrorCode::invalid_argument, "the arrays of synapses differ in length.");
  }
  std::vector<Synapse> synapses(n);
  for (std::size_t i = 0; i < n; ++i) {
    synapses[i] = {pre.data()[i], post.data()[i],  weight.data()[i],
                   psp.data()[i], delay.data()[i], port};
  }
  return synapses;
}

/// `values`: (name, array of numbers or distribution)
std::vector<ModelValue> model_values(const ListOf<ValueTuple>& values) {
  std::vector<ModelValue> found;
  for (const auto& [item, given] : listed(values)) {
    if (nb::isinstance<Distribution>(given)) {
      found.push_back({std::string(item), {}, nb::cast<Distribution>(given)});
      continue;
    }
    const auto numbers = nb::cast<In<double>>(given);
    const auto all = view(numbers);
    found.push_back({std::string(item), {all.begin(), all.end()}});
  }
  return found;
}

AreaSpec area_spec(std::string_view name, Triple size, std::uint32_t neurons_per_voxel,
                   const NeuronParams& params, std::array<float, 3> gradient, bool uniform,
                   bool driven, std::string_view role, std::vector<ModelValue> values) {
  AreaSpec spec;
  spec.name = name;
  spec.size = {size[0], size[1], size[2]};
  spec.neurons_per_voxel = neurons_per_voxel;
  spec.params = params;
  spec.threshold_gradient = gradient;
  spec.psp = {uniform, driven};
  spec.role = role;
  spec.values = std::move(values);
  return spec;
}

AreaSpec model_spec(std::string_view name, Triple size, std::uint32_t neurons_per_voxel,
                    const Model& model, const ListOf<ValueTuple>& values, std::string_view role) {
  AreaSpec spec =
      area_spec(name, size, neurons_per_voxel, {}, {}, true, false, role, model_values(values));
  spec.model = model;
  return spec;
}

void bind_builder(nb::module_& m) {
  nb::class_<NetworkBuilder>(m, "Builder")
      .def(
          "__init__",
          [](NetworkBuilder* self, double dt, std::uint64_t wiring_seed, std::string_view semantics,
             std::optional<std::uint32_t> quantum_bits, std::uint32_t threads) {
            new (self) NetworkBuilder(
                {dt, wiring_seed, rules_of(semantics_from_name(semantics)), quantum_bits, threads});
          },
          "dt"_a, "wiring_seed"_a, "semantics"_a, "quantum_bits"_a.none(), "threads"_a)
      .def(
          "add_area",
          [](NetworkBuilder& self, std::string_view name, Triple size,
             std::uint32_t neurons_per_voxel, const NeuronParams& params,
             std::array<float, 3> gradient, bool uniform, bool driven, std::string_view role,
             const ListOf<ValueTuple>& values) {
            return self.add_area(area_spec(name, size, neurons_per_voxel, params, gradient, uniform,
                                           driven, role, model_values(values)));
          },
          "name"_a, "size"_a, "neurons_per_voxel"_a, "params"_a, "threshold_gradient"_a,
          "psp_uniform"_a, "psp_potential_driven"_a, "role"_a, "values"_a)
      .def(
          "add_model",
          [](NetworkBuilder& self, std::string_view name, Triple size,
             std::uint32_t neurons_per_voxel, const Model& model, const ListOf<ValueTuple>& values,
             std::string_view role) {
            return self.add_area(model_spec(name, size, neurons_per_voxel, model, values, role));
          },
          "name"_a, "size"_a, "neurons_per_voxel"_a, "model"_a, "values"_a, "role"_a)
      .def("first", [](const NetworkBuilder& self, AreaId id) { return self.area(id).first; })
      .def(
          "connect",
          [](NetworkBuilder& self, const PartTuple& pre, const PartTuple& post,
             const ConnectionRule& rule, const NumberOrDraws& weight, float psp,
             const DelayOrDraws& delay, std::uint32_t port, const SynapseModel& learns,
             const ListOf<ValueTuple>& values, bool in_dendrite) {
            SynapseSpec synapse{1.0F, psp, 1, port};
            SynapseDraws draws;
            take(weight, synapse.weight, draws.weight);
            take(delay, synapse.delay, draws.delay);
            return self.connect(
                part_of(pre), part_of(post), rule, synapse, draws,
                {learns, model_values(values), in_dendrite ? DelayIn::dendrite : DelayIn::axon});
          },
          "pre"_a, "post"_a, "rule"_a, "weight"_a, "psp"_a, "delay"_a, "port"_a, "learns"_a,
          "values"_a, "in_dendrite"_a)
      .def(
          "connect_pairs",
          [](NetworkBuilder& self, const In<std::uint32_t>& pre, const In<std::uint32_t>& post,
             const In<float>& weight, const In<float>& psp, const In<std::uint32_t>& delay,
             std::uint32_t port) {
            return self.connect(synapses_of(pre, post, weight, psp, delay, port));
          },
          "pre"_a, "post"_a, "weight"_a, "psp"_a, "delay"_a, "port"_a = 0U)
      .def(
          "drive",
          [](NetworkBuilder& self, NeuronId first, std::uint32_t count, std::string_view kind,
             float amplitude, double rate, std::uint32_t port) {
            return self.drive(Drive{drive_kind(kind), first, count, amplitude, rate, 0, port});
          },
          "first"_a, "count"_a, "kind"_a, "amplitude"_a, "rate"_a, "port"_a)
      .def("take_back", &NetworkBuilder::take_back, "id"_a)
      .def("remove_area", &NetworkBuilder::remove_area, "id"_a)
      .def("build", [](NetworkBuilder& self) {
        return interruptible([&](const StopRequest& stop) { return self.build(stop); });
      });
}

/// Synapses from a range of neurons to a range of neurons, as columns.
Columns synapses_between(const Network& network, NeuronId pre_first, std::uint32_t pre_count,
                         NeuronId post_first, std::uint32_t post_count) {
  std::vector<std::uint32_t> pre, post;
  std::vector<float> weight, psp;
  std::vector<std::uint32_t> delay;
  std::vector<std::uint8_t> port;
  {
    const nb::gil_scoped_release release;
    for (NeuronId id = pre_first; id - pre_first < pre_count; ++id) {
      for (const Synapse& s : network.outgoing(id)) {
        if (s.post - post_first < post_count) {
          pre.push_back(s.pre);
          post.push_back(s.post);
          weight.push_back(s.weight);
          psp.push_back(s.psp);
          delay.push_back(s.delay);
          port.push_back(static_cast<std::uint8_t>(s.port));
        }
      }
    }
  }
  return nb::make_tuple(array(std::move(pre)), array(std::move(post)), array(std::move(weight)),
                        array(std::move(psp)), array(std::move(delay)), array(std::move(port)));
}

/// Of each pair of areas that synapses connect: (pre, post, synapses, least and most weight, least
/// and most delay).
Rows projections(const Network& network) {
  struct Sum {
    std::uint64_t count = 0;
    float least_weight = 0.0F, most_weight = 0.0F;
    std::uint32_t least_delay = 0, most_delay = 0;
  };
  std::map<std::pair<AreaId, AreaId>, Sum> sums;
  {
    const nb::gil_scoped_release release;
    for (const Area& area : network.areas()) {
      const AreaId from = network.area_of(area.first);
      Sum* sum = nullptr;
      AreaId to = 0;
      for (NeuronId id = area.first; id - area.first < area.count; ++id) {
        for (const Synapse& s : network.outgoing(id)) {
          const Area* last = sum == nullptr ? nullptr : &network.areas()[to];
          if (last == nullptr || s.post - last->first >= last->count) {
            to = network.area_of(s.post);
            sum = &sums[{from, to}];
          }
          const bool first = sum->count++ == 0;
          sum->least_weight = first ? s.weight : std::min(sum->least_weight, s.weight);
          sum->most_weight = first ? s.weight : std::max(sum->most_weight, s.weight);
          sum->least_delay = first ? s.delay : std::min(sum->least_delay, s.delay);
          sum->most_delay = first ? s.delay : std::max(sum->most_delay, s.delay);
        }
      }
    }
  }
  nb::list rows;
  for (const auto& [pair, s] : sums) {
    rows.append(nb::make_tuple(network.areas()[pair.first].spec.name,
                               network.areas()[pair.second].spec.name, s.count, s.least_weight,
                               s.most_weight, s.least_delay, s.most_delay));
  }
  return rows;
}

/// Of each projection that learns: (pre, post, delay in bursts, port, model, values as (name,
/// number), synapses).
Rows learning(const Network& network) {
  nb::list rows;
  for (const Projection& p : network.projections()) {
    nb::list values;
    for (const ModelValue& value : p.plasticity.values) {
      values.append(nb::make_tuple(value.name, value.values.front()));
    }
    rows.append(nb::make_tuple(p.pre, p.post, p.delay, p.port, p.plasticity.model, values,
                               p.synapses, p.plasticity.delay_in == DelayIn::dendrite));
  }
  return rows;
}

Columns learning_ends(const Network& network, std::size_t projection) {
  ProjectionEnds ends = network.projection_ends(projection);
  return nb::make_tuple(array(std::move(ends.pre)), array(std::move(ends.post)));
}

/// Of each area (name, size, first, count, neurons per voxel, role, model or None). Rows, not
/// objects: where no memory is left, handing out objects would end the process.
Rows area_rows(const Network& network) {
  nb::list rows;
  for (const Area& a : network.areas()) {
    const Voxel& size = a.spec.size;
    nb::object model = nb::none();
    if (!a.spec.model.empty()) {
      model = nb::cast(a.spec.model);
    }
    rows.append(nb::make_tuple(nb::str(a.spec.name.data(), a.spec.name.size()),
                               nb::make_tuple(size.x, size.y, size.z), a.first, a.count,
                               a.spec.neurons_per_voxel,
                               nb::str(a.spec.role.data(), a.spec.role.size()), model));
  }
  return rows;
}

Facts charge_facts(const Network& network) {
  const ChargeFacts& c = network.charge();
  nb::dict facts;
  facts["quantum_bits"] = c.quantum_bits;
  facts["event_bits"] = c.event_bits;
  facts["accumulator_bits"] = c.accumulator_bits;
  facts["worst_neuron"] = c.worst_neuron;
  facts["worst_sum"] = c.worst_sum;
  facts["worst_indegree"] = c.worst_indegree;
  return facts;
}

void bind_edit(nb::module_& m) {
  nb::class_<NetworkEdit>(m, "NetworkEdit")
      .def(nb::init<>())
      .def("__len__", [](const NetworkEdit& self) { return self.operations().size(); })
      .def(
          "set_params",
          nb::overload_cast<NeuronId, std::uint32_t, const NeuronParams&>(&NetworkEdit::set_params),
          "first"_a, "count"_a, "params"_a)
      .def(
          "set_values",
          [](NetworkEdit& self, NeuronId first, std::uint32_t count,
             const ListOf<ValueTuple>& values) {
            self.set_values(first, count, model_values(values));
          },
          "first"_a, "count"_a, "values"_a)
      .def("set_refractory_period", &NetworkEdit::set_refractory_period, "first"_a, "count"_a,
           "bursts"_a)
      .def("set_accumulates", &NetworkEdit::set_accumulates, "first"_a, "count"_a, "on"_a)
      .def("set_psp", &NetworkEdit::set_psp, "first"_a, "count"_a, "psp"_a)
      .def(
          "add_synapses",
          [](NetworkEdit& self, const In<std::uint32_t>& pre, const In<std::uint32_t>& post,
             const In<float>& weight, const In<float>& psp, const In<std::uint32_t>& delay,
             std::uint32_t port) {
            for (const Synapse& s : synapses_of(pre, post, weight, psp, delay, port)) {
              self.add_synapse(s);
            }
          },
          "pre"_a, "post"_a, "weight"_a, "psp"_a, "delay"_a, "port"_a = 0U)
      .def("remove_synapse", &NetworkEdit::remove_synapse, "pre"_a, "post"_a)
      .def("set_weight", &NetworkEdit::set_weight, "pre"_a, "post"_a, "weight"_a)
      .def(
          "set_weights",
          [](NetworkEdit& self, const In<std::uint32_t>& pre, const In<std::uint32_t>& post,
             const In<float>& weight) {
            for (std::size_t i = 0; i < weight.shape(0); ++i) {
              self.set_weight(pre.data()[i], post.data()[i], weight.data()[i]);
            }
          },
          "pre"_a, "post"_a, "weight"_a)
      .def("set_delay", &NetworkEdit::set_delay, "pre"_a, "post"_a, "delay"_a)
      .def(
          "set_psp_mode",
          [](NetworkEdit& self, NeuronId first, std::uint32_t count, bool uniform, bool driven) {
            self.set_psp_mode(first, count, {uniform, driven});
          },
          "first"_a, "count"_a, "uniform"_a, "potential_driven"_a)
      .def(
          "add_area",
          [](NetworkEdit& self, std::string_view name, Triple size, std::uint32_t neurons_per_voxel,
             const NeuronParams& params, std::array<float, 3> gradient, bool uniform, bool driven,
             std::string_view role, const ListOf<ValueTuple>& values) {
            self.add_area(area_spec(name, size, neurons_per_voxel, params, gradient, uniform,
                                    driven, role, model_values(values)));
          },
          "name"_a, "size"_a, "neurons_per_voxel"_a, "params"_a, "threshold_gradient"_a,
          "psp_uniform"_a, "psp_potential_driven"_a, "role"_a, "values"_a)
      .def(
          "add_model",
          [](NetworkEdit& self, std::string_view name, Triple size, std::uint32_t neurons_per_voxel,
             const Model& model, const ListOf<ValueTuple>& values, std::string_view role) {
            self.add_area(model_spec(name, size, neurons_per_voxel, model, values, role));
          },
          "name"_a, "size"_a, "neurons_per_voxel"_a, "model"_a, "values"_a, "role"_a)
      .def("delete_neurons", &NetworkEdit::delete_neurons, "first"_a, "count"_a);
}

}  // namespace

void bind_network(nb::module_& m) {
  bind_builder(m);
  bind_edit(m);
  nb::class_<Area>(m, "Area", "A population of a built network.")
      .def_prop_ro("name", [](const Area& a) { return a.spec.name; })
      .def_prop_ro("file_id", [](const Area& a) { return a.spec.file_id; })
      .def_prop_ro("role", [](const Area& a) { return a.spec.role; })
      .def_prop_ro(
          "size",
          [](const Area& a) { return std::tuple(a.spec.size.x, a.spec.size.y, a.spec.size.z); })
      .def_prop_ro("neurons_per_voxel", [](const Area& a) { return a.spec.neurons_per_voxel; })
      .def_prop_ro("model",
                   [](const Area& a) {
                     return a.spec.model.empty() ? std::optional<Model>() : a.spec.model;
                   })
      .def_prop_ro("first", [](const Area& a) { return a.first; })
      .def_prop_ro("count", [](const Area& a) { return a.count; });
  nb::class_<Network>(m, "Network")
      .def_prop_ro("dt", &Network::dt_ms)
      .def_prop_ro("neuron_count", &Network::neuron_count)
      .def_prop_ro("synapse_count", &Network::synapse_count)
      .def_prop_ro("wiring_seed", &Network::wiring_seed)
      .def_prop_ro("memory_bytes", &Network::memory_bytes)
      .def_prop_ro("hash", &Network::hash)
      .def_prop_ro("delays", &Network::delays)
      .def_prop_ro("charge", &charge_facts)
      .def("area_rows", &area_rows)
      .def_prop_ro("areas", [](const Network& self) { return self.areas(); })
      .def_prop_ro("members",
                   [](const Network& self) {
                     std::vector<Network> members;
                     for (const Member& member : self.members()) {
                       members.emplace_back(member.data);
                     }
                     return members;
                   })
      .def("area", [](const Network& self, std::string_view name) { return self.area(name); })
      .def("params", &Network::params, "id"_a)
      .def("alive", &Network::alive, "id"_a)
      .def("rest",
           [](const Network& self) {
             std::vector<float> rest;
             rest.reserve(self.neuron_count());
             for (NeuronId id = 0; id < self.neuron_count(); ++id) {
               rest.push_back(self.params(id).v_rest);
             }
             return array(std::move(rest));
           })
      .def("synapses_between", &synapses_between, "pre_first"_a, "pre_count"_a, "post_first"_a,
           "post_count"_a)
      .def("projections", &projections)
      .def("learning", &learning)
      .def("learning_ends", &learning_ends, "projection"_a)
      .def(
          "save",
          [](const Network& self, std::string_view path) {
            Engine(self, {"cpu", 1, 1, {}}).save(std::string(path));
          },
          "path"_a, nb::call_guard<nb::gil_scoped_release>())
      .def("edited", &Network::edited, "edit"_a, nb::call_guard<nb::gil_scoped_release>());
  m.def(
      "network_of_checkpoint",
      [](std::string_view path) { return network_of_checkpoint(std::string(path)); }, "path"_a,
      nb::call_guard<nb::gil_scoped_release>());
  m.def("join", &join, "networks"_a, nb::call_guard<nb::gil_scoped_release>());
}

}  // namespace rheobase::python
