// SPDX-License-Identifier: Apache-2.0
#include "network/rules/parts.h"

#include <string>

#include "network/connection_rule.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

/// The neurons of a part: a stretch, or a list.
struct Chosen {
  std::uint32_t first = 0, count = 0;
  std::vector<std::uint32_t> list;

  [[nodiscard]] bool is_all(const Area& area) const {
    return list.empty() && first == 0 && count == area.count;
  }
  /// The shape of the area with these neurons alone.
  [[nodiscard]] AreaShape within(AreaShape area) const {
    area.first = first;
    area.count = count;
    area.places = list;
    return area;
  }
  [[nodiscard]] std::uint32_t place(std::uint32_t i) const {
    return list.empty() ? first + i : list[i];
  }
};

[[noreturn]] void refuse(const Area& area, const std::string& what) {
  throw Error(ErrorCode::invalid_argument, "a part of " + quoted_name(area.spec.name) + " " + what);
}

Chosen chosen(const AreaPart& part, const Area& area) {
  Chosen c;
  if (part.indices.empty()) {
    c.first = part.first;
    c.count =
        part.count == AreaPart::kRest ? area.count - std::min(part.first, area.count) : part.count;
    if (std::uint64_t{c.first} + c.count > area.count) {
      refuse(area, "ends at " + number_text(std::uint64_t{c.first} + c.count) + " (the area has " +
                       number_text(area.count) + " neurons).");
    }
    return c;
  }
  std::vector<bool> named(area.count);
  bool is_stretch = true;
  for (const std::uint32_t index : part.indices) {
    if (index >= area.count) {
      refuse(area, "holds neuron " + number_text(index) + " (the area has " +
                       number_text(area.count) + " neurons).");
    }
    if (named[index]) {
      refuse(area, "names neuron " + number_text(index) +
                       " twice (each may be there once). Connect it twice for parallel synapses.");
    }
    named[index] = true;
    is_stretch = is_stretch && index - part.indices.front() == c.count;
    ++c.count;
  }
  c.first = is_stretch ? part.indices.front() : 0;
  if (!is_stretch) {
    c.list = part.indices;
  }
  return c;
}

/// From indices within the parts to those within the areas.
class ToAreas final : public PairSink {
 public:
  ToAreas(const Chosen& pre, const Chosen& post, PairSink& sink)
      : pre_(pre), post_(post), sink_(sink) {}
  void row(std::uint32_t source, std::span<const std::uint32_t> targets) override {
    sink_.row(pre_.place(source), placed(post_, targets));
  }
  void column(std::uint32_t target, std::span<const std::uint32_t> sources) override {
    sink_.column(post_.place(target), placed(pre_, sources));
  }

 private:
  std::span<const std::uint32_t> placed(const Chosen& c, std::span<const std::uint32_t> indices) {
    if (c.list.empty() && c.first == 0) {
      return indices;
    }
    placed_.resize(indices.size());
    for (std::size_t i = 0; i < indices.size(); ++i) {
      placed_[i] = c.place(indices[i]);
    }
    return placed_;
  }

  const Chosen& pre_;
  const Chosen& post_;
  PairSink& sink_;
  std::vector<std::uint32_t> placed_;
};

class BetweenParts final : public RuleImplementation {
 public:
  BetweenParts(ConnectionRule rule, Chosen pre, Chosen post, bool same_area,
               std::uint32_t area_count)
      : rule_(std::move(rule)), pre_(std::move(pre)), post_(std::move(post)) {
    if (same_area && (!pre_.list.empty() || !post_.list.empty())) {
      find_selves(area_count);
    }
  }

  [[nodiscard]] std::string describe() const override { return rule_.describe(); }
  void check(const RuleContext& context) const override { inner().check(of_parts(context)); }
  void for_each(const RuleContext& context, PairSink& sink) const override {
    ToAreas to_areas(pre_, post_, sink);
    inner().for_each(of_parts(context), to_areas);
  }
  [[nodiscard]] std::uint32_t owners(const RuleContext& context) const override {
    return inner().owners(of_parts(context));
  }
  [[nodiscard]] std::optional<std::uint32_t> outdegree(const RuleContext& context) const override {
    // of all sources of the area
    return pre_.list.empty() && pre_.count == context.pre.count
               ? inner().outdegree(of_parts(context))
               : std::nullopt;
  }
  [[nodiscard]] double expected_pairs(const RuleContext& context) const override {
    return inner().expected_pairs(of_parts(context));
  }

 private:
  [[nodiscard]] const RuleImplementation& inner() const { return rule_.implementation(); }

  [[nodiscard]] RuleContext of_parts(RuleContext context) const {
    context.pre = pre_.within(context.pre);
    context.post = post_.within(context.post);
    context.selves = before_.empty() ? nullptr : &selves_;
    return context;
  }

  void find_selves(std::uint32_t area_count) {
    std::vector<std::uint32_t> index(area_count, Selves::kNone);
    source_of_.assign(post_.count, Selves::kNone);
    for (std::uint32_t i = 0; i < post_.count; ++i) {
      index[post_.place(i)] = i;
    }
    std::uint32_t found = 0;
    for (std::uint32_t i = 0; i < pre_.count; ++i) {
      const std::uint32_t target = index[pre_.place(i)];
      before_.push_back(found);
      target_of_.push_back(target);
      if (target != Selves::kNone) {
        source_of_[target] = i;
        ++found;
      }
    }
    before_.push_back(found);
    selves_ = {target_of_, source_of_, before_};
  }

  ConnectionRule rule_;
  Chosen pre_, post_;
  std::vector<std::uint32_t> target_of_, source_of_, before_;
  Selves selves_;
};

}  // namespace

ConnectionRule between_parts(const ConnectionRule& rule, const AreaPart& pre, const Area& pre_area,
                             const AreaPart& post, const Area& post_area) {
  Chosen sources = chosen(pre, pre_area);
  Chosen targets = chosen(post, post_area);
  if (sources.is_all(pre_area) && targets.is_all(post_area)) {
    return rule;
  }
  return ConnectionRule(std::make_shared<BetweenParts>(rule, std::move(sources), std::move(targets),
                                                       pre.area == post.area, pre_area.count));
}

}  // namespace rheobase
