// SPDX-License-Identifier: Apache-2.0
#include "io/genome/known_keys.h"

#include <array>

namespace rheobase::genome {
namespace {

constexpr std::array<std::string_view, 35> kTop{"genome_schema_version",
                                                "version",
                                                "genome_title",
                                                "genome_id",
                                                "genome_description",
                                                "blueprint",
                                                "neuron_morphologies",
                                                "morphologies",
                                                "physiology",
                                                "brain_regions",
                                                "modulators",
                                                "classifiers",
                                                "stats",
                                                "signature",
                                                "signatures",
                                                "host",
                                                "hosts",
                                                "species",
                                                "timestamp",
                                                "burst_delay",
                                                "max_age",
                                                "max_burst_count",
                                                "evolution_burst_count",
                                                "ipu_idle_threshold",
                                                "plasticity_queue_depth",
                                                "lifespan_mgmt_interval",
                                                "neighbor_locator_rule",
                                                "firing_patterns",
                                                "firing patterns",
                                                "performance_stats",
                                                "orientation_blocks",
                                                "IPU_vision_filters",
                                                "location_tolerance",
                                                "image_color_intensity_tolerance",
                                                "genome_2.0"};

constexpr std::array<std::string_view, 12> kWithin{"simulation_timestep",
                                                   "burst_delay",
                                                   "max_age",
                                                   "max_burst_count",
                                                   "evolution_burst_count",
                                                   "ipu_idle_threshold",
                                                   "plasticity_queue_depth",
                                                   "lifespan_mgmt_interval",
                                                   "quantization_precision",
                                                   "sleep",
                                                   "sleep_trigger_inactivity_window",
                                                   "sleep_trigger_neural_activity_max"};

constexpr std::array<std::string_view, 15> kRule{
    "morphology_id",         "morphology_scalar",      "postSynapticCurrent_multiplier",
    "psc_multiplier",        "plasticity_flag",        "plasticity_constant",
    "ltp_multiplier",        "ltd_multiplier",         "plasticity_window",
    "synaptic_delay_bursts", "synapse_attractivity",   "modulators",
    "reward_source_area",    "punishment_source_area", "gate_source_area"};

constexpr std::array<std::string_view, 12> kMorphology{"type",
                                                       "class",
                                                       "parameters",
                                                       "vectors",
                                                       "patterns",
                                                       "src_seed",
                                                       "src_pattern",
                                                       "mapper_morphology",
                                                       "morphology_name",
                                                       "functions",
                                                       "dimension_sensitive",
                                                       "description"};

constexpr std::array<std::string_view, 53> kArea{
    // of hierarchical files
    "cortical_id", "coordinates_3d", "cortical_dimensions", "group_id", "cortical_type",
    "cortical_visibility", "properties", "cortical_neuron_per_vox_count",
    // of the form before 2.0
    "plot_index", "layer_index", "total_layer_count", "orientation_selectivity_pattern", "location",
    "kernel_size", "growth_path", "direction_sensitivity", "neighbor_locator_rule_id",
    "neighbor_locator_rule_param_id", "init_synapse_needed", "cortical_neuron_count",
    "neuron_density", "connection_resistance", "synaptic_strength", "synaptic_strength_inc",
    "synaptic_strength_max", "activation_function_id", "orientation_selectivity_id",
    "firing_pattern_id", "axon_avg_length", "axon_avg_connections", "axon_orientation function",
    "geometric_boundaries", "neighbor_locator_rules", "depolarization_threshold", "timer_threshold",
    "neuron_params",
    // genes of early flat files
    "init_s-b", "locr__-t", "locrp_-t", "fthinc-f", "_subgrp-t", "geo_x0-i", "geo_x1-i", "geo_y0-i",
    "geo_y1-i", "geo_z0-i", "geo_z1-i", "geo_x0-f", "geo_x1-f", "geo_y0-f", "geo_y1-f", "geo_z0-f",
    "geo_z1-f"};

}  // namespace

std::span<const std::string_view> known_at_the_top() { return kTop; }
std::span<const std::string_view> known_within() { return kWithin; }
std::span<const std::string_view> known_in_a_rule() { return kRule; }
std::span<const std::string_view> known_in_a_morphology() { return kMorphology; }
std::span<const std::string_view> known_of_an_area() { return kArea; }

}  // namespace rheobase::genome
