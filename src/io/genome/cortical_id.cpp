// SPDX-License-Identifier: Apache-2.0
#include "io/genome/cortical_id.h"

#include <algorithm>
#include <cstdint>

#include "io/base64.h"
#include "rheobase/text.h"

namespace rheobase::genome {
namespace {

constexpr std::string_view kKinds = "_cmiog";

CorticalId padded(std::string_view text) {
  CorticalId id;
  id.fill('_');
  std::copy_n(text.begin(), std::min<std::size_t>(text.size(), 8), id.begin());
  return id;
}

/// The id of an input or output unit in the layout of the current schema: the low four bits of byte
/// 4 are the kind of data, the high four the sub-unit; bytes 6 and 7 are the number of the unit.
CorticalId io_id(char direction, std::string_view unit, int variant, int sub_unit) {
  return {direction, unit[0], unit[1], unit[2], static_cast<char>(variant | sub_unit << 4),
          0,         0,       0};
}

struct Unit {
  char direction;
  std::string_view code;
  int variant;  // 0 boolean, 1..4 percentage, 5..8 signed percentage, 9 plane, 10 other
};
constexpr Unit kUnits[] = {{'i', "inf", 1}, {'i', "pro", 1},  {'i', "shk", 1}, {'i', "bat", 1},
                           {'i', "svm", 1}, {'i', "agp", 1},  {'i', "dgp", 0}, {'i', "mis", 10},
                           {'i', "img", 9}, {'i', "svi", 9},  {'o', "mot", 5}, {'o', "pse", 5},
                           {'o', "gaz", 2}, {'o', "mis", 10}, {'o', "img", 9}};

/// Vision tiles in FEAGI's numbering, as the suffixes of ids "iv00..".
constexpr std::string_view kTiles[] = {"BL", "BM", "BR", "ML", "_C", "MR", "TL", "TM", "TR"};

/// FEAGI's migrations of six-character input and output ids.
std::optional<CorticalId> migrated_io(std::string_view text) {
  if (text.size() != 6 || (text[0] != 'i' && text[0] != 'o')) {
    return std::nullopt;
  }
  // vision tiles of two generations
  if (text.substr(0, 3) == "iic" && text[3] >= '0' && text[3] <= '8' && text.substr(4) == "00") {
    return io_id('i', "svi", 9, text[3] - '0');
  }
  if (text.substr(0, 4) == "iv00") {
    const auto* const tile = std::find(std::begin(kTiles), std::end(kTiles), text.substr(4));
    if (tile != std::end(kTiles)) {
      return io_id('i', "svi", 9, static_cast<int>(tile - std::begin(kTiles)));
    }
  }
  if (text == "omot00") {
    return io_id('o', "mot", 5, 0);
  }
  if (text == "ogaz00") {
    return io_id('o', "gaz", 2, 0);
  }
  if (text == "ogaz01") {
    return io_id('o', "gaz", 1, 1);
  }
  // the code of a unit at the end of the id
  for (const Unit& unit : kUnits) {
    if (unit.direction == text[0] && unit.code == text.substr(3)) {
      return io_id(unit.direction, unit.code, unit.variant, 0);
    }
  }
  // all others become custom areas
  return padded("c" + std::string(text));
}

/// Seven characters that stand for a text too long to be an id.
std::string digest_of(std::string_view text) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  }
  std::string digits;
  for (int i = 0; i < 7; ++i) {
    digits += kBase64Letters[(hash >> (8 * i)) % 62];
  }
  return digits;
}

}  // namespace

std::string base64_of(const CorticalId& id) {
  return rheobase::base64_of(std::string_view(id.data(), id.size()));
}

std::optional<CorticalId> id_from_base64(std::string_view text) {
  const std::optional<std::string> bytes = bytes_of_base64(text);
  CorticalId id{};
  if (!bytes || bytes->size() != id.size()) {
    return std::nullopt;
  }
  std::ranges::copy(*bytes, id.begin());
  // the two spare bits must be 0, so that every id has one text
  if (kKinds.find(id[0]) == std::string_view::npos || base64_of(id) != text) {
    return std::nullopt;
  }
  return id;
}

std::optional<std::size_t> core_index(const CorticalId& id) {
  const std::string_view bytes(id.data(), id.size());
  for (std::size_t i = 0; i < kCoreAreas.size(); ++i) {
    if (kCoreAreas[i].bytes == bytes) {
      return i;
    }
  }
  return std::nullopt;
}

IdReading read_id(std::string_view text) {
  IdReading reading;
  if (const auto id = id_from_base64(text)) {
    reading.id = *id;
    reading.as_written = true;
    return reading;
  }
  // core areas under their several names
  if (text == "___pwr" || text == "___pwr__") {
    text = "_power";
  }
  for (const CoreArea& core : kCoreAreas) {
    if (text == core.name || text == core.bytes) {
      reading.id = padded(core.bytes);
      reading.as_written = true;
      return reading;
    }
  }
  if (const auto id = migrated_io(text)) {
    reading.id = *id;
    return reading;
  }
  // six or eight characters are the bytes themselves, with a first byte that tells a kind
  const bool usual_length = text.size() == 6 || text.size() == 8;
  if (text.size() > 8) {
    reading.id = padded("c" + digest_of(text));
    reading.repair =
        "its id has " + number_text(text.size()) + " characters and is no base64 of 8 bytes";
    reading.feagi_skips = true;
    return reading;
  }
  reading.id = padded(text);
  char& kind = reading.id[0];
  if (std::string_view("CMIOG").find(kind) != std::string_view::npos) {
    kind = static_cast<char>(kind - 'A' + 'a');
  }
  if (kind == '_') {
    kind = 'c';
    reading.repair = "its id starts with _ but is that of no core area";
  } else if (kKinds.find(kind) == std::string_view::npos) {
    kind = 'c';
  }
  reading.as_written = reading.id == padded(text);
  if (!usual_length) {
    reading.repair = "its id has " + number_text(text.size()) + " characters, not 6 or 8";
    reading.feagi_skips = true;
  }
  return reading;
}

std::string label_of(const CorticalId& id) {
  for (const char c : id) {
    if (c < 0x21 || c > 0x7e) {
      return base64_of(id);
    }
  }
  std::string text(id.data(), id.size());
  const std::size_t end = text.find_last_not_of('_');
  return end == std::string::npos ? text : text.substr(0, end + 1);
}

}  // namespace rheobase::genome
