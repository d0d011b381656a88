// SPDX-License-Identifier: Apache-2.0
/// \file
/// Typed access to a JSON object that knows which keys were asked for, so that the rest is an
/// error.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "io/json_text.h"

namespace rheobase {

/// Every getter throws Error invalid_file that names the place, the key and what was expected.
class RHEOBASE_API ObjectReader {
 public:
  /// `place` is "file: populations[2]"; `object` must outlive the reader.
  ObjectReader(const Json& object, std::string place);

  [[nodiscard]] const std::string& place() const { return place_; }
  [[nodiscard]] bool has(const char* key) const { return object_.contains(key); }
  /// The value of a key; null if it is missing.
  [[nodiscard]] const Json* find(const char* key);
  [[nodiscard]] const Json& need(const char* key);

  [[nodiscard]] double real(const char* key, std::optional<double> fallback);
  [[nodiscard]] float real32(const char* key, std::optional<float> fallback);
  [[nodiscard]] std::uint64_t count(const char* key, std::optional<std::uint64_t> fallback,
                                    std::uint64_t least, std::uint64_t most);
  [[nodiscard]] bool flag(const char* key, std::optional<bool> fallback);
  [[nodiscard]] std::string text(const char* key, std::optional<std::string> fallback);

  /// \throws Error for a key that no getter was asked for.
  void finish() const;
  [[noreturn]] void refuse(const std::string& problem) const;

 private:
  const Json& object_;
  std::string place_;
  std::set<std::string> asked_;
};

}  // namespace rheobase
