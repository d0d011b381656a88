// SPDX-License-Identifier: Apache-2.0
/// \file
/// FEAGI's behaviour vectors of kind burst_sim: read, built as a network, run and compared.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "support/backend_cases.h"

namespace rheobase::test {

/// The profile that a vector names.
[[nodiscard]] Semantics vector_semantics(const nlohmann::json& vector);

/// Why this vector is not run, if so: a feature that is out of scope, or a deliberate deviation.
[[nodiscard]] std::optional<std::string> reason_to_skip(const nlohmann::json& vector);

/// The network of a vector.
[[nodiscard]] Network vector_network(const nlohmann::json& vector);

/// Runs all bursts; every difference is a gtest failure that names the vector and the burst.
void run_vector(const nlohmann::json& vector, const BackendCase& backend);

}  // namespace rheobase::test
