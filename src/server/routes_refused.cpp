// SPDX-License-Identifier: Apache-2.0
#include "server/routes.h"

namespace rheobase::server {
namespace {

/// As FEAGI itself answers.
Reply not_in_feagi(Context& /*c*/, const Request& /*request*/) {
  return error_reply(500, "Not yet implemented");
}

Reply no_connectome(Context& /*c*/, const Request& /*request*/) {
  return error_reply(
      501,
      "FEAGI's connectome files are not written by Rheobase. Download the genome, or "
      "start the server with --checkpoint.");
}

Reply left_out(Context& /*c*/, const Request& /*request*/) {
  return error_reply(501, "this route of FEAGI is not offered by Rheobase.");
}

}  // namespace

std::vector<Route> refused_routes() {
  return {{"POST", "cortical_mapping/efferents", not_in_feagi, true},
          {"POST", "cortical_mapping/afferents", not_in_feagi, true},
          {"PUT", "cortical_area/suppress_cortical_visibility", not_in_feagi, true},
          {"PUT", "cortical_area/coord_2d", not_in_feagi, true},
          {"POST", "insight/neuron/synaptic_potential_status", not_in_feagi, true},
          {"POST", "insight/neurons/membrane_potential_status", not_in_feagi, true},
          {"GET", "connectome/download-bytes", no_connectome, true},
          {"GET", "connectome/download", no_connectome, true},
          {"POST", "connectome/upload", no_connectome, true},
          {"GET", "genome/cortical_template", left_out, true},
          {"POST", "agent/register", left_out, true},
          {"POST", "agent/heartbeat", left_out, true},
          {"DELETE", "agent/deregister", left_out, true}};
}

}  // namespace rheobase::server
