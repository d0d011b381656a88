// SPDX-License-Identifier: Apache-2.0
#include "definition/definition.h"

#include <algorithm>

#include "definition/check.h"
#include "definition/limits.h"
#include "definition/lower.h"
#include "definition/make_definition.h"
#include "definition/methods.h"
#include "definition/parser.h"
#include "definition/ports.h"
#include "model/float_ops.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {

using model::Op;

namespace language {
namespace {

/// Makes the step of a checked definition.
class Maker {
 public:
  Maker(const Source& source, const Syntax& syntax)
      : source_(source), syntax_(syntax), evaluate_(source, syntax, graph_) {}

  void make(Definition& d) {
    describe(d);
    const Environment before = begin(d);
    Environment after = before;
    for (const Section& section : syntax_.steps) {
      run(section, after);
    }
    arrive(before, after);
    Step step = syntax_.fire == kNone ? silent(after) : firing(before, after);
    std::vector<PortLimit> limits;
    for (std::size_t p = 0; p < syntax_.ports.size(); ++p) {
      limits.emplace_back(evaluate_, p);
    }
    const std::vector<Bounds> host = host_bounds(graph_, syntax_.parameters);
    bound(d, limits, host);
    for (const Definition::State& state : d.states) {
      step.states.push_back({state.lowest, state.highest});
    }
    for (const DeclaredPort& p : syntax_.ports) {
      if (p.range) {
        step.ports.push_back(
            {static_cast<float>(p.range->lowest), static_cast<float>(p.range->highest)});
      }
    }
    Lowered lowered = lower(graph_, step, host);
    d.step = std::move(lowered.program);
    d.step.ports = static_cast<std::uint32_t>(syntax_.ports.size());
    d.step.sites = syntax_.sites;
    d.host.constants = routine_of(graph_, lowered.constants);
    for (std::size_t i = 0; i < lowered.constants.size(); ++i) {
      HostRoutine::Result& result = d.host.constants.results[i];
      result.line = line_of(lowered.constants[i]);
      result.lowest = host[lowered.constants[i]].lowest;  // what the proofs rest on
      result.highest = host[lowered.constants[i]].highest;
    }
    begin_with(d, first_);
  }

 private:
  std::uint32_t line_of(std::uint32_t host) const {
    return static_cast<std::uint32_t>(source_.line_of(graph_.place_of(host)));
  }

  // --- what there is

  void describe(Definition& d) const {
    const auto unit = [](const Declared& x) { return std::string(x.unit ? x.unit->name : ""); };
    d.name = syntax_.name;
    d.title = syntax_.title;
    for (const Declared& p : syntax_.parameters) {
      const Range range = p.range.value_or(Range{-kUsualNumber, kUsualNumber});
      d.parameters.push_back({std::string(p.name), p.number, range.lowest, range.highest, unit(p),
                              std::string(p.meaning)});
    }
    for (const Declared& s : syntax_.states) {
      const Range range = s.range.value_or(Range{-kUsualNumber, kUsualNumber});
      d.states.push_back({std::string(s.name), model::canonical(static_cast<float>(range.lowest)),
                          model::canonical(static_cast<float>(range.highest)), unit(s),
                          std::string(s.meaning), false});
    }
    for (const DeclaredPort& p : syntax_.ports) {
      d.ports.push_back({std::string(p.name), unit(p), std::string(p.meaning)});
      if (p.kind == PortKind::sum) {
        continue;
      }
      const auto usual = static_cast<float>(kUsualNumber);
      Definition::State value{std::string(p.name),    -usual, usual, unit(p),
                              std::string(p.meaning), true};
      d.states.push_back(value);
      if (p.kind != PortKind::exponential) {
        // a dot, so that no name in the text can be the same
        value.name += ".rise";
        value.unit.clear();
        value.meaning = "what makes " + std::string(p.name) + " rise";
        d.states.push_back(std::move(value));
      }
    }
    if (syntax_.refractory != kNone) {
      d.states.push_back({"refractory", 0.0F, static_cast<float>(kLongestRefractory), "",
                          "bursts that the refractory period still lasts", true});
    }
    if (d.states.size() > model::kMostStates) {
      source_.fail(0, "the model has too many states (" + number_text(d.states.size()) +
                          " with those of its ports, at most " + number_text(model::kMostStates) +
                          "). Remove some.");
    }
  }

  Environment begin(const Definition& d) {
    Environment now;
    std::uint32_t state = 0;
    for (; state < syntax_.states.size(); ++state) {
      now.states.push_back(graph_.state(state));
    }
    for (std::uint32_t p = 0; p < syntax_.ports.size(); ++p) {
      const PortKind kind = syntax_.ports[p].kind;
      now.ports.push_back(kind == PortKind::sum ? graph_.port(p) : graph_.state(state++));
      const bool two = kind == PortKind::alpha || kind == PortKind::difference;
      now.rises.push_back(two ? graph_.state(state++) : graph_.number(0.0));
    }
    now.refractory = graph_.number(0.0);
    if (syntax_.refractory != kNone) {
      counter_ = graph_.state(static_cast<std::uint32_t>(d.states.size() - 1));
      now.refractory = graph_.apply(Op::less, graph_.number(0.0), counter_);
    }
    return now;
  }

  /// Each state sees those before it.
  std::vector<Value> initial() {
    Environment first;
    for (const Declared& s : syntax_.states) {
      evaluate_.at(s.at);
      const auto state = static_cast<std::uint32_t>(first.states.size());
      first.states.push_back(graph_.first(state, evaluate_(s.value, first)));
    }
    return first.states;
  }

  void begin_with(Definition& d, const std::vector<Value>& first) const {
    std::vector<std::uint32_t> places;
    for (const Value v : first) {
      places.push_back(v.place);
    }
    d.host.initial = routine_of(graph_, places);
    d.host.chained = std::ranges::any_of(syntax_.states, [&](const Declared& s) {
      return syntax_.expressions[s.value].depends == Dependence::states;
    });
    for (std::size_t i = 0; i < first.size(); ++i) {
      HostRoutine::Result& result = d.host.initial.results[i];
      result.line = static_cast<std::uint32_t>(source_.line_of(syntax_.states[i].at));
      result.lowest = d.states[i].lowest;
      result.highest = d.states[i].highest;
    }
    check_first(d);
  }

  /// What the parameters' own values make of the states, told at once if no dt is needed.
  void check_first(const Definition& d) const {
    for (const HostOperation& o : d.host.initial.operations) {
      if (o.kind == HostOp::dt) {
        return;
      }
    }
    std::vector<double> parameters;
    for (const Definition::Parameter& p : d.parameters) {
      parameters.push_back(p.value);
    }
    const std::vector<double> first = d.host.initial.evaluate({parameters, 1.0, {}}, d.name);
    for (std::size_t i = 0; i < first.size(); ++i) {
      const Definition::State& s = d.states[i];
      if (!(first[i] >= s.lowest && first[i] <= s.highest)) {
        source_.fail(syntax_.states[i].at,
                     "the first value of " + quoted_name(s.name) + " is " +
                         (first[i] == first[i] ? rounded_text(first[i]) : "no number") +
                         " (its range is " + rounded_text(s.lowest) + " to " +
                         rounded_text(s.highest) + "). Correct one of them.");
      }
    }
  }

  // --- what happens

  Step silent(const Environment& after) {
    first_ = initial();
    Step step;
    step.next = values_of(after, false);
    step.fires = graph_.apply(Op::less, graph_.number(0.0), graph_.number(0.0));
    return step;
  }

  // The order in which things are made here is that of a model's operations, which its hash holds.
  Step firing(const Environment& before, const Environment& after) {
    evaluate_.at(syntax_.expressions[syntax_.fire].at);
    Step step;
    step.fires = evaluate_(syntax_.fire, after);
    step.fires = graph_.apply(Op::both, step.fires, graph_.opposite(before.refractory));
    Environment reset = after;
    changes(syntax_.reset, reset);
    first_ = initial();
    const std::vector<Value> reset_values = values_of(reset, true);
    const std::vector<Value> after_values = values_of(after, false);
    for (std::size_t s = 0; s < reset_values.size(); ++s) {
      step.next.push_back(graph_.select(step.fires, reset_values[s], after_values[s]));
    }
    return step;
  }

  void run(const Section& section, Environment& now) {
    const std::span<const Statement> lines = section.statements;
    for (std::size_t i = 0; i < lines.size();) {
      std::size_t end = i;
      while (end < lines.size() && lines[end].change == Change::derivative) {
        ++end;
      }
      if (end > i) {
        advance(evaluate_, section.method, lines.subspan(i, end - i), now);
      } else {
        changes(lines.subspan(i, 1), now);
        ++end;
      }
      i = end;
    }
  }

  void changes(std::span<const Statement> lines, Environment& now) {
    for (const Statement& line : lines) {
      evaluate_.at(line.at);
      const bool port = line.symbol == Symbol::port;
      const Value before = port ? now.ports[line.index] : now.states[line.index];
      Value value = evaluate_(line.value, now);
      switch (line.change) {
        case Change::add: value = graph_.add(before, value); break;
        case Change::subtract: value = graph_.subtract(before, value); break;
        case Change::multiply: value = graph_.multiply(before, value); break;
        default: break;
      }
      if (line.unless != kNone) {
        value = graph_.select(evaluate_(line.unless, now), before, value);
      }
      (port ? now.ports[line.index] : now.states[line.index]) = value;
    }
  }

  /// Ports decay, and then what arrives is added.
  void arrive(const Environment& before, Environment& after) {
    for (std::uint32_t p = 0; p < syntax_.ports.size(); ++p) {
      const DeclaredPort& port = syntax_.ports[p];
      if (port.kind == PortKind::sum) {
        continue;
      }
      evaluate_.at(port.at);
      PortValue now = decayed(evaluate_, p, {before.ports[p], before.rises[p]}, graph_.dt());
      Value& grows = port.kind == PortKind::exponential ? now.value : now.rise;
      const Value arrived = graph_.multiply(graph_.port(p), arrival_factor(evaluate_, p));
      grows = graph_.add(grows, arrived);
      after.ports[p] = now.value;
      after.rises[p] = now.rise;
    }
  }

  /// In the order of the states of the definition.
  std::vector<Value> values_of(const Environment& now, bool fired) {
    std::vector<Value> values = now.states;
    for (std::size_t p = 0; p < syntax_.ports.size(); ++p) {
      const PortKind kind = syntax_.ports[p].kind;
      if (kind != PortKind::sum) {
        values.push_back(now.ports[p]);
      }
      if (kind == PortKind::alpha || kind == PortKind::difference) {
        values.push_back(now.rises[p]);
      }
    }
    if (syntax_.refractory != kNone) {
      evaluate_.at(syntax_.refractory_at);
      const Value less = graph_.subtract(counter_, graph_.number(1.0));
      values.push_back(fired ? graph_.bursts(evaluate_.of_parameters(syntax_.refractory))
                             : graph_.apply(Op::maximum, less, graph_.number(0.0)));
    }
    return values;
  }

  void bound(Definition& d, std::span<const PortLimit> limits, std::span<const Bounds> host) {
    std::size_t state = syntax_.states.size();
    const auto within = [&](float limit) {
      Definition::State& s = d.states[state++];
      s.highest = limit > 0.0F ? limit : s.highest;
      s.lowest = -s.highest;
    };
    for (std::size_t p = 0; p < limits.size(); ++p) {
      const PortKind kind = syntax_.ports[p].kind;
      if (kind != PortKind::sum) {
        within(limits[p].value(host));
      }
      if (kind == PortKind::alpha || kind == PortKind::difference) {
        within(limits[p].rise(host));
      }
    }
  }

  const Source& source_;
  const Syntax& syntax_;
  Graph graph_;
  Evaluator evaluate_;
  Value counter_;
  std::vector<Value> first_;  ///< of the states, before the first burst
};

}  // namespace
}  // namespace language

namespace {

/// The proofs of ranges rest on these.
void require_within(const Definition& d, std::span<const double> values, double dt_ms) {
  const auto require = [&](bool holds, const std::string& what, double value, double lowest,
                           double highest) {
    if (!holds) {
      throw Error(ErrorCode::invalid_argument,
                  "model " + quoted_name(d.name) + ": " + what + " of " + rounded_text(value) +
                      " is outside its range (" + rounded_text(lowest) + " to " +
                      rounded_text(highest) + "). Correct it.");
    }
  };
  const double shortest = language::kShortestBurst;
  const double longest = language::kLongestBurst;
  require(dt_ms >= shortest && dt_ms <= longest, "a dt in ms", dt_ms, shortest, longest);
  if (values.size() != d.parameters.size()) {
    throw Error(ErrorCode::invalid_argument,
                "model " + quoted_name(d.name) + " has " + number_text(d.parameters.size()) +
                    " parameters (given are " + number_text(values.size()) + "). Give one each.");
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Definition::Parameter& p = d.parameters[i];
    if (!(values[i] >= p.lowest && values[i] <= p.highest)) {
      require(false, quoted_name(p.name), values[i], p.lowest, p.highest);
    }
  }
}

}  // namespace

std::vector<float> Definition::constants(std::span<const double> values, double dt_ms) const {
  require_within(*this, values, dt_ms);
  return host.constants.run({values, dt_ms, {}}, name);
}

std::vector<float> Definition::initial(std::span<const double> values, double dt_ms,
                                       std::span<const std::optional<double>> given) const {
  require_within(*this, values, dt_ms);
  std::vector<float> first = host.initial.run({values, dt_ms, given}, name);
  first.resize(states.size());  // ports are empty, and nothing is refractory
  return first;
}

std::shared_ptr<const Definition> parse_definition(std::string_view text, std::string_view where) {
  const language::Source source(text, where);
  return language::make_definition(source, language::parse(source));
}

namespace language {

std::shared_ptr<const Definition> make_definition(const Source& source, Syntax syntax) {
  check(source, syntax);
  auto definition = std::make_shared<Definition>();
  definition->text = source.text();
  try {
    Maker(source, syntax).make(*definition);
  } catch (const TooLarge&) {
    source.fail(0, "the step takes too many operations (at most " +
                       number_text(model::kMostOperations) + "). Make it simpler.");
  } catch (const BadNumber& bad) {
    source.fail(bad.place,
                "a number here is beyond +-2^60, or none (a division by 0, for instance). "
                "Correct it.");
  }
  return definition;
}

}  // namespace language
}  // namespace rheobase
