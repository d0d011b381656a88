// SPDX-License-Identifier: Apache-2.0
// The connection rules of the field, between neurons by their index within the area, that draw
// nothing or each pair by itself.
#include <algorithm>
#include <string>

#include "network/rules/bernoulli.h"
#include "network/rules/draws.h"
#include "network/rules/rule_text.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

class AllToAll final : public RuleImplementation {
 public:
  explicit AllToAll(bool autapses) : autapses_(autapses) {}
  [[nodiscard]] std::string describe() const override {
    return autapses_ ? "all_to_all" : "all_to_all(no autapses)";
  }
  void for_each(const RuleContext& c, PairSink& sink) const override {
    std::vector<std::uint32_t> all(c.post.count);
    for (std::uint32_t i = 0; i < c.post.count; ++i) {
      all[i] = i;
    }
    for (std::uint32_t source = c.first_owner; source < last_owner(c, c.pre.count); ++source) {
      const std::uint32_t own = autapses_ ? Selves::kNone : own_target(c, source);
      if (own == Selves::kNone) {
        sink.row(source, all);
        continue;
      }
      const std::span<const std::uint32_t> targets(all);
      sink.row(source, targets.first(own));
      sink.row(source, targets.subspan(own + 1));
    }
  }
  [[nodiscard]] std::uint32_t owners(const RuleContext& c) const override { return c.pre.count; }
  [[nodiscard]] double expected_pairs(const RuleContext& c) const override {
    return static_cast<double>(c.pre.count) * c.post.count;
  }

 private:
  bool autapses_;
};

class OneToOne final : public RuleImplementation {
 public:
  [[nodiscard]] std::string describe() const override { return "one_to_one"; }
  void check(const RuleContext& c) const override {
    if (c.pre.count != c.post.count) {
      throw Error(ErrorCode::invalid_argument, "one_to_one needs areas of equal size (" +
                                                   number_text(c.pre.count) + " and " +
                                                   number_text(c.post.count) + " neurons).");
    }
  }
  void for_each(const RuleContext& c, PairSink& sink) const override {
    for (std::uint32_t i = 0; i < c.pre.count; ++i) {
      sink.row(i, {&i, 1});
    }
  }
};

class FixedProbability final : public RuleImplementation {
 public:
  FixedProbability(double p, bool autapses) : p_(p), autapses_(autapses), drawn_(checked(p)) {}
  [[nodiscard]] std::string describe() const override {
    return "fixed_probability(" + number_text(p_) + flags_text(autapses_, true) + ")";
  }
  void for_each(const RuleContext& c, PairSink& sink) const override {
    std::vector<std::uint32_t> targets;
    for (std::uint32_t source = c.first_owner; source < last_owner(c, c.pre.count); ++source) {
      Draws draws(c, source);
      targets.clear();
      drawn_.draw(draws, c.post.count, targets);
      if (const std::uint32_t own = autapses_ ? Selves::kNone : own_target(c, source);
          own != Selves::kNone) {
        std::erase(targets, own);
      }
      sink.row(source, targets);
    }
  }
  [[nodiscard]] std::uint32_t owners(const RuleContext& c) const override { return c.pre.count; }
  [[nodiscard]] double expected_pairs(const RuleContext& c) const override {
    return p_ * c.pre.count * c.post.count;
  }

 private:
  static double checked(double p) {
    if (!(p >= 0.0 && p <= 1.0)) {
      throw Error(ErrorCode::invalid_argument,
                  "fixed_probability of " + number_text(p) + " is no probability (0 to 1).");
    }
    return p;
  }

  double p_;
  bool autapses_;
  Bernoulli drawn_;
};

class IndexPairs final : public RuleImplementation {
 public:
  IndexPairs(std::vector<std::uint32_t> sources, std::vector<std::uint32_t> targets)
      : sources_(std::move(sources)), targets_(std::move(targets)) {
    if (sources_.size() != targets_.size()) {
      throw Error(ErrorCode::invalid_argument, "index_pairs got " + number_text(sources_.size()) +
                                                   " sources and " + number_text(targets_.size()) +
                                                   " targets. Give as many of both.");
    }
  }
  [[nodiscard]] std::string describe() const override {
    return "index_pairs(" + number_text(sources_.size()) + ")";
  }
  void check(const RuleContext& c) const override {
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      if (sources_[i] >= c.pre.count || targets_[i] >= c.post.count) {
        throw Error(ErrorCode::invalid_argument,
                    "pair " + number_text(i) + " (" + number_text(sources_[i]) + " -> " +
                        number_text(targets_[i]) + ") leaves the areas (" +
                        number_text(c.pre.count) + " and " + number_text(c.post.count) +
                        " neurons).");
      }
    }
  }
  void for_each(const RuleContext& /*c*/, PairSink& sink) const override {
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      sink.row(sources_[i], {&targets_[i], 1});
    }
  }

 private:
  std::vector<std::uint32_t> sources_, targets_;
};

}  // namespace

ConnectionRule all_to_all(bool autapses) {
  return ConnectionRule(std::make_shared<AllToAll>(autapses));
}
ConnectionRule one_to_one() { return ConnectionRule(std::make_shared<OneToOne>()); }
ConnectionRule fixed_probability(double p, bool autapses) {
  return ConnectionRule(std::make_shared<FixedProbability>(p, autapses));
}
ConnectionRule index_pairs(std::vector<std::uint32_t> sources, std::vector<std::uint32_t> targets) {
  return ConnectionRule(std::make_shared<IndexPairs>(std::move(sources), std::move(targets)));
}

}  // namespace rheobase
