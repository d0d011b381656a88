// SPDX-License-Identifier: Apache-2.0
/// \file
/// What names mean, and whether every expression is of the kind that its place asks for.
#pragma once

#include "definition/source.h"
#include "definition/syntax.h"

namespace rheobase::language {

/// Fills in symbols and indices. \throws Error invalid_file.
void check(const Source& source, Syntax& syntax);

}  // namespace rheobase::language
