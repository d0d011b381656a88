// SPDX-License-Identifier: Apache-2.0
/// \file
/// A small genome of the form before 2.0.
#pragma once

#include "support/genome_text.h"

namespace rheobase::test {

/// eye (4 x 4 x 1) -> hand (2 x 2 x 1) by rule_0, hand -> stack (4 x 4 x 3) by rule_5.
inline GenomeJson genome_before_2() {
  return GenomeJson::parse(R"({
    "firing_patterns": {"A": {"frequency": 100}},
    "max_burst_count": 3,
    "neighbor_locator_rule": {"rule_0": {"param_1": 0}, "rule_5": {"param_1": 3, "param_2": 1}},
    "blueprint": {
      "eye": {
        "group_id": "IPU", "sub_group_id": "v", "plot_index": 1, "cortical_neuron_count": 16,
        "location_generation_type": "random", "synapse_attractivity": 100,
        "postsynaptic_current": 3, "plasticity_constant": 0.05,
        "neighbor_locator_rule_id": "rule_0", "neighbor_locator_rule_param_id": "param_1",
        "cortical_mapping_dst": {"hand": {"neighbor_locator_rule_id": "rule_0",
                                          "neighbor_locator_rule_param_id": "param_1"}},
        "neuron_params": {
          "firing_threshold": 2.5, "block_boundaries": [4, 4, 1], "leak_coefficient": 1,
          "snooze_length": 1.5, "refractory_period": 0, "consecutive_fire_cnt_max": 3,
          "geometric_boundaries": {"x": [0, 28], "y": [0, 28], "z": [0, 10]}}},
      "hand": {
        "group_id": "OPU", "layer_index": 2, "cortical_neuron_count": 12,
        "cortical_mapping_dst": {"stack": {"neighbor_locator_rule_id": "rule_5",
                                           "neighbor_locator_rule_param_id": "param_2",
                                           "excitatory": false}},
        "neuron_params": {"firing_threshold": 1, "block_boundaries": [2, 2, 1]}},
      "a_stack_of_layers": {
        "cortical_neuron_count": 48, "synapse_attractivity": 50, "cortical_mapping_dst": {},
        "neuron_params": {"block_boundaries": [4, 4, 3]}},
      "stack": {
        "cortical_neuron_count": 48, "cortical_mapping_dst": {},
        "neuron_params": {"block_boundaries": [4, 4, 3]}}}})");
}

}  // namespace rheobase::test
