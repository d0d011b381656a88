// SPDX-License-Identifier: Apache-2.0
#include "network/wiring.h"

#include <atomic>

#include "network/model_areas.h"
#include "network/projections.h"
#include "network/run_rule.h"
#include "network/synapse_draws.h"
#include "network/synapse_kinds.h"
#include "platform/interrupt.h"
#include "platform/memory.h"
#include "platform/shared_count.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

constexpr std::uint64_t kLeastBytes = 4;  ///< of a synapse

AreaShape shape_of(const Area& area) {
  return {area.spec.size, area.spec.neurons_per_voxel, area.count};
}

/// What all sinks of the first run share.
struct Tally {
  std::vector<std::uint32_t>& degrees;
  std::atomic<std::uint64_t> total{0};
  std::uint64_t available = 0;  ///< bytes; 0: not known
  const std::string& what;
};

/// Counts a stretch of a connection. Rows are this stretch's own, columns may meet those of others.
class Counter final : public PairSink {
 public:
  Counter(Tally& tally, NeuronId first_pre, bool threaded)
      : tally_(tally), first_pre_(first_pre), threaded_(threaded) {}
  Counter(const Counter&) = delete;
  Counter& operator=(const Counter&) = delete;
  ~Counter() override { tally_.total += counted_; }

  void row(std::uint32_t source, std::span<const std::uint32_t> targets) override {
    tally_.degrees[first_pre_ + source] += static_cast<std::uint32_t>(targets.size());
    count(targets.size());
  }
  void column(std::uint32_t /*target*/, std::span<const std::uint32_t> sources) override {
    for (const std::uint32_t source : sources) {
      std::uint32_t& degree = tally_.degrees[first_pre_ + source];
      if (threaded_) {
        platform::add_shared(degree, 1);
      } else {
        ++degree;
      }
    }
    count(sources.size());
  }

 private:
  void count(std::size_t synapses) {
    constexpr std::uint64_t kSeldom = 1U << 20U;
    platform::check_stop(synapses + 1U);
    counted_ += synapses;
    if (counted_ >= kSeldom) {
      const std::uint64_t total = tally_.total += counted_;
      counted_ = 0;
      if (tally_.available != 0 && total * kLeastBytes > tally_.available) {
        platform::require_memory(total * kLeastBytes,
                                 tally_.what + " (more than " + number_text(total) + " synapses)");
      }
    }
  }

  Tally& tally_;
  NeuronId first_pre_;
  bool threaded_;
  std::uint64_t counted_ = 0;  ///< not yet in the tally
};

}  // namespace

RuleContext context_of(const NetworkPlan& plan, const PlannedConnection& c) {
  RuleContext context;
  context.pre = shape_of(plan.areas[c.pre]);
  context.post = shape_of(plan.areas[c.post]);
  context.same_area = c.pre == c.post;
  context.seed = plan.options.wiring_seed;
  return context;
}

RuleContext context_of(const NetworkPlan& plan, std::size_t connection) {
  RuleContext context = context_of(plan, plan.connections[connection]);
  context.stream = static_cast<std::uint32_t>(connection);
  return context;
}

bool is_worth_threads(const NetworkPlan& plan, std::size_t connection) {
  // below so many pairs, starting threads costs more than they save
  constexpr double kPairsWorthThreads = 100'000.0;
  const RuleImplementation& rule = plan.connections[connection].rule.implementation();
  const RuleContext context = context_of(plan, connection);
  return plan.threads() > 1 && rule.owners(context) > 1 &&
         rule.expected_pairs(context) > kPairsWorthThreads;
}

std::string connection_name(const NetworkPlan& plan, const PlannedConnection& c) {
  return "connection " + shown(plan.areas[c.pre].spec.name) + " -> " +
         shown(plan.areas[c.post].spec.name);
}

void check_connection(const NetworkPlan& plan, const PlannedConnection& c) {
  try {
    c.rule.implementation().check(context_of(plan, c));
    require_port(plan.areas[c.post], c.synapse.port);
    static_cast<void>(planned_draws(c.draws));
    const PspMode mode = plan.areas[c.pre].spec.psp;
    if (!c.plasticity.model.empty()) {
      check_plasticity(plan, c);
    }
    if (c.draws.weight) {
      return;
    }
    check_charge({c.synapse.weight, c.synapse.psp, mode}, plan.options.quantum_bits);
  } catch (const Error& error) {
    throw Error(error.code(), connection_name(plan, c) + ": " + error.what());
  }
}

double expected_synapses(const NetworkPlan& plan) {
  double expected = 0.0;
  for (std::size_t i = 0; i < plan.connections.size(); ++i) {
    if (plan.connections[i].left_out) {
      continue;
    }
    expected += plan.connections[i].rule.implementation().expected_pairs(context_of(plan, i));
  }
  return expected;
}

SynapseCounts count_synapses(const NetworkPlan& plan, const std::string& what) {
  SynapseCounts counts;
  counts.degrees.assign(plan.neuron_count, 0);
  Tally tally{counts.degrees, {}, platform::available_memory(), what};
  std::uint64_t before = 0;
  for (std::size_t i = 0; i < plan.connections.size(); ++i) {
    if (plan.connections[i].left_out) {
      counts.of_connection.push_back(0);
      continue;
    }
    const NeuronId first_pre = plan.areas[plan.connections[i].pre].first;
    const RuleContext context = context_of(plan, i);
    const auto outdegree = plan.connections[i].rule.implementation().outdegree(context);
    const bool threaded = !outdegree && is_worth_threads(plan, i);
    if (!outdegree) {
      run_rule(plan, i, threaded, [&] { return Counter(tally, first_pre, threaded); });
    }
    for (std::uint32_t source = 0; outdegree && source < context.pre.count; ++source) {
      counts.degrees[first_pre + source] += *outdegree;
    }
    tally.total += std::uint64_t{outdegree.value_or(0)} * context.pre.count;
    counts.of_connection.push_back(tally.total - before);
    before = tally.total;
  }
  counts.total = before;
  for (const PlannedList& list : plan.lists) {
    for (const Synapse& s : list.synapses) {
      ++counts.degrees[s.pre];
    }
    counts.total += list.synapses.size();
  }
  return counts;
}

std::vector<std::uint32_t> delays_of(const NetworkPlan& plan) {
  std::vector<bool> used(kMostDelay + 1U);
  for (const PlannedConnection& c : plan.connections) {
    if (c.left_out) {
      continue;
    }
    const DelayRange delays =
        c.draws.delay ? delay_range(*c.draws.delay) : DelayRange{c.synapse.delay, c.synapse.delay};
    for (std::uint32_t delay = delays.least; delay <= delays.most; ++delay) {
      used[delay] = true;
    }
  }
  for (const PlannedList& list : plan.lists) {
    for (const Synapse& s : list.synapses) {
      used[s.delay] = true;
    }
  }
  std::vector<std::uint32_t> delays;
  for (std::uint32_t delay = 0; delay < used.size(); ++delay) {
    if (used[delay]) {
      delays.push_back(delay);
    }
  }
  return delays.empty() ? std::vector<std::uint32_t>{1} : delays;
}

}  // namespace rheobase
