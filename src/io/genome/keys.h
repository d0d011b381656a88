// SPDX-License-Identifier: Apache-2.0
/// \file
/// Keys of a genome that nothing asked for: no key is passed over in silence.
#pragma once

#include "io/genome/document.h"

namespace rheobase::genome {

/// Reports every key of the document whose value was not asked for: those that FEAGI knows and that
/// have no effect on a run together, all others one by one, with the known key that is like it.
void report_unread(const Document& document, Reading& reading);

}  // namespace rheobase::genome
