// SPDX-License-Identifier: Apache-2.0
/// \file
/// Connection rules: which neuron of one area sends to which neuron of another.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rheobase/export.h"

namespace rheobase {

/// A voxel coordinate, or a size in voxels, in the order x, y, z.
struct Voxel {
  std::uint32_t x = 0, y = 0, z = 0;
  friend bool operator==(const Voxel&, const Voxel&) = default;
  // clang-tidy 14 sees a zero in the defaulted comparison
  friend auto operator<=>(const Voxel&, const Voxel&) = default;  // NOLINT(modernize-use-nullptr)
};

class RuleImplementation;

/// A rule, as a value. Rules are pure: the same rule, shapes and seed always give the same pairs.
///
/// Rules of the field (all_to_all, one_to_one, fixed_*) connect neurons by their index within the
/// area. Voxel rules (FEAGI's morphologies) connect voxels: every neuron of the source voxel sends,
/// only the last neuron of the target voxel receives, as in FEAGI.
class RHEOBASE_API ConnectionRule {
 public:
  explicit ConnectionRule(std::shared_ptr<const RuleImplementation> implementation)
      : implementation_(std::move(implementation)) {}
  /// For messages and reports, such as "fixed_indegree(100)".
  [[nodiscard]] std::string describe() const;
  [[nodiscard]] const RuleImplementation& implementation() const { return *implementation_; }

 private:
  std::shared_ptr<const RuleImplementation> implementation_;
};

/// Every neuron to every neuron. `autapses`: a neuron of the same area may connect to itself.
[[nodiscard]] RHEOBASE_API ConnectionRule all_to_all(bool autapses = true);
/// Neuron i to neuron i. \throws at build if the areas differ in size.
[[nodiscard]] RHEOBASE_API ConnectionRule one_to_one();
/// Each pair independently with probability p, 0 <= p <= 1 (NEST: pairwise_bernoulli).
[[nodiscard]] RHEOBASE_API ConnectionRule fixed_probability(double p, bool autapses = true);
/// Each target draws `indegree` sources (NEST: fixed_indegree). `multapses`: with replacement.
[[nodiscard]] RHEOBASE_API ConnectionRule fixed_indegree(std::uint32_t indegree,
                                                         bool autapses = true,
                                                         bool multapses = true);
/// Each source draws `outdegree` targets (NEST: fixed_outdegree).
[[nodiscard]] RHEOBASE_API ConnectionRule fixed_outdegree(std::uint32_t outdegree,
                                                          bool autapses = true,
                                                          bool multapses = true);
/// `n` synapses in all, each from a uniformly drawn source to a uniformly drawn target (NEST:
/// fixed_total_number), at most 2^40. Without multapses every set of n pairs is equally likely.
[[nodiscard]] RHEOBASE_API ConnectionRule fixed_total_number(std::uint64_t n, bool autapses = true,
                                                             bool multapses = true);
/// Explicit pairs of indices within the two areas, of equal length; duplicates make parallel
/// synapses.
[[nodiscard]] RHEOBASE_API ConnectionRule index_pairs(std::vector<std::uint32_t> sources,
                                                      std::vector<std::uint32_t> targets);

/// FEAGI `vectors`: target = source + offset, dropped outside the target area.
[[nodiscard]] RHEOBASE_API ConnectionRule
vectors(const std::vector<std::array<std::int32_t, 3>>& offsets);

/// One element of a FEAGI pattern, in the notation of genomes: an integer, "*", "?", "!", "?+",
/// "?-", "?+=", "?-=", "?+N", "?-N", "?-A:?+B", "N..M".
using PatternTriple = std::array<std::string, 3>;
struct Pattern {
  PatternTriple source, target;
};
/// FEAGI `patterns`. \throws Error invalid_argument for an element that is not in the notation.
[[nodiscard]] RHEOBASE_API ConnectionRule patterns(const std::vector<Pattern>& list);

/// FEAGI's connection functions, by name: projector, projector_xy, projector_yz, projector_xz (axes
/// of the source swapped), project_from_end_x, project_from_end_y, project_from_end_z (only the
/// last source layer), block_to_block (clamped identity), transpose_xy, transpose_yz, transpose_xz,
/// centered_projector, sweeper, last_to_first, first_to_last, bitmask_encoder_x|y|z,
/// bitmask_decoder_x|y|z, rotator_z, expander, expander_x, reducer_x, lateral_pairs_x, randomizer,
/// block_connection, tile; lateral_+x|-x|+y|-y|+z|-z (one step), all_to_0-0-0, 0-0-0_to_all,
/// all_to_all (of voxels); episodic_memory, episodic_scan, memory_replay, associative_memory,
/// classifier_sample, classifier_class, which connect nothing at birth. \throws Error
/// invalid_argument for another name, with the list.
[[nodiscard]] RHEOBASE_API ConnectionRule voxel_function(std::string_view name);
/// The names that `voxel_function` knows.
[[nodiscard]] RHEOBASE_API std::vector<std::string> voxel_function_names();
/// The source area is cut into tiles of `seed` voxels; per axis {choose, skip}, a tile out of every
/// choose + skip is used; the mapper connects each chosen tile to the whole target area.
[[nodiscard]] RHEOBASE_API ConnectionRule
composite(Voxel seed, std::array<std::array<std::uint32_t, 2>, 3> pattern, ConnectionRule mapper);
/// Each pair of `rule` is kept with probability percent / 100, 0 to 100, independently. What is not
/// kept costs nothing beyond what `rule` costs: the gaps between those that are kept are drawn.
[[nodiscard]] RHEOBASE_API ConnectionRule thinned(ConnectionRule rule, double percent);
/// The same with a draw for each pair, as genomes have it (FEAGI: synapse_attractivity).
[[nodiscard]] RHEOBASE_API ConnectionRule attractivity(ConnectionRule rule, std::uint32_t percent);

}  // namespace rheobase
