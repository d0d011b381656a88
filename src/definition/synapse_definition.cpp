// SPDX-License-Identifier: Apache-2.0
#include "definition/synapse_definition.h"

#include <algorithm>
#include <utility>

#include "definition/make_definition.h"
#include "definition/synapse_syntax.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace language {
namespace {

using model::Op;

// Names that no text can hold, since they begin with a dot.
constexpr std::string_view kSent = ".sent";
constexpr std::string_view kBursts[] = {".pre", ".post"};
constexpr std::string_view kSince[] = {"since_pre", "since_post"};

/// Puts expressions together that no text holds.
class Writer {
 public:
  Writer(Syntax& syntax, Place at) : syntax_(syntax), at_(at) {}

  Ref name(std::string_view name) {
    Expression e;
    e.form = Form::name;
    e.name = name;
    return add(e);
  }
  Ref number(double x) {
    Expression e;
    e.number = x;
    return add(e);
  }
  Ref apply(Op op, Ref a, Ref b = kNone) {
    Expression e;
    e.form = Form::operation;
    e.op = op;
    e.a = a;
    e.b = b;
    return add(e);
  }
  Ref negate(Ref a) {
    Expression e;
    e.form = Form::negate;
    e.a = a;
    return add(e);
  }
  /// bursts * (-dt / tau): the factor is worked out before it is rounded.
  Ref decay_over(std::string_view bursts, Ref tau) {
    const Ref rate = negate(apply(Op::divide, name("dt"), tau));
    return apply(Op::exponential, apply(Op::multiply, name(bursts), rate));
  }
  Statement set(std::string_view state, Ref value) const {
    Statement s;
    s.name = state;
    s.at = at_;
    s.value = value;
    return s;
  }
  Declared declared(std::string_view name, Ref value) const {
    Declared d;
    d.name = name;
    d.at = at_;
    d.value = value;
    return d;
  }
  DeclaredPort port(std::string_view name) const {
    DeclaredPort p;
    p.name = name;
    p.at = at_;
    p.range = Range{0.0, static_cast<double>(kLongAgo)};
    return p;
  }

 private:
  Ref add(Expression e) {
    e.at = at_;
    syntax_.expressions.push_back(e);
    return static_cast<Ref>(syntax_.expressions.size() - 1);
  }

  Syntax& syntax_;
  Place at_;
};

/// Makes the programs of a synapse.
class SynapseMaker {
 public:
  SynapseMaker(const Source& source, const SynapseSyntax& syntax)
      : source_(source), syntax_(syntax) {
    for (const DeclaredTrace& trace : syntax.traces) {
      at_spike_.push_back("." + std::string(trace.name));
    }
  }

  void make(SynapseDefinition& d) {
    d.on_pre = make_definition(source_, handler(Side::pre));
    d.on_post = make_definition(source_, handler(Side::post));
    require_constant_decays();
    d.pre_now = make_definition(source_, traces(Side::pre, false));
    d.post_now = make_definition(source_, traces(Side::post, false));
    d.pre_spike = make_definition(source_, traces(Side::pre, true));
    d.post_spike = make_definition(source_, traces(Side::post, true));
    d.name = syntax_.common.name;
    d.title = syntax_.common.title;
    d.sends_weight = syntax_.send == kNone;
    d.changes_on_pre = !syntax_.on_pre.empty();
    d.changes_on_post = !syntax_.on_post.empty();
    for (const DeclaredTrace& t : syntax_.traces) {
      d.traces.push_back(
          {std::string(t.name), t.side == Side::post, t.nearest, std::string(t.meaning)});
    }
    const Declared& w = syntax_.common.states.front();
    d.lowest = limit(w.range->lowest, w.lowest_parameter);
    d.highest = limit(w.range->highest, w.highest_parameter);
  }

 private:
  /// What happens to a synapse when one of its ends fires.
  Syntax handler(Side side) const {
    Syntax s = syntax_.common;
    Writer top(s, 0);
    std::vector<Declared> lets;
    for (const DeclaredTrace& t : syntax_.traces) {
      s.ports.push_back(Writer(s, t.at).port(t.name));
    }
    for (std::size_t i = 0; i < 2; ++i) {
      s.ports.push_back(top.port(kBursts[i]));
      lets.push_back(
          top.declared(kSince[i], top.apply(Op::multiply, top.name(kBursts[i]), top.name("dt"))));
    }
    s.lets.insert(s.lets.begin(), lets.begin(), lets.end());
    Section section;
    section.statements = side == Side::pre ? syntax_.on_pre : syntax_.on_post;
    keep_within(s, section.statements);
    if (side == Side::pre && syntax_.send != kNone) {
      send(s, section.statements);
    }
    s.steps.push_back(std::move(section));
    return s;
  }

  /// States whose ranges end at parameters are kept within them.
  void keep_within(Syntax& s, std::vector<Statement>& lines) const {
    for (const Declared& state : syntax_.common.states) {
      Writer write(s, state.at);
      if (!state.lowest_parameter.empty()) {
        lines.push_back(write.set(state.name, write.apply(Op::maximum, write.name(state.name),
                                                          write.name(state.lowest_parameter))));
      }
      if (!state.highest_parameter.empty()) {
        lines.push_back(write.set(state.name, write.apply(Op::minimum, write.name(state.name),
                                                          write.name(state.highest_parameter))));
      }
    }
  }

  /// What is sent is one more state, within the range of the weight.
  void send(Syntax& s, std::vector<Statement>& lines) const {
    Writer write(s, syntax_.send_at);
    const Declared& w = syntax_.common.states.front();
    Declared sent = write.declared(kSent, write.name(w.name));
    sent.range = w.range;
    s.states.push_back(sent);
    Ref value = syntax_.send;
    if (!w.lowest_parameter.empty()) {
      value = write.apply(Op::maximum, value, write.name(w.lowest_parameter));
    }
    if (!w.highest_parameter.empty()) {
      value = write.apply(Op::minimum, value, write.name(w.highest_parameter));
    }
    lines.push_back(write.set(kSent, value));
  }

  /// What the traces of an end are now, or what a spike makes of them.
  Syntax traces(Side side, bool spike) const {
    Syntax s = syntax_.common;
    s.states.clear();
    s.lets.clear();
    const std::string_view bursts = kBursts[static_cast<std::size_t>(side)];
    s.ports.push_back(Writer(s, 0).port(bursts));
    Section section;
    for (std::size_t i = 0; i < syntax_.traces.size(); ++i) {
      const DeclaredTrace& t = syntax_.traces[i];
      if (t.side != side) {
        continue;
      }
      Writer write(s, t.at);
      Declared state = write.declared(at_spike_[i], write.number(0.0));
      state.range = Range{0.0, static_cast<double>(kLongAgo)};
      s.states.push_back(state);
      Ref value =
          write.apply(Op::multiply, write.name(at_spike_[i]), write.decay_over(bursts, t.decay));
      if (spike) {
        value = t.nearest ? write.number(1.0) : write.apply(Op::add, value, write.number(1.0));
      }
      section.statements.push_back(write.set(at_spike_[i], value));
    }
    s.steps.push_back(std::move(section));
    return s;
  }

  void require_constant_decays() const {
    for (const DeclaredTrace& t : syntax_.traces) {
      Syntax s = syntax_.common;
      s.states.clear();
      s.lets.clear();
      DeclaredPort port;  // its time constant must follow from parameters alone, as a trace's
      port.name = t.name;
      port.at = t.at;
      port.kind = PortKind::exponential;
      port.decay = t.decay;
      s.ports.push_back(port);
      static_cast<void>(make_definition(source_, std::move(s)));
    }
  }

  SynapseDefinition::Limit limit(double number, std::string_view parameter) const {
    SynapseDefinition::Limit limit;
    limit.number = number;
    const std::vector<Declared>& all = syntax_.common.parameters;
    for (std::uint32_t i = 0; i < all.size() && !parameter.empty(); ++i) {
      if (all[i].name == parameter) {
        limit.parameter = i;
        limit.factor = all[i].unit ? all[i].unit->factor : 1.0;
      }
    }
    return limit;
  }

  const Source& source_;
  const SynapseSyntax& syntax_;
  std::vector<std::string> at_spike_;  ///< what a trace was at the last spike of its end
};

}  // namespace
}  // namespace language

std::size_t SynapseDefinition::traces_of(bool post) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(traces, [&](const Trace& t) { return t.of_post == post; }));
}

SynapseDefinition::Weights SynapseDefinition::weights(std::span<const double> values) const {
  const auto value_of = [&](const Limit& limit) {
    return limit.parameter ? values[*limit.parameter] * limit.factor : limit.number;
  };
  const Weights weights{value_of(lowest), value_of(highest)};
  if (!(weights.lowest <= weights.highest)) {
    throw Error(ErrorCode::invalid_argument,
                "synapse " + quoted_name(name) + ": its weights would lie between " +
                    rounded_text(weights.lowest) + " and " + rounded_text(weights.highest) +
                    " (nothing does). Correct its parameters.");
  }
  return weights;
}

std::shared_ptr<const SynapseDefinition> parse_synapse(std::string_view text,
                                                       std::string_view where) {
  const language::Source source(text, where);
  const language::SynapseSyntax syntax = language::parse_synapse_text(source);
  auto definition = std::make_shared<SynapseDefinition>();
  definition->text = text;
  language::SynapseMaker(source, syntax).make(*definition);
  return definition;
}

bool reads_port(const model::StepProgram& program, std::uint32_t port) {
  return std::ranges::any_of(program.operations, [&](const model::Operation& o) {
    return o.op == model::Op::port && o.word == port;
  });
}

}  // namespace rheobase
