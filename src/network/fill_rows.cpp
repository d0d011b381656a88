// SPDX-License-Identifier: Apache-2.0
// The second run of the rules: makes the synapses.
#include <span>
#include <utility>

#include "network/run_rule.h"
#include "network/synapse_draws.h"
#include "network/synapse_kinds.h"
#include "network/wiring.h"
#include "platform/interrupt.h"

namespace rheobase {
namespace {

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
  [[nodiscard]] KindTable& kinds() { return kinds_; }
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

/// Synapses that draw weights, delays or both. `code_of(pre, weight)`: the code of one, whose
/// weight is 0 if none is drawn.
template <class CodeOf>
class DrawnFiller final : public PairSink {
 public:
  /// `shared`: beside other threads.
  DrawnFiller(RowAssembler& rows, PairDraws draws, NeuronId first_pre, Places places,
              CodeOf code_of, bool shared)
      : rows_(rows),
        draws_(std::move(draws)),
        first_pre_(first_pre),
        places_(places),
        code_of_(code_of),
        shared_(shared) {}

  void row(std::uint32_t source, std::span<const std::uint32_t> targets) override {
    begin(source, targets.size());
    for (std::size_t i = 0; i < targets.size(); ++i) {
      const NeuronId pre = first_pre_ + source;
      rows_.put(pre, place(targets[i], i), code(pre, i));
    }
  }
  void column(std::uint32_t target, std::span<const std::uint32_t> sources) override {
    begin(target, sources.size());
    for (std::size_t i = 0; i < sources.size(); ++i) {
      const NeuronId pre = first_pre_ + sources[i];
      if (shared_) {
        rows_.put_shared(pre, place(target, i), code(pre, i));
      } else {
        rows_.put(pre, place(target, i), code(pre, i));
      }
    }
  }

 private:
  void begin(std::uint32_t owner, std::size_t pairs) {
    platform::check_stop(pairs + 1U);
    draws_.draw(owner, pairs);
  }
  [[nodiscard]] std::uint32_t code(NeuronId pre, std::size_t i) {
    return code_of_(pre, draws_.weights().empty() ? 0.0F : draws_.weights()[i]);
  }
  [[nodiscard]] std::uint32_t place(std::uint32_t target, std::size_t i) const {
    if (draws_.delays().empty()) {
      return places_[target];
    }
    const auto delay = static_cast<std::uint32_t>(draws_.delays()[i]);
    return StagedForm::place(places_[target], rows_.form().delay_bits(delay));
  }

  RowAssembler& rows_;
  PairDraws draws_;
  NeuronId first_pre_;
  Places places_;
  CodeOf code_of_;
  bool shared_;
};

/// Makes the synapses of a connection that draws some of their numbers.
void make_drawn(const NetworkPlan& plan, std::size_t connection, CodeFinder& codes,
                const NetworkData& network, RowAssembler& rows) {
  const PlannedConnection& c = plan.connections[connection];
  const Area& pre = plan.areas[c.pre];
  const PspMode& mode = pre.spec.psp;
  const RuleContext context = context_of(plan, connection);
  Places places = places_of(network, plan.areas[c.post], c.synapse, rows.form());
  if (c.draws.delay) {
    places.delay_bits = 0;
  }
  const auto run = [&](bool threaded, auto code_of) {
    run_rule(plan, connection, threaded, [&] {
      return DrawnFiller(rows,
                         PairDraws(c.draws, context.seed, context.stream,
                                   c.rule.implementation().owners(context) != 0),
                         pre.first, places, code_of, threaded);
    });
  };
  const bool threaded = is_worth_threads(plan, connection);
  if (!c.draws.weight && mode.uniform) {
    run(threaded, [code = codes.of(pre.first)](NeuronId, float) { return code; });
  } else if (!c.draws.weight) {
    run(false, [&](NeuronId id, float) { return codes.of(id); });
  } else if (mode.uniform && !mode.potential_driven && c.synapse.psp == 1.0F) {
    const WeightCodes weights(*c.draws.weight, codes.kinds());
    run(threaded, [&](NeuronId, float weight) { return weights.of(weight); });
  } else {
    run(false, [&](NeuronId id, float weight) {
      codes.begin(weight, c.synapse.psp);
      return codes.of(id);
    });
  }
}

}  // namespace

void make_synapses(const NetworkPlan& plan, const SynapseCounts& counts, NetworkData& network,
                   RowAssembler& rows) {
  CodeFinder codes(network, counts.degrees);
  for (std::size_t i = 0; i < plan.connections.size(); ++i) {
    const PlannedConnection& c = plan.connections[i];
    if (c.left_out) {
      continue;
    }
    const Area& pre = plan.areas[c.pre];
    const Places places = places_of(network, plan.areas[c.post], c.synapse, rows.form());
    codes.begin(c.synapse.weight, c.synapse.psp);
    if (counts.of_connection[i] != 0 && (c.draws.weight || c.draws.delay)) {
      make_drawn(plan, i, codes, network, rows);
    } else if (pre.spec.psp.uniform && counts.of_connection[i] != 0 && is_worth_threads(plan, i)) {
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
