// SPDX-License-Identifier: Apache-2.0
// Rules between voxels: the meaning of each on small shapes, and how voxels become rows.
#include "network/rules/voxel_rule.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "network/rules/turn.h"
#include "support/rule_pairs.h"

namespace rheobase::test {
namespace {

using Voxels = std::vector<Voxel>;

Voxels targets_of(const ConnectionRule& rule, Voxel source, Voxel from, Voxel to) {
  Voxels out;
  dynamic_cast<const VoxelRule&>(rule.implementation()).targets(source, from, to, out);
  return out;
}

Voxels targets_of(std::string_view function, Voxel source, Voxel from, Voxel to) {
  return targets_of(voxel_function(function), source, from, to);
}

/// Coordinates x that one target element selects, for a source at x = 2 and a target of 6.
std::vector<std::uint32_t> selected(const std::string& element) {
  std::vector<std::uint32_t> xs;
  for (const Voxel& v : targets_of(patterns({{{"*", "*", "*"}, {element, "0", "0"}}}), {2, 0, 0},
                                   {6, 1, 1}, {6, 1, 1})) {
    xs.push_back(v.x);
  }
  return xs;
}

TEST(VoxelRule, AllCopiesSendAndTheLastReceives) {
  const RuleContext context{shape_of({2, 1, 1}, 3), shape_of({2, 1, 1}, 2), false, 0, 0};
  EXPECT_EQ(pairs_of(vectors({{0, 0, 0}}), context),
            (Pairs{{0, 1}, {1, 1}, {2, 1}, {3, 3}, {4, 3}, {5, 3}}));
}

TEST(VoxelRule, SourcesComeXOutermost) {
  const RuleContext context{shape_of({2, 2, 2}), shape_of({2, 2, 2}), false, 0, 0};
  const Pairs pairs = pairs_of(vectors({{0, 0, 0}}), context);
  ASSERT_EQ(pairs.size(), 8U);
  for (std::uint32_t i = 0; i < 8; ++i) {
    EXPECT_EQ(pairs[i], (Pairs::value_type{i, i}));
  }
  EXPECT_EQ(voxel_at(context.pre, 4), (Voxel{1, 0, 0}));
}

TEST(Vectors, DropsOutsideAndDoesNotRepeat) {
  const auto rule = vectors({{1, 0, 0}, {-1, 0, 0}, {1, 0, 0}, {0, 0, 5}});
  EXPECT_EQ(targets_of(rule, {0, 1, 1}, {3, 3, 3}, {3, 3, 3}), (Voxels{{1, 1, 1}}));
  EXPECT_EQ(targets_of(rule, {1, 1, 1}, {3, 3, 3}, {3, 3, 3}), (Voxels{{2, 1, 1}, {0, 1, 1}}));
  // the end of the offsets' range does not wrap
  EXPECT_TRUE(
      targets_of(vectors({{INT32_MIN, 0, 0}, {INT32_MAX, 0, 0}}), {1, 0, 0}, {3, 1, 1}, {3, 1, 1})
          .empty());
}

TEST(Patterns, EveryTargetElement) {
  using List = std::vector<std::uint32_t>;
  EXPECT_EQ(selected("*"), (List{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(selected("?"), (List{2}));
  EXPECT_EQ(selected("!"), (List{0, 1, 3, 4, 5}));
  EXPECT_EQ(selected("4"), (List{4}));
  EXPECT_EQ(selected("6"), (List{}));
  EXPECT_EQ(selected("?+"), (List{3, 4, 5}));
  EXPECT_EQ(selected("?-"), (List{0, 1}));
  EXPECT_EQ(selected("?+="), (List{2, 3, 4, 5}));
  EXPECT_EQ(selected("?-="), (List{0, 1, 2}));
  EXPECT_EQ(selected("?+3"), (List{5}));
  EXPECT_EQ(selected("?+4"), (List{}));
  EXPECT_EQ(selected("?-2"), (List{0}));
  EXPECT_EQ(selected("?-3"), (List{}));
  EXPECT_EQ(selected("?-1:?+2"), (List{1, 2, 3, 4}));
  EXPECT_EQ(selected("?-9:?+9"), (List{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(selected("1..3"), (List{1, 2, 3}));
  EXPECT_EQ(selected("4..9"), (List{4, 5}));
  EXPECT_EQ(selected("3..1"), (List{}));
}

TEST(Patterns, OnlyNumbersRestrictTheSource) {
  const auto reaches = [](const std::string& element, std::uint32_t x) {
    return !targets_of(patterns({{{element, "*", "*"}, {"0", "0", "0"}}}), {x, 0, 0}, {6, 1, 1},
                       {1, 1, 1})
                .empty();
  };
  EXPECT_TRUE(reaches("3", 3));
  EXPECT_FALSE(reaches("3", 2));
  EXPECT_TRUE(reaches("1..3", 1));
  EXPECT_TRUE(reaches("1..3", 3));
  EXPECT_FALSE(reaches("1..3", 4));
  for (const std::string element :
       {"*", "?", "!", "?+", "?-", "?+=", "?-=", "?+1", "?-1", "?-1:?+1"}) {
    EXPECT_TRUE(reaches(element, 0)) << element;
    EXPECT_TRUE(reaches(element, 5)) << element;
  }
}

TEST(Patterns, UnionOfPairsIsSortedAndWithoutRepeats) {
  const auto rule = patterns({{{"*", "*", "*"}, {"2", "0", "*"}},
                              {{"*", "*", "*"}, {"0..2", "0", "0"}},
                              {{"9", "*", "*"}, {"1", "1", "1"}}});
  EXPECT_EQ(targets_of(rule, {0, 0, 0}, {1, 1, 1}, {3, 2, 2}),
            (Voxels{{0, 0, 0}, {1, 0, 0}, {2, 0, 0}, {2, 0, 1}}));
}

TEST(Patterns, RefusesWhatIsNoElement) {
  for (const std::string element :
       {"", "-1", "x", "?x", "?+x", "??", "1..", "..2", "-1..2", "1.5", "?-1:", "**", " 1"}) {
    EXPECT_THROW((void)patterns({{{"*", "*", "*"}, {element, "0", "0"}}}), Error)
        << "'" << element << "'";
    EXPECT_THROW((void)patterns({{{"*", element, "*"}, {"0", "0", "0"}}}), Error)
        << "'" << element << "'";
  }
}

TEST(Projector, AgreesWithItsDefinitionOnEverySize) {
  // the definition, coordinate by coordinate, in f32
  for (std::uint32_t from = 1; from <= 40; ++from) {
    for (std::uint32_t to = 1; to <= 40; ++to) {
      for (std::uint32_t s = 0; s < from; ++s) {
        Voxels expected;
        for (std::uint32_t d = 0; d < to; ++d) {
          const float ratio = from > to ? static_cast<float>(from) / static_cast<float>(to)
                                        : static_cast<float>(to) / static_cast<float>(from);
          const float down = static_cast<float>(s) / ratio;
          const float up = static_cast<float>(d) / ratio;
          const bool hit = from == to ? d == s
                                      : (from > to ? static_cast<std::uint32_t>(down) == d
                                                   : static_cast<std::uint32_t>(up) == s);
          if (hit) {
            expected.push_back({d, 0, 0});
          }
        }
        ASSERT_EQ(targets_of("projector", {s, 0, 0}, {from, 1, 1}, {to, 1, 1}), expected)
            << s << " of " << from << " to " << to;
      }
    }
  }
}

TEST(Projector, ProductIsXOutermost) {
  EXPECT_EQ(targets_of("projector", {0, 0, 0}, {1, 1, 1}, {2, 1, 2}),
            (Voxels{{0, 0, 0}, {0, 0, 1}, {1, 0, 0}, {1, 0, 1}}));
}

TEST(Projector, SwappedAxesAreThoseOfTheSource) {
  for (const std::string prefix : {"projector_", "transpose_"}) {
    EXPECT_EQ(targets_of(prefix + "xy", {3, 1, 2}, {4, 2, 3}, {2, 4, 3}), (Voxels{{1, 3, 2}}));
    EXPECT_EQ(targets_of(prefix + "yz", {3, 1, 2}, {4, 2, 3}, {4, 3, 2}), (Voxels{{3, 2, 1}}));
    EXPECT_EQ(targets_of(prefix + "xz", {3, 1, 2}, {4, 2, 3}, {3, 2, 4}), (Voxels{{2, 1, 3}}));
  }
}

TEST(ProjectFromEnd, OnlyTheLastLayerSends) {
  EXPECT_EQ(targets_of("project_from_end_x", {3, 1, 2}, {4, 2, 3}, {1, 2, 3}), (Voxels{{0, 1, 2}}));
  EXPECT_TRUE(targets_of("project_from_end_x", {2, 1, 2}, {4, 2, 3}, {1, 2, 3}).empty());
  EXPECT_EQ(targets_of("project_from_end_y", {3, 1, 2}, {4, 2, 3}, {4, 1, 3}), (Voxels{{3, 0, 2}}));
  EXPECT_TRUE(targets_of("project_from_end_y", {3, 0, 2}, {4, 2, 3}, {4, 1, 3}).empty());
  EXPECT_EQ(targets_of("project_from_end_z", {3, 1, 2}, {4, 2, 3}, {4, 2, 1}), (Voxels{{3, 1, 0}}));
  EXPECT_TRUE(targets_of("project_from_end_z", {3, 1, 1}, {4, 2, 3}, {4, 2, 1}).empty());
}

TEST(CenteredProjector, CentreOnCentreWithoutScaling) {
  EXPECT_EQ(targets_of("centered_projector", {2, 2, 0}, {5, 5, 1}, {3, 3, 1}), (Voxels{{1, 1, 0}}));
  EXPECT_TRUE(targets_of("centered_projector", {0, 2, 0}, {5, 5, 1}, {3, 3, 1}).empty());
  EXPECT_TRUE(targets_of("centered_projector", {4, 2, 0}, {5, 5, 1}, {3, 3, 1}).empty());
  EXPECT_EQ(targets_of("centered_projector", {0, 0, 0}, {4, 1, 1}, {5, 1, 1}), (Voxels{{1, 0, 0}}));
  EXPECT_EQ(targets_of("centered_projector", {0, 0, 0}, {1, 1, 1}, {6, 1, 1}), (Voxels{{2, 0, 0}}));
}

TEST(Sweeper, VisitsEveryVoxelInReadingOrder) {
  std::set<Voxel> seen;
  Voxels at{{0, 0, 0}};
  while (!at.empty()) {
    ASSERT_TRUE(seen.insert(at.front()).second);
    at = targets_of("sweeper", at.front(), {3, 2, 2}, {3, 2, 2});
    ASSERT_LE(at.size(), 1U);
  }
  EXPECT_EQ(seen.size(), 12U);
}

TEST(Corners, FirstAndLast) {
  EXPECT_EQ(targets_of("last_to_first", {2, 1, 0}, {3, 2, 1}, {4, 4, 4}), (Voxels{{0, 0, 0}}));
  EXPECT_TRUE(targets_of("last_to_first", {2, 0, 0}, {3, 2, 1}, {4, 4, 4}).empty());
  EXPECT_EQ(targets_of("first_to_last", {0, 0, 0}, {3, 2, 1}, {4, 5, 6}), (Voxels{{3, 4, 5}}));
  EXPECT_TRUE(targets_of("first_to_last", {0, 1, 0}, {3, 2, 1}, {4, 5, 6}).empty());
}

TEST(Bitmask, EncoderAndDecoderAreInverse) {
  // source bit b reaches value v exactly if v, as a source, reaches bit b; also beyond 32 bits
  for (const char axis_name : {'x', 'y', 'z'}) {
    const unsigned a = static_cast<unsigned>(axis_name - 'x');
    for (const std::uint32_t width : {1U, 4U, 40U}) {
      Voxel bits{1, 1, 1};
      Voxel values{1, 1, 1};
      axis(bits, a) = width;
      axis(values, a) = 16;
      std::set<std::pair<std::uint32_t, std::uint32_t>> encoded;
      std::set<std::pair<std::uint32_t, std::uint32_t>> decoded;
      for (std::uint32_t b = 0; b < width; ++b) {
        Voxel s;
        axis(s, a) = b;
        for (const Voxel& t :
             targets_of(std::string("bitmask_encoder_") + axis_name, s, bits, values)) {
          encoded.emplace(b, axis(t, a));
        }
      }
      for (std::uint32_t v = 0; v < 16; ++v) {
        Voxel s;
        axis(s, a) = v;
        for (const Voxel& t :
             targets_of(std::string("bitmask_decoder_") + axis_name, s, values, bits)) {
          decoded.emplace(axis(t, a), v);
        }
      }
      EXPECT_EQ(encoded, decoded) << axis_name << ", width " << width;
      EXPECT_EQ(encoded.size(), width == 1 ? 8U : 32U);
      // most significant first: the last bit is the parity
      EXPECT_EQ(encoded.count({width - 1, 1}), 1U);
    }
  }
}

TEST(Bitmask, OtherAxesAreClamped) {
  EXPECT_EQ(targets_of("bitmask_encoder_x", {1, 5, 7}, {2, 9, 9}, {2, 3, 4}), (Voxels{{1, 2, 3}}));
  EXPECT_EQ(targets_of("bitmask_decoder_x", {1, 5, 7}, {2, 9, 9}, {2, 3, 4}), (Voxels{{1, 2, 3}}));
}

TEST(RotatorZ, TurnsAQuarterEachWay) {
  // layers of -90, 0 and +90 degrees about the centre (2, 2)
  EXPECT_EQ(targets_of("rotator_z", {4, 2, 0}, {5, 5, 1}, {5, 5, 3}),
            (Voxels{{2, 4, 0}, {4, 2, 1}, {2, 0, 2}}));
  EXPECT_EQ(targets_of("rotator_z", {4, 2, 0}, {5, 5, 1}, {5, 5, 1}), (Voxels{{4, 2, 0}}));
  // a corner leaves the square at 45 degrees
  EXPECT_EQ(targets_of("rotator_z", {4, 4, 0}, {5, 5, 1}, {5, 5, 5}).size(), 3U);
}

TEST(RotatorZ, SineAndCosineAgreeWithTheStandardLibrary) {
  constexpr double kPi = 3.14159265358979323846;
  for (int i = -9000; i <= 9000; ++i) {
    const double degrees = i / 100.0;
    const Turn turn = turn_of(degrees);
    ASSERT_NEAR(turn.sine, std::sin(degrees * kPi / 180.0), 1e-14) << degrees;
    ASSERT_NEAR(turn.cosine, std::cos(degrees * kPi / 180.0), 1e-14) << degrees;
  }
}

TEST(RotatorZ, RoundsHalfAwayFromZero) {
  EXPECT_EQ(round_half_away(0.5), 1);
  EXPECT_EQ(round_half_away(-0.5), -1);
  EXPECT_EQ(round_half_away(2.5), 3);
  EXPECT_EQ(round_half_away(2.25), 2);
  EXPECT_EQ(round_half_away(-2.75), -3);
}

TEST(OlderFunctions, OnSmallShapes) {
  EXPECT_EQ(targets_of("block_to_block", {20, 5, 3}, {30, 10, 10}, {10, 10, 10}),
            (Voxels{{9, 5, 3}}));
  EXPECT_EQ(targets_of("expander", {9, 0, 4}, {10, 1, 5}, {25, 1, 2}), (Voxels{{22, 0, 1}}));
  EXPECT_EQ(targets_of("reducer_x", {6, 3, 3}, {8, 4, 4}, {8, 4, 4}),
            (Voxels{{1, 0, 0}, {2, 0, 0}}));
  EXPECT_EQ(targets_of("reducer_x", {6, 0, 0}, {8, 1, 1}, {2, 1, 1}), (Voxels{{1, 0, 0}}));
  EXPECT_EQ(targets_of("lateral_pairs_x", {4, 1, 2}, {6, 2, 3}, {6, 2, 3}), (Voxels{{5, 1, 2}}));
  EXPECT_EQ(targets_of("lateral_pairs_x", {5, 1, 2}, {6, 2, 3}, {6, 2, 3}), (Voxels{{4, 1, 2}}));
  EXPECT_TRUE(targets_of("lateral_pairs_x", {4, 0, 0}, {5, 1, 1}, {5, 1, 1}).empty());
  EXPECT_EQ(targets_of("block_connection", {29, 1, 0}, {30, 2, 1}, {3, 2, 1}), (Voxels{{2, 1, 0}}));
  EXPECT_TRUE(targets_of("block_connection", {30, 1, 0}, {40, 2, 1}, {3, 2, 1}).empty());
}

TEST(Lateral, OneStepAlongAnAxis) {
  const Voxel size{3, 4, 5};
  const std::array<std::string, 3> names{"x", "y", "z"};
  for (unsigned a = 0; a < 3; ++a) {
    for (const int step : {1, -1}) {
      const std::string name = std::string("lateral_") + (step > 0 ? "+" : "-") + names[a];
      std::array<std::int32_t, 3> offset{};
      offset[a] = step;
      for (std::uint32_t i = 0; i < 60; ++i) {
        const Voxel s{i / 20, i / 5 % 4, i % 5};
        EXPECT_EQ(targets_of(name, s, size, size), targets_of(vectors({offset}), s, size, size))
            << name;
      }
    }
  }
}

TEST(CoreFunctions, AllAndFirst) {
  const Voxels all{{0, 0, 0}, {0, 0, 1}, {1, 0, 0}, {1, 0, 1}};
  EXPECT_EQ(targets_of("all_to_0-0-0", {2, 1, 0}, {3, 2, 1}, {2, 1, 2}), (Voxels{{0, 0, 0}}));
  EXPECT_EQ(targets_of("0-0-0_to_all", {0, 0, 0}, {3, 2, 1}, {2, 1, 2}), all);
  EXPECT_TRUE(targets_of("0-0-0_to_all", {0, 1, 0}, {3, 2, 1}, {2, 1, 2}).empty());
  EXPECT_EQ(targets_of("all_to_all", {1, 1, 0}, {3, 2, 1}, {2, 1, 2}), all);
}

/// The table of functions and the templates of FEAGI 0.0.53.
TEST(CoreFunctions, EveryNameOfFeagiIsARule) {
  for (const char* name : {"projector",
                           "transpose_xy",
                           "transpose_yz",
                           "transpose_xz",
                           "centered_projector",
                           "block_to_block",
                           "bitmask_encoder_x",
                           "bitmask_encoder_y",
                           "bitmask_encoder_z",
                           "bitmask_decoder_x",
                           "bitmask_decoder_y",
                           "bitmask_decoder_z",
                           "sweeper",
                           "last_to_first",
                           "first_to_last",
                           "rotator_z",
                           "tile",
                           "lateral_+x",
                           "lateral_-x",
                           "lateral_+y",
                           "lateral_-y",
                           "lateral_+z",
                           "lateral_-z",
                           "all_to_0-0-0",
                           "0-0-0_to_all"}) {
    EXPECT_FALSE(targets_of(name, {0, 0, 0}, {1, 1, 1}, {3, 3, 3}).empty() &&
                 targets_of(name, {2, 2, 2}, {3, 3, 3}, {3, 3, 3}).empty())
        << name;
  }
  for (const char* name : {"episodic_memory", "episodic_scan", "memory_replay",
                           "associative_memory", "classifier_sample", "classifier_class"}) {
    EXPECT_TRUE(targets_of(name, {0, 0, 0}, {1, 1, 1}, {3, 3, 3}).empty()) << name;
  }
}

TEST(Tile, WrapsALargerSourceAndRepeatsASmallerOne) {
  EXPECT_EQ(targets_of("tile", {5, 0, 0}, {6, 1, 1}, {4, 1, 1}), (Voxels{{1, 0, 0}}));
  EXPECT_EQ(targets_of("tile", {1, 0, 0}, {2, 1, 1}, {5, 1, 1}), (Voxels{{1, 0, 0}, {3, 0, 0}}));
  EXPECT_EQ(targets_of("tile", {1, 0, 0}, {2, 1, 1}, {2, 2, 1}), (Voxels{{1, 0, 0}, {1, 1, 0}}));
}

TEST(Composite, MapsChosenTilesAsAreas) {
  // tiles of 2 along x, one chosen and one skipped
  const auto rule = composite({2, 1, 1}, {{{1, 1}, {1, 0}, {1, 0}}}, voxel_function("projector"));
  const Voxel from{8, 1, 1};
  const Voxel to{4, 1, 1};
  EXPECT_EQ(targets_of(rule, {0, 0, 0}, from, to), (Voxels{{0, 0, 0}, {1, 0, 0}}));
  EXPECT_EQ(targets_of(rule, {1, 0, 0}, from, to), (Voxels{{2, 0, 0}, {3, 0, 0}}));
  EXPECT_TRUE(targets_of(rule, {2, 0, 0}, from, to).empty());
  EXPECT_TRUE(targets_of(rule, {3, 0, 0}, from, to).empty());
  EXPECT_EQ(targets_of(rule, {5, 0, 0}, from, to), targets_of(rule, {1, 0, 0}, from, to));
}

TEST(Composite, RefusesEmptyTilesAndOtherMappers) {
  EXPECT_THROW((void)composite({0, 1, 1}, {{{1, 0}, {1, 0}, {1, 0}}}, voxel_function("projector")),
               Error);
  EXPECT_THROW((void)composite({1, 1, 1}, {{{1, 0}, {0, 0}, {1, 0}}}, voxel_function("projector")),
               Error);
  EXPECT_THROW((void)composite({1, 1, 1}, {{{1, 0}, {1, 0}, {1, 0}}}, all_to_all()), Error);
}

TEST(Randomizer, OneTargetForEachSourceVoxel) {
  const RuleContext context{shape_of({500, 1, 1}, 2), shape_of({2, 3, 2}, 3), false, 7, 1};
  const Pairs pairs = pairs_of(voxel_function("randomizer"), context);
  ASSERT_EQ(pairs.size(), 1000U);
  std::set<std::uint32_t> reached;
  for (std::size_t i = 0; i < pairs.size(); i += 2) {
    EXPECT_EQ(pairs[i].second, pairs[i + 1].second);
    EXPECT_EQ(pairs[i].second % 3, 2U);
    reached.insert(pairs[i].second);
  }
  EXPECT_EQ(reached.size(), 12U);
}

TEST(VoxelFunction, EveryNameStaysInsideTheTarget) {
  ASSERT_GE(voxel_function_names().size(), 29U);
  const std::vector<Voxel> sizes = {{1, 1, 1}, {4, 2, 3}, {7, 5, 1}, {1, 1, 33}};
  for (const std::string& name : voxel_function_names()) {
    for (const Voxel& from : sizes) {
      for (const Voxel& to : sizes) {
        const RuleContext context{shape_of(from), shape_of(to), false, 3, 0};
        const Pairs pairs = pairs_of(voxel_function(name), context);
        EXPECT_EQ(std::set(pairs.begin(), pairs.end()).size(), pairs.size()) << name;
        for (const auto& [source, target] : pairs) {
          ASSERT_LT(source, context.pre.count) << name;
          ASSERT_LT(target, context.post.count) << name;
        }
      }
    }
  }
}

TEST(VoxelFunction, AnUnknownNameIsRefusedWithTheList) {
  try {
    (void)voxel_function("no_such");
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    for (const std::string& name : voxel_function_names()) {
      EXPECT_NE(std::string(error.what()).find(name), std::string::npos) << name;
    }
  }
}

}  // namespace
}  // namespace rheobase::test
