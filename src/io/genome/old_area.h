// SPDX-License-Identifier: Apache-2.0
/// \file
/// An area of a genome before 2.0 with the properties of today.
#pragma once

#include <string>

#include "io/genome/old_rule.h"
#include "io/genome/reading.h"

namespace rheobase::genome {

inline constexpr const char* kOldParams = "neuron_params";

/// `source` is the file's object and must outlive this.
class OldAreaReader {
 public:
  /// \throws Error invalid_file if its size cannot be read.
  OldAreaReader(const std::string& name, const Json& source, Reading& reading);

  [[nodiscard]] const OldArea& area() const { return area_; }
  /// The value of a key among the neuron_params or beside them; null if there is none.
  [[nodiscard]] const Json* find(const char* key) const;
  /// The properties of today, but for the mappings; what has no counterpart keeps its key.
  [[nodiscard]] Json properties();

 private:
  void read_space();
  void spread_evenly();
  [[nodiscard]] double count() const;
  [[nodiscard]] std::uint32_t per_voxel();
  [[nodiscard]] Json read_number_in_text(const char* key, const Json& value);
  void copy_snooze(Json& written);
  void keep_the_rest(Json& written) const;
  [[nodiscard]] std::string where() const { return "area " + name_; }

  std::string name_;
  const Json& source_;
  Reading& reading_;
  const Json* params_ = nullptr;
  OldArea area_;
};

/// The number, if the value is one.
[[nodiscard]] std::optional<double> number_of(const Json* value);

}  // namespace rheobase::genome
