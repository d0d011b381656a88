// SPDX-License-Identifier: Apache-2.0
// Linear systems: x' = A x + B u, where u stays the same during a step. With all of them in one
// matrix M = (A B; 0 0), the first rows of e^(M dt) give x after the step.
#include <map>

#include "definition/methods.h"
#include "rheobase/text.h"

namespace rheobase::language {

using model::Op;
using model::Operation;

namespace {

/// A sum of values of the step, each with a factor that the host knows, and of what it knows.
struct Sum {
  std::map<std::uint32_t, Value> terms;  ///< by place in the graph
  Value rest;
};

class Exact {
 public:
  Exact(Evaluator& evaluate, std::span<const Statement> lines, const Environment& now)
      : evaluate_(evaluate), g_(evaluate.graph), lines_(lines), now_(now) {}

  std::vector<Value> run() {
    place_variables();
    std::vector<Sum> rates;
    std::vector<Value> values;
    for (const Statement& line : lines_) {
      evaluate_.at(line.at);
      values.push_back(evaluate_(line.value, apart_));
    }
    depends_ = dependents(g_);
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      line_ = i;
      evaluate_.at(lines_[i].at);
      rates.push_back(sum_of(values[i]));
    }
    lay_out(rates);
    return solution(matrix_of(rates), rates);
  }

 private:
  /// A column of the matrix: where its value stands in the graph while rates are taken apart, and
  /// its value before the step.
  struct Column {
    Value apart, before;
    std::size_t port = 0;
    bool rise = false;
  };

  Value placeholder() { return g_.state(kPlaceholder + placeholders_++); }

  void place_variables() {
    apart_ = now_;
    for (const Statement& line : lines_) {
      columns_.push_back({placeholder(), now_.states[line.index]});
      apart_.states[line.index] = columns_.back().apart;
    }
    for (std::size_t p = 0; p < now_.ports.size(); ++p) {
      if (evaluate_.syntax().ports[p].kind != PortKind::sum) {
        apart_.ports[p] = placeholder();
      }
    }
  }

  // --- taking rates apart

  Sum sum_of(Value v) {
    if (v.host) {
      return {{}, v};
    }
    if (const auto known = known_.find(v.place); known != known_.end()) {
      return known->second;
    }
    const Operation o = g_.step()[v.place];
    const bool depends = v.place < depends_.size() && depends_[v.place];
    Sum sum = depends && o.op != Op::state ? dependent(o) : apart(v);
    known_.emplace(v.place, sum);
    return sum;
  }

  /// Of what does not depend on the variables: constants come off, the rest is one term.
  Sum apart(Value v) {
    Value factor = g_.number(1.0);
    Value rest = g_.number(0.0);
    while (!v.host) {
      const Operation& o = g_.step()[v.place];
      const bool additive = o.op == Op::add || o.op == Op::subtract;
      if (!additive && o.op != Op::multiply) {
        break;
      }
      const Value a = g_.value_at(o.a);
      const Value b = g_.value_at(o.b);
      if (!a.host && !b.host) {
        break;
      }
      const Op op = o.op;
      if (op == Op::multiply) {
        factor = g_.multiply(factor, a.host ? a : b);
      } else {
        const Value constant = a.host ? a : op == Op::subtract ? g_.negate(b) : b;
        rest = g_.add(rest, g_.multiply(factor, constant));
        factor = a.host && op == Op::subtract ? g_.negate(factor) : factor;
      }
      v = a.host ? b : a;
    }
    return {{{v.place, factor}}, rest};
  }

  Sum dependent(const Operation& o) {
    const Value a = g_.value_at(o.a);
    const Value b = g_.value_at(o.b);
    if (o.op == Op::add || o.op == Op::subtract) {
      Sum sum = sum_of(a);
      const Sum other = sum_of(b);
      for (const auto& [place, factor] : other.terms) {
        const auto [term, is_new] = sum.terms.try_emplace(place, g_.number(0.0));
        term->second = g_.apply(o.op, term->second, factor);
      }
      sum.rest = g_.apply(o.op, sum.rest, other.rest);
      return sum;
    }
    if (o.op != Op::multiply || (!a.host && !b.host)) {
      not_linear();
    }
    Sum sum = sum_of(a.host ? b : a);
    const Value by = a.host ? a : b;
    for (auto& [place, factor] : sum.terms) {
      factor = g_.multiply(factor, by);
    }
    sum.rest = g_.multiply(sum.rest, by);
    return sum;
  }

  [[noreturn]] void not_linear() const {
    evaluate_.source().fail(
        lines_[line_].at,
        "the derivative of " + quoted_name(lines_[line_].name) +
            " is not linear with constant factors, which exact needs (in the states of its "
            "system and in decaying ports). Use exponential_euler, midpoint or rk4.");
  }

  // --- the matrix

  /// Columns: the states, the ports that they use, what stays the same, and 1.
  void lay_out(const std::vector<Sum>& rates) {
    const auto used = [&](Value v) {
      for (const Sum& rate : rates) {
        const auto term = rate.terms.find(v.place);
        if (term != rate.terms.end() && !g_.is_number(term->second, 0.0)) {
          return true;
        }
      }
      return false;
    };
    for (std::size_t p = 0; p < now_.ports.size(); ++p) {
      const PortKind kind = evaluate_.syntax().ports[p].kind;
      if (kind == PortKind::sum || !used(apart_.ports[p])) {
        continue;
      }
      columns_.push_back({apart_.ports[p], now_.ports[p], p, false});
      if (kind != PortKind::exponential) {
        columns_.push_back({placeholder(), now_.rises[p], p, true});
      }
    }
    known_columns_ = columns_.size();
    std::map<std::uint32_t, bool> others;
    for (const Sum& rate : rates) {
      for (const auto& [place, factor] : rate.terms) {
        others[place] = true;
      }
    }
    for (const Column& column : columns_) {
      others.erase(column.apart.place);
    }
    for (const auto& [place, one] : others) {
      columns_.push_back({{place, false}, {place, false}});
    }
    columns_.push_back({g_.number(1.0), g_.number(1.0)});
    if (columns_.size() > kMostColumns) {
      evaluate_.source().fail(lines_[0].at, "this system is too large for exact (" +
                                                number_text(columns_.size()) +
                                                " variables and inputs, at most " +
                                                number_text(kMostColumns) + "). Split it.");
    }
  }

  std::vector<Value> matrix_of(const std::vector<Sum>& rates) {
    const std::size_t n = columns_.size();
    std::vector<Value> m(n * n, g_.number(0.0));
    const auto set = [&](std::size_t row, std::size_t column, Value rate) {
      m[row * n + column] = g_.multiply(rate, g_.dt());
    };
    for (std::size_t i = 0; i < rates.size(); ++i) {
      evaluate_.at(lines_[i].at);
      for (std::size_t j = 0; j + 1 < n; ++j) {
        const auto term = rates[i].terms.find(columns_[j].apart.place);
        if (term != rates[i].terms.end()) {
          set(i, j, term->second);
        }
      }
      set(i, n - 1, rates[i].rest);
    }
    for (std::size_t j = lines_.size(); j < known_columns_; ++j) {
      const DeclaredPort& port = evaluate_.syntax().ports[columns_[j].port];
      const bool difference = columns_[j].rise && port.kind == PortKind::difference;
      const Value tau = evaluate_.of_parameters(difference ? port.rise : port.decay);
      set(j, j, g_.divide(g_.number(-1.0), tau));
      if (!columns_[j].rise && port.kind != PortKind::exponential) {
        set(j, j + 1, g_.number(1.0));
      }
    }
    return m;
  }

  /// Where e^M can differ from the unit matrix: where a path leads.
  std::vector<bool> reached(const std::vector<Value>& m) const {
    const std::size_t n = columns_.size();
    std::vector<bool> path(n * n);
    for (std::size_t i = 0; i < n * n; ++i) {
      path[i] = !g_.is_number(m[i], 0.0);
    }
    for (std::size_t k = 0; k < n; ++k) {
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n && path[i * n + k]; ++j) {
          path[i * n + j] = path[i * n + j] || path[k * n + j];
        }
      }
    }
    return path;
  }

  /// x + sum of (P - 1) y: the difference keeps its digits where the step is short.
  std::vector<Value> solution(const std::vector<Value>& m, const std::vector<Sum>& rates) {
    const std::size_t n = columns_.size();
    const std::vector<bool> path = reached(m);
    const std::uint32_t exponential = g_.matrix(m, static_cast<std::uint32_t>(n));
    std::vector<Value> after;
    for (std::size_t i = 0; i < rates.size(); ++i) {
      evaluate_.at(lines_[i].at);
      Value change = g_.number(0.0);
      for (std::size_t j = 0; j < n; ++j) {
        if (path[i * n + j]) {
          Value factor =
              g_.entry(exponential, static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j));
          factor = i == j ? g_.subtract(factor, g_.number(1.0)) : factor;
          change = g_.add(change, g_.multiply(columns_[j].before, factor));
        }
      }
      after.push_back(g_.add(columns_[i].before, change));
    }
    return after;
  }

  static constexpr std::size_t kMostColumns = 64;

  Evaluator& evaluate_;
  Graph& g_;
  std::span<const Statement> lines_;
  const Environment& now_;
  Environment apart_;
  std::vector<Column> columns_;
  std::size_t known_columns_ = 0;  ///< whose own change is known: states and ports
  std::uint32_t placeholders_ = 0;
  std::size_t line_ = 0;
  std::vector<bool> depends_;
  std::map<std::uint32_t, Sum> known_;
};

}  // namespace

std::vector<Value> exact_step(Evaluator& evaluate, std::span<const Statement> lines,
                              const Environment& now) {
  return Exact(evaluate, lines, now).run();
}

}  // namespace rheobase::language
