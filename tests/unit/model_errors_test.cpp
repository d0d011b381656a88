// SPDX-License-Identifier: Apache-2.0
// Definitions that are wrong: one sentence that names the place, the reason and what would mend it.
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "rheobase/error.h"
#include "rheobase/model.h"
#include "support/one_neuron.h"
#include "support/random_model.h"

namespace rheobase::test {
namespace {

std::string refusal_of(const std::string& text) {
  try {
    (void)Model::parse(text, "x.model");
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::invalid_file) << e.what();
    const std::string said = e.what();
    EXPECT_TRUE(said.back() == '.' || said.back() == '?') << said;
    return said;
  }
  return "";
}

#define EXPECT_REFUSED(text, part)                                     \
  do {                                                                 \
    const std::string said = refusal_of(text);                         \
    EXPECT_NE(said.find(part), std::string::npos) << "said: " << said; \
  } while (false)

/// A model with these lines between its states and its end.
std::string model(const std::string& lines) {
  return "model m\nparam tau = 10, V_th = 5\nstate v = 0, w = 0\nport ge exp 2, I sum\n" + lines +
         "\nfire v >= V_th\n";
}

TEST(ModelErrors, NamePlaceReasonAndMend) {
  EXPECT_EQ(refusal_of(model("step\n  v' = (w - v)/taw")),
            "x.model, line 6, column 16: 'taw' is not known. Did you mean 'tau'?");
  EXPECT_EQ(refusal_of("model m\nstate v = 0 # ü\nstep v = 1\nfire \"ü\" + v"),
            "x.model, line 4, column 7: expected a number, a name or '(', found the text 'ü' (an "
            "expression begins with one). Correct it.");
}

TEST(ModelErrors, Names) {
  EXPECT_REFUSED(model("step v = mystery"), "'mystery' is not known. Parameters, states");
  EXPECT_REFUSED(model("step q = 1"), "'q' is no state");
  EXPECT_REFUSED(model("state V_tj = 0\nstep V_t = 1"), "Did you mean 'V_tj'?");
  EXPECT_REFUSED(model("let a = b\nlet b = 1\nstep v = a"),
                 "'b' is used before it is set (line 6)");
  EXPECT_REFUSED(model("step v = late\nlet late = 1"), "used before it is set (line 6)");
  EXPECT_REFUSED(model("step late = 1\nstate late = 0"), "used before it is set (line 6)");
  EXPECT_REFUSED(model("let a = a + 1\nstep v = a"), "stands in its own value");
  EXPECT_REFUSED(model("state v = 1\nstep v = 1"), "'v' is there already (line 3)");
  EXPECT_REFUSED(model("param I = 1\nstep v = 1"), "'I' is there already (line 4)");
  EXPECT_REFUSED(model("param exp = 1\nstep v = 1"), "'exp' cannot be the name of a parameter");
  EXPECT_REFUSED(model("let dt = 1\nstep v = 1"), "'dt' cannot be the name");
  EXPECT_REFUSED("model in\nstate v = 0\nstep v = 1\nfire v > 1", "'in' cannot be the name");
}

TEST(ModelErrors, Changes) {
  EXPECT_REFUSED(model("step tau = 1"), "'tau' cannot change (it is no state but a parameter)");
  EXPECT_REFUSED(model("let a = 1\nstep a = 1"), "no state but a let");
  EXPECT_REFUSED(model("step ge = 1"), "a step cannot change the port 'ge'");
  EXPECT_REFUSED(model("step v = 1\nreset I = 0"), "it holds one burst only");
  EXPECT_REFUSED("model m\nstate v = 0\nport a alpha 2\nstep v = 1\nfire v > 1\nreset a = 0",
                 "it is the sum of two");
  EXPECT_REFUSED(model("step\n v' = 1\n v' = 2"), "two derivatives");
  EXPECT_REFUSED(model("step v = 1\nreset v' = 1"), "a reset has no derivatives");
  EXPECT_REFUSED(model("step v' += 1"), "expected '='");
  EXPECT_REFUSED(model("step"), "`step` has at least one");
  EXPECT_REFUSED(model("step v"), "'v' is no method");
  EXPECT_REFUSED(model("step v = 1\nv 2"), "it follows the name of a state");
}

TEST(ModelErrors, Kinds) {
  EXPECT_REFUSED(model("step v = v > 1"), "a number is needed here (this is a truth)");
  EXPECT_REFUSED(model("step v = 1 unless w"), "a truth is needed here (this is a number)");
  EXPECT_REFUSED(model("step v = 1 if w else 2"), "a truth is needed");
  EXPECT_REFUSED(model("step v = 1 if not w else 2"), "a truth is needed");
  EXPECT_REFUSED(model("step v = 1 if 1 < v < 2 else 2"), "a number is needed");
  EXPECT_REFUSED(model("let t = v > 1\nstep v = t + 1"), "a number is needed");
  EXPECT_REFUSED(model("step v = exp(v > 1)"), "a number is needed");
  EXPECT_REFUSED(model("step v = -(v > 1)"), "a number is needed");
  EXPECT_REFUSED(model("step v = 1 if refractory else 0"), "has no refractory period");
  EXPECT_REFUSED("model m\nstate v = 0\nstep v = 1\nfire v", "a truth is needed");
}

TEST(ModelErrors, Functions) {
  EXPECT_REFUSED(model("step v = exp(v, w)"), "'exp' takes 1 argument (here are 2)");
  EXPECT_REFUSED(model("step v = max(v)"), "'max' takes 2 arguments (here are 1)");
  EXPECT_REFUSED(model("step v = uniform(1)"), "'uniform' takes 0 arguments");
  EXPECT_REFUSED(model("step v = tanj(v)"), "'tanj' is no function. Did you mean 'tanh'?");
  EXPECT_REFUSED(model("step v = tau(v)"), "'tau' is no function");
  EXPECT_REFUSED(model("step v = exp + 1"), "'exp' is a function (its arguments are missing)");
}

TEST(ModelErrors, UnitsMethodsKinds) {
  EXPECT_REFUSED(model("param a = 2 mv\nstep v = 1"),
                 "'mv' is no unit that is known. Did you mean 'mV'?");
  EXPECT_REFUSED(model("step v = 2 v"), "is no unit that is known");
  EXPECT_REFUSED(model("param a = 2 mV mV\nstep v = 1"), "there is a unit before it");
  EXPECT_REFUSED(model("state x = tau V\nstep v = 1"),
                 "'x' cannot be in V (the step computes in mV)");
  EXPECT_REFUSED(model("port p sum nA\nstep v = 1"), "'p' cannot be in nA");
  EXPECT_REFUSED(model("param a = 2 mV in 1 ms..2 ms\nstep v = 1"), "they do not fit");
  EXPECT_REFUSED(model("step eler\n v' = 1"), "'eler' is no method. Did you mean 'euler'?");
  EXPECT_REFUSED(model("port p expo 2\nstep v = 1"),
                 "'expo' is no kind of port. Did you mean 'exp'?");
  EXPECT_REFUSED(model("port p 2\nstep v = 1"), "'2' is no kind of port");
  EXPECT_REFUSED(model("port p dexp 2\nstep v = 1"), "dexp has two time constants");
  EXPECT_REFUSED(model("port p sum in 0..1\nstep v = 1"), "a port has no range");
}

TEST(ModelErrors, Statements) {
  EXPECT_REFUSED("", "a definition begins with it");
  EXPECT_REFUSED("\n\n", "'model NAME'");
  EXPECT_REFUSED("state v = 0", "line 1, column 1: expected 'model NAME'");
  EXPECT_REFUSED("model m\nstate v = 0\nstep v = 1", "never fires");
  EXPECT_REFUSED(model("step v = 1\nfire v > 2"), "'fire' stands twice");
  EXPECT_REFUSED(model("step v = 1\nrefractory 1\nrefractory 2"), "'refractory' stands twice");
  EXPECT_REFUSED(model("step v = 1\nreset v = 1\nfire v > 1\nreset v = 2"), "stands twice");
  EXPECT_REFUSED(model("step v = 1\nmodel n"), "'model' stands twice");
  EXPECT_REFUSED(model("parm a = 1\nstep v = 1"),
                 "'parm' begins no statement. Did you mean 'param'?");
  EXPECT_REFUSED(model("step v = 1\nrefractroy 2"), "Did you mean 'refractory'?");
  EXPECT_REFUSED(model("v = 1"), "'v' begins no statement");
  EXPECT_REFUSED(model("step v = 1 2"), "expected the end of the line, found '2'");
  EXPECT_REFUSED(model("step v = 1 if v > 2"), "expected 'else'");
  EXPECT_REFUSED(model("param 3 = 1\nstep v = 1"),
                 "expected a name, found '3' (that of a parameter)");
  EXPECT_REFUSED(model("param a 1\nstep v = 1"), "it gives 'a' its value");
}

TEST(ModelErrors, Words) {
  EXPECT_REFUSED(model("step v = (1 + 2"), "this '(' is never closed");
  EXPECT_REFUSED(model("step v = 1)"), "this ')' closes nothing");
  EXPECT_REFUSED(model("step v = 1 +;"), "something is missing before this ';'");
  EXPECT_REFUSED(model("step v = (1;2)"), "within parentheses");
  EXPECT_REFUSED(model("step v = 1 $ 2"), "the character '$' means nothing here");
  EXPECT_REFUSED(model("step v = 1 · 2"), "the character '·'");
  EXPECT_REFUSED(model("param a = 1 \"no end\nstep v = 1"), "this text has no end");
  EXPECT_REFUSED(model("step v = 1e999"), "is too large");
  EXPECT_REFUSED(model("step v = 1..2"), "expected the end of the line, found '..'");
  EXPECT_REFUSED(model("step v = *2"), "expected a number, a name or '('");
  EXPECT_REFUSED(std::string("model m\0", 8), "this is no text (the byte '\\x00')");
  EXPECT_REFUSED("model m \"\xff\"", "this is no text (the byte '\\xff')");
  EXPECT_REFUSED("model m \"\x1b[1m\"", "this is no text");
  EXPECT_REFUSED("model m \"\xed\xa0\x80\"", "this is no text");
}

TEST(ModelErrors, Numbers) {
  EXPECT_REFUSED(model("param a = 1 in 2..3\nstep v = 1"), "'a' is 1 (its range is 2..3)");
  EXPECT_REFUSED(model("param a = 1 in 3..2\nstep v = 1"), "the range 3..2 is empty");
  EXPECT_REFUSED(model("param a = 1 in 0..1e30\nstep v = 1"), "the range is too wide");
  EXPECT_REFUSED(model("param a = tau\nstep v = 1"), "a number is needed here (the values of");
  EXPECT_REFUSED(model("param a = 1/0\nstep v = 1"), "this divides by 0");
  EXPECT_REFUSED(model("step v = v/0"), "line 5, column 6: a number here is beyond");
  EXPECT_REFUSED(model("step v = v + exp(1000)"), "a number here is beyond");
  EXPECT_REFUSED(model("step v = v*log(-1)"), "a number here is beyond");
  EXPECT_REFUSED(model("state x = 5 in 0..1\nstep v = 1"),
                 "the first value of 'x' is 5 (its range is 0 to 1)");
  EXPECT_REFUSED(model("state x = tau/0\nstep v = 1"), "the first value of 'x' is inf");
  EXPECT_REFUSED(model("state x = 1 in 1..1\nstep v = 1"), "'x' cannot change");
}

TEST(ModelErrors, ParametersWhereNothingMayChange) {
  EXPECT_REFUSED(model("port p exp v\nstep v = 1"), "parameters alone can stand here ('v' changes");
  EXPECT_REFUSED(model("port p exp t\nstep v = 1"), "parameters alone can stand here ('t' changes");
  EXPECT_REFUSED(model("step v = 1\nrefractory t"), "('t' changes");
  EXPECT_REFUSED(model("state x = t\nstep v = 1"),
                 "parameters and states above can stand here ('t' changes from burst to burst).");
  EXPECT_REFUSED(model("let a = v + t\nstate x = a\nstep v = 1"), "('a' changes");
  EXPECT_REFUSED(model("let a = 2*I\nstate x = a\nstep v = 1"), "('a' changes");
  EXPECT_REFUSED(model("state x = normal()\nstep v = 1"), "(a draw changes");
  EXPECT_REFUSED(model("port p exp w\nstep v = 1"), "('w' changes");
  EXPECT_REFUSED(model("step v = 1\nrefractory v"), "('v' changes");
  EXPECT_REFUSED(model("step v = 1\nrefractory 1 if refractory else 2"), "('refractory' changes");
}

TEST(ModelErrors, FirstValues) {
  EXPECT_REFUSED(model("state x = y, y = 1\nstep v = 1"),
                 "line 5, column 11: 'y' is used before it is set (line 5). Move that line up.");
  EXPECT_REFUSED(model("state x = y\nstep v = 1\nstate y = 1"), "before it is set (line 7)");
  EXPECT_REFUSED(model("state x = 2*x\nstep v = 1"), "'x' stands in its own value");
  EXPECT_REFUSED(model("state x = I\nstep v = 1"), "('I' changes");
  EXPECT_REFUSED(model("state x = v + 1 in 2..3\nstep v = 1"), "the first value of 'x' is 1");
}

TEST(ModelErrors, Methods) {
  for (const std::string rate : {"v*v", "exp(v)", "v*w", "ge*(1 - v)", "v/w", "1/v", "exp(ge)",
                                 "v if w > 1 else 2*v", "min(v, 1)"}) {
    EXPECT_REFUSED(model("step exact\n v' = " + rate + "\n w' = -w"), "Use exponential_euler");
  }
  for (const std::string rate : {"v*v", "exp(v)", "w/v", "1 if v > 1 else 0", "abs(v)"}) {
    EXPECT_REFUSED(model("step exponential_euler\n v' = " + rate), "Use midpoint or rk4");
  }
  EXPECT_EQ(refusal_of(model("step exact\n v' = w*w - v")), "");
  EXPECT_EQ(refusal_of(model("step exponential_euler\n v' = v*w*exp(w)/I + I")), "");
}

TEST(ModelErrors, Limits) {
  std::string deep = "v";
  for (int i = 0; i < 20000; ++i) {
    deep = "(" + deep + ")";
  }
  EXPECT_REFUSED(model("step v = " + deep), "nested too deeply");
  EXPECT_REFUSED(model("step v = " + std::string(20000, '-') + "v"), "nested too deeply");
  EXPECT_REFUSED(model("step v = " + std::string(20000, '+') + "v"), "nested too deeply");
  std::string sum = "v";
  std::string nots;
  std::string powers = "v";
  std::string choices = "v";
  std::string calls;
  for (int i = 0; i < 4000; ++i) {
    sum += " + v";
    nots += "not ";
    powers += "^v";
    choices += " if v > 1 else v";
    calls += "exp(";
  }
  EXPECT_REFUSED(model("step v = " + sum), "nested too deeply");
  EXPECT_REFUSED(model("step v = 1 if " + nots + "v else 0"), "nested too deeply");
  EXPECT_REFUSED(model("step v = " + powers), "nested too deeply");
  EXPECT_REFUSED(model("step v = " + choices.substr(0, 60000)), "nested too deeply");
  EXPECT_REFUSED(model("step v = " + calls), "never closed");
  EXPECT_REFUSED(model("step v = " + calls + "v" + std::string(4000, ')')), "nested too deeply");
  EXPECT_REFUSED(model(std::string(70000, ' ')), "too long (");

  std::string lets;
  std::string before = "v";
  for (int i = 0; i < 2000; ++i) {
    const std::string name = "l" + std::to_string(i);
    lets += "let " + name + " = " + before + "*" + before + "\n";
    before = name;
  }
  EXPECT_REFUSED(model(lets + "step v = " + before), "nested too deeply");

  std::string many = "step\n";
  for (int i = 0; i < 3000; ++i) {
    many += "v = exp(v)+w\n";
  }
  EXPECT_REFUSED(model(many), "too many operations");
  std::string states;
  for (int i = 0; i < 31; ++i) {
    states += "state s" + std::to_string(i) + " = 0\n";
  }
  EXPECT_REFUSED(model(states + "step v = 1"), "too many states (34 with those of its ports");
  std::string ports;
  for (int i = 0; i < 9; ++i) {
    ports += "port p" + std::to_string(i) + " sum\n";
  }
  EXPECT_REFUSED(model(ports + "step v = 1"), "too many ports");
  std::string inputs = "0";
  for (int i = 0; i < 70; ++i) {
    inputs += " + w + v*normal()";
  }
  EXPECT_REFUSED(model("step exact\n w' = " + inputs), "too large for exact");
}

TEST(ModelErrors, ModelsThatAreNotThere) {
  try {
    (void)Model::named("iaf_psc_exq");
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::invalid_argument);
    EXPECT_NE(std::string(e.what()).find("Did you mean 'iaf_psc_exp'?"), std::string::npos)
        << e.what();
  }
}

TEST(ModelErrors, DamagedTextNeverDoesMore) {
  std::mt19937_64 random(7);
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const std::string good =
        seed % 2 == 0 ? random_model(seed) : Model::named(Model::names()[seed % 8]).text();
    for (int trial = 0; trial < 40; ++trial) {
      std::string text = good;
      const std::size_t at = random() % text.size();
      switch (random() % 4) {
        case 0: text.resize(at); break;
        case 1: text.erase(at, 1 + random() % 8); break;
        case 2: text[at] = static_cast<char>(random()); break;
        default: text.insert(at, text.substr(random() % text.size(), random() % 20));
      }
      (void)refusal_of(text);
    }
  }
}

}  // namespace
}  // namespace rheobase::test
