// SPDX-License-Identifier: Apache-2.0
/// \file
/// Expressions as values of the step: what names stand for at one point of it.
#pragma once

#include <cstdint>
#include <vector>

#include "definition/graph.h"
#include "definition/source.h"
#include "definition/syntax.h"

namespace rheobase::language {

/// What states and ports are worth at one point of the step.
struct Environment {
  std::vector<Value> states;
  std::vector<Value> ports;
  std::vector<Value> rises;  ///< the hidden state of ports that have two
  Value refractory;
  std::uint32_t half_steps = 0;  ///< of the time, since the burst began
};

class Evaluator {
 public:
  Evaluator(const Source& source, const Syntax& syntax, Graph& into)
      : graph(into), source_(source), syntax_(syntax), lets_(syntax.lets.size()) {}

  Value operator()(Ref e, const Environment& now);
  /// A value of parameters alone.
  Value of_parameters(Ref e) { return (*this)(e, {}); }

  [[nodiscard]] const Syntax& syntax() const { return syntax_; }
  [[nodiscard]] const Source& source() const { return source_; }
  /// Errors that arise while values are made name this place.
  void at(Place place) {
    place_ = place;
    graph.set_place(place);
  }
  [[nodiscard]] Place place() const { return place_; }

  Graph& graph;

 private:
  struct Known {
    std::uint64_t version = 0;
    Value value;
  };
  /// A chain of factors, with those of the host apart.
  struct Product {
    Value host, step;
    bool of_step = false;
  };
  Value value(Ref e, const Environment& now);
  Product product(Ref e, const Environment& now);

  const Source& source_;
  const Syntax& syntax_;
  std::vector<Known> lets_;  ///< a let is worked out once in each call
  std::uint64_t version_ = 0;
  std::uint64_t work_ = 0;
  Place place_ = 0;
};

}  // namespace rheobase::language
