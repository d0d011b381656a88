// SPDX-License-Identifier: Apache-2.0
#include "rheobase/vector_engine.h"

#include <algorithm>
#include <string>
#include <thread>
#include <utility>

#include "engine/team.h"
#include "network/canonical.h"
#include "platform/memory.h"
#include "rheobase/engine.h"
#include "rheobase/error.h"

namespace rheobase {
namespace {

constexpr std::uint32_t kNoGroup = 0xFFFFFFFFU;

/// Spikes of each group of neurons.
class GroupCounts final : public RecordSink {
 public:
  GroupCounts(const std::vector<std::uint32_t>& group_of, std::uint32_t* counts)
      : group_of_(group_of), counts_(counts) {}
  void write(const RecordBatch& batch) override {
    for (const NeuronId id : batch.spike_ids) {
      ++counts_[group_of_[id]];
    }
  }
  void close() override {}

 private:
  const std::vector<std::uint32_t>& group_of_;
  std::uint32_t* counts_;
};

void require_neuron(NeuronId id, std::uint32_t neurons, const char* what) {
  if (id >= neurons) {
    throw Error(ErrorCode::invalid_argument, std::string("there is no neuron ") + number_text(id) +
                                                 " to be an " + what + " (the network has " +
                                                 number_text(neurons) + ").");
  }
}

void require_size(std::size_t given, std::size_t wanted, const char* what) {
  if (given != wanted) {
    throw Error(ErrorCode::invalid_argument, number_text(given) + " " + what + " do not fit (" +
                                                 number_text(wanted) + " are expected).");
  }
}

/// The group of each neuron.
std::vector<std::uint32_t> groups_of(const std::vector<std::vector<NeuronId>>& outputs,
                                     std::uint32_t neurons) {
  std::vector<std::uint32_t> group_of(neurons, kNoGroup);
  for (std::uint32_t group = 0; group < outputs.size(); ++group) {
    for (const NeuronId id : outputs[group]) {
      require_neuron(id, neurons, "output");
      if (group_of[id] != kNoGroup) {
        throw Error(ErrorCode::invalid_argument,
                    "neuron " + number_text(id) + " is an output twice. Name it once.");
      }
      group_of[id] = group;
    }
  }
  return group_of;
}

/// Records the neurons that have a group.
RecordPlan plan_of(const std::vector<std::uint32_t>& group_of) {
  RecordPlan plan;
  for (NeuronId id = 0; id < group_of.size(); ++id) {
    if (group_of[id] == kNoGroup) {
      continue;
    }
    if (!plan.spikes.empty() && plan.spikes.back().first + plan.spikes.back().count == id) {
      ++plan.spikes.back().count;
    } else {
      plan.spikes.push_back({id, 1});
    }
  }
  return plan;
}

void require_once(std::vector<NeuronId> inputs, std::uint32_t neurons) {
  std::sort(inputs.begin(), inputs.end());
  for (const NeuronId id : inputs) {
    require_neuron(id, neurons, "input");
  }
  const auto twice = std::adjacent_find(inputs.begin(), inputs.end());
  if (twice != inputs.end()) {
    throw Error(ErrorCode::invalid_argument,
                "neuron " + number_text(*twice) + " is an input twice. Name it once.");
  }
}

std::uint32_t threads_for(std::uint32_t wanted, std::size_t members) {
  const std::uint32_t cores = std::max(std::thread::hardware_concurrency(), 1U);
  return static_cast<std::uint32_t>(std::min<std::size_t>(wanted == 0 ? cores : wanted, members));
}

}  // namespace

struct VectorEngine::Self {
  Self(const std::vector<Network>& networks, VectorOptions wanted)
      : options(std::move(wanted)),
        group_of(groups_of(options.outputs, networks.front().neuron_count())),
        counts(networks.size() * options.outputs.size()),
        team(threads_for(options.threads, networks.size())) {
    constexpr std::uint64_t kBytesPerEngine = std::uint64_t{1} << 14U;
    constexpr std::uint64_t kBytesPerNeuron = 64;  // state and accumulators, and the first state
    platform::require_memory(
        networks.size() * (kBytesPerEngine + kBytesPerNeuron * networks.front().neuron_count()),
        number_text(networks.size()) + " engines");
    const RecordPlan plan = plan_of(group_of);
    for (std::size_t m = 0; m < networks.size(); ++m) {
      EngineOptions own;
      own.backend = options.backend;
      own.threads = 1;
      own.seed = options.seed + m;
      Engine& engine = engines.emplace_back(networks[m], std::move(own));
      engine.record(plan);
      engine.add_sink(
          std::make_shared<GroupCounts>(group_of, counts.data() + m * options.outputs.size()));
      first.push_back(engine.state());
    }
  }

  Engine& engine(std::size_t member) {
    if (member >= engines.size()) {
      throw Error(ErrorCode::invalid_argument, "there is no member " + number_text(member) + " (" +
                                                   number_text(engines.size()) + " run).");
    }
    return engines[member];
  }

  /// The same input in each of so many bursts.
  void hold(Engine& engine, std::uint64_t bursts, std::span<const float> potentials) const {
    InputSchedule input;
    const std::size_t n = options.inputs.size();
    input.bursts.reserve(bursts * n);
    input.ids.reserve(bursts * n);
    input.potentials.reserve(bursts * n);
    for (std::uint64_t b = 1; b <= bursts; ++b) {
      input.bursts.insert(input.bursts.end(), n, engine.burst() + b);
      input.ids.insert(input.ids.end(), options.inputs.begin(), options.inputs.end());
      input.potentials.insert(input.potentials.end(), potentials.begin(), potentials.end());
    }
    engine.schedule(std::move(input));
  }

  VectorOptions options;
  std::vector<std::uint32_t> group_of;
  std::vector<std::uint32_t> counts;  ///< members x outputs
  std::vector<Engine> engines;
  std::vector<State> first;  ///< of each member
  Team team;
};

VectorEngine::VectorEngine(const std::vector<Network>& networks, VectorOptions options) {
  if (networks.empty()) {
    throw Error(ErrorCode::invalid_argument, "there are no networks to run. Give one or more.");
  }
  for (const Network& network : networks) {
    if (network.neuron_count() != networks.front().neuron_count()) {
      throw Error(ErrorCode::invalid_argument,
                  "networks of " + number_text(networks.front().neuron_count()) + " and " +
                      number_text(network.neuron_count()) +
                      " neurons cannot be stepped together. Give networks of one size.");
    }
  }
  require_once(options.inputs, networks.front().neuron_count());
  self_ = std::make_unique<Self>(networks, std::move(options));
}
VectorEngine::~VectorEngine() = default;
VectorEngine::VectorEngine(VectorEngine&&) noexcept = default;
VectorEngine& VectorEngine::operator=(VectorEngine&&) noexcept = default;

std::size_t VectorEngine::members() const { return self_->engines.size(); }
std::size_t VectorEngine::inputs() const { return self_->options.inputs.size(); }
std::size_t VectorEngine::outputs() const { return self_->options.outputs.size(); }

std::span<const std::uint32_t> VectorEngine::step(std::uint64_t bursts,
                                                  std::span<const float> potentials,
                                                  std::span<const std::uint8_t> running) {
  Self& self = *self_;
  const std::size_t n = inputs();
  if (!potentials.empty()) {
    require_size(potentials.size(), members() * n, "potentials");
    for (const float potential : potentials) {
      static_cast<void>(is_canonical(potential) ||
                        canonical_number(potential, "potential of an input") == 0.0F);
    }
  }
  if (!running.empty()) {
    require_size(running.size(), members(), "members that run or not");
  }
  std::fill(self.counts.begin(), self.counts.end(), 0U);
  self.team.share(members(), [&](std::size_t member) {
    if (!running.empty() && running[member] == 0) {
      return;
    }
    Engine& engine = self.engines[member];
    if (!potentials.empty()) {
      self.hold(engine, bursts, potentials.subspan(member * n, n));
    }
    engine.run(bursts);
  });
  return self.counts;
}

void VectorEngine::reset(std::size_t member) {
  Engine& engine = self_->engine(member);
  State state = self_->first[member];
  state.burst = engine.burst();
  engine.schedule({});
  engine.set_state(std::move(state));
}

namespace {

NetworkEdit edit_of(std::span<const NeuronId> pre, std::span<const NeuronId> post,
                    std::span<const float> values) {
  NetworkEdit edit;
  for (std::size_t i = 0; i < pre.size(); ++i) {
    edit.set_weight(pre[i], post[i], values[i]);
  }
  return edit;
}

}  // namespace

void VectorEngine::set_weights(std::span<const NeuronId> pre, std::span<const NeuronId> post,
                               std::span<const float> values) {
  require_size(post.size(), pre.size(), "postsynaptic neurons");
  const bool shared = values.size() == pre.size();
  if (!shared) {
    require_size(values.size(), members() * pre.size(), "weights");
  }
  std::vector<NetworkEdit> edits;
  for (std::size_t m = 0; m < (shared ? 1 : members()); ++m) {
    edits.push_back(edit_of(pre, post, values.subspan(m * pre.size(), pre.size())));
  }
  // tried on every network first, so that all are changed or none
  Self& self = *self_;
  self.team.share(members(), [&](std::size_t m) {
    static_cast<void>(self.engines[m].network().edited(edits[shared ? 0 : m]));
  });
  self.team.share(members(), [&](std::size_t m) { self.engines[m].edit(edits[shared ? 0 : m]); });
}

void VectorEngine::set_weights(std::size_t member, std::span<const NeuronId> pre,
                               std::span<const NeuronId> post, std::span<const float> values) {
  Engine& engine = self_->engine(member);
  require_size(post.size(), pre.size(), "postsynaptic neurons");
  require_size(values.size(), pre.size(), "weights");
  engine.edit(edit_of(pre, post, values));
}

const Network& VectorEngine::network(std::size_t member) const {
  return self_->engine(member).network();
}
State VectorEngine::state(std::size_t member) const { return self_->engine(member).state(); }
void VectorEngine::set_state(std::size_t member, State state) {
  self_->engine(member).set_state(std::move(state));
}
std::uint64_t VectorEngine::signature(std::size_t member) const {
  return self_->engine(member).signature();
}

std::vector<float> weights_of(const Network& network, std::span<const NeuronId> pre,
                              std::span<const NeuronId> post) {
  require_size(post.size(), pre.size(), "postsynaptic neurons");
  std::vector<std::size_t> order(pre.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] = i;
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return pre[a] < pre[b]; });
  std::vector<float> weights(pre.size());
  std::vector<Synapse> row;
  for (std::size_t at = 0; at < order.size(); ++at) {
    const std::size_t i = order[at];
    require_neuron(pre[i], network.neuron_count(), "end of a synapse");
    if (at == 0 || pre[order[at - 1]] != pre[i]) {
      row = network.outgoing(pre[i]);
    }
    const auto found =
        std::find_if(row.begin(), row.end(), [&](const Synapse& s) { return s.post == post[i]; });
    if (found == row.end()) {
      throw Error(ErrorCode::invalid_argument, "there is no synapse " + number_text(pre[i]) +
                                                   " -> " + number_text(post[i]) + ".");
    }
    weights[i] = found->weight;
  }
  return weights;
}

}  // namespace rheobase
