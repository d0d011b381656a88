// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "model/exponential.h"
#include "network/canonical.h"
#include "network/checked_area.h"
#include "network/plan.h"
#include "platform/interrupt.h"
#include "rheobase/error.h"
#include "rheobase/network.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {}  // namespace

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
  const auto id = static_cast<AreaId>(plan_->areas.size());
  plan_->area_by_name.emplace(area.spec.name, id);
  plan_->neuron_count += area.count;
  plan_->areas.push_back(std::move(area));
  return id;
}

AreaId NetworkBuilder::population(std::string name, std::uint32_t count,
                                  const NeuronParams& params) {
  AreaSpec spec;
  spec.name = std::move(name);
  spec.size = {count, 1, 1};
  spec.params = params;
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

void NetworkBuilder::connect(AreaId pre, AreaId post, const ConnectionRule& rule,
                             const SynapseSpec& synapse) {
  const std::string where = "connection " + area(pre).spec.name + " -> " + area(post).spec.name;
  plan_->connections.push_back({pre, post, rule, canonical_synapse(synapse, where)});
}

void NetworkBuilder::connect(std::vector<Synapse> synapses) {
  for (Synapse& s : synapses) {
    if (s.pre >= plan_->neuron_count || s.post >= plan_->neuron_count) {
      throw Error(ErrorCode::invalid_argument,
                  "synapse " + number_text(s.pre) + " -> " + number_text(s.post) +
                      " has an end that does not exist (there are " +
                      number_text(plan_->neuron_count) + " neurons). Add the areas first.");
    }
    if (is_canonical(s.weight) && is_canonical(s.psp) && s.delay >= 1 && s.delay <= 255) {
      continue;  // the common case needs no text for an error
    }
    const SynapseSpec spec = canonical_synapse(
        {s.weight, s.psp, s.delay}, "synapse " + number_text(s.pre) + " -> " + number_text(s.post));
    s.weight = spec.weight;
    s.psp = spec.psp;
  }
  plan_->lists.push_back(std::move(synapses));
}

void NetworkBuilder::drive(AreaId to, Drive::Kind kind, float amplitude, double rate_hz) {
  const Area& target = area(to);
  drive(Drive{kind, target.first, target.count, amplitude, rate_hz, 0});
}

void NetworkBuilder::drive(Drive drive) {
  drive.stream = static_cast<std::uint32_t>(plan_->drives.size());
  plan_->drives.push_back(drive);
}

Network NetworkBuilder::build(const StopRequest& stop) {
  const platform::Stoppable stoppable(stop);
  return Network(assemble(*plan_));
}

}  // namespace rheobase
