// SPDX-License-Identifier: Apache-2.0
// The connection rules of the field, between neurons by their index within the area. Draws are
// words of Philox by (seed, connection, neuron, running number): the same on every machine.
#include <algorithm>
#include <string>
#include <unordered_set>

#include "model/random.h"
#include "network/connection_rule.h"
#include "network/rules/bernoulli.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

/// A stream of words for one neuron of one connection.
class Draws {
 public:
  Draws(const RuleContext& context, std::uint32_t index) : context_(context), index_(index) {}
  std::uint32_t next() {
    if (used_ == 4) {
      words_ =
          model::draw4(context_.seed, model::Purpose::wiring, context_.stream, index_, step_++);
      used_ = 0;
    }
    return words_[used_++];
  }
  std::uint32_t below(std::uint32_t n) { return model::below(next(), n); }

 private:
  const RuleContext& context_;
  std::uint32_t index_;
  std::uint64_t step_ = 0;
  std::array<std::uint32_t, 4> words_{};
  std::size_t used_ = 4;
};

std::string flags_text(bool autapses, bool multapses) {
  return std::string(autapses ? "" : ", no autapses") + (multapses ? "" : ", no multapses");
}

std::uint32_t last_owner(const RuleContext& context, std::uint32_t owners) {
  return std::min(context.last_owner, owners);
}

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
      if (autapses_ || !c.same_area) {
        sink.row(source, all);
        continue;
      }
      const std::span<const std::uint32_t> targets(all);
      sink.row(source, targets.first(source));
      sink.row(source, targets.subspan(source + 1));
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
      if (!autapses_ && c.same_area) {
        std::erase(targets, source);
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

/// Draws `degree` partners of neuron `index` among `count`; `skips`: never itself.
void draw_partners(const RuleContext& c, std::uint32_t index, std::uint32_t degree,
                   std::uint32_t count, bool skips, bool multapses,
                   std::vector<std::uint32_t>& partners) {
  Draws draws(c, index);
  const std::uint32_t choices = skips ? count - 1 : count;
  partners.clear();
  if (multapses) {
    for (std::uint32_t i = 0; i < degree; ++i) {
      partners.push_back(draws.below(choices));
    }
  } else {
    // Floyd's algorithm: every subset is equally likely, with one draw per member
    std::unordered_set<std::uint32_t> chosen;
    for (std::uint32_t last = choices - degree; last < choices; ++last) {
      const std::uint32_t candidate = draws.below(last + 1);
      const std::uint32_t member = chosen.insert(candidate).second ? candidate : last;
      chosen.insert(member);
      partners.push_back(member);
    }
  }
  for (std::uint32_t& partner : partners) {
    partner += (skips && partner >= index) ? 1U : 0U;
  }
}

class FixedDegree final : public RuleImplementation {
 public:
  FixedDegree(bool in, std::uint32_t degree, bool autapses, bool multapses)
      : in_(in), degree_(degree), autapses_(autapses), multapses_(multapses) {}

  [[nodiscard]] std::string describe() const override {
    return std::string(in_ ? "fixed_indegree(" : "fixed_outdegree(") + number_text(degree_) +
           flags_text(autapses_, multapses_) + ")";
  }

  void check(const RuleContext& c) const override {
    const std::uint32_t choices = others(c) - (skips(c) ? 1U : 0U);
    if (degree_ > 0 && (choices == 0 || (!multapses_ && degree_ > choices))) {
      throw Error(ErrorCode::invalid_argument,
                  describe() + " cannot be met (there are " + number_text(choices) +
                      " partners). Lower the degree or allow multapses.");
    }
  }
  void for_each(const RuleContext& c, PairSink& sink) const override {
    std::vector<std::uint32_t> partners;
    for (std::uint32_t owner = c.first_owner; owner < last_owner(c, owners(c)); ++owner) {
      draw_partners(c, owner, degree_, others(c), skips(c), multapses_, partners);
      if (in_) {
        sink.column(owner, partners);
      } else {
        sink.row(owner, partners);
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
  [[nodiscard]] bool skips(const RuleContext& c) const { return c.same_area && !autapses_; }

  bool in_;
  std::uint32_t degree_;
  bool autapses_, multapses_;
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
ConnectionRule fixed_indegree(std::uint32_t indegree, bool autapses, bool multapses) {
  return ConnectionRule(std::make_shared<FixedDegree>(true, indegree, autapses, multapses));
}
ConnectionRule fixed_outdegree(std::uint32_t outdegree, bool autapses, bool multapses) {
  return ConnectionRule(std::make_shared<FixedDegree>(false, outdegree, autapses, multapses));
}
ConnectionRule index_pairs(std::vector<std::uint32_t> sources, std::vector<std::uint32_t> targets) {
  return ConnectionRule(std::make_shared<IndexPairs>(std::move(sources), std::move(targets)));
}

}  // namespace rheobase
