// SPDX-License-Identifier: Apache-2.0
/// \file
/// From what a text says to what is run.
#pragma once

#include <memory>

#include "definition/definition.h"
#include "definition/source.h"
#include "definition/syntax.h"

namespace rheobase::language {

/// Checks it and makes its step. Without `fire` it never fires, and has no reset.
/// \throws Error invalid_file.
[[nodiscard]] std::shared_ptr<const Definition> make_definition(const Source& source,
                                                                Syntax syntax);

}  // namespace rheobase::language
