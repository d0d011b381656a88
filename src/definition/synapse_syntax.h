// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the definition of a synapse says, as it stands in the text.
#pragma once

#include <vector>

#include "definition/source.h"
#include "definition/syntax.h"

namespace rheobase::language {

/// Which end of a synapse.
enum class Side : std::uint8_t { pre, post };

/// A number of one end that spikes there raise and that decays between them.
struct DeclaredTrace : Declared {
  Side side = Side::pre;
  bool nearest = false;  ///< a spike sets it to 1 instead of adding 1
  Ref decay = kNone;     ///< time constant, in ms
};

struct SynapseSyntax {
  Syntax common;  ///< names, expressions, parameters, states, lets
  std::vector<DeclaredTrace> traces;
  std::vector<Statement> on_pre, on_post;
  Ref send = kNone;  ///< what a spike carries; none: the weight
  Place send_at = 0;
};

/// \throws Error invalid_file.
[[nodiscard]] SynapseSyntax parse_synapse_text(const Source& source);

}  // namespace rheobase::language
