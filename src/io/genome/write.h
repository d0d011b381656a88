// SPDX-License-Identifier: Apache-2.0
/// \file
/// A genome in FEAGI's current form: schema 7, flat, ids in base64.
#pragma once

#include "io/genome/document.h"

namespace rheobase::genome {

/// The tree of the current form. All that the document holds is in it, also what is unknown; what
/// is written differently is noted. A document read from the result gives the same tree.
[[nodiscard]] Json current_form(const Document& document, Reading& reading);

}  // namespace rheobase::genome
