// SPDX-License-Identifier: Apache-2.0
// The connection rules of the field that give neurons, or all of them together, a number of
// synapses. Draws are words of Philox by (seed, connection, neuron, running number): the same on
// every machine.
#include <string>

#include "network/rules/counts.h"
#include "network/rules/partners.h"
#include "network/rules/rule_text.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

class FixedDegree final : public RuleImplementation {
 public:
  FixedDegree(bool in, std::uint32_t degree, bool autapses, bool multapses)
      : in_(in), degree_(degree), autapses_(autapses), multapses_(multapses) {}

  [[nodiscard]] std::string describe() const override {
    return std::string(in_ ? "fixed_indegree(" : "fixed_outdegree(") + number_text(degree_) +
           flags_text(autapses_, multapses_) + ")";
  }

  void check(const RuleContext& c) const override {
    const std::uint32_t choices = others(c) - (skips_any(c) ? 1U : 0U);
    if (degree_ > 0 && (choices == 0 || (!multapses_ && degree_ > choices))) {
      throw Error(ErrorCode::invalid_argument,
                  describe() + " cannot be met (there are " + number_text(choices) +
                      " partners). Lower the degree or allow multapses.");
    }
  }
  void for_each(const RuleContext& c, PairSink& sink) const override {
    Partners partners;
    for (std::uint32_t owner = c.first_owner; owner < last_owner(c, owners(c)); ++owner) {
      Draws draws(c, owner);
      if (in_) {
        const std::uint32_t own = autapses_ ? Selves::kNone : own_source(c, owner);
        sink.column(owner, partners.draw(draws, degree_, c.pre.count, own, multapses_));
      } else {
        const std::uint32_t own = autapses_ ? Selves::kNone : own_target(c, owner);
        sink.row(owner, partners.draw(draws, degree_, c.post.count, own, multapses_));
      }
    }
  }
  [[nodiscard]] std::uint32_t owners(const RuleContext& c) const override {
    return in_ ? c.post.count : c.pre.count;
  }
  [[nodiscard]] std::optional<std::uint32_t> outdegree(const RuleContext& /*c*/) const override {
    return in_ ? std::nullopt : std::optional(degree_);
  }
  [[nodiscard]] double expected_pairs(const RuleContext& c) const override {
    return static_cast<double>(degree_) * owners(c);
  }

 private:
  /// Among which each owner draws.
  [[nodiscard]] std::uint32_t others(const RuleContext& c) const {
    return in_ ? c.pre.count : c.post.count;
  }
  [[nodiscard]] bool skips_any(const RuleContext& c) const {
    return !autapses_ && selves_among(c, 0, c.pre.count) != 0;
  }

  bool in_;
  std::uint32_t degree_;
  bool autapses_, multapses_;
};

/// n synapses in all. A tree over the sources splits them: each of its nodes draws how many fall to
/// the left, so that any stretch of sources finds its own numbers from the root down.
class FixedTotalNumber final : public RuleImplementation {
 public:
  FixedTotalNumber(std::uint64_t n, bool autapses, bool multapses)
      : n_(n), autapses_(autapses), multapses_(multapses) {
    constexpr std::uint64_t kMost = std::uint64_t{1} << 40U;
    if (n > kMost) {
      throw Error(ErrorCode::invalid_argument, "fixed_total_number of " + number_text(n) +
                                                   " is too large (at most " + number_text(kMost) +
                                                   ").");
    }
  }

  [[nodiscard]] std::string describe() const override {
    return "fixed_total_number(" + number_text(n_) + flags_text(autapses_, multapses_) + ")";
  }
  void check(const RuleContext& c) const override {
    const std::uint64_t pairs = pairs_among(c, 0, c.pre.count);
    if (n_ > 0 && (pairs == 0 || (!multapses_ && n_ > pairs))) {
      throw Error(ErrorCode::invalid_argument, describe() + " cannot be met (there are " +
                                                   number_text(pairs) +
                                                   " pairs). Lower the number or allow multapses.");
    }
    constexpr std::uint64_t kMostOfASource = std::uint64_t{1} << 31U;
    if (n_ > kMostOfASource && n_ / c.pre.count > kMostOfASource / 2U) {
      throw Error(ErrorCode::invalid_argument,
                  describe() + " cannot be met (about " + number_text(n_ / c.pre.count) +
                      " synapses would leave each source, at most " +
                      number_text(kMostOfASource / 2U) + " do). Lower the number.");
    }
  }
  void for_each(const RuleContext& c, PairSink& sink) const override {
    if (c.pre.count != 0) {
      Partners partners;
      split(c, 0, c.pre.count, n_, sink, partners);
    }
  }
  [[nodiscard]] std::uint32_t owners(const RuleContext& c) const override { return c.pre.count; }
  [[nodiscard]] double expected_pairs(const RuleContext& /*c*/) const override {
    return static_cast<double>(n_);
  }

 private:
  /// Pairs that sources begin .. end - 1 can make.
  [[nodiscard]] std::uint64_t pairs_among(const RuleContext& c, std::uint32_t begin,
                                          std::uint32_t end) const {
    return std::uint64_t{end - begin} * c.post.count -
           (autapses_ ? 0U : selves_among(c, begin, end));
  }

  /// Makes the m synapses of the sources begin .. end - 1, as far as they are asked for.
  void split(const RuleContext& c, std::uint32_t begin, std::uint32_t end, std::uint64_t m,
             PairSink& sink, Partners& partners) const {
    if (m == 0 || end <= c.first_owner || begin >= c.last_owner) {
      return;
    }
    if (end - begin == 1U) {
      Draws draws(c, begin);
      const std::uint32_t own = autapses_ ? Selves::kNone : own_target(c, begin);
      sink.row(begin, partners.draw(draws, m, c.post.count, own, multapses_));
      return;
    }
    const std::uint32_t middle = begin + (end - begin) / 2U;
    Draws draws(c, middle, kSplitStep);  // no other node has this middle
    const std::uint64_t left = pairs_among(c, begin, middle);
    const std::uint64_t all = pairs_among(c, begin, end);
    const std::uint64_t to_left =
        multapses_ ? binomial(draws, m, left, all) : hypergeometric(draws, m, left, all);
    split(c, begin, middle, to_left, sink, partners);
    split(c, middle, end, m - to_left, sink, partners);
  }

  std::uint64_t n_;
  bool autapses_, multapses_;
};

}  // namespace

ConnectionRule fixed_indegree(std::uint32_t indegree, bool autapses, bool multapses) {
  return ConnectionRule(std::make_shared<FixedDegree>(true, indegree, autapses, multapses));
}
ConnectionRule fixed_outdegree(std::uint32_t outdegree, bool autapses, bool multapses) {
  return ConnectionRule(std::make_shared<FixedDegree>(false, outdegree, autapses, multapses));
}
ConnectionRule fixed_total_number(std::uint64_t n, bool autapses, bool multapses) {
  return ConnectionRule(std::make_shared<FixedTotalNumber>(n, autapses, multapses));
}

}  // namespace rheobase
