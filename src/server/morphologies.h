// SPDX-License-Identifier: Apache-2.0
/// \file
/// The connection rules that a genome can name: its own, and FEAGI's functions.
#pragma once

#include <string>

#include "server/document.h"

namespace rheobase::server {

[[nodiscard]] bool knows_morphology(const Document& document, const std::string& name);

/// {"class", "name", "parameters", "source", "type"} by name, of all of them.
[[nodiscard]] Json morphology_list(const Document& document);

}  // namespace rheobase::server
