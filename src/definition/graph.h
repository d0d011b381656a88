// SPDX-License-Identifier: Apache-2.0
/// \file
/// The step while it is built: operations on values of a neuron, and beside them what follows from
/// parameters alone, which the host computes. Equal operations are made once, and simple ones
/// disappear.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <vector>

#include "definition/host_program.h"
#include "model/step_program.h"

namespace rheobase::language {

/// A number or a truth: of the host, or of the step.
struct Value {
  std::uint32_t place = 0;
  bool host = true;
  friend bool operator==(const Value&, const Value&) = default;
};

/// Thrown when there are more operations than any step can have.
struct TooLarge : std::runtime_error {
  TooLarge() : std::runtime_error("too many operations") {}
};

class Graph {
 public:
  static constexpr std::size_t kMostNodes = 65536;

  Value number(double x);
  Value parameter(std::uint32_t index);
  Value dt();
  Value state(std::uint32_t index);
  Value port(std::uint32_t index);
  /// Of the burst, so many half steps after its beginning.
  Value time(std::uint32_t half_steps);
  Value draw(model::Op op, std::uint32_t site, Value mean);

  /// Any operation but leaves and draws.
  Value apply(model::Op op, Value a, Value b = {}, Value c = {});
  Value add(Value a, Value b) { return apply(model::Op::add, a, b); }
  Value subtract(Value a, Value b) { return apply(model::Op::subtract, a, b); }
  Value multiply(Value a, Value b) { return apply(model::Op::multiply, a, b); }
  Value divide(Value a, Value b) { return apply(model::Op::divide, a, b); }
  Value negate(Value a) { return multiply(a, number(-1.0)); }
  Value exponential(Value a) { return apply(model::Op::exponential, a); }
  Value opposite(Value a) { return apply(model::Op::opposite, a); }
  Value select(Value condition, Value yes, Value no) {
    return apply(model::Op::select, condition, yes, no);
  }
  /// (e^x - 1) / x.
  Value exprel(Value x);
  /// What a state begins with: `value`, unless the population gives another. Host alone.
  Value first(std::uint32_t state, Value value);
  /// A time as a number of bursts. Host alone.
  Value bursts(Value time);
  /// e^M; `entries` are host values, row by row, numbers 0 where there is nothing.
  std::uint32_t matrix(const std::vector<Value>& entries, std::uint32_t size);
  Value entry(std::uint32_t matrix, std::uint32_t row, std::uint32_t column);

  [[nodiscard]] bool is_number(Value v, double x) const {
    return v.host && host_[v.place].kind == HostOp::number && host_[v.place].number == x;
  }
  /// As a value of the step: what the host computes becomes a parameter of it. The word of such an
  /// operation is the place on the host.
  std::uint32_t in_step(Value v);
  /// The same of a truth, which no parameter can be: it is compared with 0.
  Value truth_in_step(Value v);

  /// The value that stands there: of the host, if the step takes it from there.
  [[nodiscard]] Value value_at(std::uint32_t place) const;

  [[nodiscard]] const std::vector<HostOperation>& host() const { return host_; }
  [[nodiscard]] const std::vector<HostMatrix>& matrices() const { return matrices_; }
  [[nodiscard]] const std::vector<model::Operation>& step() const { return step_; }
  /// Where in the text a host value was made first.
  [[nodiscard]] std::uint32_t place_of(std::uint32_t host) const { return places_[host]; }
  void set_place(std::uint32_t place) { place_ = place; }

 private:
  using Key = std::array<std::uint64_t, 4>;

  static Key key_of(const model::Operation& o);
  Value on_host(const HostOperation& o);
  Value in_graph(model::Op op, Value a, Value b, Value c);
  Value node(model::Op op, Value a, Value b = {}, Value c = {});
  Value leaf(model::Op op, std::uint32_t word);
  Value add_step(const model::Operation& o);
  Value sum(Value a, Value b);
  Value difference(Value a, Value b);
  Value product(Value a, Value b);
  Value quotient(Value a, Value b);
  Value power(Value a, Value b);
  Value choice(Value condition, Value yes, Value no);
  /// If v is x times something that the host knows, not 1: x and that factor.
  bool split(Value v, Value& rest, Value& factor) const;
  bool is_negation(Value v, Value& of) const;
  [[nodiscard]] const model::Operation* operation(Value v) const {
    return v.host ? nullptr : &step_[v.place];
  }

  std::vector<HostOperation> host_;
  std::vector<std::uint32_t> places_;
  std::vector<HostMatrix> matrices_;
  std::vector<model::Operation> step_;
  std::map<Key, std::uint32_t> host_known_, step_known_;
  std::uint32_t place_ = 0;
};

}  // namespace rheobase::language
