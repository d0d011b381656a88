// SPDX-License-Identifier: Apache-2.0
// Connection rules and what a neuron is.
#include <nanobind/stl/array.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include "arrays.h"
#include "bindings.h"
#include "rheobase/connect.h"
#include "rheobase/distance.h"
#include "rheobase/network.h"

namespace rheobase::python {
namespace {

using namespace nb::literals;
using Triple = std::array<std::uint32_t, 3>;

using Lengths = std::array<double, 3>;

std::optional<Positions> positions_of(const std::optional<In<double>>& coordinates,
                                      std::uint32_t axes) {
  if (!coordinates) {
    return std::nullopt;
  }
  const auto all = view(*coordinates);
  return Positions{{all.begin(), all.end()}, axes};
}

DistanceKernel kernel_of(std::string_view name, double scale) {
  return name == "gaussian"      ? kernels::gaussian(scale)
         : name == "exponential" ? kernels::exponential(scale)
         : name == "linear"      ? kernels::linear(scale)
                                 : kernels::within(scale);
}

ConnectionRule by_distance(std::string_view kernel, double scale, double p, bool periodic,
                           const std::optional<In<double>>& positions, std::uint32_t axes,
                           const std::optional<In<double>>& target_positions,
                           std::uint32_t target_axes, Lengths extent, Lengths pitch,
                           Lengths target_pitch, double max_distance, bool autapses) {
  DistanceOptions options;
  options.autapses = autapses;
  options.max_distance = max_distance;
  options.pitch = pitch;
  options.target_pitch = target_pitch;
  options.positions = positions_of(positions, axes);
  options.target_positions = positions_of(target_positions, target_axes);
  options.periodic = periodic;
  options.extent = extent;
  return distance_probability(kernel_of(kernel, scale), p, std::move(options));
}

void bind_connection_rules(nb::module_& m) {
  nb::class_<ConnectionRule>(m, "ConnectionRule",
                             "Which neuron of one area sends to which neuron of another. Pure: the "
                             "same rule, sizes and wiring seed give the same pairs.")
      .def("__repr__", &ConnectionRule::describe);
  m.def("all_to_all", &all_to_all, "autapses"_a = true,
        "Every neuron to every neuron. `autapses`: a neuron may connect to itself.");
  m.def("one_to_one", &one_to_one, "Neuron i to neuron i; both populations have one size.");
  m.def("fixed_probability", &fixed_probability, "p"_a, "autapses"_a = true,
        "Each pair independently with probability p, 0 to 1 (NEST: pairwise_bernoulli).");
  m.def("fixed_indegree", &fixed_indegree, "indegree"_a, "autapses"_a = true, "multapses"_a = true,
        "Each target draws `indegree` sources; with `multapses`, one may be drawn repeatedly.");
  m.def("fixed_outdegree", &fixed_outdegree, "outdegree"_a, "autapses"_a = true,
        "multapses"_a = true,
        "Each source draws `outdegree` targets; with `multapses`, one may be drawn repeatedly.");
  m.def("fixed_total_number", &fixed_total_number, "n"_a, "autapses"_a = true, "multapses"_a = true,
        "n synapses in all, sources and targets uniformly drawn.");
  m.def("distance_probability", &by_distance, "kernel"_a, "scale"_a, "p"_a, "periodic"_a,
        "positions"_a.none(), "axes"_a, "target_positions"_a.none(), "target_axes"_a, "extent"_a,
        "pitch"_a, "target_pitch"_a, "max_distance"_a, "autapses"_a,
        "Each pair with a probability that falls with distance.");
  m.def(
      "index_pairs",
      [](const In<std::uint32_t>& sources, const In<std::uint32_t>& targets) {
        const auto s = view(sources);
        const auto t = view(targets);
        return index_pairs({s.begin(), s.end()}, {t.begin(), t.end()});
      },
      "sources"_a, "targets"_a);
  m.def("vectors", &vectors, "offsets"_a,
        "FEAGI `vectors`: target voxel = source voxel + each (x, y, z) offset, dropped outside the "
        "area.");
  m.def(
      "patterns",
      [](const std::vector<std::tuple<PatternTriple, PatternTriple>>& list) {
        std::vector<Pattern> given;
        for (const auto& [source, target] : list) {
          given.push_back({source, target});
        }
        return patterns(given);
      },
      "list"_a,
      "FEAGI `patterns`: pairs of (source, target) triples in the notation of genomes, such as "
      "(('*', '*', '0'), ('?', '!', '1')).");
  m.def("voxel_function", &voxel_function, "name"_a,
        "FEAGI `functions` by name; `voxel_function_names()` lists them.");
  m.def("voxel_function_names", &voxel_function_names, "The names that `voxel_function` knows.");
  m.def(
      "composite",
      [](Triple seed, std::array<std::array<std::uint32_t, 2>, 3> pattern,
         const ConnectionRule& mapper) {
        return composite({seed[0], seed[1], seed[2]}, pattern, mapper);
      },
      "seed"_a, "pattern"_a, "mapper"_a,
      "The source area is cut into tiles of `seed` voxels; per axis (choose, skip). The mapper "
      "connects each chosen tile to the whole target area.");
  m.def("thinned", &thinned, "rule"_a, "percent"_a,
        "Each pair of `rule` is kept with probability percent / 100.");
  m.def("attractivity", &attractivity, "rule"_a, "percent"_a,
        "The same with a draw for each pair (FEAGI: synapse_attractivity).");
}

}  // namespace

void bind_rules(nb::module_& m) {
  bind_connection_rules(m);
  nb::class_<NeuronParams>(m, "NeuronParams", "Parameters of a neuron, times in bursts.")
      .def(nb::init<>())
      .def_rw("v_rest", &NeuronParams::v_rest)
      .def_rw("v_reset", &NeuronParams::v_reset)
      .def_rw("threshold", &NeuronParams::threshold)
      .def_rw("threshold_limit", &NeuronParams::threshold_limit)
      .def_rw("leak", &NeuronParams::leak)
      .def_rw("excitability", &NeuronParams::excitability)
      .def_rw("refractory_period", &NeuronParams::refractory_period)
      .def_rw("fire_limit", &NeuronParams::fire_limit)
      .def_rw("snooze_period", &NeuronParams::snooze_period)
      .def_rw("accumulates", &NeuronParams::accumulates);
  m.def(
      "lif",
      [](double tau_m, double v_rest, double v_reset, double v_threshold, double t_ref, double dt) {
        return lif({tau_m, v_rest, v_reset, v_threshold, t_ref}, dt);
      },
      "tau_m"_a, "v_rest"_a, "v_reset"_a, "v_threshold"_a, "t_ref"_a, "dt"_a);
}

}  // namespace rheobase::python
