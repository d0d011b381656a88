// SPDX-License-Identifier: Apache-2.0
// Probability by distance, against what all pairs say.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "network/rules/kernel_table.h"
#include "network/rules/point_tree.h"
#include "rheobase/distance.h"
#include "support/chi_squared.h"
#include "support/messages.h"
#include "support/rule_pairs.h"

namespace rheobase::test {
namespace distances {
namespace {

struct Wired {
  std::string name;
  DistanceKernel kernel;
  double p = 1.0;
  DistanceOptions options;
  RuleContext context;
};

RuleContext lattice(Voxel size, std::uint32_t per_voxel = 1) {
  return {shape_of(size, per_voxel), shape_of(size, per_voxel), true, 5, 1};
}

Positions random_positions(std::uint32_t count, std::uint32_t axes, double width, bool clustered) {
  Positions positions;
  positions.axes = axes;
  std::uint64_t state = 12345 + axes;
  for (std::uint32_t i = 0; i < count * axes; ++i) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    const double u = static_cast<double>(state >> 11U) * 0x1p-53;
    positions.coordinates.push_back((clustered ? u * u * u : u) * width - width / 3.0);
  }
  return positions;
}

double value_of(const DistanceKernel& kernel, double d) {
  const double x = d / kernel.scale;
  switch (kernel.shape) {
    case DistanceKernel::Shape::gaussian: return std::exp(-x * x / 2.0);
    case DistanceKernel::Shape::exponential: return std::exp(-x);
    case DistanceKernel::Shape::linear: return x < 1.0 ? 1.0 - x : 0.0;
    case DistanceKernel::Shape::within: return x <= 1.0 ? 1.0 : 0.0;
  }
  return 0.0;
}

/// Distance in double precision.
double distance(const Wired& w, std::uint32_t source, std::uint32_t target) {
  double sum = 0.0;
  for (std::uint32_t axis = 0; axis < 3; ++axis) {
    double difference = 0.0;
    double around = 0.0;
    if (w.options.positions) {
      const Positions& from = *w.options.positions;
      const Positions& to = w.options.target_positions ? *w.options.target_positions : from;
      if (axis >= from.axes) {
        break;
      }
      difference =
          from.coordinates[source * from.axes + axis] - to.coordinates[target * from.axes + axis];
      around = w.options.extent[axis];
    } else {
      const auto size = [axis](const AreaShape& shape) {
        return std::array{shape.size.x, shape.size.y, shape.size.z}[axis];
      };
      if (size(w.context.pre) == 1 && size(w.context.post) == 1) {
        continue;
      }
      const auto at = [axis](Voxel v) { return std::array{v.x, v.y, v.z}[axis] + 0.5; };
      const double pitch = w.options.pitch[axis];
      const double target_pitch =
          w.options.target_pitch[axis] == 0.0 ? pitch : w.options.target_pitch[axis];
      difference = at(voxel_at(w.context.pre, source)) * pitch -
                   at(voxel_at(w.context.post, target)) * target_pitch;
      around = (at(w.context.pre.size) - 0.5) * pitch;
    }
    difference = std::abs(difference);
    if (w.options.periodic) {
      difference = std::fmod(difference, around);
      difference = std::min(difference, around - difference);
    }
    sum += difference * difference;
  }
  return std::sqrt(sum);
}

double probability(const Wired& w, std::uint32_t source, std::uint32_t target) {
  if (!w.options.autapses && w.context.same_area && source == target) {
    return 0.0;
  }
  const double d = distance(w, source, target);
  return d <= w.options.max_distance ? w.p * value_of(w.kernel, d) : 0.0;
}

std::vector<Wired> cases() {
  DistanceOptions straight;
  DistanceOptions around{.periodic = true};
  DistanceOptions alone{.autapses = false, .max_distance = 6.5, .pitch = {0.5, 2.0, 1.0}};
  DistanceOptions scaled{
      .pitch = {2.0, 2.0, 2.0}, .target_pitch = {1.0, 1.0, 1.0}, .periodic = true};
  std::vector<Wired> list = {
      {"gaussian on a sheet", kernels::gaussian(3), 0.8, straight, lattice({30, 30, 1})},
      {"gaussian around", kernels::gaussian(6), 0.3, around, lattice({40, 20, 1})},
      {"exponential in a volume", kernels::exponential(2), 1.0, around, lattice({10, 9, 8})},
      {"linear, two a voxel", kernels::linear(5), 0.9, alone, lattice({20, 25, 1}, 2)},
      {"a disc", kernels::within(7), 0.25, around, lattice({30, 30, 1})},
      {"nearly certain", kernels::gaussian(4), 1.0, straight, lattice({25, 25, 1})},
      {"a broad one", kernels::exponential(500), 0.02, straight, lattice({900, 1, 1})}};
  RuleContext other{shape_of({12, 14, 1}), shape_of({24, 28, 1}, 2), false, 5, 1};
  list.push_back({"between areas", kernels::gaussian(2.5), 0.7, scaled, other});
  for (const bool clustered : {false, true}) {
    DistanceOptions placed;
    placed.positions = random_positions(700, 2, 100.0, clustered);
    list.push_back({"points", kernels::gaussian(12), 0.6, placed, row_context(700, 700, true)});
    placed.positions = random_positions(700, 3, 100.0, clustered);
    placed.target_positions = random_positions(600, 3, 120.0, !clustered);
    placed.periodic = true;
    placed.extent = {60.0, 90.0, 130.0};
    list.push_back(
        {"points around", kernels::exponential(15), 0.9, placed, row_context(700, 600, false)});
  }
  DistanceOptions ring;
  ring.positions = random_positions(800, 1, 300.0, false);
  ring.periodic = true;
  ring.extent = {250.0, 0.0, 0.0};
  list.push_back({"a ring", kernels::gaussian(20), 0.5, ring, row_context(800, 800, true)});
  return list;
}

/// Pairs by their probability: how many are made of each class, and of each distance.
TEST(DistanceProbability, PairsAreMadeAsOftenAsTheirDistanceSays) {
  for (const Wired& w : cases()) {
    SCOPED_TRACE(w.name);
    constexpr std::size_t kClasses = 40;
    std::vector<double> expected(kClasses);
    std::vector<double> variance(kClasses);
    std::vector<double> seen(kClasses);
    const auto class_of = [&](double p) {
      return std::min(kClasses - 1, static_cast<std::size_t>(p / w.p * kClasses));
    };
    for (std::uint32_t i = 0; i < w.context.pre.count; ++i) {
      for (std::uint32_t j = 0; j < w.context.post.count; ++j) {
        const double p = probability(w, i, j);
        expected[class_of(p)] += p;
        variance[class_of(p)] += p * (1.0 - p);
      }
    }
    const ConnectionRule rule = distance_probability(w.kernel, w.p, w.options);
    const Pairs pairs = pairs_of(rule, w.context);
    ASSERT_EQ(std::set(pairs.begin(), pairs.end()).size(), pairs.size());
    double total = 0.0;
    for (const auto& [source, target] : pairs) {
      const double p = probability(w, source, target);
      ASSERT_GT(p, 0.0) << source << " -> " << target;
      seen[class_of(p)] += 1.0;
    }
    double chi = 0.0;
    double cells = 0.0;
    for (std::size_t k = 0; k < kClasses; ++k) {
      total += expected[k];
      if (variance[k] > 10.0) {
        chi += (seen[k] - expected[k]) * (seen[k] - expected[k]) / variance[k];
        cells += 1.0;
      }
    }
    EXPECT_GE(cells, 1.0);
    EXPECT_LT(chi, cells + 5.0 * std::sqrt(2.0 * cells));
    EXPECT_NEAR(rule.implementation().expected_pairs(w.context) / total, 1.0, 0.1);
  }
}

TEST(DistanceProbability, PairsAreIndependent) {
  // whether a source reaches one neighbour says nothing of another, of one block or of two
  const RuleContext context = lattice({9, 9, 1});
  const ConnectionRule rule = distance_probability(kernels::gaussian(5), 0.5);
  const Wired w{"", kernels::gaussian(5), 0.5, {}, context};
  constexpr double kTimes = 4000;
  std::map<std::uint32_t, double> both;
  for (std::uint32_t stream = 0; stream < kTimes; ++stream) {
    RuleContext c = context;
    c.stream = stream;
    c.first_owner = 40;
    c.last_owner = 41;
    std::set<std::uint32_t> targets;
    for (const auto& pair : pairs_of(rule, c)) {
      targets.insert(pair.second);
    }
    for (const std::uint32_t other : {40U, 41U, 42U, 49U, 30U, 0U, 80U}) {
      both[other] += targets.contains(32) && targets.contains(other) ? 1.0 : 0.0;
    }
  }
  for (const auto& [other, count] : both) {
    const double p = probability(w, 40, 32) * probability(w, 40, other);
    EXPECT_NEAR(count, kTimes * p, 5.0 * std::sqrt(kTimes * p)) << other;
  }
}

TEST(DistanceProbability, DegreesFollowTheirDistribution) {
  // around, all neurons are alike: sums of independent draws of the probabilities of one of them
  const RuleContext context = lattice({60, 60, 1});
  const Wired w{"", kernels::gaussian(3), 0.4, {.periodic = true}, context};
  std::vector<double> distribution{1.0};
  for (std::uint32_t j = 0; j < context.post.count; ++j) {
    const double p = probability(w, 0, j);
    if (p > 1e-9) {
      distribution.push_back(0.0);
      for (std::size_t k = distribution.size() - 1; k > 0; --k) {
        distribution[k] = distribution[k] * (1.0 - p) + distribution[k - 1] * p;
      }
      distribution[0] *= 1.0 - p;
    }
  }
  for (double& d : distribution) {
    d *= context.pre.count;
  }
  std::vector<double> out(distribution.size());
  std::vector<double> in(distribution.size());
  std::vector<std::uint32_t> out_degree(context.pre.count);
  std::vector<std::uint32_t> in_degree(context.pre.count);
  for (const auto& [source, target] :
       pairs_of(distance_probability(w.kernel, w.p, w.options), context)) {
    ++out_degree[source];
    ++in_degree[target];
  }
  for (std::uint32_t i = 0; i < context.pre.count; ++i) {
    out.at(out_degree[i]) += 1.0;
    in.at(in_degree[i]) += 1.0;
  }
  EXPECT_TRUE(fits(out, distribution));
  EXPECT_TRUE(fits(in, distribution));
}

TEST(DistanceProbability, EndsOfTheRange) {
  const RuleContext context = lattice({6, 5, 4});
  EXPECT_TRUE(pairs_of(distance_probability(kernels::gaussian(1), 0.0), context).empty());
  EXPECT_EQ(pairs_of(distance_probability(kernels::within(100)), context).size(), 120U * 120U);
  EXPECT_EQ(pairs_of(distance_probability(kernels::within(0.5)), context).size(), 120U);
  EXPECT_EQ(pairs_of(distance_probability(kernels::within(1e-300)), context).size(), 120U);
  EXPECT_TRUE(
      pairs_of(distance_probability(kernels::within(0.5), 1.0, {.autapses = false}), context)
          .empty());
  // a limit that is met exactly counts
  EXPECT_EQ(pairs_of(distance_probability(kernels::within(1)), row_context(5, 5, true)).size(),
            13U);
  EXPECT_EQ(pairs_of(distance_probability(kernels::within(1), 1.0, {.periodic = true}),
                     row_context(5, 5, true))
                .size(),
            15U);
  EXPECT_EQ(pairs_of(distance_probability(kernels::within(0.3), 1.0, {.pitch = {0.1, 1, 1}}),
                     row_context(9, 9, true))
                .size(),
            9U + 2U * (8U + 7U + 6U));
  EXPECT_EQ(pairs_of(distance_probability(kernels::gaussian(1e12)), row_context(3, 4)).size(), 12U);
  EXPECT_EQ(pairs_of(distance_probability(kernels::linear(1)), row_context(1, 1)).size(), 1U);
  EXPECT_TRUE(pairs_of(distance_probability(kernels::linear(1)), row_context(1, 0)).empty());
  EXPECT_TRUE(pairs_of(distance_probability(kernels::linear(1)), row_context(0, 1)).empty());
}

TEST(DistanceProbability, NeuronsAtOnePointAreToldApart) {
  DistanceOptions options;
  options.positions = Positions{std::vector<double>(600, 7.5), 2};
  const RuleContext context = row_context(300, 300, true);
  EXPECT_EQ(pairs_of(distance_probability(kernels::within(1), 1.0, options), context).size(),
            90000U);
  const Pairs some = pairs_of(distance_probability(kernels::within(1), 0.1, options), context);
  EXPECT_NEAR(static_cast<double>(some.size()), 9000.0, 5.0 * std::sqrt(8100.0));
}

TEST(DistanceProbability, AnyStretchOfSourcesIsTheSame) {
  for (const Wired& w : cases()) {
    const ConnectionRule rule = distance_probability(w.kernel, w.p, w.options);
    RuleContext context = w.context;
    const Pairs all = pairs_of(rule, context);
    Pairs joined;
    for (std::uint32_t begin = 0; begin < context.pre.count; begin += 131) {
      context.first_owner = begin;
      context.last_owner = begin + 131;
      const Pairs part = pairs_of(rule, context);
      joined.insert(joined.end(), part.begin(), part.end());
    }
    EXPECT_EQ(joined, all) << w.name;
  }
}

TEST(DistanceProbability, OneRuleServesAreasOfManyShapes) {
  const ConnectionRule rule = distance_probability(kernels::gaussian(2), 0.5);
  const Pairs first = pairs_of(rule, lattice({20, 20, 1}));
  const Pairs other = pairs_of(rule, lattice({8, 8, 8}));
  EXPECT_EQ(pairs_of(rule, lattice({20, 20, 1})), first);
  EXPECT_EQ(pairs_of(distance_probability(kernels::gaussian(2), 0.5), lattice({8, 8, 8})), other);
}

TEST(DistanceProbability, WrongOnesAreRefused) {
  const auto refuse = [](double p, const DistanceOptions& options, const RuleContext& context) {
    static_cast<void>(pairs_of(distance_probability(kernels::gaussian(1), p, options), context));
  };
  const RuleContext own = row_context(4, 4, true);
  EXPECT_SAYS((void)kernels::gaussian(0.0), "gaussian of 0 is no length");
  EXPECT_SAYS((void)kernels::within(std::nan("")), "within of nan is no length");
  EXPECT_SAYS(refuse(1.5, {}, own), "distance_probability of 1.5 is no probability");
  EXPECT_SAYS(refuse(1, {.max_distance = -1}, own), "max_distance is -1");
  EXPECT_SAYS(refuse(1, {.pitch = {1, 0, 1}}, own), "pitch of 0 is no length");
  EXPECT_SAYS(refuse(1, {.periodic = true}, row_context(4, 5)), "needs areas of one extent");
  DistanceOptions placed;
  placed.positions = Positions{{1, 2, 3}, 1};
  EXPECT_SAYS(refuse(1, placed, own), "there are 3 positions (the area has 4 neurons)");
  placed.positions = Positions{{1, 2, 3, 4, 5, 6, 7, 8}, 2};
  EXPECT_SAYS(refuse(1, placed, row_context(4, 4)), "Give target_positions, too");
  placed.periodic = true;
  EXPECT_SAYS(refuse(1, placed, own), "without the extent of each axis (that of axis 0 is 0)");
  placed.positions->coordinates[3] = std::numeric_limits<double>::infinity();
  EXPECT_SAYS(refuse(1, placed, own), "a coordinate of point 1 is inf");
  placed.positions = Positions{{1, 2, 3}, 2};
  EXPECT_SAYS(refuse(1, placed, own), "are no points");
  placed.positions.reset();
  placed.target_positions = Positions{{1, 2, 3, 4}, 1};
  EXPECT_SAYS(refuse(1, placed, own), "no positions of sources");
}

/// The bounds of bins hold, from distance 0 to beyond the last.
TEST(KernelTable, BoundsHoldWhatTheyBound) {
  for (const DistanceKernel& kernel : {kernels::gaussian(3), kernels::exponential(0.01),
                                       kernels::linear(1e6), kernels::within(2)}) {
    for (const double p : {1.0, 0.3, 1e-9}) {
      const KernelTable table(kernel, p, 40.0 * kernel.scale);
      for (int i = 0; i < 20000; ++i) {
        const auto squared =
            static_cast<float>(kernel.scale * kernel.scale * std::exp2((i - 14000) / 700.0));
        const KernelTable::Bin& bin = table.bin_of(squared);
        ASSERT_LE(static_cast<double>(bin.lower), table.at(squared));
        ASSERT_GE(static_cast<double>(bin.upper), table.at(squared));
        ASSERT_NEAR(table.at(squared),
                    p * value_of(kernel, std::sqrt(static_cast<double>(squared))), p * 1e-6)
            << squared;
      }
      EXPECT_EQ(table.at(0.0F), p);
    }
  }
}

TEST(PointTree, BoxesHoldTheirPointsAndNoneIsLost) {
  std::vector<Point> points;
  const Positions positions = random_positions(3000, 3, 50.0, true);
  for (std::size_t i = 0; i < 3000; ++i) {
    const auto at = [&](std::size_t axis) {
      return static_cast<float>(positions.coordinates[3 * i + axis] + 17.0);
    };
    points.push_back({at(0), at(1), at(2)});
  }
  const PointTree tree(points);
  std::set<std::uint32_t> neurons;
  const Metric<3, true> metric({60.0F, 52.0F, 90.0F});
  for (const PointTree::Node& node : tree.nodes()) {
    for (std::uint32_t i = node.first; i < node.first + node.count; ++i) {
      const Point& p = tree.point(i);
      EXPECT_EQ(p, points[tree.neuron(i)]);
      for (const Point& from : {points[0], points[1500], Point{0, 0, 0}, Point{59, 51, 89}}) {
        const auto range = metric.squared({from, from}, node.box);
        EXPECT_LE(range.least, metric.squared(from, p));
        EXPECT_GE(range.most, metric.squared(from, p));
      }
      if (node.right == 0) {
        neurons.insert(tree.neuron(i));
      }
    }
  }
  EXPECT_EQ(neurons.size(), 3000U);
}

}  // namespace
}  // namespace distances
}  // namespace rheobase::test
