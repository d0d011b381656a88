// SPDX-License-Identifier: Apache-2.0
#include "definition/lower.h"

#include <algorithm>
#include <map>

#include "definition/limits.h"
#include "model/run_step.h"

namespace rheobase::language {

using model::Op;
using model::Operation;

namespace {

/// What is not read by anything that counts.
std::vector<bool> live_of(std::span<const Operation> operations,
                          std::span<const std::uint32_t> roots) {
  std::vector<bool> live(operations.size());
  for (const std::uint32_t root : roots) {
    live[root] = true;
  }
  for (std::size_t i = operations.size(); i-- > 0;) {
    const Operation& o = operations[i];
    const std::uint32_t operands = live[i] ? model::operands_of(o.op) : 0;
    const std::uint32_t places[] = {o.a, o.b, o.c};
    for (std::uint32_t k = 0; k < operands; ++k) {
      live[places[k]] = true;
    }
  }
  return live;
}

class Emitter {
 public:
  Emitter(Graph& graph, const Step& step, std::span<const Bounds> host)
      : graph_(graph), step_(step), host_(host) {}

  Lowered run() {
    std::vector<std::uint32_t> roots;
    for (const Value v : step_.next) {
      roots.push_back(graph_.in_step(v));
    }
    const std::uint32_t fires = graph_.truth_in_step(step_.fires).place;
    roots.push_back(fires);
    const std::vector<bool> live = live_of(graph_.step(), roots);
    std::vector<std::uint32_t> places(graph_.step().size());
    for (std::size_t i = 0; i < places.size(); ++i) {
      if (live[i]) {
        Operation o = graph_.step()[i];
        const std::uint32_t operands = model::operands_of(o.op);
        o.a = operands > 0 ? places[o.a] : 0;
        o.b = operands > 1 ? places[o.b] : 0;
        o.c = operands > 2 ? places[o.c] : 0;
        places[i] = emit(o);
      }
    }
    std::vector<std::uint32_t> ends;
    for (std::size_t s = 0; s < step_.next.size(); ++s) {
      ends.push_back(within(places[roots[s]], step_.states[s]));
    }
    ends.push_back(places[fires]);
    return compacted(ends);
  }

 private:
  std::uint32_t emit(Operation o) {
    if (o.op == Op::parameter && graph_.host()[o.word].kind == HostOp::number) {
      const double x = graph_.host()[o.word].number;
      if (!(x >= -kLargestNumber && x <= kLargestNumber)) {
        throw BadNumber{graph_.place_of(o.word)};
      }
      return constant(model::canonical(static_cast<float>(x)));
    }
    if (o.op == Op::parameter || o.op == Op::state) {
      return add(o, o.op == Op::parameter ? host_[o.word] : step_.states[o.word]);
    }
    if (o.op == Op::port && !step_.ports.empty()) {
      return add(o, step_.ports[o.word]);
    }
    bound_operands(o);
    std::uint32_t same = 0;
    if (simple(o, same)) {
      return same;
    }
    const std::uint32_t operands = model::operands_of(o.op);
    const auto of = [&](std::uint32_t n, std::uint32_t place) {
      return operands > n ? bounds_[place] : Bounds{};
    };
    const Bounds bounds = is_exprel(o) ? bounds_of_exprel(bounds_[operations_[o.c].b])
                                       : bounds_of(o, of(0, o.a), of(1, o.b), of(2, o.c));
    if (operands > 0 && !model::is_truth(o.op) && o.op != Op::poisson) {
      if (bounds.is_one()) {
        return constant(bounds.lowest);
      }
      if (all_constant(o, operands)) {
        return constant(folded(o));
      }
    }
    return add(o, bounds);
  }

  /// The choice between series and quotient that Graph::exprel makes.
  [[nodiscard]] bool is_exprel(const Operation& o) const {
    if (o.op != Op::select || operations_[o.a].op != Op::equal) {
      return false;
    }
    const Operation& near = operations_[o.a];
    const Operation& quotient = operations_[o.c];
    const Operation& difference = operations_[quotient.a];
    const Operation& growth = operations_[difference.a];
    return quotient.op == Op::divide && difference.op == Op::subtract &&
           growth.op == Op::exponential && growth.a == quotient.b &&
           operations_[difference.b].word == model::bits_of(1.0F) &&
           (near.a == growth.a || near.b == growth.a);
  }

  std::uint32_t constant(float x) {
    Operation o;
    o.word = model::bits_of(x);
    return add(o, {x, x});
  }

  std::uint32_t add(const Operation& o, Bounds bounds) {
    const std::array<std::uint32_t, 5> key{static_cast<std::uint32_t>(o.op), o.a, o.b, o.c, o.word};
    const auto [known, is_new] =
        known_.try_emplace(key, static_cast<std::uint32_t>(operations_.size()));
    if (is_new) {
      operations_.push_back(o);
      bounds_.push_back(bounds);
    }
    return known->second;
  }

  // --- bounds

  std::uint32_t within(std::uint32_t place, Bounds limit) {
    if (bounds_[place].highest > limit.highest) {
      place = emit({Op::minimum, place, constant(limit.highest), 0, 0});
    }
    if (bounds_[place].lowest < limit.lowest) {
      place = emit({Op::maximum, place, constant(limit.lowest), 0, 0});
    }
    return place;
  }
  std::uint32_t within(std::uint32_t place, float size) {
    return within(place, Bounds{-size, size});
  }

  /// Clamps what an operation reads, where its result could be too large otherwise.
  void bound_operands(Operation& o) {
    const auto size = [&](std::uint32_t place) {
      return static_cast<double>(bounds_[place].size());
    };
    switch (o.op) {
      case Op::add:
      case Op::subtract:
        if (size(o.a) + size(o.b) > kLargestValue) {
          o.a = within(o.a, kLargestArgument);
          o.b = within(o.b, kLargestArgument);
        }
        break;
      case Op::multiply: bound_factors(o); break;
      case Op::poisson:
      case Op::square_root:
      case Op::exponential:
      case Op::logarithm:
      case Op::hyperbolic_tangent:
      case Op::sine:
      case Op::cosine:
      case Op::round_down: o.a = within(o.a, kLargestArgument); break;
      case Op::divide:
      case Op::power:
        o.a = within(o.a, kLargestArgument);
        o.b = within(o.b, kLargestArgument);
        break;
      default: break;
    }
  }

  /// The larger factor gives way, but not below 2^61: then both do.
  void bound_factors(Operation& o) {
    double a = bounds_[o.a].size();
    double b = bounds_[o.b].size();
    for (const double limit : {double{kLargestArgument}, 0x1p61}) {
      for (int turn = 0; turn < 2 && a * b > kLargestValue; ++turn) {
        double& larger = a >= b ? a : b;
        const double other = a >= b ? b : a;
        double most = limit;  // a power of two that is enough
        while (most < kLargestArgument && other * most * 2.0 <= kLargestValue) {
          most *= 2.0;
        }
        larger = std::min(larger, most);
      }
    }
    const float least = static_cast<float>(std::min(a, b));
    const bool square = o.a == o.b;
    o.a = within(o.a, square ? least : static_cast<float>(a));
    o.b = square ? o.a : within(o.b, static_cast<float>(b));
  }

  // --- what needs no operation

  bool simple(const Operation& o, std::uint32_t& same) const {
    const auto known = [&](std::uint32_t place, float truth) {
      return bounds_[place].is_one() && bounds_[place].lowest == truth;
    };
    const auto is = [&](std::uint32_t place) {
      same = place;
      return true;
    };
    switch (o.op) {
      case Op::both:
        return (known(o.a, 1.0F) || o.a == o.b) ? is(o.b) : known(o.b, 1.0F) && is(o.a);
      case Op::either:
        return (known(o.a, 0.0F) || o.a == o.b) ? is(o.b) : known(o.b, 0.0F) && is(o.a);
      case Op::select:
        if (o.b == o.c || known(o.a, 1.0F)) {
          return is(o.b);
        }
        return known(o.a, 0.0F) && is(o.c);
      case Op::minimum:
        if (bounds_[o.a].highest <= bounds_[o.b].lowest) {
          return is(o.a);
        }
        return bounds_[o.b].highest <= bounds_[o.a].lowest && is(o.b);
      case Op::maximum:
        if (bounds_[o.a].lowest >= bounds_[o.b].highest) {
          return is(o.a);
        }
        return bounds_[o.b].lowest >= bounds_[o.a].highest && is(o.b);
      case Op::absolute: return bounds_[o.a].lowest >= 0.0F && is(o.a);
      default: return false;
    }
  }

  [[nodiscard]] bool all_constant(const Operation& o, std::uint32_t operands) const {
    const std::uint32_t places[] = {o.a, o.b, o.c};
    return std::all_of(places, places + operands,
                       [&](std::uint32_t place) { return operations_[place].op == Op::constant; });
  }

  /// As the reference computes it.
  [[nodiscard]] float folded(const Operation& o) const {
    model::StepProgram program;
    for (const std::uint32_t place : {o.a, o.b, o.c}) {
      program.operations.push_back({Op::constant, 0, 0, 0, operations_[place].word});
    }
    program.operations.push_back({o.op, 0, 1, 2, 0});
    std::array<std::uint32_t, 4> values{};
    (void)model::run_step(program, {}, values);
    return model::float_of(values[3]);
  }

  // --- the end

  Lowered compacted(std::span<const std::uint32_t> ends) const {
    const std::vector<bool> live = live_of(operations_, ends);
    Lowered lowered;
    model::StepProgram& program = lowered.program;
    std::vector<std::uint32_t> places(operations_.size());
    for (std::size_t i = 0; i < places.size(); ++i) {
      if (!live[i]) {
        continue;
      }
      Operation o = operations_[i];
      const std::uint32_t operands = model::operands_of(o.op);
      o.a = operands > 0 ? places[o.a] : 0;
      o.b = operands > 1 ? places[o.b] : 0;
      o.c = operands > 2 ? places[o.c] : 0;
      if (o.op == Op::parameter) {
        lowered.constants.push_back(o.word);
        o.word = program.parameters++;
      }
      places[i] = static_cast<std::uint32_t>(program.operations.size());
      program.operations.push_back(o);
    }
    if (program.operations.size() > model::kMostOperations) {
      throw TooLarge();
    }
    for (const std::uint32_t end : ends.first(ends.size() - 1)) {
      program.next.push_back(places[end]);
    }
    program.fires = places[ends.back()];
    return lowered;
  }

  Graph& graph_;
  const Step& step_;
  std::span<const Bounds> host_;
  std::vector<Operation> operations_;
  std::vector<Bounds> bounds_;
  std::map<std::array<std::uint32_t, 5>, std::uint32_t> known_;
};

}  // namespace

Lowered lower(Graph& graph, const Step& step, std::span<const Bounds> host) {
  return Emitter(graph, step, host).run();
}

}  // namespace rheobase::language
