// SPDX-License-Identifier: Apache-2.0
#include "cli/stdio_line.h"

#include <cmath>
#include <limits>

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
    } else if (key == "quit" || key == "fatigue") {
      if (!value.is_boolean()) {
        refuse(quoted_name(key) + " is " + excerpt_of(value) + " (true or false was expected).");
      }
      (key == "quit" ? wish.quit : wish.fatigue.emplace()) = value.get<bool>();
    } else {
      refuse(quoted_name(key) +
             " is not understood (the keys are input, neurons, bursts, fatigue and quit). "
             "Correct or remove it.");
    }
  }
  return wish;
}

}  // namespace rheobase::cli
