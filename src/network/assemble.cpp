// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "model/float_ops.h"
#include "network/bounds.h"
#include "network/charge_bounds.h"
#include "network/drive_streams.h"
#include "network/model_areas.h"
#include "network/neuron_classes.h"
#include "network/neuron_values.h"
#include "network/plan.h"
#include "network/projections.h"
#include "network/quantum.h"
#include "network/row_assembler.h"
#include "network/synapse_draws.h"
#include "network/synapse_kinds.h"
#include "network/view.h"
#include "network/wiring.h"
#include "platform/memory.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

std::uint32_t choose_quantum_bits(const NetworkPlan& plan, const NetworkData& network) {
  QuantumChoice choice(plan.options.quantum_bits);
  for (const PlannedConnection& c : plan.connections) {
    if (!c.plasticity.model.empty()) {
      choice.add_drawn({}, bits_for_learning(c));
    } else if (c.draws.weight) {
      choice.add_drawn(plan.areas[c.pre].spec.psp, bits_for_draws(*c.draws.weight, c.synapse.psp));
    } else {
      choice.add({c.synapse.weight, c.synapse.psp, plan.areas[c.pre].spec.psp});
    }
  }
  for (const PlannedList& list : plan.lists) {
    const std::uint32_t enough = enough_bits(list.synapses);
    for (const Synapse& s : list.synapses) {
      const std::uint32_t flags = network.classes[network.class_of[s.pre]].flags;
      choice.add({s.weight, s.psp, psp_mode_of(flags)}, enough);
    }
  }
  return choice.bits();
}

/// Whether compact synapses can tell all kinds apart. Counted, not estimated: wide ones take
/// twice the memory, which is given back only with the network.
bool has_few_kinds(const NetworkPlan& plan, const NetworkData& network,
                   const std::vector<std::uint32_t>& degrees) {
  using Key = std::array<std::uint32_t, 4>;
  std::set<Key> kinds;
  const auto add = [&](const Key& key) {
    return kinds.insert(key).second && kinds.size() > kCompactKinds;
  };
  const auto key_of = [](float weight, float psp, std::uint32_t divisor, bool driven) {
    return Key{model::bits_of(weight), model::bits_of(psp), divisor, driven ? 1U : 0U};
  };
  for (const PlannedConnection& c : plan.connections) {
    if (c.left_out) {
      continue;
    }
    const Area& pre = plan.areas[c.pre];
    const bool driven = pre.spec.psp.potential_driven;
    const std::vector<float> weights =
        c.draws.weight ? few_weights(*c.draws.weight) : std::vector<float>{c.synapse.weight};
    if (weights.empty()) {
      return false;
    }
    const auto add_all = [&](std::uint32_t divisor) {
      return std::any_of(weights.begin(), weights.end(), [&](float weight) {
        return add(key_of(weight, c.synapse.psp, divisor, driven));
      });
    };
    if (pre.spec.psp.uniform && add_all(1)) {
      return false;
    }
    std::uint32_t last = 0;
    for (NeuronId i = 0; i < pre.count && !pre.spec.psp.uniform; ++i) {
      const std::uint32_t divisor = degrees[pre.first + i];
      if (divisor != last && add_all(divisor)) {
        return false;
      }
      last = divisor;
    }
  }
  Key last{};  // no divisor is 0
  for (const PlannedList& list : plan.lists) {
    for (const Synapse& s : list.synapses) {
      const std::uint32_t flags = network.classes[network.class_of[s.pre]].flags;
      const std::uint32_t divisor = (flags & model::kDividedPsp) != 0U ? degrees[s.pre] : 1U;
      const Key key = key_of(s.weight, s.psp, divisor, (flags & model::kPotentialDriven) != 0U);
      // runs of equal synapses are common in lists
      if (key != last && add(key)) {
        return false;
      }
      last = key;
    }
  }
  return true;
}

/// Classes and first potentials of all areas, with what is drawn for them.
void append_neurons(NetworkData& network) {
  ClassTable table(network);
  for (Area& area : network.areas.edit()) {
    draw_values(area.spec, area.spec.values,
                {network.wiring_seed, area.spec.name, 0, area.count, network.dt_ms});
    table.append(area);
    take_first_potentials(network, area);
  }
}

/// A plan without what learns, if it has some.
class FixedPart {
 public:
  explicit FixedPart(const NetworkPlan& plan) : plan_(&plan) {
    const auto learns = [](const PlannedConnection& c) { return !c.plasticity.model.empty(); };
    if (std::ranges::any_of(plan.connections, learns)) {
      own_ = plan;
      for (PlannedConnection& c : own_.connections) {
        c.left_out = learns(c);
      }
      plan_ = &own_;
    }
  }
  FixedPart(const FixedPart&) = delete;
  FixedPart& operator=(const FixedPart&) = delete;
  [[nodiscard]] const NetworkPlan& plan() const { return *plan_; }

 private:
  NetworkPlan own_;
  const NetworkPlan* plan_;
};

}  // namespace

void make_rows(const NetworkPlan& plan, const std::string& what, NetworkData& network) {
  const SynapseCounts counts = count_synapses(plan, what);
  network.synapse_count = counts.total;
  StagedForm form(network.target_count, delays_of(plan),
                  has_few_kinds(plan, network, counts.degrees));
  require_network_memory(plan.neuron_count, counts.total, form.compact());
  const bool some_drawn = std::any_of(
      plan.connections.begin(), plan.connections.end(),
      [](const PlannedConnection& c) { return !c.left_out && c.draws.weight.has_value(); });
  RowAssembler rows(network, counts.degrees, std::move(form),
                    some_drawn ? EqualPlaces::by_code : EqualPlaces::as_made, plan.threads());
  make_synapses(plan, counts, network, rows);
  rows.finish();
}

std::shared_ptr<const NetworkData> assemble(const NetworkPlan& plan) {
  if (plan.neuron_count == 0) {
    throw Error(ErrorCode::invalid_argument,
                "the network has no neurons. Add an area before building.");
  }
  constexpr std::uint32_t kMostThreads = 1024;
  if (plan.options.threads > kMostThreads) {
    throw Error(ErrorCode::invalid_argument, number_text(plan.options.threads) +
                                                 " threads to build are too many (at most " +
                                                 number_text(kMostThreads) + ").");
  }
  require_network_memory(plan.neuron_count, 0, true);  // synapses are checked when counted
  const std::string what = "a network of " + number_text(plan.neuron_count) + " neurons";

  auto network = std::make_shared<NetworkData>();
  network->dt_ms = plan.options.dt_ms;
  network->wiring_seed = plan.options.wiring_seed;
  network->rules = plan.options.rules;
  network->step_rules = step_rules_of(plan.options.rules);
  network->counts_candidates = asks_for_candidates(plan.options.rules);
  network->areas.edit() = plan.areas;
  network->neuron_count = static_cast<std::uint32_t>(plan.neuron_count);
  DriveStreams streams;
  for (const PlannedDrive& planned : plan.drives) {
    network->drives.push_back(planned.drive);
    network->drives.back().stream = planned.drive.kind == Drive::Kind::poisson
                                        ? streams.choose(planned.drive)
                                        : static_cast<std::uint32_t>(network->drives.size() - 1);
  }
  append_neurons(*network);
  for (AreaId i = 0; i < network->areas.size(); ++i) {
    append_model(*network, i, network->areas[i]);
  }
  count_targets(*network);
  find_class_runs(*network);
  for (const Drive& drive : network->drives) {
    static_cast<void>(compile_drive(drive, *network));
  }

  // what cannot fit is refused before it is counted
  constexpr double kLeastBytes = 4.0;
  constexpr double kMostPairs = 4e18;  // beyond that bytes would leave 64 bits
  const double expected = std::min(expected_synapses(plan), kMostPairs);
  platform::require_memory(
      static_cast<std::uint64_t>(expected * kLeastBytes),
      what + " and about " + number_text(static_cast<std::uint64_t>(expected)) + " synapses");
  network->charge.quantum_bits = choose_quantum_bits(plan, *network);
  const FixedPart fixed(plan);
  make_rows(fixed.plan(), what, *network);
  append_projections(plan, what, *network);
  bound_charges(*network, plan.threads());
  return network;
}

}  // namespace rheobase
