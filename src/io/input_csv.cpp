// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <optional>
#include <string>
#include <unordered_map>

#include "io/csv_reader.h"
#include "rheobase/engine.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

// potentials are clamped to +-2^100 at the door; a file that asks for more is a mistake
constexpr float kLargestPotential = 0x1p100F;

/// Which column holds what.
struct Columns {
  std::size_t burst = 0, potential = 0;
  bool by_voxel = false;
  std::size_t neuron = 0;                     // by id
  std::size_t area = 0, x = 0, y = 0, z = 0;  // by voxel
  std::optional<std::size_t> port;
};

Columns columns_of(const CsvReader& csv, const std::string& path) {
  constexpr const char* kHint =
      "Give it the header \"burst,neuron,potential\" or \"burst,area,x,y,z,potential\", with a "
      "column "
      "\"port\" where one is wanted.";
  constexpr std::array<std::string_view, 3> kById{"burst", "neuron", "potential"};
  constexpr std::array<std::string_view, 6> kByVoxel{"burst", "area", "x", "y", "z", "potential"};
  const bool by_voxel = csv.column("area") >= 0;
  const std::size_t wanted = by_voxel ? kByVoxel.size() : kById.size();
  for (std::size_t i = 0; i < wanted; ++i) {
    const std::string_view name = by_voxel ? kByVoxel.at(i) : kById.at(i);
    if (csv.column(name) < 0) {
      throw Error(ErrorCode::invalid_file, path + " has no column " + quoted_name(name) +
                                               " (its first line is not a known header). " + kHint);
    }
  }
  const bool ports = csv.column("port") >= 0;
  if (csv.header().size() != wanted + (ports ? 1U : 0U)) {
    throw Error(ErrorCode::invalid_file, path + " has " + number_text(csv.header().size()) +
                                             " columns (" + number_text(wanted) + " are known). " +
                                             kHint);
  }
  const auto at = [&csv](std::string_view name) {
    return static_cast<std::size_t>(std::max(csv.column(name), 0));
  };
  return {
      at("burst"),  at("potential"), by_voxel,
      at("neuron"), at("area"),      at("x"),
      at("y"),      at("z"),         ports ? std::optional<std::size_t>(at("port")) : std::nullopt};
}

float potential_of(const CsvReader& csv, std::size_t column) {
  const std::string_view text = csv.field(column);
  const bool plus = text.size() > 1 && text[0] == '+' && text[1] != '-';
  const std::optional<float> number = parse_number<float>(text.substr(plus ? 1 : 0));
  if (!number) {
    csv.fail(column, "potential " + quoted_name(text) + " is not a number (decimal notation, " +
                         "such as 1.5 or 2e-3). Correct the field.");
  }
  const float value = *number;
  if (!(value >= -kLargestPotential && value <= kLargestPotential)) {
    csv.fail(column, "potential " + quoted_name(text) +
                         " cannot be injected (it must be a number within +-2^100). "
                         "Correct the field.");
  }
  return value;
}

/// An empty field is the first port.
std::uint32_t port_at(const CsvReader& csv, std::size_t column, const Network& network,
                      NeuronId id) {
  const std::string_view text = csv.field(column);
  if (text.empty()) {
    return 0;
  }
  try {
    return port_of(network.areas()[network.area_of(id)], text);
  } catch (const Error& error) {
    csv.fail(column, error.what());
  }
}

/// Finds the neuron of a record; remembers the areas that the file has named.
class VoxelLookup {
 public:
  VoxelLookup(const Network& network, const CsvReader& csv, const Columns& columns)
      : network_(network), csv_(csv), columns_(columns) {}

  NeuronId neuron() {
    const Area& area = area_named(csv_.field(columns_.area));
    const Voxel voxel{axis(columns_.x, area, area.spec.size.x),
                      axis(columns_.y, area, area.spec.size.y),
                      axis(columns_.z, area, area.spec.size.z)};
    return network_.neuron_at(area, voxel);
  }

 private:
  const Area& area_named(std::string_view name) {
    if (last_ != nullptr && name == last_name_) return *last_;
    last_name_ = name;
    auto found = known_.find(last_name_);
    if (found == known_.end()) {
      try {
        found = known_.emplace(last_name_, &network_.area(name)).first;
      } catch (const Error& error) {
        csv_.fail(columns_.area, error.what());
      }
    }
    last_ = found->second;
    return *last_;
  }

  std::uint32_t axis(std::size_t column, const Area& area, std::uint32_t size) const {
    const std::uint64_t value =
        csv_.whole_number(column, std::numeric_limits<std::uint32_t>::max());
    if (value >= size) {
      const Voxel& s = area.spec.size;
      csv_.fail(column, csv_.header()[column] + " " + number_text(value) + " lies outside area " +
                            area.spec.name + " (its size is " + number_text(s.x) + " x " +
                            number_text(s.y) + " x " + number_text(s.z) +
                            ", counted from 0). Correct the voxel.");
    }
    return static_cast<std::uint32_t>(value);
  }

  const Network& network_;
  const CsvReader& csv_;
  const Columns& columns_;
  std::unordered_map<std::string, const Area*> known_;
  std::string last_name_;
  const Area* last_ = nullptr;
};

void sort_by_burst(InputSchedule& input) {
  if (std::is_sorted(input.bursts.begin(), input.bursts.end())) return;
  std::vector<std::size_t> order(input.bursts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&input](std::size_t a, std::size_t b) {
    return input.bursts[a] < input.bursts[b];
  });
  InputSchedule sorted;
  sorted.bursts.reserve(order.size());
  sorted.ids.reserve(order.size());
  sorted.potentials.reserve(order.size());
  for (const std::size_t i : order) {
    sorted.bursts.push_back(input.bursts[i]);
    sorted.ids.push_back(input.ids[i]);
    sorted.potentials.push_back(input.potentials[i]);
    if (!input.ports.empty()) {
      sorted.ports.push_back(input.ports[i]);
    }
  }
  input = std::move(sorted);
}

}  // namespace

InputSchedule load_input(const std::string& path, const Network& network) {
  CsvReader csv(path, kWantedInput);
  const Columns columns = columns_of(csv, path);
  VoxelLookup voxels(network, csv, columns);
  InputSchedule input;
  while (csv.next()) {
    const std::uint64_t burst =
        csv.whole_number(columns.burst, std::numeric_limits<std::uint64_t>::max());
    if (burst == 0) {
      csv.fail(columns.burst, "burst 0 receives no input (the first burst is 1). Count from 1.");
    }
    NeuronId id = 0;
    if (columns.by_voxel) {
      id = voxels.neuron();
    } else {
      const std::uint64_t number =
          csv.whole_number(columns.neuron, std::numeric_limits<std::uint32_t>::max());
      if (number >= network.neuron_count()) {
        csv.fail(columns.neuron, "neuron " + number_text(number) +
                                     " does not exist (the network has neurons 0 to " +
                                     number_text(network.neuron_count() - 1) +
                                     "). Correct the id.");
      }
      id = static_cast<NeuronId>(number);
    }
    const float potential = potential_of(csv, columns.potential);
    input.bursts.push_back(burst);
    input.ids.push_back(id);
    input.potentials.push_back(potential);
    if (columns.port) {
      input.ports.push_back(port_at(csv, *columns.port, network, id));
    }
  }
  sort_by_burst(input);
  return input;
}

}  // namespace rheobase
