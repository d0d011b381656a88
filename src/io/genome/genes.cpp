// SPDX-License-Identifier: Apache-2.0
#include "io/genome/genes.h"

#include <array>

namespace rheobase::genome {
namespace {

constexpr std::array kGenes{
    Gene{"__name", 't', "cx", "cortical_name"},
    Gene{"_group", 't', "cx", "cortical_group"},
    Gene{"subgrp", 't', "cx", "sub_group_id"},
    Gene{"_n_cnt", 'i', "cx", "per_voxel_neuron_cnt"},
    Gene{"gd_vis", 'b', "cx", "visualization"},
    Gene{"__rand", 'b', "cx", "location_generation_type"},
    Gene{"synatt", 'f', "cx", "synapse_attractivity"},
    Gene{"dstmap", 'd', "cx", "cortical_mapping_dst"},
    Gene{"de_gen", 'f', "cx", "degeneration"},
    Gene{"pspuni", 'b', "cx", "psp_uniform_distribution"},
    Gene{"plst_c", 'f', "cx", "plasticity_constant"},
    Gene{"memory", 'b', "cx", "is_mem_type"},
    Gene{"mem__t", 'i', "cx", "longterm_mem_threshold"},
    Gene{"mem_gr", 'i', "cx", "lifespan_growth_rate"},
    Gene{"mem_ls", 'i', "cx", "init_lifespan"},
    Gene{"tmpdpt", 'i', "cx", "temporal_depth"},
    Gene{"twinrf", 't', "cx", "memory_twin_of"},
    Gene{"devcnt", 'i', "cx", "dev_count"},
    Gene{"fire_t", 'f', "nx", "firing_threshold"},
    Gene{"ftincx", 'f', "nx", "firing_threshold_increment_x"},
    Gene{"ftincy", 'f', "nx", "firing_threshold_increment_y"},
    Gene{"ftincz", 'f', "nx", "firing_threshold_increment_z"},
    Gene{"fthlim", 'f', "nx", "firing_threshold_limit"},
    Gene{"leak_c", 'f', "nx", "leak_coefficient"},
    Gene{"leak_v", 'f', "nx", "leak_variability"},
    Gene{"refrac", 'i', "nx", "refractory_period"},
    Gene{"excite", 'f', "nx", "neuron_excitability"},
    Gene{"c_fr_c", 'i', "nx", "consecutive_fire_cnt_max"},
    Gene{"snooze", 'f', "nx", "snooze_length"},
    Gene{"pstcr_", 'f', "nx", "postsynaptic_current"},
    Gene{"pstcrm", 'f', "nx", "postsynaptic_current_max"},
    Gene{"mp_acc", 'b', "nx", "mp_charge_accumulation"},
    Gene{"mp_psp", 'b', "nx", "mp_driven_psp"},
    // schema 7
    Gene{"hmlk", 'd', "cx", "rate_modulated_leak"},
    Gene{"mplrn", 'b', "cx", "mp_learning_enabled"},
    Gene{"mpchg", 't', "cx", "mp_change_mode"},
    Gene{"mpdlq", 'f', "cx", "mp_differential_quantum"},
    Gene{"mprtq", 'f', "cx", "mp_ratio_quantum"},
    Gene{"mnwin", 'i', "cx", "min_window_activity"},
    Gene{"scnsk", 'f', "cx", "scan_skip_density"},
    Gene{"memcap", 'i', "cx", "memory_neuron_cap"},
    Gene{"ltmevc", 't', "cx", "ltm_eviction"},
    Gene{"brsten", 'b', "cx", "burst_engine_active"},
    Gene{"spktrn", 'b', "cx", "spike_train"},
    Gene{"modls", 'd', "cx", "modulators"},
    Gene{"snhold", 'b', "cx", "sensory_hold_last_frame"},
};

constexpr std::array kAxisGenes{
    Gene{"___bbx", 'i', "cx", "block_boundaries"},
    Gene{"___bby", 'i', "cx", "block_boundaries"},
    Gene{"___bbz", 'i', "cx", "block_boundaries"},
    Gene{"rcordx", 'i', "cx", "relative_coordinate"},
    Gene{"rcordy", 'i', "cx", "relative_coordinate"},
    Gene{"rcordz", 'i', "cx", "relative_coordinate"},
    Gene{"2dcorx", 'i', "cx", "2d_coordinate"},
    Gene{"2dcory", 'i', "cx", "2d_coordinate"},
};

/// Other names under which hierarchical files hold a gene.
constexpr std::array<std::array<std::string_view, 2>, 4> kAliases{
    {{"neurons_per_voxel", "per_voxel_neuron_cnt"},
     {"consecutive_fire_limit", "consecutive_fire_cnt_max"},
     {"snooze_period", "snooze_length"},
     {"visible", "visualization"}}};

}  // namespace

std::span<const Gene> genes() { return kGenes; }
std::span<const Gene> axis_genes() { return kAxisGenes; }

const Gene* gene_of_stem(std::string_view stem) {
  for (const Gene& gene : kGenes) {
    if (gene.stem == stem) {
      return &gene;
    }
  }
  for (const Gene& gene : kAxisGenes) {
    if (gene.stem == stem) {
      return &gene;
    }
  }
  return nullptr;
}

const Gene* gene_of_property(std::string_view property) {
  for (const auto& [alias, name] : kAliases) {
    if (alias == property) {
      property = name;
    }
  }
  for (const Gene& gene : kGenes) {
    if (gene.property == property) {
      return &gene;
    }
  }
  return nullptr;
}

}  // namespace rheobase::genome
