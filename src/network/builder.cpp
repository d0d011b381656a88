// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "model/exponential.h"
#include "network/canonical.h"
#include "network/checked_area.h"
#include "network/model_areas.h"
#include "network/neuron_values.h"
#include "network/plan.h"
#include "network/rules/parts.h"
#include "network/synapse_draws.h"
#include "network/synapse_kinds.h"
#include "network/view.h"
#include "network/wiring.h"
#include "platform/interrupt.h"
#include "rheobase/error.h"
#include "rheobase/network.h"
#include "rheobase/text.h"

namespace rheobase {
NeuronParams lif(const LifParams& params, double dt_ms) {
  if (!(params.tau_m_ms > 0.0)) {
    throw Error(ErrorCode::invalid_argument,
                "tau_m of " + rounded_text(params.tau_m_ms) +
                    " ms is not a time constant (it must be above 0).");
  }
  // the refractory period must lie on the grid
  constexpr double kMostSteps = 65535.0;
  const double steps = params.t_ref_ms / dt_ms;
  const double within = steps >= 0.0 ? std::min(steps, kMostSteps) : 0.0;  // NaN becomes 0
  const auto whole = static_cast<std::uint32_t>(within + 0.5);
  const double off = steps - static_cast<double>(whole);
  if (!(off <= 1e-6 && off >= -1e-6)) {
    const auto below = static_cast<std::uint32_t>(within);
    std::string nearest = ": " + rounded_text(below * dt_ms);
    if (within == steps) {
      nearest = "s: " + rounded_text(below * dt_ms) + " and " + rounded_text((below + 1) * dt_ms);
    }
    throw Error(ErrorCode::invalid_argument,
                "t_ref of " + rounded_text(params.t_ref_ms) + " ms is off the grid (dt is " +
                    rounded_text(dt_ms) + " ms, at most 65535 steps). Nearest value" + nearest +
                    " ms.");
  }
  NeuronParams p;
  p.v_rest = static_cast<float>(params.v_rest_mv);
  p.v_reset = static_cast<float>(params.v_reset_mv);
  p.threshold = static_cast<float>(params.v_threshold_mv);
  p.leak = static_cast<float>(1.0 - model::exp_negative(dt_ms / params.tau_m_ms));
  p.refractory_period = static_cast<std::uint16_t>(whole);
  return p;
}

namespace {

/// What `build` will make of an area's values is made once now, so that errors come where they are
/// given.
void check_values(const Area& area, const NetworkOptions& options) {
  AreaSpec drawn = area.spec;
  draw_values(drawn, drawn.values, {options.wiring_seed, drawn.name, 0, area.count, options.dt_ms});
  if (drawn.model.empty()) {
    static_cast<void>(NeuronValues(drawn, drawn.values, area.count, options.dt_ms));
  } else {
    static_cast<void>(model_numbers(drawn, area.count, options.dt_ms));
  }
}

/// The synapses of a list whose charges are the smallest, but for 0, and the largest.
struct Extremes {
  Synapse least, most;

  void add(const Synapse& s) {
    const float charge = s.weight * s.psp;
    const float size = charge < 0.0F ? -charge : charge;
    if (size != 0.0F && (smallest_ == 0.0F || size < smallest_)) {
      smallest_ = size;
      least = s;
    }
    if (size > largest_) {
      largest_ = size;
      most = s;
    }
  }

 private:
  float smallest_ = 0.0F, largest_ = 0.0F;
};

}  // namespace

struct NetworkBuilder::Plan : NetworkPlan {};

NetworkBuilder::NetworkBuilder(NetworkOptions options) : plan_(std::make_unique<Plan>()) {
  if (!(options.dt_ms > 0.0) || options.dt_ms > 1e6) {
    throw Error(ErrorCode::invalid_argument,
                "dt of " + rounded_text(options.dt_ms) +
                    " ms is out of range (above 0, at most 1000000 ms).");
  }
  plan_->options = options;
}
NetworkBuilder::~NetworkBuilder() = default;
NetworkBuilder::NetworkBuilder(NetworkBuilder&&) noexcept = default;
NetworkBuilder& NetworkBuilder::operator=(NetworkBuilder&&) noexcept = default;

AreaId NetworkBuilder::add_area(AreaSpec spec) {
  Area area = checked_area(std::move(spec), plan_->neuron_count, [&](const std::string& name) {
    return plan_->area_by_name.contains(name);
  });
  if (!area.spec.model.empty() || !area.spec.values.empty()) {
    check_values(area, plan_->options);
  }
  const auto id = static_cast<AreaId>(plan_->areas.size());
  plan_->area_by_name.emplace(area.spec.name, id);
  plan_->neuron_count += area.count;
  plan_->areas.push_back(std::move(area));
  return id;
}

AreaId NetworkBuilder::population(std::string name, std::uint32_t count, const NeuronParams& params,
                                  std::vector<ModelValue> values) {
  AreaSpec spec;
  spec.name = std::move(name);
  spec.size = {count, 1, 1};
  spec.params = params;
  spec.values = std::move(values);
  return add_area(std::move(spec));
}

AreaId NetworkBuilder::population_of(Model model, std::string name, std::uint32_t count,
                                     std::vector<ModelValue> values) {
  AreaSpec spec;
  spec.name = std::move(name);
  spec.size = {count, 1, 1};
  spec.model = std::move(model);
  spec.values = std::move(values);
  return add_area(std::move(spec));
}

const Area& NetworkBuilder::area(AreaId id) const {
  if (id >= plan_->areas.size()) {
    throw Error(ErrorCode::invalid_argument, "there is no area " + number_text(id) +
                                                 " (the network has " +
                                                 number_text(plan_->areas.size()) + ").");
  }
  return plan_->areas[id];
}

PlanId NetworkBuilder::connect(AreaId pre, AreaId post, const ConnectionRule& rule,
                               const SynapseSpec& synapse, const SynapseDraws& draws,
                               const Plasticity& plasticity) {
  static_cast<void>(area(pre));
  static_cast<void>(area(post));
  PlannedConnection made{pre, post, rule, synapse, plan_->next_id, {}, plasticity};
  made.synapse = canonical_synapse(synapse, connection_name(*plan_, made));
  made.draws = draws;
  check_connection(*plan_, made);
  made.draws = planned_draws(draws);
  plan_->connections.push_back(std::move(made));
  return plan_->next_id++;
}

PlanId NetworkBuilder::connect(const AreaPart& pre, const AreaPart& post,
                               const ConnectionRule& rule, const SynapseSpec& synapse,
                               const SynapseDraws& draws, const Plasticity& plasticity) {
  return connect(pre.area, post.area,
                 between_parts(rule, pre, area(pre.area), post, area(post.area)), synapse, draws,
                 plasticity);
}

PlanId NetworkBuilder::connect(std::vector<Synapse> synapses) {
  Extremes extremes;
  for (Synapse& s : synapses) {
    if (s.pre >= plan_->neuron_count || s.post >= plan_->neuron_count) {
      throw Error(ErrorCode::invalid_argument,
                  "synapse " + number_text(s.pre) + " -> " + number_text(s.post) +
                      " has an end that does not exist (there are " +
                      number_text(plan_->neuron_count) + " neurons). Add the areas first.");
    }
    if (!is_canonical(s.weight) || !is_canonical(s.psp) || s.delay < 1 || s.delay > kMostDelay) {
      // only the rare case needs a text for errors
      const SynapseSpec spec =
          canonical_synapse({s.weight, s.psp, s.delay, s.port},
                            "synapse " + number_text(s.pre) + " -> " + number_text(s.post));
      s.weight = spec.weight;
      s.psp = spec.psp;
    }
    if (s.port != 0) {
      const auto after =
          std::upper_bound(plan_->areas.begin(), plan_->areas.end(), s.post,
                           [](NeuronId n, const Area& area) { return n < area.first; });
      require_port(*(after - 1), s.port);
    }
    extremes.add(s);
  }
  const bool plain = std::all_of(plan_->areas.begin(), plan_->areas.end(), [](const Area& a) {
    return a.spec.psp.uniform && !a.spec.psp.potential_driven;
  });
  for (const Synapse* s : {&extremes.least, &extremes.most}) {
    const ChargeSource charge{s->weight, s->psp, {}};
    // of many charges, some may come to nothing
    if (plain && s->weight * s->psp != 0.0F &&
        !(is_too_small(charge, plan_->options.quantum_bits) && has_many_charges(synapses))) {
      check_charge(charge, plan_->options.quantum_bits);
    }
  }
  plan_->lists.push_back({std::move(synapses), plan_->next_id});
  return plan_->next_id++;
}

PlanId NetworkBuilder::drive(AreaId to, Drive::Kind kind, float amplitude, double rate_hz,
                             std::uint32_t port) {
  const Area& target = area(to);
  return drive(Drive{kind, target.first, target.count, amplitude, rate_hz, 0, port});
}

PlanId NetworkBuilder::drive(Drive drive) {
  check_drive(drive, plan_->options.dt_ms);
  check_drive_port(drive, plan_->areas);
  plan_->drives.push_back({drive, plan_->next_id});
  return plan_->next_id++;
}

void NetworkBuilder::take_back(PlanId id) {
  const auto is_it = [id](const auto& planned) { return planned.id == id; };
  if (std::erase_if(plan_->connections, is_it) + std::erase_if(plan_->lists, is_it) +
          std::erase_if(plan_->drives, is_it) ==
      0) {
    throw Error(ErrorCode::invalid_argument,
                "there is nothing to take back (it was taken back before, or is of another "
                "builder).");
  }
}

void NetworkBuilder::remove_area(AreaId id) {
  const Area gone = area(id);
  const auto is_inside = [&](NeuronId n) { return n - gone.first < gone.count; };
  const auto moved = [&](NeuronId n) { return n < gone.first ? n : n - gone.count; };
  std::erase_if(plan_->connections,
                [&](const PlannedConnection& c) { return c.pre == id || c.post == id; });
  for (PlannedConnection& c : plan_->connections) {
    c.pre -= c.pre > id ? 1U : 0U;
    c.post -= c.post > id ? 1U : 0U;
  }
  for (PlannedList& list : plan_->lists) {
    std::erase_if(list.synapses,
                  [&](const Synapse& s) { return is_inside(s.pre) || is_inside(s.post); });
    for (Synapse& s : list.synapses) {
      s.pre = moved(s.pre);
      s.post = moved(s.post);
    }
  }
  const std::uint64_t gone_end = std::uint64_t{gone.first} + gone.count;
  for (PlannedDrive& planned : plan_->drives) {
    Drive& d = planned.drive;
    const std::uint64_t end = std::uint64_t{d.first} + d.count;
    const std::uint64_t low = std::max<std::uint64_t>(d.first, gone.first);
    const std::uint64_t high = std::min(end, gone_end);
    d.count -= high > low ? static_cast<std::uint32_t>(high - low) : 0U;
    d.first = is_inside(d.first) ? gone.first : moved(d.first);
  }
  std::erase_if(plan_->drives,
                [](const PlannedDrive& planned) { return planned.drive.count == 0; });
  plan_->areas.erase(plan_->areas.begin() + id);
  plan_->area_by_name.clear();
  for (AreaId i = 0; i < plan_->areas.size(); ++i) {
    Area& a = plan_->areas[i];
    a.first = moved(a.first);
    plan_->area_by_name.emplace(a.spec.name, i);
  }
  plan_->neuron_count -= gone.count;
}

Network NetworkBuilder::build(const StopRequest& stop) {
  const platform::Stoppable stoppable(stop);
  return Network(assemble(*plan_));
}

}  // namespace rheobase
