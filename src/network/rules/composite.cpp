// SPDX-License-Identifier: Apache-2.0
// Rules made of other rules, as genomes have them: tiles of the source, and attractivity.
#include <string>

#include "model/random.h"
#include "network/rules/voxel_rule.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

/// Chosen tiles of the source, each mapped as an area of its own.
class Composite final : public VoxelRule {
 public:
  Composite(Voxel seed, std::array<std::array<std::uint32_t, 2>, 3> pattern, ConnectionRule mapper)
      : seed_(seed),
        pattern_(pattern),
        mapper_(std::move(mapper)),
        voxel_mapper_(dynamic_cast<const VoxelRule*>(&mapper_.implementation())) {
    if (voxel_mapper_ == nullptr) {
      throw Error(ErrorCode::invalid_argument,
                  "a composite rule cannot map by " + mapper_.describe() +
                      " (it is no rule between voxels). Use projector or another.");
    }
    for (unsigned a = 0; a < 3; ++a) {
      if (axis(seed_, a) == 0 || pattern_[a][0] + std::uint64_t{pattern_[a][1]} == 0) {
        throw Error(ErrorCode::invalid_argument,
                    "a composite rule has an empty seed or pattern (every axis needs at least 1).");
      }
    }
  }

  [[nodiscard]] std::string describe() const override {
    return "composite(" + mapper_.describe() + ")";
  }

  void targets(Voxel s, Voxel /*from*/, Voxel to, std::vector<Voxel>& out) const override {
    Voxel within;
    for (unsigned a = 0; a < 3; ++a) {
      const std::uint64_t tile = axis(s, a) / axis(seed_, a);
      const std::uint64_t period = std::uint64_t{pattern_[a][0]} + pattern_[a][1];
      if (tile % period >= pattern_[a][0]) {
        return;
      }
      axis(within, a) = axis(s, a) % axis(seed_, a);
    }
    voxel_mapper_->targets(within, seed_, to, out);
  }

 private:
  Voxel seed_;
  std::array<std::array<std::uint32_t, 2>, 3> pattern_;
  ConnectionRule mapper_;
  const VoxelRule* voxel_mapper_;
};

/// Keeps each pair with a probability in percent. The draw belongs to the running number of the
/// pair, so that both passes of the builder agree.
class Attractivity final : public RuleImplementation {
 public:
  Attractivity(ConnectionRule rule, std::uint32_t percent)
      : rule_(std::move(rule)), percent_(percent) {
    if (const auto* inner = dynamic_cast<const Attractivity*>(&rule_.implementation())) {
      depth_ = inner->depth_ + 1;
    }
  }

  [[nodiscard]] std::string describe() const override {
    return rule_.describe() + " thinned to " + number_text(percent_) + " %";
  }

  void check(const RuleContext& context) const override { rule_.implementation().check(context); }

  void for_each(const RuleContext& context, PairSink& sink) const override {
    Filter filter(context, percent_, depth_, sink);
    rule_.implementation().for_each(context, filter);
  }

 private:
  class Filter final : public PairSink {
   public:
    Filter(const RuleContext& context, std::uint32_t percent, std::uint32_t depth, PairSink& sink)
        : context_(context), percent_(percent), index_(kThinning - depth), sink_(sink) {}

    void row(std::uint32_t source, std::span<const std::uint32_t> targets) override {
      keep(targets);
      sink_.row(source, kept_);
    }
    void column(std::uint32_t target, std::span<const std::uint32_t> sources) override {
      keep(sources);
      sink_.column(target, kept_);
    }

   private:
    /// Rules are pure and call in a fixed order, so the running number of a pair names its draw.
    void keep(std::span<const std::uint32_t> ids) {
      kept_.clear();
      for (const std::uint32_t id : ids) {
        const auto words = model::draw4(context_.seed, model::Purpose::wiring, context_.stream,
                                        index_, pairs_ / 4);
        if (model::below(words[pairs_ % 4], 100) < percent_) {
          kept_.push_back(id);
        }
        ++pairs_;
      }
    }

    static constexpr std::uint32_t kThinning = 0xFFFFFFFFU;  ///< no neuron has such an index
    const RuleContext& context_;
    std::uint32_t percent_;
    std::uint32_t index_;  ///< tells the draws of nested thinnings apart
    PairSink& sink_;
    std::uint64_t pairs_ = 0;
    std::vector<std::uint32_t> kept_;
  };

  ConnectionRule rule_;
  std::uint32_t percent_;
  std::uint32_t depth_ = 0;  ///< thinnings inside this one
};

}  // namespace

std::string ConnectionRule::describe() const { return implementation_->describe(); }

ConnectionRule composite(Voxel seed, std::array<std::array<std::uint32_t, 2>, 3> pattern,
                         ConnectionRule mapper) {
  return ConnectionRule(std::make_shared<Composite>(seed, pattern, std::move(mapper)));
}

ConnectionRule attractivity(ConnectionRule rule, std::uint32_t percent) {
  if (percent >= 100) {
    return rule;
  }
  return ConnectionRule(std::make_shared<Attractivity>(std::move(rule), percent));
}

}  // namespace rheobase
