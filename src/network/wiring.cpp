// SPDX-License-Identifier: Apache-2.0
#include "network/wiring.h"

#include <atomic>

#include "network/connection_rule.h"
#include "network/model_areas.h"
#include "network/synapse_kinds.h"
#include "platform/interrupt.h"
#include "platform/memory.h"
#include "platform/parallel.h"
#include "platform/shared_count.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

/// Below so many pairs, starting threads costs more than they save.
constexpr double kPairsWorthThreads = 100'000.0;
constexpr std::uint32_t kStretchesPerThread = 16;
constexpr std::uint64_t kLeastBytes = 4;  ///< of a synapse

AreaShape shape_of(const Area& area) {
  return {area.spec.size, area.spec.neurons_per_voxel, area.count};
}

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

/// Whether several threads should share the owners of a connection.
bool is_worth_threads(const NetworkPlan& plan, std::size_t connection) {
  const RuleImplementation& rule = plan.connections[connection].rule.implementation();
  const RuleContext context = context_of(plan, connection);
  return plan.threads() > 1 && rule.owners(context) > 1 &&
         rule.expected_pairs(context) > kPairsWorthThreads;
}

/// Runs one rule; an error says which connection it was. `make_sink` makes one for each stretch of
/// owners.
template <class MakeSink>
void run_rule(const NetworkPlan& plan, std::size_t connection, bool threaded, MakeSink make_sink) {
  const PlannedConnection& c = plan.connections[connection];
  const RuleImplementation& rule = c.rule.implementation();
  const RuleContext whole = context_of(plan, connection);
  try {
    if (!threaded) {
      auto sink = make_sink();
      rule.for_each(whole, sink);
      return;
    }
    const std::uint64_t owners = rule.owners(whole);
    const std::uint64_t stretches =
        std::min<std::uint64_t>(owners, std::uint64_t{plan.threads()} * kStretchesPerThread);
    platform::parallel_for(stretches, plan.threads(), [&](std::size_t i) {
      RuleContext part = whole;
      part.first_owner = static_cast<std::uint32_t>(i * owners / stretches);
      part.last_owner = static_cast<std::uint32_t>((i + 1) * owners / stretches);
      auto sink = make_sink();
      rule.for_each(part, sink);
    });
  } catch (const Error& error) {
    throw Error(error.code(), connection_name(plan, c) + ": " + error.what());
  }
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

/// Codes, looked up once per connection, or per row where PSP is divided.
class CodeFinder {
 public:
  CodeFinder(NetworkData& network, const std::vector<std::uint32_t>& degrees)
      : network_(network), kinds_(network), degrees_(degrees) {}

  void begin(float weight, float psp) {
    weight_ = weight;
    psp_ = psp;
    last_divisor_ = 0;
  }
  std::uint32_t of(NeuronId pre) {
    const std::uint32_t flags = network_.classes[network_.class_of[pre]].flags;
    const std::uint32_t divisor = (flags & model::kDividedPsp) != 0U ? degrees_[pre] : 1U;
    if (divisor != last_divisor_ || flags != last_flags_) {
      last_code_ =
          kinds_.code_of({weight_, psp_, divisor, (flags & model::kPotentialDriven) != 0U});
      last_divisor_ = divisor;
      last_flags_ = flags;
    }
    return last_code_;
  }
  std::uint32_t of(const Synapse& s) {
    if (s.weight != weight_ || s.psp != psp_) {
      begin(s.weight, s.psp);
    }
    return of(s.pre);
  }

 private:
  NetworkData& network_;
  KindTable kinds_;
  const std::vector<std::uint32_t>& degrees_;
  float weight_ = 0.0F, psp_ = 0.0F;
  std::uint32_t last_divisor_ = 0;  ///< 0: no code was looked up yet
  std::uint32_t last_flags_ = 0;
  std::uint32_t last_code_ = 0;
};

/// Where the synapses of a connection end: at one port of each neuron of an area, with one delay.
struct Places {
  std::uint32_t first = 0;
  std::uint32_t stride = 1;
  std::uint32_t delay_bits = 0;
  [[nodiscard]] std::uint32_t operator[](std::uint32_t neuron) const {
    return StagedForm::place(first + neuron * stride, delay_bits);
  }
};

Places places_of(const NetworkData& network, const Area& post, const SynapseSpec& synapse,
                 const StagedForm& form) {
  const ModelArea* const model = network.model_of(post.first);
  return {network.target_of(post.first) + synapse.port, model != nullptr ? model->ports : 1U,
          form.delay_bits(synapse.delay)};
}

/// Makes the synapses of a connection in the order of the rule.
class Filler final : public PairSink {
 public:
  Filler(RowAssembler& rows, CodeFinder& codes, NeuronId first_pre, Places places)
      : rows_(rows), codes_(codes), first_pre_(first_pre), places_(places) {}

  void row(std::uint32_t source, std::span<const std::uint32_t> targets) override {
    const NeuronId pre = first_pre_ + source;
    const std::uint32_t code = targets.empty() ? 0U : codes_.of(pre);
    platform::check_stop(targets.size() + 1U);
    for (const std::uint32_t target : targets) {
      rows_.put(pre, places_[target], code);
    }
  }
  void column(std::uint32_t target, std::span<const std::uint32_t> sources) override {
    platform::check_stop(sources.size() + 1U);
    for (const std::uint32_t source : sources) {
      const NeuronId pre = first_pre_ + source;
      rows_.put(pre, places_[target], codes_.of(pre));
    }
  }

 private:
  RowAssembler& rows_;
  CodeFinder& codes_;
  NeuronId first_pre_;
  Places places_;
};

/// The same for a stretch of owners, beside other threads: all synapses have one code, so that
/// their order within a row does not matter before it is sorted.
class SharedFiller final : public PairSink {
 public:
  SharedFiller(RowAssembler& rows, std::uint32_t code, NeuronId first_pre, Places places)
      : rows_(rows), code_(code), first_pre_(first_pre), places_(places) {}

  void row(std::uint32_t source, std::span<const std::uint32_t> targets) override {
    platform::check_stop(targets.size() + 1U);
    for (const std::uint32_t target : targets) {
      rows_.put(first_pre_ + source, places_[target], code_);
    }
  }
  void column(std::uint32_t target, std::span<const std::uint32_t> sources) override {
    platform::check_stop(sources.size() + 1U);
    for (const std::uint32_t source : sources) {
      rows_.put_shared(first_pre_ + source, places_[target], code_);
    }
  }

 private:
  RowAssembler& rows_;
  std::uint32_t code_;
  NeuronId first_pre_;
  Places places_;
};

}  // namespace

std::string connection_name(const NetworkPlan& plan, const PlannedConnection& c) {
  return "connection " + shown(plan.areas[c.pre].spec.name) + " -> " +
         shown(plan.areas[c.post].spec.name);
}

void check_connection(const NetworkPlan& plan, const PlannedConnection& c) {
  try {
    c.rule.implementation().check(context_of(plan, c));
    require_port(plan.areas[c.post], c.synapse.port);
    const PspMode mode = plan.areas[c.pre].spec.psp;
    check_charge({c.synapse.weight, c.synapse.psp, mode}, plan.options.quantum_bits);
  } catch (const Error& error) {
    throw Error(error.code(), connection_name(plan, c) + ": " + error.what());
  }
}

double expected_synapses(const NetworkPlan& plan) {
  double expected = 0.0;
  for (std::size_t i = 0; i < plan.connections.size(); ++i) {
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
    used[c.synapse.delay] = true;
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

void make_synapses(const NetworkPlan& plan, const SynapseCounts& counts, NetworkData& network,
                   RowAssembler& rows) {
  CodeFinder codes(network, counts.degrees);
  for (std::size_t i = 0; i < plan.connections.size(); ++i) {
    const PlannedConnection& c = plan.connections[i];
    const Area& pre = plan.areas[c.pre];
    const Places places = places_of(network, plan.areas[c.post], c.synapse, rows.form());
    codes.begin(c.synapse.weight, c.synapse.psp);
    if (pre.spec.psp.uniform && counts.of_connection[i] != 0 && is_worth_threads(plan, i)) {
      const std::uint32_t code = codes.of(pre.first);
      run_rule(plan, i, true, [&] { return SharedFiller(rows, code, pre.first, places); });
    } else {
      run_rule(plan, i, false, [&] { return Filler(rows, codes, pre.first, places); });
    }
  }
  for (const PlannedList& list : plan.lists) {
    for (const Synapse& s : list.synapses) {
      platform::check_stop(1);
      rows.put(
          s.pre,
          StagedForm::place(network.target_of(s.post) + s.port, rows.form().delay_bits(s.delay)),
          codes.of(s));
    }
  }
}

}  // namespace rheobase
