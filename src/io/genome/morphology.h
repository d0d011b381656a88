// SPDX-License-Identifier: Apache-2.0
/// \file
/// Morphologies of a genome as connection rules.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "io/genome/document.h"
#include "rheobase/connect.h"

namespace rheobase::genome {

/// What a mapping by this morphology grows.
struct Growth {
  std::optional<ConnectionRule> rule;  ///< none: no synapses
  std::string remark;                  ///< why none, or what was read differently; else empty
};

/// The morphologies of a genome, with FEAGI's own where they are missing. Strict: with FEAGI's own
/// also where the genome has others of the same name, as FEAGI does.
class Morphologies {
 public:
  /// \throws Error invalid_file, strict only, where FEAGI refuses a definition.
  Morphologies(const Document& document, Reading& reading);

  /// `both_memory`: source and destination are memory areas.
  [[nodiscard]] Growth growth_of(const std::string& name, bool both_memory);

 private:
  [[nodiscard]] Growth read(const std::string& name, const Json& definition, bool both_memory);
  [[nodiscard]] Growth read_vectors(const std::string& name, const Json& parameters);
  [[nodiscard]] Growth read_patterns(const std::string& name, const Json& parameters);
  [[nodiscard]] Growth read_function(const std::string& name, bool both_memory) const;
  [[nodiscard]] Growth read_composite(const std::string& name, const Json& parameters,
                                      bool both_memory);
  void check_as_feagi(const std::string& name, const Json& definition);
  [[nodiscard]] std::string nearest_name(const std::string& name) const;

  Json core_;
  std::map<std::string, const Json*> definitions_;  ///< of the document, else of `core_`
  Reading& reading_;
  int depth_ = 0;  ///< composites that name composites
};

/// Type and parameters of a definition, also of the oldest form, {"vectors": [...]}.
struct MorphologyForm {
  std::string type;
  const Json* parameters = nullptr;  ///< an object; the definition itself in the oldest form
};
/// `strict`: without "type" and "parameters" a definition is a function, as FEAGI reads it.
/// What tells the type is marked as read.
[[nodiscard]] MorphologyForm form_of(const Json& definition, bool strict, Reading& reading);

}  // namespace rheobase::genome
