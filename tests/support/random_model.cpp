// SPDX-License-Identifier: Apache-2.0
#include "support/random_model.h"

#include <algorithm>
#include <array>
#include <random>

#include "definition/limits.h"
#include "model/float_ops.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase::test {
namespace {

class Writer {
 public:
  explicit Writer(std::uint64_t seed) : random_(seed) {}

  std::string run() {
    text_ = "model random_one \"made by chance\"\n";
    declare();
    const std::uint32_t sections = 1 + below(3);
    for (std::uint32_t s = 0; s < sections; ++s) {
      section();
      if (one_in(3)) {
        let();
      }
    }
    text_ += "fire " + truth(2) + "\n";
    if (refractory_) {
      text_ += "refractory " + std::to_string(below(5)) + "*dt\n";
    }
    if (!one_in(4)) {
      text_ += "reset ";
      for (std::uint32_t i = 1 + below(3); i > 0; --i) {
        text_ += one_in(3) && !exponential_.empty() ? pick(exponential_) + " = " + value(1) + "\n"
                                                    : plain();
      }
    }
    return text_;
  }

 private:
  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(random_() % n); }
  bool one_in(std::uint32_t n) { return below(n) == 0; }
  const std::string& pick(const std::vector<std::string>& list) {
    return list[below(static_cast<std::uint32_t>(list.size()))];
  }
  /// From 2^-4 to 2^4, with a sign now and then.
  std::string number(bool positive = false) {
    const double size = static_cast<double>(1 + below(4096)) / static_cast<double>(256 + below(64));
    return (!positive && one_in(3) ? "(-" + number_text(size) + ")" : number_text(size));
  }

  // --- declarations

  void declare() {
    for (std::uint32_t i = 1 + below(4); i > 0; --i) {
      const std::string name = "p" + std::to_string(i);
      text_ += "param " + name + " = " + number(true) + (one_in(2) ? " in 0.001..100" : "") + "\n";
      parameters_.push_back(name);
    }
    for (std::uint32_t i = 1 + below(4); i > 0; --i) {
      const std::string name = "x" + std::to_string(i);
      static const std::array<std::string, 5> kRanges{"", "", " in -100..100", " in 0..1",
                                                      " in -1e9..1e12"};
      const std::string& range = kRanges[below(5)];
      const std::string first = states_.empty() || !one_in(3) ? host(1) : pick(states_) + "/2";
      text_ += "state " + name + " = " + (range == " in 0..1" ? "0.5" : first) + range + "\n";
      states_.push_back(name);
    }
    for (std::uint32_t i = below(4); i > 0; --i) {
      port("g" + std::to_string(i));
    }
    refractory_ = one_in(2);
    for (std::uint32_t i = below(3); i > 0; --i) {
      let();
    }
  }

  void port(const std::string& name) {
    text_ += "port " + name;
    const auto tau = [&] { return one_in(2) ? pick(parameters_) : number(true) + " ms"; };
    switch (below(4)) {
      case 0: text_ += " sum\n"; break;
      case 1:
        text_ += " exp " + tau() + "\n";
        exponential_.push_back(name);
        decaying_.push_back(name);
        break;
      case 2:
        text_ += " alpha " + tau() + "\n";
        decaying_.push_back(name);
        break;
      default:
        text_ += " dexp " + tau();
        text_ += ", " + tau() + "\n";
        decaying_.push_back(name);
    }
    ports_.push_back(name);
  }

  void let() {
    const std::string name = "l" + std::to_string(lets_.size());
    text_ += "let " + name + " = " + value(3) + "\n";
    lets_.push_back(name);
  }

  // --- expressions

  /// Of parameters alone, and positive.
  std::string host(std::uint32_t depth) {
    if (depth == 0 || one_in(2)) {
      return one_in(3) ? number(true) : one_in(6) ? "dt" : pick(parameters_);
    }
    static const std::array<std::string, 3> kSigns{" + ", "*", "/"};
    return "(" + host(depth - 1) + kSigns[below(3)] + host(depth - 1) + ")";
  }

  std::string value(std::uint32_t depth) { return one_in(4) ? host(1) : moving(depth); }

  /// Something that changes from burst to burst.
  std::string moving(std::uint32_t depth) {
    if (depth == 0) {
      const std::uint32_t kind = below(8);
      return kind == 0 && !ports_.empty()  ? pick(ports_)
             : kind == 1 && !lets_.empty() ? pick(lets_)
             : kind == 2                   ? draw()
             : kind == 3                   ? "t"
                                           : pick(states_);
    }
    const std::string a = moving(depth - 1);
    static const std::array<std::string, 4> kSigns{" + ", " - ", "*", "/"};
    static const std::array<std::string, 8> kCalls{"exp", "log", "sqrt", "tanh",
                                                   "sin", "cos", "abs",  "floor"};
    switch (below(12)) {
      case 0: return kCalls[below(8)] + "(" + a + ")";
      case 1: return "exp(-abs(" + a + ")/10)";
      case 2: return (one_in(2) ? "min(" : "max(") + a + ", " + value(depth - 1) + ")";
      case 3: return "clamp(" + a + ", " + number() + ", " + value(depth - 1) + ")";
      case 4: return "(" + a + ")^" + (one_in(2) ? std::to_string(below(6)) : value(0));
      case 5: return "exprel(" + a + ")";
      case 6: return "(" + a + " if " + truth(depth - 1) + " else " + value(depth - 1) + ")";
      case 7: return "(-" + a + ")";
      case 8: return "(" + value(depth - 1) + kSigns[below(4)] + a + ")";
      default: return "(" + a + kSigns[below(4)] + value(depth - 1) + ")";
    }
  }

  std::string draw() {
    switch (below(4)) {
      case 0: return "uniform()";
      case 1: return "normal()";
      case 2: return "poisson(" + (one_in(2) ? pick(parameters_) : pick(states_)) + ")";
      default: return "(1 if bernoulli(0.25) else 0)";
    }
  }

  std::string truth(std::uint32_t depth) {
    if (depth > 0 && one_in(3)) {
      const std::string a = truth(depth - 1);
      return one_in(3) ? "not (" + a + ")"
                       : "(" + a + (one_in(2) ? " and " : " or ") + truth(depth - 1) + ")";
    }
    if (refractory_ && one_in(5)) {
      return "refractory";
    }
    static const std::array<std::string, 6> kSigns{" < ", " <= ", " > ", " >= ", " == ", " != "};
    return moving(depth) + kSigns[below(6)] + value(depth);
  }

  // --- statements

  std::string unless() { return one_in(4) ? " unless " + truth(1) + "\n" : "\n"; }

  std::string plain() {
    static const std::array<std::string, 4> kSigns{" = ", " += ", " -= ", " *= "};
    return "  " + pick(states_) + kSigns[below(4)] + value(2) + unless();
  }

  void section() {
    static const std::array<std::string, 5> kMethods{"euler", "midpoint", "rk4",
                                                     "exponential_euler", "exact"};
    const std::uint32_t method = below(5);
    text_ += "step " + kMethods[method] + "\n";
    std::vector<std::string> system = states_;
    std::shuffle(system.begin(), system.end(), random_);
    system.resize(1 + below(static_cast<std::uint32_t>(std::min<std::size_t>(system.size(), 3))));
    for (const std::string& x : system) {
      const std::string rate = method == 4 ? linear(system)
                               : method == 3
                                   ? "(" + number() + " - " + x + "*" + coefficient(x) + ")"
                                   : value(2);
      text_ += "  " + x + "' = " + rate + unless();
    }
    for (std::uint32_t i = below(3); i > 0; --i) {
      text_ += plain();
    }
  }

  /// What does not depend on x.
  std::string coefficient(const std::string& x) {
    const std::string& other = pick(states_);
    return other == x ? host(1) : "(" + other + " + " + host(0) + ")";
  }

  std::string linear(const std::vector<std::string>& system) {
    std::string sum = "-" + pick(system) + "/" + host(0);
    for (std::uint32_t i = below(3); i > 0; --i) {
      sum += " + " + host(0) + "*" + pick(system);
    }
    if (!decaying_.empty() && one_in(2)) {
      sum += " - " + pick(decaying_) + "*" + number();
    }
    return sum + " + " + (one_in(2) ? draw() : host(1));
  }

  std::mt19937_64 random_;
  std::string text_;
  std::vector<std::string> parameters_, states_, ports_, lets_, exponential_, decaying_;
  bool refractory_ = false;
};

bool usable(const std::string& text) {
  try {
    const auto definition = parse_definition(text, "a random model");
    std::vector<double> parameters;
    for (const Definition::Parameter& p : definition->parameters) {
      parameters.push_back(p.value);
    }
    for (const double dt : {0.1, 0.5, 1.0}) {
      (void)definition->constants(parameters, dt);
      (void)definition->initial(parameters, dt);
    }
    return true;
  } catch (const Error&) {
    return false;  // a constant division by 0, say, or too many operations
  }
}

float usual(std::mt19937_64& random, float lowest, float highest) {
  const float unit = static_cast<float>(static_cast<double>(random() >> 40U) * 0x1p-24);
  switch (random() % 8) {
    case 0: return lowest;
    case 1: return highest;
    case 2: return std::clamp(0.0F, lowest, highest);
    case 3: return std::clamp(0x1.8p-126F, lowest, highest);
    default: {
      const float low = std::max(lowest, -100.0F);
      const float high = std::min(highest, 100.0F);
      return model::canonical(low + unit * (high - low));
    }
  }
}

}  // namespace

std::string random_model(std::uint64_t seed) {
  for (std::uint64_t attempt = 0;; ++attempt) {
    std::string text = Writer(seed * 1000003U + attempt).run();
    if (usable(text)) {
      return text;
    }
  }
}

std::vector<float> random_states(const Definition& definition, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<float> states;
  for (const Definition::State& s : definition.states) {
    float x = usual(random, s.lowest, s.highest);
    if (s.name == "refractory") {
      x = static_cast<float>(random() % 3);
    }
    states.push_back(x);
  }
  return states;
}

std::vector<float> random_arrivals(const Definition& definition, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<float> arrivals;
  for (std::size_t p = 0; p < definition.ports.size(); ++p) {
    const float most = random() % 16 == 0 ? language::kLargestArrival : 10.0F;
    arrivals.push_back(random() % 2 == 0 ? 0.0F : usual(random, -most, most));
  }
  return arrivals;
}

}  // namespace rheobase::test
