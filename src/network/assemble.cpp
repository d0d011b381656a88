// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "model/float_ops.h"
#include "network/bounds.h"
#include "network/charge_bounds.h"
#include "network/connection_rule.h"
#include "network/neuron_classes.h"
#include "network/plan.h"
#include "network/row_assembler.h"
#include "network/synapse_kinds.h"
#include "network/view.h"
#include "platform/memory.h"
#include "rheobase/error.h"

namespace rheobase {
namespace {

AreaShape shape_of(const Area& area) {
  return {area.spec.size, area.spec.neurons_per_voxel, area.count};
}

RuleContext context_of(const NetworkPlan& plan, std::size_t connection) {
  const PlannedConnection& c = plan.connections[connection];
  return {shape_of(plan.areas[c.pre]), shape_of(plan.areas[c.post]), c.pre == c.post,
          plan.options.wiring_seed, static_cast<std::uint32_t>(connection)};
}

/// Runs one rule; an error says which connection it was.
void run_rule(const NetworkPlan& plan, std::size_t connection, PairSink& sink) {
  const PlannedConnection& c = plan.connections[connection];
  try {
    c.rule.implementation().for_each(context_of(plan, connection), sink);
  } catch (const Error& error) {
    throw Error(error.code(), "connection " + plan.areas[c.pre].spec.name + " -> " +
                                  plan.areas[c.post].spec.name + ": " + error.what());
  }
}

/// First pass: out-degrees. Stops early when the network cannot fit into memory.
class Counter final : public PairSink {
 public:
  Counter(std::uint32_t neurons, std::string what)
      : degrees(neurons, 0), what_(std::move(what)), available_(platform::available_memory()) {}

  void begin(NeuronId first_pre) { first_pre_ = first_pre; }
  void row(std::uint32_t source, std::span<const std::uint32_t> targets) override {
    add(first_pre_ + source, targets.size());
  }
  void column(std::uint32_t /*target*/, std::span<const std::uint32_t> sources) override {
    for (const std::uint32_t source : sources) {
      add(first_pre_ + source, 1);
    }
  }
  void add(NeuronId pre, std::size_t synapses) {
    degrees[pre] += static_cast<std::uint32_t>(synapses);
    total += synapses;
    if (available_ != 0 && total * kCompactBytes > available_) {
      platform::require_memory(total * kCompactBytes,
                               what_ + " (more than " + std::to_string(total) + " synapses)");
    }
  }

  std::vector<std::uint32_t> degrees;
  std::uint64_t total = 0;

 private:
  static constexpr std::uint64_t kCompactBytes = 4;
  NeuronId first_pre_ = 0;
  std::string what_;
  std::uint64_t available_;
};

/// Second pass: synapses. A kind is looked up once per connection, or per row where PSP is divided.
class Filler final : public PairSink {
 public:
  Filler(NetworkData& network, RowAssembler& rows, const std::vector<std::uint32_t>& degrees)
      : network_(network), rows_(rows), kinds_(network), degrees_(degrees) {}

  void begin(const Area& pre, const Area& post, const SynapseSpec& synapse) {
    pre_ = &pre;
    post_ = &post;
    synapse_ = synapse;
    last_divisor_ = 0;
  }
  void row(std::uint32_t source, std::span<const std::uint32_t> targets) override {
    const NeuronId pre = pre_->first + source;
    const std::uint32_t kind = targets.empty() ? 0U : kind_for(pre);
    for (const std::uint32_t target : targets) {
      rows_.put(pre, post_->first + target, kind);
    }
  }
  void column(std::uint32_t target, std::span<const std::uint32_t> sources) override {
    for (const std::uint32_t source : sources) {
      const NeuronId pre = pre_->first + source;
      rows_.put(pre, post_->first + target, kind_for(pre));
    }
  }
  void single(const Synapse& s) {
    if (s.weight != synapse_.weight || s.psp != synapse_.psp || s.delay != synapse_.delay) {
      synapse_ = {s.weight, s.psp, s.delay};
      last_divisor_ = 0;
    }
    rows_.put(s.pre, s.post, kind_for(s.pre));
  }

 private:
  [[nodiscard]] std::uint32_t flags_of(NeuronId id) const {
    return network_.classes[network_.class_of[id]].flags;
  }
  [[nodiscard]] std::uint32_t divisor_of(NeuronId id, std::uint32_t flags) const {
    return (flags & model::kDividedPsp) != 0U ? degrees_[id] : 1U;
  }
  std::uint32_t kind_for(NeuronId pre) {
    const std::uint32_t flags = flags_of(pre);
    const std::uint32_t divisor = divisor_of(pre, flags);
    if (divisor != last_divisor_ || flags != last_flags_) {
      last_kind_ = kinds_.find_or_add(synapse_, divisor, (flags & model::kPotentialDriven) != 0U);
      last_divisor_ = divisor;
      last_flags_ = flags;
    }
    return last_kind_;
  }

  NetworkData& network_;
  RowAssembler& rows_;
  KindTable kinds_;
  const std::vector<std::uint32_t>& degrees_;
  const Area* pre_ = nullptr;
  const Area* post_ = nullptr;
  SynapseSpec synapse_;
  std::uint32_t last_divisor_ = 0;  ///< 0: no kind was looked up yet
  std::uint32_t last_flags_ = 0;
  std::uint32_t last_kind_ = 0;
};

/// Every sort of charge that the plan mentions, each once.
std::vector<ChargeSource> charges_of(const NetworkPlan& plan, const NetworkData& network) {
  std::vector<ChargeSource> charges;
  for (const PlannedConnection& c : plan.connections) {
    charges.push_back({c.synapse.weight, c.synapse.psp, plan.areas[c.pre].spec.psp});
  }
  std::set<std::array<std::uint32_t, 3>> seen;
  std::array<std::uint32_t, 3> last{};
  for (const auto& list : plan.lists) {
    for (const Synapse& s : list) {
      const std::uint32_t flags = network.classes[network.class_of[s.pre]].flags;
      const std::array key{model::bits_of(s.weight), model::bits_of(s.psp),
                           flags & (model::kDividedPsp | model::kPotentialDriven)};
      // runs of equal synapses are common in lists
      if ((seen.empty() || key != last) && seen.insert(key).second) {
        charges.push_back(
            {s.weight,
             s.psp,
             {(flags & model::kDividedPsp) == 0U, (flags & model::kPotentialDriven) != 0U}});
      }
      last = key;
    }
  }
  return charges;
}

/// An upper bound of the number of kinds.
std::size_t most_kinds(const NetworkPlan& plan, const std::vector<std::uint32_t>& degrees,
                       std::size_t charges) {
  std::size_t kinds = charges;
  for (const PlannedConnection& c : plan.connections) {
    const Area& pre = plan.areas[c.pre];
    if (!pre.spec.psp.uniform) {
      kinds += std::set<std::uint32_t>(degrees.begin() + pre.first,
                                       degrees.begin() + pre.first + pre.count)
                   .size();
    }
  }
  // the lists: delays and divisors are not looked at, one kind per synapse is the bound
  for (const auto& list : plan.lists) {
    kinds += list.size();
  }
  return kinds;
}

}  // namespace

std::shared_ptr<const NetworkData> assemble(const NetworkPlan& plan) {
  if (plan.neuron_count == 0) {
    throw Error(ErrorCode::invalid_argument,
                "the network has no neurons. Add an area before building.");
  }
  require_network_memory(plan.neuron_count, 0, true);  // synapses are checked when counted
  const std::string what = "a network of " + std::to_string(plan.neuron_count) + " neurons";

  auto network = std::make_shared<NetworkData>();
  network->dt_ms = plan.options.dt_ms;
  network->wiring_seed = plan.options.wiring_seed;
  network->rules = plan.options.rules;
  network->step_rules = step_rules_of(plan.options.rules);
  network->counts_candidates = asks_for_candidates(plan.options.rules);
  network->areas.edit() = plan.areas;
  network->neuron_count = static_cast<std::uint32_t>(plan.neuron_count);
  network->drives = plan.drives;
  {
    ClassTable table(*network);
    for (const Area& area : network->areas) {
      table.append(area);
    }
  }
  find_class_runs(*network);
  for (const Drive& drive : plan.drives) {
    static_cast<void>(compile_drive(drive, *network));
  }

  // what cannot fit is refused before it is counted
  double expected = 0.0;
  for (std::size_t i = 0; i < plan.connections.size(); ++i) {
    expected += plan.connections[i].rule.implementation().expected_pairs(context_of(plan, i));
  }
  constexpr double kLeastBytes = 4.0;
  constexpr double kMostPairs = 4e18;  // beyond that bytes would leave 64 bits
  expected = std::min(expected, kMostPairs);
  platform::require_memory(
      static_cast<std::uint64_t>(expected * kLeastBytes),
      what + " and about " + std::to_string(static_cast<std::uint64_t>(expected)) + " synapses");

  // count
  Counter counter(network->neuron_count, what);
  for (std::size_t i = 0; i < plan.connections.size(); ++i) {
    counter.begin(plan.areas[plan.connections[i].pre].first);
    run_rule(plan, i, counter);
  }
  for (const auto& list : plan.lists) {
    for (const Synapse& s : list) {
      counter.add(s.pre, 1);
    }
  }
  network->synapse_count = counter.total;

  // choose quantum and form
  const std::vector<ChargeSource> charges = charges_of(plan, *network);
  network->charge.quantum_bits = choose_quantum_bits(charges, plan.options.quantum_bits);
  const bool compact = network->neuron_count <= (1U << 24U) &&
                       most_kinds(plan, counter.degrees, charges.size()) <= 256;
  require_network_memory(plan.neuron_count, counter.total, compact);

  // fill
  RowAssembler rows(*network, counter.degrees, compact);
  Filler filler(*network, rows, counter.degrees);
  for (std::size_t i = 0; i < plan.connections.size(); ++i) {
    const PlannedConnection& c = plan.connections[i];
    filler.begin(plan.areas[c.pre], plan.areas[c.post], c.synapse);
    run_rule(plan, i, filler);
  }
  for (const auto& list : plan.lists) {
    for (const Synapse& s : list) {
      filler.single(s);
    }
  }
  rows.finish();
  bound_charges(*network);
  return network;
}

}  // namespace rheobase
