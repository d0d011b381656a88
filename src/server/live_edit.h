// SPDX-License-Identifier: Apache-2.0
/// \file
/// Changes of a genome as edits of the network that runs, in place of growing it anew.
#pragma once

#include <optional>

#include "rheobase/load.h"
#include "rheobase/network.h"
#include "server/document.h"

namespace rheobase::server {

/// The edit that makes of `network`, grown from `before`, what `after` would grow: parameters of
/// areas, mappings, and areas behind all others. None where only growing does: areas deleted or of
/// another size, morphologies in use, rules that draw (their draws follow from the whole genome).
/// The loader alone reads genes and rules: it grows the parts that differ.
/// \throws Error of the loader, if one of these parts cannot be read.
[[nodiscard]] std::optional<NetworkEdit> live_edit(const Document& before, const Document& after,
                                                   const Network& network,
                                                   const LoadOptions& options);

}  // namespace rheobase::server
