// SPDX-License-Identifier: Apache-2.0
// Probability by distance: where neurons are, and the rule.
#include <mutex>
#include <string>
#include <string_view>

#include "network/rules/distance_walk.h"
#include "network/rules/rule_text.h"
#include "rheobase/distance.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

constexpr double kFarthest = 1e12;

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorCode::invalid_argument, what);
}

void require_length(double value, std::string_view what) {
  if (!(value > 0.0 && value <= kFarthest)) {
    refuse(std::string(what) + " of " + number_text(value) +
           " is no length (it must be above 0 and at most 1e12).");
  }
}

std::string_view name_of(DistanceKernel::Shape shape) {
  switch (shape) {
    case DistanceKernel::Shape::gaussian: return "gaussian";
    case DistanceKernel::Shape::exponential: return "exponential";
    case DistanceKernel::Shape::linear: return "linear";
    case DistanceKernel::Shape::within: return "within";
  }
  return "";
}

DistanceKernel checked(DistanceKernel::Shape shape, double scale) {
  require_length(scale, name_of(shape));
  return {shape, scale};
}

void require_points(const Positions& positions, const char* what) {
  if (positions.axes < 1 || positions.axes > 3 ||
      positions.coordinates.size() % positions.axes != 0) {
    refuse(std::string(what) + ": " + number_text(positions.coordinates.size()) +
           " coordinates on " + number_text(positions.axes) +
           " axes are no points (1 to 3 axes, as many coordinates on each).");
  }
  for (std::size_t i = 0; i < positions.coordinates.size(); ++i) {
    const double x = positions.coordinates[i];
    if (!(x >= -kFarthest && x <= kFarthest)) {
      refuse(std::string(what) + ": a coordinate of point " + number_text(i / positions.axes) +
             " is " + number_text(x) + " (numbers within +-1e12 were expected).");
    }
  }
}

void require_options(const DistanceOptions& o) {
  if (!(o.max_distance > 0.0)) {
    refuse("max_distance is " + number_text(o.max_distance) + " (it must be above 0).");
  }
  for (std::size_t axis = 0; axis < 3; ++axis) {
    require_length(o.pitch[axis], "pitch");
    if (o.target_pitch[axis] != 0.0) {
      require_length(o.target_pitch[axis], "target_pitch");
    }
  }
  if (o.target_positions && !o.positions) {
    refuse("target_positions are given, but no positions of sources. Give both.");
  }
  if (!o.positions) {
    return;
  }
  require_points(*o.positions, "positions");
  if (o.target_positions) {
    require_points(*o.target_positions, "target_positions");
    if (o.target_positions->axes != o.positions->axes) {
      refuse("positions have " + number_text(o.positions->axes) + " axes, target_positions " +
             number_text(o.target_positions->axes) + ". Give as many of both.");
    }
  }
  for (std::uint32_t axis = 0; o.periodic && axis < o.positions->axes; ++axis) {
    if (!(o.extent[axis] > 0.0 && o.extent[axis] <= kFarthest)) {
      refuse(
          "distances between positions cannot be periodic without the extent of each axis (that "
          "of axis " +
          number_text(axis) + " is " + number_text(o.extent[axis]) + ").");
    }
  }
}

/// Where neurons are: at given points, or in the middle of their voxels.
class Places {
 public:
  Places(const DistanceOptions& options, const RuleContext& c) : options_(options) {
    for (std::size_t axis = 0; axis < 3; ++axis) {
      is_flat_[axis] = is_flat(c, axis);
      if (options.periodic) {
        extent_[axis] =
            options.positions ? options.extent[axis] : length(c.pre, options.pitch, axis);
      }
    }
    if (options.positions && !options.periodic) {
      // the digits of floats are for distances, not for where the origin is
      const std::uint32_t axes = options.positions->axes;
      for (std::size_t axis = 0; axis < axes && !options.positions->coordinates.empty(); ++axis) {
        origin_[axis] = options.positions->coordinates[axis];
      }
    }
  }

  static std::uint32_t size(const AreaShape& shape, std::size_t axis) {
    return std::array{shape.size.x, shape.size.y, shape.size.z}[axis];
  }
  static double length(const AreaShape& shape, const std::array<double, 3>& pitch,
                       std::size_t axis) {
    return size(shape, axis) * pitch[axis];
  }
  /// Along an axis on which both areas have one voxel there are no distances.
  static bool is_flat(const RuleContext& c, std::size_t axis) {
    return size(c.pre, axis) == 1 && size(c.post, axis) == 1;
  }
  static std::array<double, 3> target_pitch(const DistanceOptions& o) {
    std::array<double, 3> pitch = o.target_pitch;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      pitch[axis] = pitch[axis] == 0.0 ? o.pitch[axis] : pitch[axis];
    }
    return pitch;
  }

  [[nodiscard]] Point source(const AreaShape& pre, std::uint32_t i) const {
    return options_.positions ? given(*options_.positions, pre.place(i))
                              : middle(pre, pre.place(i), options_.pitch);
  }
  [[nodiscard]] Point target(const AreaShape& post, std::uint32_t i) const {
    if (options_.positions) {
      return given(options_.target_positions ? *options_.target_positions : *options_.positions,
                   post.place(i));
    }
    return middle(post, post.place(i), target_pitch(options_));
  }
  [[nodiscard]] Point extent() const {
    return {static_cast<float>(extent_[0]), static_cast<float>(extent_[1]),
            static_cast<float>(extent_[2])};
  }

 private:
  [[nodiscard]] Point given(const Positions& positions, std::uint32_t neuron) const {
    Point p{};
    for (std::uint32_t axis = 0; axis < positions.axes; ++axis) {
      const std::size_t at = std::size_t{neuron} * positions.axes + axis;
      p[axis] = within(positions.coordinates[at] - origin_[axis], axis);
    }
    return p;
  }
  [[nodiscard]] Point middle(const AreaShape& shape, std::uint32_t neuron,
                             const std::array<double, 3>& pitch) const {
    const Voxel v = voxel_at(shape, neuron);
    const std::array at{v.x, v.y, v.z};
    Point p{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      p[axis] = is_flat_[axis] ? 0.0F : within((at[axis] + 0.5) * pitch[axis], axis);
    }
    return p;
  }
  [[nodiscard]] float within(double x, std::size_t axis) const {
    const double around = extent_[axis];
    if (!(around > 0.0)) {
      return static_cast<float>(x);
    }
    const auto rest = static_cast<float>(x - language::floor_of(x / around) * around);
    return rest >= 0.0F && rest < static_cast<float>(around) ? rest : 0.0F;
  }

  const DistanceOptions& options_;
  std::array<double, 3> extent_{}, origin_{};
  std::array<bool, 3> is_flat_{};
};

class DistanceProbability final : public RuleImplementation {
 public:
  DistanceProbability(DistanceKernel kernel, double p, DistanceOptions options)
      : kernel_(checked(kernel.shape, kernel.scale)), p_(p), options_(std::move(options)) {
    if (!(p >= 0.0 && p <= 1.0)) {
      refuse("distance_probability of " + number_text(p) + " is no probability (0 to 1).");
    }
    require_options(options_);
    table_.emplace(kernel_, p_, options_.max_distance);
  }

  [[nodiscard]] std::string describe() const override {
    return "distance_probability(" + std::string(name_of(kernel_.shape)) + "(" +
           number_text(kernel_.scale) + "), " + number_text(p_) +
           (options_.periodic ? ", periodic" : "") + flags_text(options_.autapses, true) + ")";
  }

  void check(const RuleContext& c) const override {
    if (!options_.positions) {
      const auto pitch = Places::target_pitch(options_);
      for (std::size_t axis = 0; options_.periodic && axis < 3; ++axis) {
        const double source = Places::length(c.pre, options_.pitch, axis);
        const double target = Places::length(c.post, pitch, axis);
        if (!Places::is_flat(c, axis) &&
            (source > target * 1.000001 || target > source * 1.000001)) {
          refuse(describe() + " needs areas of one extent (axis " + number_text(axis) + ": " +
                 number_text(source) + " and " + number_text(target) + ").");
        }
      }
      return;
    }
    if (!options_.target_positions && !c.same_area) {
      refuse(describe() +
             " has positions of sources alone (the areas differ). Give "
             "target_positions, too.");
    }
    require_one_each(*options_.positions, c.pre, "positions");
    require_one_each(options_.target_positions ? *options_.target_positions : *options_.positions,
                     c.post, "target_positions");
  }

  void for_each(const RuleContext& c, PairSink& sink) const override {
    const Places places(options_, c);
    with_walk(c, places, [&](auto& walk) {
      std::uint32_t end = c.first_owner;  // of those for whom the walk looked
      for (std::uint32_t source = c.first_owner; source < last_owner(c, c.pre.count); ++source) {
        const Point from = places.source(c.pre, source);
        if (source >= end) {
          end = look_for(c, places, source, walk);
        }
        Draws draws(c, source);
        const std::uint32_t own = options_.autapses ? Selves::kNone : own_target(c, source);
        const auto targets = walk.draw(from, own, draws);
        if (!targets.empty()) {
          sink.row(source, targets);
        }
      }
    });
  }
  [[nodiscard]] std::uint32_t owners(const RuleContext& c) const override { return c.pre.count; }

  [[nodiscard]] double expected_pairs(const RuleContext& c) const override {
    constexpr std::uint32_t kAsked = 256;  // sources stand for the others
    const std::uint32_t asked = std::min(c.pre.count, kAsked);
    double sum = 0.0;
    const Places places(options_, c);
    with_walk(c, places, [&](auto& walk) {
      for (std::uint32_t i = 0; i < asked; ++i) {
        const auto source = static_cast<std::uint32_t>(std::uint64_t{i} * c.pre.count / asked);
        sum += walk.expected(places.source(c.pre, source));
      }
    });
    return asked == 0 ? 0.0 : sum / asked * c.pre.count;
  }

 private:
  static void require_one_each(const Positions& positions, const AreaShape& area,
                               const char* what) {
    const std::size_t points = positions.coordinates.size() / positions.axes;
    if (points != area.entire()) {
      refuse("there are " + number_text(points) + " " + what + " (the area has " +
             number_text(area.entire()) + " neurons). Give one for each.");
    }
  }

  /// Looks at the targets for a source, together with those that follow it if they are near. Which
  /// these are hangs on no stretch of owners. Gives the first for whom it did not look.
  template <class Walk>
  std::uint32_t look_for(const RuleContext& c, const Places& places, std::uint32_t source,
                         Walk& walk) const {
    constexpr std::uint32_t kTogether = 4;
    constexpr double kNear = 1.0;  // of the kernel's length
    const std::uint32_t begin = source / kTogether * kTogether;
    const std::uint32_t end = std::min(c.pre.count, begin + kTogether);
    Box box{places.source(c.pre, begin), places.source(c.pre, begin)};
    for (std::uint32_t i = begin + 1U; i < end; ++i) {
      const Point p = places.source(c.pre, i);
      box.add({p, p});
    }
    if (static_cast<double>(box.longest_side()) <= kNear * kernel_.scale) {
      walk.look_from(box);
      return end;
    }
    const Point p = places.source(c.pre, source);
    walk.look_from({p, p});
    return source + 1U;
  }

  /// Calls `use` with a walk over the targets, made for as many axes as areas have.
  template <class Use>
  void with_walk(const RuleContext& c, const Places& places, Use use) const {
    const std::shared_ptr<const PointTree> tree = tree_of(c);
    const auto call = [&]<std::size_t kAxes, bool kPeriodic>() {
      const Metric<kAxes, kPeriodic> metric(places.extent());
      DistanceWalk walk(*tree, *table_, metric);
      use(walk);
    };
    const bool is_solid =
        options_.positions ? options_.positions->axes == 3 : !Places::is_flat(c, 2);
    if (is_solid) {
      options_.periodic ? call.template operator()<3, true>()
                        : call.template operator()<3, false>();
    } else {
      options_.periodic ? call.template operator()<2, true>()
                        : call.template operator()<2, false>();
    }
  }

  /// The tree over the targets, kept for the next stretch of owners.
  [[nodiscard]] std::shared_ptr<const PointTree> tree_of(const RuleContext& c) const {
    const std::lock_guard lock(mutex_);
    const AreaShape& post = c.post;
    const bool is_same = tree_ != nullptr && tree_shape_.size == post.size &&
                         tree_shape_.neurons_per_voxel == post.neurons_per_voxel &&
                         tree_shape_.first == post.first && tree_shape_.count == post.count &&
                         std::equal(tree_places_.begin(), tree_places_.end(), post.places.begin(),
                                    post.places.end()) &&
                         tree_source_size_ == c.pre.size;
    if (!is_same) {
      const Places places(options_, c);
      std::vector<Point> points(post.count);
      for (std::uint32_t i = 0; i < post.count; ++i) {
        points[i] = places.target(post, i);
      }
      tree_ = std::make_shared<const PointTree>(points);
      tree_shape_ = post;
      tree_places_.assign(post.places.begin(), post.places.end());
      tree_source_size_ = c.pre.size;
    }
    return tree_;
  }

  DistanceKernel kernel_;
  double p_;
  DistanceOptions options_;
  std::optional<KernelTable> table_;
  mutable std::mutex mutex_;
  mutable std::shared_ptr<const PointTree> tree_;
  mutable AreaShape tree_shape_;
  mutable std::vector<std::uint32_t> tree_places_;
  mutable Voxel tree_source_size_;
};

}  // namespace

namespace kernels {

DistanceKernel gaussian(double sigma) { return checked(DistanceKernel::Shape::gaussian, sigma); }
DistanceKernel exponential(double length) {
  return checked(DistanceKernel::Shape::exponential, length);
}
DistanceKernel linear(double reach) { return checked(DistanceKernel::Shape::linear, reach); }
DistanceKernel within(double radius) { return checked(DistanceKernel::Shape::within, radius); }

}  // namespace kernels

ConnectionRule distance_probability(DistanceKernel kernel, double p, DistanceOptions options) {
  return ConnectionRule(std::make_shared<DistanceProbability>(kernel, p, std::move(options)));
}

}  // namespace rheobase
