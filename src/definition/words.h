// SPDX-License-Identifier: Apache-2.0
/// \file
/// The words that the language knows: keywords, units, functions, methods, kinds of ports.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "definition/syntax.h"

namespace rheobase::language {

inline constexpr std::array<std::string_view, 9> kStatements{
    "model", "param", "state", "port", "let", "step", "fire", "refractory", "reset"};
inline constexpr std::array<std::string_view, 7> kOtherWords{"unless", "in", "if", "else",
                                                             "and",    "or", "not"};

/// What stands behind numbers, and what it is converted to.
inline constexpr std::array<Unit, 20> kUnits{{
    {"ms", "ms", 1.0},   {"s", "ms", 1e3},    {"us", "ms", 1e-3},     {"mV", "mV", 1.0},
    {"V", "mV", 1e3},    {"uV", "mV", 1e-3},  {"pA", "pA", 1.0},      {"nA", "pA", 1e3},
    {"uA", "pA", 1e6},   {"nS", "nS", 1.0},   {"pS", "nS", 1e-3},     {"uS", "nS", 1e3},
    {"mS", "nS", 1e6},   {"pF", "pF", 1.0},   {"nF", "pF", 1e3},      {"uF", "pF", 1e6},
    {"Hz", "kHz", 1e-3}, {"kHz", "kHz", 1.0}, {"MOhm", "GOhm", 1e-3}, {"GOhm", "GOhm", 1.0},
}};

enum class Call : std::uint8_t { plain, clamp, relative, bernoulli };
struct Function {
  std::string_view name;
  std::uint32_t arguments = 1;
  model::Op op = model::Op::constant;
  Call call = Call::plain;
};
inline constexpr std::array<Function, 17> kFunctions{{
    {"exp", 1, model::Op::exponential},
    {"log", 1, model::Op::logarithm},
    {"sqrt", 1, model::Op::square_root},
    {"tanh", 1, model::Op::hyperbolic_tangent},
    {"sin", 1, model::Op::sine},
    {"cos", 1, model::Op::cosine},
    {"abs", 1, model::Op::absolute},
    {"min", 2, model::Op::minimum},
    {"max", 2, model::Op::maximum},
    {"clamp", 3, model::Op::constant, Call::clamp},
    {"floor", 1, model::Op::round_down},
    {"pow", 2, model::Op::power},
    {"exprel", 1, model::Op::constant, Call::relative},
    {"uniform", 0, model::Op::uniform},
    {"normal", 0, model::Op::normal},
    {"poisson", 1, model::Op::poisson},
    {"bernoulli", 1, model::Op::uniform, Call::bernoulli},
}};

struct NamedMethod {
  std::string_view name;
  Method method;
};
inline constexpr std::array<NamedMethod, 5> kMethods{
    {{"exact", Method::exact},
     {"euler", Method::euler},
     {"midpoint", Method::midpoint},
     {"rk4", Method::rk4},
     {"exponential_euler", Method::exponential_euler}}};

struct NamedPort {
  std::string_view name;
  PortKind kind;
};
inline constexpr std::array<NamedPort, 4> kPorts{{{"sum", PortKind::sum},
                                                  {"exp", PortKind::exponential},
                                                  {"alpha", PortKind::alpha},
                                                  {"dexp", PortKind::difference}}};

/// The row of that name; null if there is none.
template <class Table>
[[nodiscard]] constexpr auto find_word(const Table& table, std::string_view name)
    -> decltype(&table[0]) {
  for (const auto& row : table) {
    if (row.name == name) {
      return &row;
    }
  }
  return nullptr;
}
template <class Table>
[[nodiscard]] constexpr auto names_of(const Table& table) {
  std::array<std::string_view, std::tuple_size_v<Table>> names{};
  for (std::size_t i = 0; i < names.size(); ++i) {
    names[i] = table[i].name;
  }
  return names;
}
[[nodiscard]] constexpr bool is_one_of(std::span<const std::string_view> words,
                                       std::string_view word) {
  for (const std::string_view w : words) {
    if (w == word) {
      return true;
    }
  }
  return false;
}
/// Words that structure a definition: they end an expression.
[[nodiscard]] constexpr bool is_keyword(std::string_view word) {
  return is_one_of(kStatements, word) || is_one_of(kOtherWords, word);
}
/// Words that cannot be names.
[[nodiscard]] constexpr bool is_reserved(std::string_view word) {
  return is_keyword(word) || word == "dt" || find_word(kFunctions, word) != nullptr;
}

}  // namespace rheobase::language
