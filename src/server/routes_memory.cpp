// SPDX-License-Identifier: Apache-2.0
// Memory areas: their parameters and wiring. Memories are not formed here yet, so there are none.
#include <algorithm>

#include "rheobase/error.h"
#include "rheobase/text.h"
#include "server/routes.h"

namespace rheobase::server {
namespace {

Json parameters_of(const GenomeArea& area) {
  return {{"temporal_depth", area.whole("cx-tmpdpt-i", 1)},
          {"longterm_mem_threshold", area.whole("cx-mem__t-i", 100)},
          {"lifespan_growth_rate", area.real("cx-mem_gr-i", 1.0)},
          {"init_lifespan", area.whole("cx-mem_ls-i", 9)}};
}

Reply memory_area(Context& c, const Request& request) {
  const std::string id = request.parameter("cortical_id").value_or("");
  const std::uint32_t page = number_in_query(request, "page", 0);
  const std::uint32_t page_size = number_in_query(request, "page_size", 50);
  const std::shared_ptr<const Served> now = served(c);
  const GenomeArea* area = now->document.find(id);
  if (area == nullptr) {
    throw NoSuch("cortical area " + quoted_name(id) + " does not exist.");
  }
  if (area->kind() != 'm') {
    throw Error(ErrorCode::invalid_argument,
                "cortical area " + quoted_name(id) + " is no memory area.");
  }
  Json upstream = Json::array();
  for (const GenomeArea& other : now->document.areas()) {
    if (other.mappings().contains(id)) {
      upstream.push_back(c.brain.counts_of(*now, other.id).index);
    }
  }
  const AreaCounts counts = c.brain.counts_of(*now, id);
  return json_reply({{"cortical_id", id},
                     {"cortical_idx", counts.index},
                     {"cortical_name", area->name()},
                     {"short_term_neuron_count", 0},
                     {"long_term_neuron_count", 0},
                     {"memory_parameters", parameters_of(*area)},
                     {"evicted_total", 0},
                     {"creation_failed_total", 0},
                     {"formation_suppressed_total", 0},
                     {"memory_pool", {{"pool_capacity", 0}, {"pool_in_use", 0}, {"pool_ltm", 0}}},
                     {"effective_mp_mode", nullptr},
                     {"upstream_cortical_area_indices", upstream},
                     {"upstream_cortical_area_count", upstream.size()},
                     {"upstream_pattern_cache_size", 0},
                     {"incoming_synapse_count", counts.incoming},
                     {"outgoing_synapse_count", counts.outgoing},
                     {"total_memory_neuron_ids", 0},
                     {"page", page},
                     {"page_size", page_size},
                     {"memory_neuron_ids", Json::array()},
                     {"has_more", false}});
}

Reply memory_neuron(Context& /*c*/, const Request& request) {
  const std::uint32_t id = number_in_query(request, "neuron_id", 0);
  return error_reply(404, "there is no memory neuron " + number_text(id) +
                              " (memories are not formed by this server).");
}

}  // namespace

std::vector<Route> memory_routes() {
  return {{"GET", "cortical_area/memory", memory_area},
          {"GET", "connectome/memory_neuron", memory_neuron, true}};
}

}  // namespace rheobase::server
