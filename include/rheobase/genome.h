// SPDX-License-Identifier: Apache-2.0
/// \file
/// FEAGI genomes in memory: for programs that keep a genome beside its network, change it while the
/// network runs, and save it in FEAGI's own form.
#pragma once

#include <string>

#include "rheobase/checkpoint.h"
#include "rheobase/export.h"
#include "rheobase/load.h"
#include "rheobase/network.h"

namespace rheobase {

/// A genome of any form (see `load`) in FEAGI's current one: JSON, schema 7, flat, ids in base64;
/// nothing that it holds is lost. `name` stands for it in errors.
/// \throws Error invalid_file, also for a brain that is no genome.
[[nodiscard]] RHEOBASE_API std::string current_genome(const std::string& bytes,
                                                      const std::string& name);

/// As `load`, of a genome or network recipe that is in memory already.
[[nodiscard]] RHEOBASE_API Brain load_text(const std::string& bytes, const std::string& name,
                                           const LoadOptions& options = {});

/// Goes on with a changed network: the checkpoint `from`, of its former network, as one of `to`.
/// An area of both (the same file id, else the same name), of the same size and with as many
/// neurons per voxel and the same model, keeps its state, its spikes that are on their way and its
/// input; any other begins anew, as in a new engine. Signature and burst number go on; drives of
/// the engine do not, and neither does a schedule. \throws Error invalid_argument if one of the two
/// is a joined network.
[[nodiscard]] RHEOBASE_API Checkpoint carried_over(const Checkpoint& from, const Network& to);

}  // namespace rheobase
