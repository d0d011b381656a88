// SPDX-License-Identifier: Apache-2.0
#include "io/genome/old_rule.h"

#include <algorithm>
#include <cmath>

#include "rheobase/text.h"

namespace rheobase::genome {
namespace {

constexpr std::size_t kMostPatterns = 100'000;

Json vectors_of(Json list) {
  return {{"type", "vectors"}, {"class", "custom"}, {"parameters", {{"vectors", std::move(list)}}}};
}
Json patterns_of(Json list) {
  return {
      {"type", "patterns"}, {"class", "custom"}, {"parameters", {{"patterns", std::move(list)}}}};
}
Json triple(Json x, Json y, Json z) {
  return Json::array({std::move(x), std::move(y), std::move(z)});
}
Json pattern(Json source, Json target) {
  return Json::array({std::move(source), std::move(target)});
}
Json anywhere() { return triple("*", "*", "*"); }
/// All voxels from one place to one place.
OldRule between(const std::string& name, Json source, Json target) {
  return {name, patterns_of(Json::array({pattern(std::move(source), std::move(target))})), ""};
}

/// "3" or "3..7"
Json range(std::uint32_t from, std::uint32_t to) {
  return from == to ? Json(from) : Json(number_text(from) + ".." + number_text(to));
}

/// A block and those around it, `kernel` wide; in a stack of layers, those of the source's layer.
OldRule block_to_block(const std::string& rule, std::optional<double> parameter,
                       const OldArea& source, const OldArea& target) {
  int kernel = 1;
  OldRule read;
  if (parameter == 3.0 || parameter == 5.0 || parameter == 7.0 || parameter == 9.0) {
    kernel = static_cast<int>(*parameter);
    read.remark = rule + " with " + number_text(*parameter) + " is read as the blocks around, " +
                  number_text(kernel) + " wide, without the block itself";
  } else {
    read.remark = rule + " is read as block to block of the same place";
    if (parameter != 1.0) {
      read.remark +=
          parameter ? " (its parameter " + number_text(*parameter) + " is none of 1, 3, 5, 7 and 9)"
                    : " (the file gives no parameter)";
    }
  }
  std::int64_t shift = 0;
  if (source.layer && target.blocks[2] > 1) {
    shift = std::clamp<std::int64_t>(*source.layer - 1, -1'000'000, 1'000'000);
    read.remark += ", layer " + number_text(*source.layer) + " to z + " + number_text(shift);
  }
  if (kernel == 1 && shift == 0) {
    read.morphology = "block_to_block";
    return read;
  }
  read.morphology = "old_kernel_" + number_text(kernel) + "_z_" + number_text(shift);
  Json list = Json::array();
  const int reach = kernel / 2;
  for (int x = -reach; x <= reach; ++x) {
    for (int y = -reach; y <= reach; ++y) {
      for (int z = -reach; z <= reach; ++z) {
        if (kernel == 1 || x != 0 || y != 0 || z != 0) {
          list.push_back(triple(x, y, z + shift));
        }
      }
    }
  }
  read.definition = vectors_of(std::move(list));
  return read;
}

double centre(const OldArea& area, std::size_t axis, std::uint32_t block) {
  return area.start[axis] + (block + 0.5) * area.length[axis] / area.blocks[axis];
}

/// Columns of blocks whose centres lie within `radius` of each other in x and y. `scaled`: the
/// source's space is stretched over the target's first.
OldRule within_radius(const std::string& rule, double radius, bool scaled, const OldArea& source,
                      const OldArea& target) {
  OldRule read;
  const auto from = [&](std::size_t axis, std::uint32_t block) {
    const double at = centre(source, axis, block);
    return scaled ? at * target.length[axis] / source.length[axis] : at;
  };
  const double work = static_cast<double>(source.blocks[0]) * source.blocks[1] * target.blocks[0] *
                      target.blocks[1];
  Json list = Json::array();
  for (std::uint32_t sx = 0; work <= 1e7 && sx < source.blocks[0]; ++sx) {
    for (std::uint32_t sy = 0; sy < source.blocks[1]; ++sy) {
      for (std::uint32_t x = 0; x < target.blocks[0]; ++x) {
        // the blocks of a row that are near enough follow each other
        std::optional<std::uint32_t> first;
        std::uint32_t last = 0;
        for (std::uint32_t y = 0; y < target.blocks[1]; ++y) {
          if (std::hypot(from(0, sx) - centre(target, 0, x), from(1, sy) - centre(target, 1, y)) <
              radius) {
            first = first.value_or(y);
            last = y;
          }
        }
        if (first) {
          list.push_back(pattern(triple(sx, sy, "*"), triple(x, range(*first, last), "*")));
        }
      }
    }
  }
  if (work > 1e7 || list.size() > kMostPatterns) {
    read.remark = rule + " joins neurons by distance, which takes more than " +
                  number_text(kMostPatterns) + " patterns between areas of this size";
    return read;
  }
  read.morphology =
      "old_" + rule + "_" + number_text(radius) + "_" + source.name + "_" + target.name;
  read.definition = patterns_of(std::move(list));
  read.remark = rule + " joins neurons that are nearer than " + number_text(radius) +
                " in x and y; read so for the centres of blocks";
  return read;
}

OldRule same_depth(const std::string& rule, double distance) {
  OldRule read;
  const double whole = std::clamp(std::round(std::fabs(distance)), 0.0, 1e6);
  const std::string step = number_text(static_cast<std::int64_t>(whole));
  Json list = Json::array();
  if (whole == 0) {
    list.push_back(pattern(anywhere(), triple("*", "*", "?")));
  } else {
    list.push_back(pattern(anywhere(), triple("*", "*", "?+" + step)));
    list.push_back(pattern(anywhere(), triple("*", "*", "?-" + step)));
  }
  read.morphology = "old_" + rule + "_" + step;
  read.definition = patterns_of(std::move(list));
  read.remark = rule + " joins neurons " + step + " apart in z; read so for blocks";
  return read;
}

/// Blocks (0, 0, z) whose z has a zero among its lowest bits, one bit for each block in x of the
/// source.
OldRule distributor(const OldArea& source, const OldArea& target) {
  const std::uint32_t bits = std::min<std::uint32_t>(source.blocks[0], 31);
  const std::uint32_t ones = (1U << bits) - 1U;
  Json list = Json::array();
  for (std::uint32_t z = 0; z < target.blocks[2] && list.size() < kMostPatterns; ++z) {
    if ((z & ones) != ones) {
      list.push_back(pattern(anywhere(), triple(0, 0, z)));
    }
  }
  return {"old_distributor_" + source.name + "_" + target.name, patterns_of(std::move(list)), ""};
}

/// The line follower's rule: each of three sensor blocks to blocks of the motor.
OldRule selective() {
  const auto to = [](int source, std::initializer_list<std::array<int, 3>> targets, Json& list) {
    for (const auto& [x, y, z] : targets) {
      list.push_back(pattern(triple(source, "*", "*"), triple(x, y, z)));
    }
  };
  Json list = Json::array();
  to(0, {{1, 0, 6}, {3, 0, 4}}, list);
  to(1, {{0, 0, 3}, {1, 0, 3}, {2, 0, 3}, {3, 0, 3}}, list);
  to(2, {{0, 0, 6}, {2, 0, 4}}, list);
  return {"old_selective_blocks", patterns_of(std::move(list)), ""};
}

/// Block x to the blocks (i, 0, 0) of the bits that x has, the highest first.
OldRule reducer(const OldArea& source, const OldArea& target) {
  const std::uint32_t digits = target.blocks[0];
  Json list = Json::array();
  for (std::uint32_t x = 0; x < source.blocks[0] && list.size() < kMostPatterns; ++x) {
    std::uint32_t width = 1;
    while (width < 32 && x >> width != 0) {
      ++width;
    }
    // shorter numbers are padded on the left, longer ones cut on the right
    const std::uint32_t total = std::max(width, digits);
    for (std::uint32_t i = total > 32 ? total - 32 : 0; i < digits; ++i) {
      const std::uint32_t bit = total - 1 - i;
      if (bit < 32 && (x >> bit & 1U) != 0) {
        list.push_back(pattern(triple(x, "*", "*"), triple(i, 0, 0)));
      }
    }
  }
  return {"old_reducer_" + source.name + "_" + target.name, patterns_of(std::move(list)), ""};
}

/// Two blocks in a row to one.
OldRule many_to_one(const OldArea& source) {
  Json list = Json::array();
  for (std::uint32_t x = 0; x < source.blocks[0] && list.size() < kMostPatterns; x += 2) {
    list.push_back(pattern(triple(range(x, std::min(x + 1, source.blocks[0] - 1)), "*", "*"),
                           triple(x / 2, "?", "?")));
  }
  return {"old_many_to_one_" + source.name, patterns_of(std::move(list)), ""};
}

OldRule last_plane(const OldArea& source, std::size_t axis, const char* name) {
  Json from = anywhere();
  from[axis] = source.blocks[axis] - 1;
  return between(std::string("old_") + name + "_" + number_text(source.blocks[axis]),
                 std::move(from), anywhere());
}

OldRule named(const char* morphology) { return {morphology, nullptr, ""}; }

}  // namespace

OldRule old_rule(const std::string& rule, std::optional<double> parameter, const OldArea& source,
                 const OldArea& target) {
  if (rule == "rule_0") {
    OldRule read = named("block_to_block");
    read.remark = "rule_0 joins neurons at the same place; read as block to block";
    return read;
  }
  if (rule == "rule_1" || rule == "rule_5" || rule == "rule_6") {
    return block_to_block(rule, parameter, source, target);
  }
  if (rule == "rule_2" || rule == "rule_3" || rule == "rule_4") {
    if (!parameter) {
      return {"", nullptr, rule + " joins neurons by distance, and the file gives no distance"};
    }
    return rule == "rule_3" ? same_depth(rule, *parameter)
                            : within_radius(rule, *parameter, rule == "rule_4", source, target);
  }
  OldRule read;
  if (rule == "rule_7") {
    read = distributor(source, target);
  } else if (rule == "rule_8") {
    read = selective();
  } else if (rule == "rule_9") {
    read = {"old_diagonal_up", vectors_of(Json::array({triple(0, 1, 1)})), ""};
  } else if (rule == "rule_10") {
    read = {"old_diagonal_down", vectors_of(Json::array({triple(0, 1, -1)})), ""};
  } else if (rule == "rule_11") {
    read = last_plane(source, 2, "last_z_to_all");
  } else if (rule == "rule_12") {
    read = between("old_first_z_to_all", triple("*", "*", 0), anywhere());
  } else if (rule == "rule_13") {
    read = named("all_to_all");
  } else if (rule == "rule_14") {
    read = named("expander_x");
    read.definition = {{"type", "functions"}, {"class", "core"}, {"parameters", Json::object()}};
  } else if (rule == "rule_15") {
    read = reducer(source, target);
  } else if (rule == "rule_16") {
    read = named("lateral_+x");
  } else if (rule == "rule_17") {
    read = named("all_to_0-0-0");
  } else if (rule == "rule_18") {
    read = last_plane(source, 0, "last_x_to_all");
  } else if (rule == "rule_19") {
    read = many_to_one(source);
  } else {
    return {"", nullptr, "no FEAGI has had a rule " + quoted_name(rule)};
  }
  read.remark = rule + " is read as the morphology " + quoted_name(read.morphology);
  return read;
}

}  // namespace rheobase::genome
