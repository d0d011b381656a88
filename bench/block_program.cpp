// SPDX-License-Identifier: Apache-2.0
// What the step of a user's model costs on the CPU, in nanoseconds a neuron and step on one thread:
//   cmake --build --preset tests --target rheobase_block_bench
//   build/tests/rheobase_block_bench [NEURONS [MODEL]]
// The minimum of many stretches, since machines are shared.
#include "backends/cpu/block_program.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "model/float_ops.h"
#include "model/random.h"

namespace {

using rheobase::BlockProgram;
using rheobase::InstructionSet;
using rheobase::kBlock;
using rheobase::model::Op;
using rheobase::model::StepProgram;

/// Places of a program under construction, with the operators that one would write.
struct Writer;
struct Value {
  Writer* writer = nullptr;
  std::uint32_t place = 0;
};
struct Writer {
  StepProgram program;
  Value put(Op op, Value a = {}, Value b = {}, Value c = {}, std::uint32_t word = 0) {
    program.operations.push_back({op, a.place, b.place, c.place, word});
    return {this, static_cast<std::uint32_t>(program.operations.size() - 1)};
  }
  Value number(float x) { return put(Op::constant, {}, {}, {}, rheobase::model::bits_of(x)); }
  Value state(std::uint32_t s) { return put(Op::state, {}, {}, {}, s); }
  Value port(std::uint32_t p) {
    program.ports = std::max(program.ports, p + 1);
    return put(Op::port, {}, {}, {}, p);
  }
  StepProgram ends(std::initializer_list<Value> next, Value fires) {
    for (const Value& v : next) {
      program.next.push_back(v.place);
    }
    program.fires = fires.place;
    return program;
  }
};
Value operator+(Value a, Value b) { return a.writer->put(Op::add, a, b); }
Value operator-(Value a, Value b) { return a.writer->put(Op::subtract, a, b); }
Value operator*(Value a, Value b) { return a.writer->put(Op::multiply, a, b); }
Value operator/(Value a, Value b) { return a.writer->put(Op::divide, a, b); }
Value operator+(Value a, float b) { return a + a.writer->number(b); }
Value operator-(Value a, float b) { return a - a.writer->number(b); }
Value operator-(float a, Value b) { return b.writer->number(a) - b; }
Value operator*(Value a, float b) { return a * a.writer->number(b); }
Value operator/(float a, Value b) { return b.writer->number(a) / b; }
Value less(Value a, Value b) { return a.writer->put(Op::less, a, b); }
Value at_least(Value a, float b) { return a.writer->put(Op::less_equal, a.writer->number(b), a); }
Value choose(Value truth, Value yes, Value no) {
  return truth.writer->put(Op::select, truth, yes, no);
}
Value choose(Value truth, float yes, Value no) {
  return choose(truth, truth.writer->number(yes), no);
}
Value exp(Value a) { return a.writer->put(Op::exponential, a); }

// The models of shared/proto/models/vm.cpp, operation for operation.
StepProgram psc_exp() {
  Writer w;
  const Value v = w.state(0);
  const Value g = w.state(1);
  const Value r = w.state(2);
  const Value waits = less(w.number(0.0F), r);
  const Value moved = v * 0.990049834F + g * 0.0007644F + 0.3F;
  const Value held = choose(waits, v, moved);
  const Value current = g * 0.818730753F + w.port(0);
  const Value left = choose(waits, r - 1.0F, r);
  const Value fires = at_least(held, 15.0F);
  return w.ends({choose(fires, 0.0F, held), current, choose(fires, 20.0F, left)}, fires);
}

StepProgram izhikevich() {
  Writer w;
  Value v = w.state(0);
  const Value u = w.state(1);
  const Value in = w.port(0);
  for (int half = 0; half < 2; ++half) {
    const Value q = (v * 0.04F + 5.0F) * v + 140.0F - u + in;
    v = v + q * 0.5F;
  }
  const Value next_u = u + (v * 0.2F - u) * 0.02F;
  const Value fires = at_least(v, 30.0F);
  return w.ends({choose(fires, -65.0F, v), choose(fires, next_u + 8.0F, next_u)}, fires);
}

StepProgram adex() {
  Writer s;
  const Value v = s.state(0);
  const Value w = s.state(1);
  const Value g = s.state(2);
  const Value r = s.state(3);
  const Value waits = less(s.number(0.0F), r);
  const Value e = exp((v - -50.4F) * 0.5F);
  const Value leak = (-70.6F - v) * 30.0F;
  const Value current = e * 60.0F + leak + g - w + 800.0F;
  const Value moved = v + current * 0.000355872F;
  const Value next_w = w + ((v - -70.6F) * 4.0F - w) * 0.000694444F;
  const Value next_g = g * 0.98F + s.port(0);
  const Value held = choose(waits, v, moved);
  const Value left = choose(waits, r - 1.0F, r);
  const Value fires = at_least(held, -40.0F);
  return s.ends({choose(fires, -70.6F, held), choose(fires, next_w + 80.5F, next_w), next_g,
                 choose(fires, 20.0F, left)},
                fires);
}

/// Traub and Miles, exponential Euler: ten exponentials, seven divisions.
StepProgram hodgkin_huxley() {
  constexpr float kStep = 0.05F;
  Writer w;
  const Value v = w.state(0);
  const Value ge = w.state(4);
  const Value gi = w.state(5);
  const Value x = v - -63.0F;
  const auto linear = [&](Value distance, float factor) {
    const Value y = distance * factor;
    const Value e = exp(y) - 1.0F;
    const Value zero = less(w.put(Op::absolute, y), w.number(0x1p-15F));
    return choose(zero, 1.0F, y / choose(zero, 1.0F, e));
  };
  const Value am = linear(13.0F - x, 0.25F) * 1.28F;
  const Value bm = linear(x - 40.0F, 0.2F) * 1.4F;
  const Value ah = exp((17.0F - x) * 0.0555555556F) * 0.128F;
  const Value bh = 4.0F / (exp((40.0F - x) * 0.2F) + 1.0F);
  const Value an = linear(15.0F - x, 0.2F) * 0.16F;
  const Value bn = exp((10.0F - x) * 0.025F) * 0.5F;
  const auto gate = [&](Value y, Value a, Value b) {
    const Value sum = a + b;
    const Value end = a / sum;
    return (y - end) * exp(sum * -kStep) + end;
  };
  const Value m = gate(w.state(1), am, bm);
  const Value h = gate(w.state(2), ah, bh);
  const Value n = gate(w.state(3), an, bn);
  const Value gna = m * m * m * h * 100.0F;
  const Value n2 = n * n;
  const Value gk = n2 * n2 * 30.0F;
  const Value total = gna + gk + 0.05F + ge + gi;
  const Value current = gna * 50.0F + gk * -90.0F + -3.0F + gi * -80.0F;
  const Value end = current / total;
  const Value next = (v - end) * exp(total * -kStep) + end;
  const Value below = less(v, w.number(-20.0F));
  const Value fires = w.put(Op::both, below, at_least(next, -20.0F));
  return w.ends({next, m, h, n, ge * 0.99F + w.port(0), gi * 0.995F}, fires);
}

struct Model {
  const char* name;
  StepProgram program;
  float input;  ///< the most that arrives
  std::array<float, 6> states;
  float spread;                        ///< of the first state
  std::array<double, 3> of_prototype;  ///< baseline, AVX2, AVX-512; MODELS.md
};

float fraction(std::uint32_t i) {
  return static_cast<float>(static_cast<std::int32_t>(rheobase::model::pcg(i) >> 8U)) * 0x1p-24F;
}

/// Nanoseconds a neuron and step.
double measure(const Model& model, std::uint32_t neurons, InstructionSet set, double& firing) {
  const BlockProgram program(model.program, {}, set);
  rheobase::Registers registers;
  const std::size_t states = model.program.next.size();
  std::vector<std::vector<float>> columns(states + 1,
                                          std::vector<float>(neurons + rheobase::kLanes));
  std::vector<float*> lines;  // as an engine's columns would be, each begins a line
  for (auto& column : columns) {
    const auto over = reinterpret_cast<std::uintptr_t>(column.data()) % 64;
    lines.push_back(column.data() + (over == 0 ? 0 : (64 - over) / sizeof(float)));
  }
  for (std::uint32_t i = 0; i < neurons; ++i) {
    for (std::size_t s = 0; s < states; ++s) {
      lines[s][i] = model.states[s] + (s == 0 ? model.spread * fraction(i) : 0.0F);
    }
    lines[states][i] = model.input * fraction(i);
  }
  std::vector<std::uint8_t> fired(neurons);
  const auto step = [&] {
    std::array<float*, 6> in_place{};
    for (std::uint32_t first = 0; first < neurons; first += kBlock) {
      for (std::size_t s = 0; s < states; ++s) {
        in_place[s] = lines[s] + first;
      }
      const float* const port = lines[states] + first;
      program.run({.count = std::min(kBlock, neurons - first),
                   .states = {in_place.data(), states},
                   .ports = {&port, 1},
                   .parameters = {},
                   .seed = 1,
                   .first_id = first,
                   .burst = 0,
                   .fired = fired.data() + first},
                  registers);
    }
  };
  for (int warm = 0; warm < 200; ++warm) {
    step();
  }
  firing = 100.0 * static_cast<double>(std::count(fired.begin(), fired.end(), 1)) / neurons;
  double best = 1e9;
  for (int stretch = 0; stretch < 60; ++stretch) {
    using Clock = std::chrono::steady_clock;
    const auto from = Clock::now();
    constexpr int kSteps = 20;
    for (int i = 0; i < kSteps; ++i) {
      step();
    }
    const std::chrono::duration<double, std::nano> took = Clock::now() - from;
    best = std::min(best, took.count() / kSteps / neurons);
  }
  return best;
}

}  // namespace

int main(int argc, char** argv) {
  const auto neurons =
      argc > 1 ? static_cast<std::uint32_t>(std::strtoul(argv[1], nullptr, 10)) : 102400U;
  const std::array<Model, 4> models{
      {{"psc_exp", psc_exp(), 100.0F, {}, 0.0F, {1.4, 0.69, 0.44}},
       {"izhikevich", izhikevich(), 15.0F, {-65.0F, -13.0F}, 10.0F, {2.6, 1.25, 0.70}},
       {"adex", adex(), 5.0F, {-70.0F}, 20.0F, {4.2, 1.9, 1.07}},
       {"hodgkin_huxley",
        hodgkin_huxley(),
        0.002F,
        {-65.0F, 0.05F, 0.6F, 0.3F},
        5.0F,
        {23.6, 9.5, 5.3}}}};
  constexpr std::array kNames{"baseline", "AVX2", "AVX-512"};
  std::printf("| model, %u neurons | set | ns | of the prototype | loops | registers | fire |\n",
              neurons);
  std::printf("|---|---|---|---|---|---|---|\n");
  for (const Model& model : models) {
    if (argc > 2 && std::string_view(argv[2]) != model.name) {
      continue;
    }
    for (const InstructionSet set : rheobase::instruction_sets()) {
      const BlockProgram program(model.program, {}, set);
      double firing = 0.0;
      const double ns = measure(model, neurons, set, firing);
      const auto at = static_cast<std::size_t>(set);
      std::printf("| %s | %s | %.3f | %.2f | %zu | %u | %.2f %% |\n", model.name, kNames[at], ns,
                  model.of_prototype[at], program.length(), program.registers(), firing);
    }
  }
}
