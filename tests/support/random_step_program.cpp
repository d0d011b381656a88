// SPDX-License-Identifier: Apache-2.0
#include "support/random_step_program.h"

#include <algorithm>

#include "model/float_ops.h"
#include "model/step_time.h"

namespace rheobase::test {
namespace {

using model::Op;
using model::Operation;
using model::StepProgram;

/// Results of operations are within +-2^limit; beyond this one they might become infinite.
constexpr int kMostLimit = 122;
constexpr int kCanonical = 100;

class ProgramWriter {
 public:
  ProgramWriter(std::uint64_t seed, Sizes sizes) : choose_(seed), sizes_(sizes) {}

  StepProgram write() {
    program_.parameters = choose_.below(6);
    program_.ports = choose_.below(4);
    program_.sites = choose_.below(4);
    program_.next.resize(choose_.below(7));
    number(1.0F);
    put({.op = Op::less, .a = 0, .b = 0}, 0);  // there is a truth
    const std::uint32_t length = 1 + choose_.below(choose_.one_in(8) ? 150 : 40);
    for (std::uint32_t i = 0; i < length; ++i) {
      operation();
    }
    for (std::uint32_t& place : program_.next) {
      place = canonical(any(numbers_));
    }
    program_.fires = any(truths_);
    return program_;
  }

 private:
  std::uint32_t put(const Operation& o, int limit) {
    const auto place = static_cast<std::uint32_t>(program_.operations.size());
    program_.operations.push_back(o);
    limits_.push_back(limit);
    (is_truth(o.op) ? truths_ : numbers_).push_back(place);
    return place;
  }
  std::uint32_t number(float x) {
    const int exponent = static_cast<int>((model::bits_of(x) >> 23U) & 255U) - 127;
    return put({.op = Op::constant, .word = model::bits_of(x)}, std::max(exponent + 1, 0));
  }

  /// Mostly one of the latest, so that chains come about.
  std::uint32_t any(const std::vector<std::uint32_t>& places) {
    const auto count = static_cast<std::uint32_t>(places.size());
    const std::uint32_t back =
        choose_.one_in(3) ? choose_.below(count) : choose_.below(std::min(count, 4U));
    return places[count - 1 - back];
  }
  /// That number, within +-2^limit.
  std::uint32_t within(std::uint32_t place, int limit) {
    if (limits_[place] <= limit) {
      return place;
    }
    if (choose_.one_in(2)) {  // far from it, so that more may follow
      limit = static_cast<int>(choose_.below(20));
    }
    const float most = model::float_of(static_cast<std::uint32_t>(127 + limit) << 23U);
    const std::uint32_t high = number(most);
    const std::uint32_t low = number(-most);
    const std::uint32_t below = put({.op = Op::minimum, .a = place, .b = high}, limits_[place]);
    return put({.op = Op::maximum, .a = below, .b = low}, limit);
  }
  std::uint32_t canonical(std::uint32_t place) { return within(place, kCanonical); }

  Op any_op() {
    if (sizes_ == Sizes::tiny && !choose_.one_in(8)) {  // chains of sums and products
      return choose_.any_of({Op::add, Op::add, Op::subtract, Op::multiply, Op::constant, Op::state,
                             Op::port, Op::select, Op::less, Op::time});
    }
    return choose_.one_in(2) ? choose_.any_of({Op::add, Op::subtract, Op::multiply, Op::minimum,
                                               Op::maximum, Op::less, Op::less_equal, Op::select})
                             : static_cast<Op>(choose_.below(model::kOpCount));
  }

  std::uint32_t product(int limit) {
    const std::uint32_t a = within(any(numbers_), limit);
    const std::uint32_t b = within(any(numbers_), limit);
    return put({.op = Op::multiply, .a = a, .b = b}, limits_[a] + limits_[b]);
  }

  void operation() {
    if (choose_.one_in(12)) {  // of which there are few by chance
      const Op sum = choose_.any_of({Op::add, Op::subtract, Op::multiply, Op::minimum});
      const std::uint32_t a = product(30);
      const std::uint32_t b = product(30);
      put({.op = sum, .a = a, .b = b}, limits_[a] + limits_[b] + 1);
      return;
    }
    const Op op = any_op();
    const auto load = [&](std::uint32_t count) {
      if (count != 0) {
        put({.op = op, .word = choose_.below(count)}, kCanonical);
      }
    };
    const auto limit_of = [&](std::uint32_t place) { return limits_[place]; };
    switch (op) {
      case Op::constant: number(random_number(choose_, sizes_)); break;
      case Op::parameter: load(program_.parameters); break;
      case Op::time: put({.op = op, .word = choose_.below(model::kTimesOfStep)}, 40); break;
      case Op::state: load(static_cast<std::uint32_t>(program_.next.size())); break;
      case Op::port: load(program_.ports); break;
      case Op::uniform:
      case Op::normal: load(program_.sites); break;
      case Op::poisson:
        if (program_.sites != 0) {
          const std::uint32_t mean = canonical(any(numbers_));
          put({.op = op, .a = mean, .word = choose_.below(program_.sites)}, kCanonical);
        }
        break;
      case Op::add:
      case Op::subtract: {
        const std::uint32_t a = within(any(numbers_), kMostLimit - 1);
        const std::uint32_t b = within(any(numbers_), kMostLimit - 1);
        put({.op = op, .a = a, .b = b}, std::max(limit_of(a), limit_of(b)) + 1);
        break;
      }
      case Op::multiply: {
        const int half = kMostLimit / 2;
        const std::uint32_t a = within(any(numbers_), half);
        const std::uint32_t b = within(any(numbers_), half);
        put({.op = op, .a = a, .b = b}, limit_of(a) + limit_of(b));
        break;
      }
      case Op::minimum:
      case Op::maximum: {
        const std::uint32_t a = any(numbers_);
        const std::uint32_t b = any(numbers_);
        put({.op = op, .a = a, .b = b}, std::max(limit_of(a), limit_of(b)));
        break;
      }
      case Op::absolute: {
        const std::uint32_t a = any(numbers_);
        put({.op = op, .a = a}, limit_of(a));
        break;
      }
      case Op::less:
      case Op::less_equal:
      case Op::equal: put({.op = op, .a = any(numbers_), .b = any(numbers_)}, 0); break;
      case Op::both:
      case Op::either: put({.op = op, .a = any(truths_), .b = any(truths_)}, 0); break;
      case Op::opposite: put({.op = op, .a = any(truths_)}, 0); break;
      case Op::select: {
        const std::uint32_t b = any(numbers_);
        const std::uint32_t c = any(numbers_);
        put({.op = op, .a = any(truths_), .b = b, .c = c}, std::max(limit_of(b), limit_of(c)));
        break;
      }
      default: {  // functions
        const std::uint32_t a = canonical(any(numbers_));
        const std::uint32_t b = operands_of(op) == 2 ? canonical(any(numbers_)) : 0;
        put({.op = op, .a = a, .b = b}, kCanonical);
      }
    }
  }

  Chooser choose_;
  Sizes sizes_;
  StepProgram program_;
  std::vector<int> limits_;  ///< of each operation's result
  std::vector<std::uint32_t> numbers_;
  std::vector<std::uint32_t> truths_;
};

}  // namespace

StepProgram random_step_program(std::uint64_t seed, Sizes sizes) {
  return ProgramWriter(seed, sizes).write();
}

float random_number(Chooser& choose, Sizes sizes) {
  const std::uint32_t word = choose.word();
  const std::uint32_t sign = word & 0x80000000U;
  const auto with_exponent = [&](std::uint32_t lowest, std::uint32_t count) {
    const std::uint32_t digits = (word & 7U) == 0 ? 0U : word & 0x7FFFFFU;  // halfway cases
    return model::float_of(sign | ((lowest + choose.below(count)) << 23U) | digits);
  };
  if (sizes == Sizes::tiny && !choose.one_in(4)) {
    return choose.one_in(3) ? with_exponent(1, 4) : with_exponent(1, 70);
  }
  switch (choose.below(8)) {
    case 0: return 0.0F;
    case 1: return static_cast<float>(static_cast<int>(choose.below(9)) - 4);
    case 2: return model::float_of(sign | 0x00800000U | (word & 3U));  // the least
    case 3: return model::float_of(sign | (227U << 23U));              // the largest
    case 4: return with_exponent(1, 226);
    case 5: return with_exponent(1, 30);
    default: return with_exponent(117, 20);
  }
}

}  // namespace rheobase::test
