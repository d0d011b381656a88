// SPDX-License-Identifier: Apache-2.0
/// \file
/// Areas whose neurons have a model.
#pragma once

#include <memory>
#include <span>

#include "network/area_values.h"
#include "network/view.h"

namespace rheobase {

/// \throws Error invalid_argument naming those that there are.
[[nodiscard]] ValueRange range_of_model_value(const AreaSpec& spec, const std::string& name);

/// The numbers that an area's step reads. \throws Error invalid_argument if a value is of no
/// parameter or state, is no number, is out of its range, or if there are not 1 or `count` of it.
[[nodiscard]] std::shared_ptr<const ModelNumbers> model_numbers(const AreaSpec& spec,
                                                                std::uint32_t count, double dt_ms);

/// Puts an area behind the others of `network`, whose targets are counted again.
void append_model(NetworkData& network, AreaId id, const Area& area);
/// Counts the targets, when all neurons are there.
void count_targets(NetworkData& network);

/// Other parameters for neurons of one area. \throws Error invalid_argument as model_numbers, or
/// if the neurons are not of one area with a model.
void change_model(NetworkData& network, NeuronId first, std::uint32_t count,
                  const std::vector<ModelValue>& values);

/// \throws Error invalid_argument if the area has no such port.
void require_port(const Area& area, std::uint32_t port);
/// \throws Error invalid_argument if neurons that the drive reaches have no such port.
void check_drive_port(const Drive& drive, std::span<const Area> areas);

}  // namespace rheobase
