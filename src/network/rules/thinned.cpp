// SPDX-License-Identifier: Apache-2.0
// A part of another rule's pairs, found by the gaps between them.
#include <string>

#include "network/rules/draws.h"
#include "network/rules/gaps.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

/// Goes along the pairs of one owner after the other, or along all pairs of a rule without owners.
/// Each owner begins its own stream of draws, so that any stretch of owners makes its pairs alone.
class Filter final : public PairSink {
 public:
  Filter(const RuleContext& context, double p, std::uint32_t depth, bool by_owner, PairSink& sink)
      : context_(context),
        per_rate_(1.0 / rate_of(p)),
        depth_(depth),
        by_owner_(by_owner),
        sink_(sink),
        draws_(context, 0, thinning_step(depth)) {
    next_ = gap();
  }

  void row(std::uint32_t source, std::span<const std::uint32_t> targets) override {
    keep(source, targets);
    if (!kept_.empty()) {
      sink_.row(source, kept_);
    }
  }
  void column(std::uint32_t target, std::span<const std::uint32_t> sources) override {
    keep(target, sources);
    if (!kept_.empty()) {
      sink_.column(target, kept_);
    }
  }

 private:
  void keep(std::uint32_t owner, std::span<const std::uint32_t> ids) {
    if (by_owner_ && owner != owner_) {
      owner_ = owner;
      draws_ = Draws(context_, owner, thinning_step(depth_));
      next_ = gap();
    }
    kept_.clear();
    while (next_ < ids.size()) {
      kept_.push_back(ids[next_]);
      next_ += 1U + gap();
    }
    next_ -= ids.size();
  }
  /// How many pairs are left out before the next that is kept.
  std::uint64_t gap() {
    constexpr double kMost = 0x1p62;
    const double pairs = exponential_table()(draws_.next()) * per_rate_;
    return static_cast<std::uint64_t>(pairs < kMost ? pairs : kMost);
  }

  const RuleContext& context_;
  double per_rate_;
  std::uint32_t depth_;
  bool by_owner_;
  PairSink& sink_;
  Draws draws_;
  std::uint32_t owner_ = Selves::kNone;
  std::uint64_t next_ = 0;  ///< pairs before the next that is kept
  std::vector<std::uint32_t> kept_;
};

class Thinned final : public RuleImplementation {
 public:
  Thinned(ConnectionRule rule, double percent) : rule_(std::move(rule)), percent_(percent) {
    if (const auto* within = dynamic_cast<const Thinned*>(&inner())) {
      depth_ = within->depth_ + 1;
    }
  }

  [[nodiscard]] std::string describe() const override {
    return rule_.describe() + " thinned to " + number_text(percent_) + " %";
  }
  void check(const RuleContext& context) const override { inner().check(context); }
  void for_each(const RuleContext& context, PairSink& sink) const override {
    if (percent_ > 0.0) {
      Filter filter(context, percent_ / 100.0, depth_, inner().owners(context) != 0, sink);
      inner().for_each(context, filter);
    }
  }
  [[nodiscard]] std::uint32_t owners(const RuleContext& context) const override {
    return inner().owners(context);
  }
  [[nodiscard]] double expected_pairs(const RuleContext& context) const override {
    return inner().expected_pairs(context) * percent_ / 100.0;
  }

 private:
  [[nodiscard]] const RuleImplementation& inner() const { return rule_.implementation(); }

  ConnectionRule rule_;
  double percent_;
  std::uint32_t depth_ = 0;  ///< thinnings inside this one
};

}  // namespace

ConnectionRule thinned(ConnectionRule rule, double percent) {
  if (!(percent >= 0.0 && percent <= 100.0)) {
    throw Error(ErrorCode::invalid_argument,
                "thinned to " + number_text(percent) + " % keeps no share of pairs (0 to 100 do).");
  }
  if (percent == 100.0) {
    return rule;
  }
  return ConnectionRule(std::make_shared<Thinned>(std::move(rule), percent));
}

}  // namespace rheobase
