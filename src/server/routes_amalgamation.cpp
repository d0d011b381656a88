// SPDX-License-Identifier: Apache-2.0
// Circuits that wait for their place in the brain, and get it.
#include <chrono>

#include "rheobase/error.h"
#include "rheobase/genome.h"
#include "rheobase/text.h"
#include "server/amalgamation.h"
#include "server/random_id.h"
#include "server/routes.h"

namespace rheobase::server {
namespace {

constexpr std::size_t kMostRemembered = 100;

Json told(const Amalgamation& a) {
  return {{"amalgamation_id", a.id},
          {"genome_title", a.title},
          {"circuit_size", {a.size[0], a.size[1], a.size[2]}}};
}

/// \pre the lock is held.
void remember(Context& c, const Amalgamation& a, const char* status) {
  Json entry = told(a);
  entry["status"] = status;
  entry["timestamp_ms"] = std::chrono::duration_cast<std::chrono::milliseconds>(
                              std::chrono::system_clock::now().time_since_epoch())
                              .count();
  c.amalgamations.push_back(std::move(entry));
  if (c.amalgamations.size() > kMostRemembered) {
    c.amalgamations.erase(c.amalgamations.begin());
  }
}

/// One waits at a time, as in FEAGI: a newer one takes the place of one that was not placed.
Reply queue(Context& c, std::string title, Document circuit, const char* message) {
  Amalgamation a{random_uuid(), std::move(title), std::move(circuit), {1, 1, 1}};
  a.size = size_of_circuit(a.circuit);
  const std::lock_guard lock(c.amalgamating);
  remember(c, a, "pending");
  Json reply = told(a);
  reply.erase("genome_title");
  reply["message"] = message;
  c.amalgamation = std::move(a);
  return json_reply(reply);
}

Reply queue_genome(Context& c, const std::string& genome) {
  static_cast<void>(served(c));
  Document circuit = Document::read(current_genome(genome, "the genome that was uploaded"));
  std::string title = circuit.title().empty() ? "Circuit" : circuit.title();
  return queue(c, std::move(title), std::move(circuit), "Amalgamation queued");
}

Reply by_payload(Context& c, const Request& request) { return queue_genome(c, request.body); }
Reply by_upload(Context& c, const Request& request) {
  return queue_genome(c, file_of_form(request));
}

Reply clone_region(Context& c, const Request& request) {
  const Json body = object_in(request);
  const std::string source = text_in(body, "source_region_id");
  const std::string name = text_in(body, "region_name");
  return queue(c, name, circuit_of_region(served(c)->document, source), "Region clone queued");
}

std::int64_t origin_in(const Request& request, const char* name) {
  const auto text = request.parameter(name);
  if (!text) {
    throw Error(ErrorCode::invalid_argument, std::string(name) + " is required.");
  }
  constexpr double kMost = 1e9;
  const auto number = parse_number<double>(*text);
  if (!number || !(*number >= -kMost && *number <= kMost) ||
      *number != static_cast<double>(static_cast<std::int64_t>(*number))) {
    throw Error(ErrorCode::invalid_argument, std::string(name) + " is " + quoted_name(*text) +
                                                 " (a whole number was expected).");
  }
  return static_cast<std::int64_t>(*number);
}

/// The one that waits; health checks must not wait while it is grown.
Amalgamation taken(Context& c, const std::string& id) {
  const std::lock_guard lock(c.amalgamating);
  if (!c.amalgamation || c.amalgamation->id != id) {
    throw Error(
        ErrorCode::invalid_argument,
        "no amalgamation " + quoted_name(id) + " is pending. Upload a genome, or clone a region.");
  }
  Amalgamation a = std::move(*c.amalgamation);
  c.amalgamation.reset();
  return a;
}

Reply place(Context& c, const Request& request) {
  Destination to;
  to.origin = {origin_in(request, "circuit_origin_x"), origin_in(request, "circuit_origin_y"),
               origin_in(request, "circuit_origin_z")};
  const std::string mode = request.parameter("rewire_mode").value_or("rewire_all");
  if (mode != "rewire_all" && mode != "no_rewiring") {
    throw Error(ErrorCode::invalid_argument, "rewire_mode is " + quoted_name(mode) +
                                                 " (rewire_all or no_rewiring was expected).");
  }
  to.rewire = mode == "rewire_all";
  to.region = request.parameter("amalgamation_id").value_or("");
  const Json body = request.json();
  const Amalgamation a = taken(c, to.region);
  to.title = a.title;
  Amalgamated done;
  try {
    c.brain.change([&](Document& document) {
      to.parent = text_in(body, "brain_region_id", document.root_region());
      done = amalgamate(document, a.circuit, to);
      return Change{true, target("brain_region", to.region), {{"kind", "amalgamation"}}};
    });
  } catch (...) {  // it waits on, unless another one came meanwhile
    const std::lock_guard lock(c.amalgamating);
    if (!c.amalgamation) {
      c.amalgamation = a;
    }
    throw;
  }
  {
    const std::lock_guard lock(c.amalgamating);
    remember(c, a, "confirmed");
  }
  const std::shared_ptr<const Served> now = served(c);
  return json_reply({{"message", "Amalgamation confirmed"},
                     {"region_id", to.region},
                     {"imported_new_area_count", done.areas},
                     {"imported_cortical_mappings", done.mappings},
                     {"skipped_cortical_mappings", done.mappings_skipped},
                     {"imported_morphology_count", done.morphologies},
                     {"skipped_morphology_existing_count", done.morphologies_known},
                     {"skipped_existing_areas", Json::array()},
                     {"post_merge_cortical_area_total", now->document.areas().size()},
                     {"post_merge_brain_region_count", now->document.regions().size()}});
}

Reply cancel(Context& c, const Request& /*request*/) {
  const std::lock_guard lock(c.amalgamating);
  if (c.amalgamation) {
    remember(c, *c.amalgamation, "cancelled");
    c.amalgamation.reset();
  }
  return json_reply({{"message", "Amalgamation cancelled"}});
}

Reply pending(Context& c, const Request& /*request*/) {
  return json_reply({{"pending", pending_amalgamation(c)}});
}

Reply history(Context& c, const Request& /*request*/) {
  const std::lock_guard lock(c.amalgamating);
  return json_reply(c.amalgamations);
}

}  // namespace

Json pending_amalgamation(Context& c) {
  const std::lock_guard lock(c.amalgamating);
  return c.amalgamation ? told(*c.amalgamation) : Json();
}

std::vector<Route> amalgamation_routes() {
  return {{"POST", "genome/amalgamation_by_payload", by_payload},
          {"POST", "genome/amalgamation_by_upload", by_upload},
          {"POST", "genome/amalgamation_destination", place},
          {"DELETE", "genome/amalgamation_cancellation", cancel},
          {"GET", "genome/amalgamation", pending},
          {"GET", "genome/amalgamation_history", history},
          {"POST", "region/clone", clone_region}};
}

}  // namespace rheobase::server
