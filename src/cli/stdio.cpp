// SPDX-License-Identifier: Apache-2.0
#include "cli/stdio.h"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "cli/output.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase::cli {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::uint64_t kMostBursts = 1'000'000;

/// What a line asks for, checked as a whole before the engine hears of it.
struct Wish {
  std::vector<NeuronId> ids;
  std::vector<float> potentials;
  std::uint64_t bursts = 1;
  std::optional<bool> fatigue;
  bool quit = false;
};

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorCode::invalid_argument, what);
}

std::uint32_t whole(const json& value, const std::string& what) {
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > 0xFFFFFFFFU) {
    refuse(what + " is " + value.dump() + ". Give a whole number from 0 on.");
  }
  return value.get<std::uint32_t>();
}

float potential_of(const json& value, const std::string& what) {
  if (!value.is_number()) {
    refuse(what + ": the potential is " + value.dump() + ". Give a number.");
  }
  return value.get<float>();
}

void read_area(const Network& network, const std::string& name, const json& list, Wish& wish) {
  const Area& area = network.area(name);
  if (!list.is_array()) {
    refuse("the input of " + quoted_name(name) + " is no list. Give [[x, y, z, potential], …].");
  }
  for (const json& entry : list) {
    if (!entry.is_array() || entry.size() != 4) {
      refuse("an entry of " + quoted_name(name) + " is " + entry.dump() +
             ". Give [x, y, z, potential].");
    }
    const Voxel voxel{whole(entry[0], "x of " + quoted_name(name)),
                      whole(entry[1], "y of " + quoted_name(name)),
                      whole(entry[2], "z of " + quoted_name(name))};
    wish.ids.push_back(network.neuron_at(area, voxel));
    wish.potentials.push_back(potential_of(entry[3], quoted_name(name)));
  }
}

void read_neurons(const Network& network, const json& list, Wish& wish) {
  if (!list.is_array()) {
    refuse("'neurons' is no list. Give [[id, potential], …].");
  }
  for (const json& entry : list) {
    if (!entry.is_array() || entry.size() != 2) {
      refuse("an entry of 'neurons' is " + entry.dump() + ". Give [id, potential].");
    }
    const std::uint32_t id = whole(entry[0], "a neuron's id");
    if (id >= network.neuron_count()) {
      refuse("there is no neuron " + number_text(id) + " (the network has " +
             number_text(network.neuron_count()) + ").");
    }
    wish.ids.push_back(id);
    wish.potentials.push_back(potential_of(entry[1], "neuron " + number_text(id)));
  }
}

Wish read_wish(const Network& network, const std::string& line) {
  const json j = json::parse(line);
  if (!j.is_object()) {
    refuse("the line is no object. Give {\"input\": {\"AREA\": [[x, y, z, potential], …]}}.");
  }
  Wish wish;
  for (const auto& [key, value] : j.items()) {
    if (key == "input" && value.is_object()) {
      for (const auto& [name, list] : value.items()) {
        read_area(network, name, list, wish);
      }
    } else if (key == "neurons") {
      read_neurons(network, value, wish);
    } else if (key == "bursts") {
      wish.bursts = whole(value, "'bursts'");
      if (wish.bursts < 1 || wish.bursts > kMostBursts) {
        refuse("'bursts' is " + value.dump() + " (1 to 1000000).");
      }
    } else if (key == "fatigue" && value.is_boolean()) {
      wish.fatigue = value.get<bool>();
    } else if (key == "quit" && value.is_boolean()) {
      wish.quit = value;
    } else {
      refuse(quoted_name(key) +
             " is not understood. The keys are input (an object), neurons, bursts, fatigue and "
             "quit.");
    }
  }
  return wish;
}

std::vector<Area> output_areas(const Network& network, const std::vector<std::string>& names) {
  std::vector<Area> areas;
  for (const std::string& name : names) {
    areas.push_back(network.area(name));
  }
  if (areas.empty()) {
    const auto& all = network.areas();
    std::copy_if(all.begin(), all.end(), std::back_inserter(areas),
                 [](const Area& a) { return a.spec.role == "output"; });
    if (areas.empty()) {
      areas.assign(all.begin(), all.end());
    }
  }
  std::sort(areas.begin(), areas.end(),
            [](const Area& a, const Area& b) { return a.first < b.first; });
  areas.erase(std::unique(areas.begin(), areas.end(),
                          [](const Area& a, const Area& b) { return a.first == b.first; }),
              areas.end());
  return areas;
}

std::string greeting(const Engine& engine, const std::vector<Area>& outputs) {
  ordered_json hello;
  hello["protocol"] = "rheobase-stdio";
  hello["version"] = 1;
  hello["backend"] = engine.backend();
  hello["dt_ms"] = engine.network().dt_ms();
  hello["burst"] = engine.burst();
  hello["areas"] = ordered_json::array();
  for (const Area& area : engine.network().areas()) {
    const Voxel size = area.spec.size;
    hello["areas"].push_back({{"name", area.spec.name},
                              {"size", {size.x, size.y, size.z}},
                              {"neurons_per_voxel", area.spec.neurons_per_voxel},
                              {"first_neuron", area.first},
                              {"role", area.spec.role}});
  }
  hello["outputs"] = ordered_json::array();
  for (const Area& area : outputs) {
    hello["outputs"].push_back(area.spec.name);
  }
  return hello.dump(-1, ' ', false, json::error_handler_t::replace);
}

/// One line for each burst of a batch.
void tell(const Network& network, const std::vector<Area>& outputs, const RecordBatch& batch,
          std::ostream& out) {
  for (std::size_t b = 0; b < batch.bursts.size(); ++b) {
    ordered_json told;
    told["burst"] = batch.bursts[b].burst;
    told["spikes"] = batch.bursts[b].spikes;
    told["fired"] = ordered_json::object();
    auto at = batch.spike_ids.begin() + static_cast<std::ptrdiff_t>(batch.spike_begin[b]);
    const auto end =
        batch.spike_ids.begin() + static_cast<std::ptrdiff_t>(batch.spike_begin[b + 1]);
    for (const Area& area : outputs) {
      ordered_json voxels = ordered_json::array();
      for (; at != end && *at - area.first < area.count; ++at) {
        const Voxel v = network.voxel_of(*at);
        voxels.push_back({v.x, v.y, v.z});
      }
      told["fired"][area.spec.name] = std::move(voxels);
    }
    out << told.dump(-1, ' ', false, json::error_handler_t::replace) << "\n";
  }
}

void tell_error(const std::string& what, std::uint64_t line, std::ostream& out) {
  out << ordered_json{{"error", what}, {"line", line}}.dump(-1, ' ', false,
                                                            json::error_handler_t::replace)
      << std::endl;
}

}  // namespace

void serve_lines(Engine& engine, const std::vector<std::string>& outputs, std::istream& in,
                 std::ostream& out) {
  const std::vector<Area> areas = output_areas(engine.network(), outputs);
  RecordPlan plan;
  for (const Area& area : areas) {
    plan.spikes.push_back({area.first, area.count});
  }
  engine.record(plan);
  out << greeting(engine, areas) << std::endl;
  RunOptions options;
  options.batch = [&](const RecordBatch& batch) { tell(engine.network(), areas, batch, out); };
  std::uint64_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string::npos) {
      continue;
    }
    Wish wish;
    const bool fatigue = engine.fatigue();
    try {
      wish = read_wish(engine.network(), line);
      if (wish.fatigue.value_or(fatigue) != fatigue) {
        engine.set_fatigue(!fatigue);
      }
      engine.inject(wish.ids, wish.potentials);
    } catch (const Error& error) {
      if (engine.fatigue() != fatigue) {
        engine.set_fatigue(fatigue);
      }
      tell_error(error.what(), number, out);
      continue;
    } catch (const json::exception&) {
      tell_error("the line is not JSON, or a number in it is too large. Write one object a line.",
                 number, out);
      continue;
    }
    if (wish.quit) {
      break;
    }
    engine.run(wish.bursts, options);
    out.flush();
  }
  out << ordered_json{{"ended", true},
                      {"burst", engine.burst()},
                      {"signature", hex_text(engine.signature())}}
             .dump()
      << std::endl;
}

}  // namespace rheobase::cli
