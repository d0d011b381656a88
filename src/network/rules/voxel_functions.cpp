// SPDX-License-Identifier: Apache-2.0
// FEAGI's connection functions, each a few lines. Formulas: FEAGI 0.0.53 for what it implements;
// the older engines for expander, reducer_x, lateral_pairs_x, projector_xy … and block_connection.
#include <algorithm>
#include <array>
#include <string>

#include "model/random.h"
#include "network/rules/turn.h"
#include "network/rules/voxel_rule.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

using Out = std::vector<Voxel>&;
using VoxelFunction = void (*)(Voxel s, Voxel from, Voxel to, Out out);

void projector(Voxel s, Voxel from, Voxel to, Out out) {
  append_product(
      {projected(s.x, from.x, to.x), projected(s.y, from.y, to.y), projected(s.z, from.z, to.z)},
      out);
}

/// A projector whose source axes are permuted; the target's are not.
void projector_xy(Voxel s, Voxel from, Voxel to, Out out) {
  projector({s.y, s.x, s.z}, {from.y, from.x, from.z}, to, out);
}
void projector_yz(Voxel s, Voxel from, Voxel to, Out out) {
  projector({s.x, s.z, s.y}, {from.x, from.z, from.y}, to, out);
}
void projector_xz(Voxel s, Voxel from, Voxel to, Out out) {
  projector({s.z, s.y, s.x}, {from.z, from.y, from.x}, to, out);
}

/// Only the last layer of the source projects, as an area that is one voxel thick.
template <unsigned kAxis>
void project_from_end(Voxel s, Voxel from, Voxel to, Out out) {
  if (axis(s, kAxis) + 1 != axis(from, kAxis)) {
    return;
  }
  axis(s, kAxis) = 0;
  axis(from, kAxis) = 1;
  projector(s, from, to, out);
}

Voxel clamped(Voxel s, Voxel to) {
  return {std::min(s.x, to.x - 1), std::min(s.y, to.y - 1), std::min(s.z, to.z - 1)};
}

void block_to_block(Voxel s, Voxel /*from*/, Voxel to, Out out) { out.push_back(clamped(s, to)); }

/// One step along an axis; dropped outside.
template <unsigned kAxis, int kStep>
void lateral(Voxel s, Voxel /*from*/, Voxel to, Out out) {
  const std::int64_t coordinate = std::int64_t{axis(s, kAxis)} + kStep;
  if (coordinate < 0) {
    return;
  }
  axis(s, kAxis) = static_cast<std::uint32_t>(coordinate);
  if (s.x < to.x && s.y < to.y && s.z < to.z) {
    out.push_back(s);
  }
}

void append_all(Voxel to, Out out) {
  for (Voxel t; t.x < to.x; ++t.x) {
    for (t.y = 0; t.y < to.y; ++t.y) {
      for (t.z = 0; t.z < to.z; ++t.z) {
        out.push_back(t);
      }
    }
  }
}
void all_to_first(Voxel /*s*/, Voxel /*from*/, Voxel /*to*/, Out out) { out.push_back({0, 0, 0}); }
void first_to_all(Voxel s, Voxel /*from*/, Voxel to, Out out) {
  if (s == Voxel{0, 0, 0}) {
    append_all(to, out);
  }
}
void all_voxels_to_all(Voxel /*s*/, Voxel /*from*/, Voxel to, Out out) { append_all(to, out); }

/// What memory and classifiers connect is made at run time: nothing at birth.
void nothing(Voxel /*s*/, Voxel /*from*/, Voxel /*to*/, Out /*out*/) {}

/// Centre on centre; dropped outside.
void centered_projector(Voxel s, Voxel from, Voxel to, Out out) {
  Voxel t;
  for (unsigned a = 0; a < 3; ++a) {
    const std::int64_t coordinate =
        std::int64_t{axis(s, a)} - (axis(from, a) - 1) / 2 + (axis(to, a) - 1) / 2;
    if (coordinate < 0 || coordinate >= axis(to, a)) {
      return;
    }
    axis(t, a) = static_cast<std::uint32_t>(coordinate);
  }
  out.push_back(t);
}

/// The next voxel in reading order: along x, then y, then z.
void sweeper(Voxel s, Voxel /*from*/, Voxel to, Out out) {
  Voxel t = clamped(s, to);
  for (unsigned a = 0; a < 3; ++a) {
    if (axis(t, a) + 1 < axis(to, a)) {
      ++axis(t, a);
      out.push_back(t);
      return;
    }
    axis(t, a) = 0;
  }
}

void last_to_first(Voxel s, Voxel from, Voxel /*to*/, Out out) {
  if (s == Voxel{from.x - 1, from.y - 1, from.z - 1}) {
    out.push_back({0, 0, 0});
  }
}
void first_to_last(Voxel s, Voxel /*from*/, Voxel to, Out out) {
  if (s == Voxel{0, 0, 0}) {
    out.push_back({to.x - 1, to.y - 1, to.z - 1});
  }
}

bool bit_of(std::uint32_t value, std::uint32_t bit) {
  return bit < 32U && ((value >> bit) & 1U) != 0U;
}

/// Source index b, most significant bit first, to all targets whose index has that bit.
template <unsigned kAxis>
void bitmask_encoder(Voxel s, Voxel from, Voxel to, Out out) {
  const std::uint32_t bit = axis(from, kAxis) - 1 - axis(s, kAxis);
  Voxel t = clamped(s, to);
  for (std::uint32_t value = 0; value < axis(to, kAxis); ++value) {
    if (bit_of(value, bit)) {
      axis(t, kAxis) = value;
      out.push_back(t);
    }
  }
}
/// Source index as a number to the targets that stand for its set bits, most significant first.
template <unsigned kAxis>
void bitmask_decoder(Voxel s, Voxel /*from*/, Voxel to, Out out) {
  const std::uint32_t value = axis(s, kAxis);
  Voxel t = clamped(s, to);
  for (std::uint32_t d = 0; d < axis(to, kAxis); ++d) {
    if (bit_of(value, axis(to, kAxis) - 1 - d)) {
      axis(t, kAxis) = d;
      out.push_back(t);
    }
  }
}

/// Each target layer z holds the source turned about its centre, from -90 to +90 degrees.
void rotator_z(Voxel s, Voxel from, Voxel to, Out out) {
  const auto scaled = [](std::uint32_t coordinate, std::uint32_t size, std::uint32_t target) {
    return size > 1 ? static_cast<double>(coordinate) * (target - 1) / (size - 1) : 0.0;
  };
  const double cx = (to.x - 1) / 2.0;
  const double cy = (to.y - 1) / 2.0;
  const double dx = scaled(s.x, from.x, to.x) - cx;
  const double dy = scaled(s.y, from.y, to.y) - cy;
  for (std::uint32_t z = 0; z < to.z; ++z) {
    const Turn turn = turn_of(to.z > 1 ? -90.0 + 180.0 * z / (to.z - 1) : 0.0);
    const long long x = round_half_away(cx + turn.cosine * dx + turn.sine * dy);
    const long long y = round_half_away(cy - turn.sine * dx + turn.cosine * dy);
    if (x >= 0 && x < to.x && y >= 0 && y < to.y) {
      out.push_back({static_cast<std::uint32_t>(x), static_cast<std::uint32_t>(y), z});
    }
  }
}

/// Scaled index, one target per source.
void expander(Voxel s, Voxel from, Voxel to, Out out) {
  const auto scale = [](std::uint32_t c, std::uint32_t size, std::uint32_t target) {
    return static_cast<std::uint32_t>(
        std::min(std::uint64_t{c} * target / size, std::uint64_t{target} - 1));
  };
  out.push_back({scale(s.x, from.x, to.x), scale(s.y, from.y, to.y), scale(s.z, from.z, to.z)});
}
/// The set bits of x, least significant first.
void reducer_x(Voxel s, Voxel /*from*/, Voxel to, Out out) {
  for (std::uint32_t bit = 0; bit < std::min(to.x, 32U); ++bit) {
    if (bit_of(s.x, bit)) {
      out.push_back({bit, 0, 0});
    }
  }
}
/// The reverse of reducer_x: bit x to every number that has it.
void expander_x(Voxel s, Voxel /*from*/, Voxel to, Out out) {
  for (std::uint32_t value = 0; value < to.x; ++value) {
    if (bit_of(value, s.x)) {
      out.push_back({value, 0, 0});
    }
  }
}
/// 0 <-> 1, 2 <-> 3, …
void lateral_pairs_x(Voxel s, Voxel /*from*/, Voxel to, Out out) {
  const Voxel t{s.x ^ 1U, s.y, s.z};
  if (t.x < to.x && t.y < to.y && t.z < to.z) {
    out.push_back(t);
  }
}
/// Groups of ten along x.
void block_connection(Voxel s, Voxel /*from*/, Voxel to, Out out) {
  const Voxel t{s.x / 10, s.y, s.z};
  if (t.x < to.x && t.y < to.y && t.z < to.z) {
    out.push_back(t);
  }
}
/// The smaller area repeats over the larger one.
void tile(Voxel s, Voxel from, Voxel to, Out out) {
  std::array<std::vector<std::uint32_t>, 3> coordinates;
  for (unsigned a = 0; a < 3; ++a) {
    if (axis(from, a) > axis(to, a)) {
      coordinates[a] = {axis(s, a) % axis(to, a)};
    } else {
      for (std::uint64_t t = axis(s, a); t < axis(to, a); t += axis(from, a)) {
        coordinates[a].push_back(static_cast<std::uint32_t>(t));
      }
    }
  }
  append_product(coordinates, out);
}

struct Named {
  std::string_view name;
  VoxelFunction function;
};
constexpr std::array kFunctions{Named{"projector", projector},
                                Named{"projector_xy", projector_xy},
                                Named{"projector_yz", projector_yz},
                                Named{"projector_xz", projector_xz},
                                Named{"project_from_end_x", project_from_end<0>},
                                Named{"project_from_end_y", project_from_end<1>},
                                Named{"project_from_end_z", project_from_end<2>},
                                Named{"block_to_block", block_to_block},
                                Named{"transpose_xy", projector_xy},
                                Named{"transpose_yz", projector_yz},
                                Named{"transpose_xz", projector_xz},
                                Named{"centered_projector", centered_projector},
                                Named{"sweeper", sweeper},
                                Named{"last_to_first", last_to_first},
                                Named{"first_to_last", first_to_last},
                                Named{"bitmask_encoder_x", bitmask_encoder<0>},
                                Named{"bitmask_encoder_y", bitmask_encoder<1>},
                                Named{"bitmask_encoder_z", bitmask_encoder<2>},
                                Named{"bitmask_decoder_x", bitmask_decoder<0>},
                                Named{"bitmask_decoder_y", bitmask_decoder<1>},
                                Named{"bitmask_decoder_z", bitmask_decoder<2>},
                                Named{"rotator_z", rotator_z},
                                Named{"expander", expander},
                                Named{"expander_x", expander_x},
                                Named{"reducer_x", reducer_x},
                                Named{"lateral_pairs_x", lateral_pairs_x},
                                Named{"block_connection", block_connection},
                                Named{"tile", tile},
                                Named{"lateral_+x", lateral<0, 1>},
                                Named{"lateral_-x", lateral<0, -1>},
                                Named{"lateral_+y", lateral<1, 1>},
                                Named{"lateral_-y", lateral<1, -1>},
                                Named{"lateral_+z", lateral<2, 1>},
                                Named{"lateral_-z", lateral<2, -1>},
                                Named{"all_to_0-0-0", all_to_first},
                                Named{"0-0-0_to_all", first_to_all},
                                Named{"all_to_all", all_voxels_to_all},
                                Named{"episodic_memory", nothing},
                                Named{"episodic_scan", nothing},
                                Named{"memory_replay", nothing},
                                Named{"associative_memory", nothing},
                                Named{"classifier_sample", nothing},
                                Named{"classifier_class", nothing}};
constexpr std::string_view kRandomizer = "randomizer";

class NamedVoxelRule final : public VoxelRule {
 public:
  explicit NamedVoxelRule(const Named& named) : named_(named) {}
  [[nodiscard]] std::string describe() const override { return std::string(named_.name); }
  void targets(Voxel s, Voxel from, Voxel to, std::vector<Voxel>& out) const override {
    named_.function(s, from, to, out);
  }

 private:
  Named named_;
};

/// One uniform target voxel for each source voxel.
class Randomizer final : public RuleImplementation {
 public:
  [[nodiscard]] std::string describe() const override { return std::string(kRandomizer); }
  void check(const RuleContext& context) const override { require_whole_areas(*this, context); }
  void for_each(const RuleContext& context, PairSink& sink) const override {
    const std::uint32_t per_voxel = context.post.neurons_per_voxel;
    const std::uint32_t voxels = context.post.count / per_voxel;
    for (std::uint32_t i = 0; i < context.pre.count; ++i) {
      const std::uint32_t source_voxel = i / context.pre.neurons_per_voxel;
      const auto words =
          model::draw4(context.seed, model::Purpose::wiring, context.stream, source_voxel, 0);
      const std::uint32_t target = model::below(words[0], voxels) * per_voxel + per_voxel - 1;
      sink.row(i, {&target, 1});
    }
  }
};

}  // namespace

ConnectionRule voxel_function(std::string_view name) {
  for (const Named& named : kFunctions) {
    if (named.name == name) {
      return ConnectionRule(std::make_shared<NamedVoxelRule>(named));
    }
  }
  if (name == kRandomizer) {
    return ConnectionRule(std::make_shared<Randomizer>());
  }
  std::string known;
  for (const std::string& other : voxel_function_names()) {
    known += (known.empty() ? "" : ", ") + other;
  }
  throw Error(ErrorCode::invalid_argument,
              "no connection function is called " + quoted_name(name) + " (known: " + known + ").");
}

std::vector<std::string> voxel_function_names() {
  std::vector<std::string> names;
  names.reserve(kFunctions.size() + 1);
  for (const Named& named : kFunctions) {
    names.emplace_back(named.name);
  }
  names.emplace_back(kRandomizer);
  return names;
}

}  // namespace rheobase
