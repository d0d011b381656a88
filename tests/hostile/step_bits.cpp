// SPDX-License-Identifier: Apache-2.0
// Prints one hash over two million random steps. Compiled in hostile ways (fused multiply-add,
// reassociation, flushing of denormals), it must print the same line as compiled plainly.
#include <cinttypes>
#include <cstdint>
#include <cstdio>

#include "model/fixed_point.h"
#include "model/neuron_step.h"
#include "model/random.h"

namespace {

namespace model = rheobase::model;

/// A counter-based source of words; no floating point.
class Words {
 public:
  std::uint32_t next() { return model::pcg(state_ += 0x9E3779B9U); }
  std::uint32_t below(std::uint32_t n) { return model::below(next(), n); }
  /// A canonical float whose exponent lies in [low, high].
  float real(int low, int high) {
    const std::uint32_t exponent =
        static_cast<std::uint32_t>(low + 127) + below(static_cast<std::uint32_t>(high - low + 1));
    return model::float_of((next() & 0x807FFFFFU) | (exponent << 23U));
  }

 private:
  std::uint32_t state_ = 1;
};

model::NeuronClass random_class(Words& words) {
  model::NeuronClass p{};
  p.threshold = words.real(-4, 6);
  p.threshold_limit = words.below(3) == 0 ? words.real(0, 8) : 0x1.fffffep127F;
  p.keep = words.below(8) == 0 ? words.real(-3, 4)
                               : model::float_of(0x3F000000U | (words.next() & 0x7FFFFFU));
  p.reset = words.below(2) == 0 ? 0.0F : words.real(-3, 3);
  p.rest = words.below(2) == 0 ? 0.0F : words.real(0, 6);
  p.draw_below = words.next();
  p.refractory_period = static_cast<std::uint16_t>(words.below(4));
  p.fire_limit = static_cast<std::uint16_t>(words.below(4));
  p.snooze_period = static_cast<std::uint16_t>(words.below(3));
  p.flags = static_cast<std::uint16_t>(words.below(4));
  return p;
}

model::NeuronState random_state(Words& words) {
  model::NeuronState s;
  // now and then at the edge of the normal numbers, where flushing would show
  s.u = words.below(8) == 0 ? words.real(-126, -120) : words.real(-10, 8);
  s.refractory_countdown = words.below(3) == 0 ? words.below(3) : 0U;
  s.fire_count = words.below(5);
  s.snooze_countdown = words.below(4) == 0 ? words.below(3) : 0U;
  s.forget = words.below(2);
  return s;
}

}  // namespace

int main() {
  Words words;
  // read at run time, so that the compiler cannot know that it is 0
  volatile std::uint32_t hidden_zero = 0;
  const std::uint32_t guard = hidden_zero;
  std::uint64_t hash = 14695981039346656037ULL;
  const auto mix = [&](std::uint64_t word) {
    hash = (hash ^ word) * 1099511628211ULL + (hash >> 47U);
  };
  for (int i = 0; i < 2000000; ++i) {
    const model::NeuronClass p = random_class(words);
    const model::NeuronState s = random_state(words);
    model::StepInput in;
    in.candidate = words.below(4) != 0;
    in.injected = words.below(2) == 0
                      ? 0.0F
                      : (words.below(8) == 0 ? words.real(-126, -120) : words.real(-8, 6));
    const std::uint32_t k = words.below(41);
    const auto sum =
        static_cast<std::int64_t>((std::uint64_t{words.next()} << 32U) | words.next()) >>
        words.below(60);
    in.synaptic = words.below(2) == 0
                      ? model::fixed_to_f32(sum, k)
                      : model::fixed_to_f32(static_cast<std::int32_t>(sum >> 32U), k);
    in.id = words.next();
    in.burst_low = words.next();
    const model::StepResult out = model::neuron_step(words.next() & 255U, p, s, in, guard);
    mix(model::bits_of(out.state.u));
    mix(out.state.refractory_countdown | (std::uint64_t{out.state.fire_count} << 32U));
    mix(out.state.snooze_countdown | (std::uint64_t{out.state.forget} << 32U));
    mix(out.branches | (std::uint64_t{model::bits_of(out.potential_at_firing)} << 32U));
  }
  std::printf("%016" PRIx64 "\n", hash);
  return 0;
}
