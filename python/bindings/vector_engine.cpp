// SPDX-License-Identifier: Apache-2.0
// Many networks stepped together.
#include "rheobase/vector_engine.h"

#include <nanobind/stl/string_view.h>

#include <atomic>
#include <string>

#include "arrays.h"
#include "bindings.h"
#include "rheobase/error.h"

namespace rheobase::python {
namespace {

using namespace nb::literals;
using Ids = In<std::uint32_t>;

std::vector<NeuronId> ids_of(const Ids& ids) { return {view(ids).begin(), view(ids).end()}; }

/// A vector engine that one thread at a time may use.
class PyVectorEngine {
 public:
  PyVectorEngine(const std::vector<Network>& networks, VectorOptions options)
      : engine_(networks, std::move(options)) {}

  /// Without the interpreter's lock; another thread meanwhile is refused.
  template <class Work>
  auto use(Work work) {
    if (busy_.exchange(true)) {
      throw Error(ErrorCode::invalid_argument,
                  "this engine is in use by another thread. Wait for it, or give each thread an "
                  "engine of its own.");
    }
    const struct Free {
      std::atomic<bool>& busy;
      ~Free() { busy = false; }
    } free{busy_};
    const nb::gil_scoped_release release;
    return work(engine_);
  }

  auto step(std::uint64_t bursts, const In<float>& potentials, const In<std::uint8_t>& running) {
    std::vector<std::uint32_t> counts = use([&](VectorEngine& engine) {
      const auto found = engine.step(bursts, view(potentials), view(running));
      return std::vector<std::uint32_t>(found.begin(), found.end());
    });
    return array(std::move(counts), {engine_.members(), engine_.outputs()});
  }
  void reset(const In<std::uint32_t>& members) {
    use([&](VectorEngine& engine) {
      for (const std::uint32_t member : view(members)) {
        engine.reset(member);
      }
    });
  }
  void set_weights(const Ids& pre, const Ids& post, const In<float>& values) {
    use([&](VectorEngine& engine) { engine.set_weights(view(pre), view(post), view(values)); });
  }
  void set_member_weights(std::size_t member, const Ids& pre, const Ids& post,
                          const In<float>& values) {
    use([&](VectorEngine& engine) {
      engine.set_weights(member, view(pre), view(post), view(values));
    });
  }
  Network network(std::size_t member) {
    return use([&](VectorEngine& engine) { return engine.network(member); });
  }
  std::uint64_t signature(std::size_t member) {
    return use([&](VectorEngine& engine) { return engine.signature(member); });
  }

 private:
  VectorEngine engine_;
  std::atomic<bool> busy_{false};
};

}  // namespace

void bind_vector_engine(nb::module_& m) {
  nb::class_<PyVectorEngine>(m, "VectorEngine")
      .def(
          "__init__",
          [](PyVectorEngine* self, const ListOf<Network>& networks, const Ids& inputs,
             const ListOf<Ids>& outputs, std::string_view backend, std::uint32_t threads,
             std::uint64_t seed) {
            VectorOptions options;
            options.inputs = ids_of(inputs);
            for (const Ids& group : listed(outputs)) {
              options.outputs.push_back(ids_of(group));
            }
            options.backend = std::string(backend);
            options.threads = threads;
            options.seed = seed;
            const std::vector<Network> given = listed(networks);
            const nb::gil_scoped_release release;
            new (self) PyVectorEngine(given, std::move(options));
          },
          "networks"_a, "inputs"_a, "outputs"_a, "backend"_a, "threads"_a, "seed"_a)
      .def("step", &PyVectorEngine::step, "bursts"_a, "potentials"_a, "running"_a)
      .def("reset", &PyVectorEngine::reset, "members"_a)
      .def("set_weights", &PyVectorEngine::set_weights, "pre"_a, "post"_a, "values"_a)
      .def("set_member_weights", &PyVectorEngine::set_member_weights, "member"_a, "pre"_a, "post"_a,
           "values"_a)
      .def("network", &PyVectorEngine::network, "member"_a)
      .def("signature", &PyVectorEngine::signature, "member"_a);
  m.def(
      "weights_of",
      [](const Network& network, const Ids& pre, const Ids& post) {
        return array(weights_of(network, view(pre), view(post)));
      },
      "network"_a, "pre"_a, "post"_a);
}

}  // namespace rheobase::python
