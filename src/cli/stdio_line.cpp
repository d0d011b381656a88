// SPDX-License-Identifier: Apache-2.0
#include "cli/stdio_line.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "cli/arguments.h"
#include "io/base64.h"
#include "io/json_text.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase::cli {
namespace {

constexpr std::uint64_t kMostBursts = 1'000'000;

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorCode::invalid_argument, what);
}

std::uint32_t whole(const Json& value, const std::string& what) {
  const auto number = whole_of(value, 0, std::numeric_limits<std::uint32_t>::max());
  if (!number) {
    refuse(what + " is " + excerpt_of(value) + " (a whole number from 0 on was expected).");
  }
  return static_cast<std::uint32_t>(*number);
}

float potential_of(const Json& value, const std::string& what) {
  if (!value.is_number()) {
    refuse("the potential of " + what + " is " + excerpt_of(value) + " (a number was expected).");
  }
  const auto number = value.get<double>();
  if (std::fabs(number) > std::numeric_limits<float>::max()) {
    refuse("the potential of " + what + " is " + excerpt_of(value) +
           " (beyond 32-bit floating point).");
  }
  return static_cast<float>(number);
}

/// A name or a number behind the potential; the first port where there is none.
std::uint32_t port_at(const Area& area, const Json& entry, std::size_t place,
                      const std::string& what) {
  if (entry.size() <= place) {
    return 0;
  }
  const Json& port = entry[place];
  return port.is_string() ? port_of(area, port.get_ref<const std::string&>())
                          : port_of(area, number_text(whole(port, "the port of " + what)));
}

void read_area(const Network& network, const std::string& name, const Json& list, Wish& wish) {
  const Area& area = network.area(name);
  if (!list.is_array()) {
    refuse("the input of " + quoted_name(name) + " is " + kind_of(list) +
           ". Give [[x, y, z, potential], …].");
  }
  for (const Json& entry : list) {
    if (!entry.is_array() || (entry.size() != 4 && entry.size() != 5)) {
      refuse("an entry of " + quoted_name(name) + " is " + excerpt_of(entry) +
             ". Give [x, y, z, potential], and a port where one is wanted.");
    }
    const Voxel voxel{whole(entry[0], "x of " + quoted_name(name)),
                      whole(entry[1], "y of " + quoted_name(name)),
                      whole(entry[2], "z of " + quoted_name(name))};
    wish.ids.push_back(network.neuron_at(area, voxel));
    wish.potentials.push_back(potential_of(entry[3], quoted_name(name)));
    wish.ports.push_back(port_at(area, entry, 4, quoted_name(name)));
  }
}

void read_neurons(const Network& network, const Json& list, Wish& wish) {
  if (!list.is_array()) {
    refuse("\"neurons\" is " + kind_of(list) + ". Give [[id, potential], …].");
  }
  for (const Json& entry : list) {
    if (!entry.is_array() || (entry.size() != 2 && entry.size() != 3)) {
      refuse("an entry of \"neurons\" is " + excerpt_of(entry) +
             ". Give [id, potential], and a port where one is wanted.");
    }
    const std::uint32_t id = whole(entry[0], "a neuron's id");
    if (id >= network.neuron_count()) {
      refuse("there is no neuron " + number_text(id) + " (the network has " +
             number_text(network.neuron_count()) + ").");
    }
    wish.ids.push_back(id);
    const std::string what = "neuron " + number_text(id);
    wish.potentials.push_back(potential_of(entry[1], what));
    wish.ports.push_back(port_at(network.areas()[network.area_of(id)], entry, 2, what));
  }
}

/// A byte for each voxel: rows y, in each the columns x, in each the channels z.
void read_picture(const Network& network, const std::string& name, const Json& given, Wish& wish) {
  const Area& area = network.area(name);
  const std::string what = "the picture of " + quoted_name(name);
  if (!given.is_object() || !given.contains("bytes") || !given["bytes"].is_string()) {
    refuse(what + " is " + excerpt_of(given) + R"( (give {"bytes": "base64", "scale": 0.006}).)");
  }
  float scale = 1.0F;
  std::uint32_t port = 0;
  for (const auto& [key, value] : given.items()) {
    if (key == "scale") {
      scale = potential_of(value, what);
    } else if (key == "port") {
      port = value.is_string() ? port_of(area, value.get_ref<const std::string&>())
                               : port_of(area, number_text(whole(value, "the port of " + what)));
    } else if (key != "bytes") {
      refuse(what + " has a key " + quoted_name(key) + " (bytes, scale and port are known).");
    }
  }
  const auto bytes =
      bytes_of_base64<std::vector<std::uint8_t>>(given["bytes"].get_ref<const std::string&>());
  const Voxel size = area.spec.size;
  const std::uint64_t voxels = std::uint64_t{size.x} * size.y * size.z;
  if (!bytes || bytes->size() != voxels) {
    refuse(what + (bytes ? " has " + number_text(bytes->size()) + " bytes" : " is no base64") +
           " (" + number_text(voxels) + " bytes were expected: rows y, columns x, channels z).");
  }
  // the receiving neuron of a voxel is its last; asking for each would take longer than the burst
  const std::uint32_t per = area.spec.neurons_per_voxel;
  const auto neuron_at = [&](std::uint32_t x, std::uint32_t y, std::uint32_t z) {
    return area.first + ((x * size.y + y) * size.z + z) * per + per - 1;
  };
  auto byte = bytes->begin();
  for (std::uint32_t y = 0; y < size.y; ++y) {
    for (std::uint32_t x = 0; x < size.x; ++x) {
      for (std::uint32_t z = 0; z < size.z; ++z, ++byte) {
        if (*byte != 0) {
          wish.ids.push_back(neuron_at(x, y, z));
          wish.potentials.push_back(static_cast<float>(*byte) * scale);
          wish.ports.push_back(port);
        }
      }
    }
  }
}

/// Lists of [pre, post], with a weight, and with a delay in bursts where one is wanted.
NetworkEdit read_edit(const Json& given) {
  constexpr const char* kHint =
      R"(Give {"add": [[pre, post, weight, delay]], "weights": [[pre, post, weight]], "remove": [[pre, post]]}.)";
  if (!given.is_object()) {
    refuse("\"edit\" is " + kind_of(given) + ". " + kHint);
  }
  NetworkEdit edit;
  for (const auto& [key, list] : given.items()) {
    const std::size_t least = key == "remove" ? 2 : 3;
    const std::size_t most = key == "add" ? 4 : least;
    if ((key != "add" && key != "weights" && key != "remove") || !list.is_array()) {
      refuse("\"edit\" holds " + quoted_name(key) + ", " + kind_of(list) + ". " + kHint);
    }
    for (const Json& entry : list) {
      if (!entry.is_array() || entry.size() < least || entry.size() > most) {
        refuse("an entry of " + quoted_name(key) + " is " + excerpt_of(entry) + ". " + kHint);
      }
      Synapse synapse{whole(entry[0], "pre"), whole(entry[1], "post"), 0.0F, 1.0F, 1};
      if (entry.size() > 2) {
        synapse.weight = potential_of(entry[2], "a synapse");
      }
      if (entry.size() > 3) {
        synapse.delay = whole(entry[3], "a delay");
      }
      if (key == "add") {
        edit.add_synapse(synapse);
      } else if (key == "weights") {
        edit.set_weight(synapse.pre, synapse.post, synapse.weight);
      } else {
        edit.remove_synapse(synapse.pre, synapse.post);
      }
    }
  }
  return edit;
}

Answer answer_of(const Json& value) {
  for (const auto& [name, answer] : {std::pair{"all", Answer::all}, std::pair{"last", Answer::last},
                                     std::pair{"counts", Answer::counts}}) {
    if (value == name) {
      return answer;
    }
  }
  refuse("\"answer\" is " + excerpt_of(value) + " (all, last or counts was expected).");
}

const std::string& text_of(const Json& value, const std::string& key) {
  if (!value.is_string() || value.get_ref<const std::string&>().empty()) {
    refuse(quoted_name(key) + " is " + excerpt_of(value) + " (a text was expected).");
  }
  return value.get_ref<const std::string&>();
}

/// Lines that run no burst ask for one thing.
void require_alone(const Json& line, const char* key) {
  if (line.size() != 1) {
    refuse(quoted_name(key) + " stands in a line of its own (this one has other keys too).");
  }
}

}  // namespace

Wish read_wish(const Network& network, const std::string& line) {
  const Json j = parse_json(line, "the line");
  if (!j.is_object()) {
    refuse("the line is " + kind_of(j) +
           ". Give an object, {\"input\": {\"AREA\": [[x, y, z, potential], …]}}.");
  }
  Wish wish;
  for (const auto& [key, value] : j.items()) {
    if (key == "input") {
      if (!value.is_object()) {
        refuse("\"input\" is " + kind_of(value) +
               ". Give an object, {\"AREA\": [[x, y, z, potential], …]}.");
      }
      for (const auto& [name, list] : value.items()) {
        read_area(network, name, list, wish);
      }
    } else if (key == "neurons") {
      read_neurons(network, value, wish);
    } else if (key == "bursts") {
      const auto bursts = whole_of(value, 1, kMostBursts);
      if (!bursts) {
        refuse("\"bursts\" is " + excerpt_of(value) +
               " (a whole number from 1 to 1000000 was expected).");
      }
      wish.bursts = *bursts;
    } else if (key == "pictures") {
      if (!value.is_object()) {
        refuse("\"pictures\" is " + kind_of(value) + R"(. Give {"AREA": {"bytes": "base64"}}.)");
      }
      for (const auto& [name, picture] : value.items()) {
        read_picture(network, name, picture, wish);
      }
    } else if (key == "answer") {
      wish.answer = answer_of(value);
    } else if (key == "why") {
      try {
        wish.why = neuron_of(text_of(value, key), network);
      } catch (const UsageError& error) {
        refuse(error.what());
      }
    } else if (key == "save") {
      require_alone(j, "save");
      wish.save = text_of(value, key);
    } else if (key == "edit") {
      require_alone(j, "edit");
      wish.edit = read_edit(value);
    } else if (key == "quit" || key == "fatigue" || key == "hold" || key == "reset") {
      if (!value.is_boolean()) {
        refuse(quoted_name(key) + " is " + excerpt_of(value) + " (true or false was expected).");
      }
      if (key == "reset") {
        require_alone(j, "reset");
      }
      (key == "quit"    ? wish.quit
       : key == "hold"  ? wish.hold
       : key == "reset" ? wish.reset
                        : wish.fatigue.emplace()) = value.get<bool>();
    } else {
      refuse(
          quoted_name(key) +
          " is not understood (the keys are input, neurons, pictures, bursts, hold, answer, why, "
          "fatigue, quit, save, reset and edit). Correct or remove it.");
    }
  }
  if (std::ranges::all_of(wish.ports, [](std::uint32_t port) { return port == 0; })) {
    wish.ports.clear();  // an engine takes that faster
  }
  return wish;
}

}  // namespace rheobase::cli
