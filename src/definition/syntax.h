// SPDX-License-Identifier: Apache-2.0
/// \file
/// What a definition says, as it stands in the text: expressions, declarations, statements.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/step_program.h"

namespace rheobase::language {

/// Where something stands: bytes from the beginning of the text.
using Place = std::uint32_t;
/// Of an expression among all of a definition.
using Ref = std::uint32_t;
inline constexpr Ref kNone = 0xFFFFFFFFU;

/// How deep expressions may be nested, with the `let`s that they use.
inline constexpr std::uint32_t kMostDepth = 300;

enum class Form : std::uint8_t {
  number,     ///< `number`, units converted
  name,       ///< of a parameter, state, port, let, `dt`, `t` or `refractory`
  operation,  ///< `op` of a, b, c
  negate,
  relative,  ///< exprel(a)
};

enum class Symbol : std::uint8_t { parameter, state, port, let, dt, time, refractory };

/// The most that a value depends on; each includes those before it.
enum class Dependence : std::uint8_t {
  parameters,
  states,  ///< known before the first burst, too
  bursts,
};

struct Expression {
  Form form = Form::number;
  model::Op op = model::Op::constant;
  Symbol symbol = Symbol::parameter;            ///< of a name, known after the check
  Dependence depends = Dependence::parameters;  ///< known after the check
  Place at = 0;
  Ref a = kNone, b = kNone, c = kNone;
  double number = 0.0;
  std::string_view name;    ///< of a number: its unit
  std::uint32_t index = 0;  ///< of the parameter, state, port or let; the site of a draw
  std::uint32_t depth = 1;
};

/// A unit that stood behind a number or a name: `factor` of it make one of `base`.
struct Unit {
  std::string_view name, base;
  double factor = 1.0;  ///< one `name` is so many `base`
};

struct Range {
  double lowest = 0.0, highest = 0.0;
};

/// A parameter, state, port or let.
struct Declared {
  std::string_view name;
  Place at = 0;
  Ref value = kNone;    ///< of a parameter a number; the first one of a state
  double number = 0.0;  ///< of a parameter, in its unit
  std::optional<Unit> unit;
  std::optional<Range> range;
  std::string_view lowest_parameter, highest_parameter;  ///< where the range ends, if named there
  std::string_view meaning;
};

enum class PortKind : std::uint8_t { sum, exponential, alpha, difference };

struct DeclaredPort : Declared {
  PortKind kind = PortKind::sum;
  Ref rise = kNone, decay = kNone;  ///< time constants, in ms
};

enum class Change : std::uint8_t { set, add, subtract, multiply, derivative };

struct Statement {
  std::string_view name;
  Place at = 0;
  Change change = Change::set;
  Ref value = kNone;
  Ref unless = kNone;  ///< a truth, or none
  Symbol symbol = Symbol::state;
  std::uint32_t index = 0;  ///< of the state or port, known after the check
};

enum class Method : std::uint8_t { exact, euler, midpoint, rk4, exponential_euler };

struct Section {
  Method method = Method::euler;
  Place at = 0;
  std::vector<Statement> statements;
};

struct Syntax {
  std::string_view name, title;
  std::vector<Expression> expressions;
  std::vector<Declared> parameters, states, lets;
  std::vector<DeclaredPort> ports;
  std::vector<Section> steps;
  Ref fire = kNone;
  Ref refractory = kNone;
  Place refractory_at = 0;
  std::vector<Statement> reset;
  std::uint32_t sites = 0;  ///< of draws
};

}  // namespace rheobase::language
