// SPDX-License-Identifier: Apache-2.0
/// \file
/// FEAGI's cortical ids: eight bytes, written in base64 by the current schema and in many ways
/// before.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace rheobase::genome {

/// Eight bytes. The first tells the kind: `_` core, `c` custom, `m` memory, `i` input, `o` output,
/// `g` modulator driver.
using CorticalId = std::array<char, 8>;

/// The 12 characters of base64, as files of the current schema write an id.
[[nodiscard]] std::string base64_of(const CorticalId& id);
/// The id behind 12 characters of base64; none if they are not the base64 of eight bytes whose
/// first tells a kind.
[[nodiscard]] std::optional<CorticalId> id_from_base64(std::string_view text);

/// FEAGI's core areas in the order of their area indices; the first three are those of FEAGI before
/// 0.0.49.
struct CoreArea {
  std::string_view bytes;  ///< the eight bytes
  std::string_view name;   ///< "_power"
};
inline constexpr std::array<CoreArea, 7> kCoreAreas{{{"___death", "_death"},
                                                     {"___power", "_power"},
                                                     {"___fatig", "_fatigue"},
                                                     {"___pain_", "_pain"},
                                                     {"___pleas", "_pleasure"},
                                                     {"___fear_", "_fear"},
                                                     {"___hope_", "_hope"}}};
inline constexpr std::size_t kPowerIndex = 1;
/// Which core area an id is; none for others.
[[nodiscard]] std::optional<std::size_t> core_index(const CorticalId& id);

/// How a text was understood as an id.
struct IdReading {
  CorticalId id{};
  /// Why FEAGI would not take the text as an id, and what was made of it; empty where it would.
  std::string repair;
  /// FEAGI skips the area with a warning (true) or refuses the file (false); only with `repair`.
  bool feagi_skips = false;
  /// The text is the id's base64, or its bytes without padding, or the name of a core area.
  bool as_written = false;
};
/// Understands any text: base64, the six and eight characters of earlier schemas, names of core
/// areas, FEAGI's migrations of old ids; what FEAGI cannot read is repaired.
[[nodiscard]] IdReading read_id(std::string_view text);

/// For messages: the eight bytes without padding where they are printable, else base64.
[[nodiscard]] std::string label_of(const CorticalId& id);

}  // namespace rheobase::genome
