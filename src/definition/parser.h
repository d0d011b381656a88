// SPDX-License-Identifier: Apache-2.0
/// \file
/// From words to statements. Which names there are, and what they are, the check knows.
#pragma once

#include "definition/source.h"
#include "definition/syntax.h"

namespace rheobase::language {

/// \throws Error invalid_file. What comes out points into the text of the source.
[[nodiscard]] Syntax parse(const Source& source);

}  // namespace rheobase::language
