// SPDX-License-Identifier: Apache-2.0
#include "network/model_areas.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <string>

#include "network/canonical.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

/// Values of one parameter or state, with where they go.
struct Given {
  const std::vector<double>* values = nullptr;
  std::size_t item = 0;
  bool is_state = false;
};

[[noreturn]] void refuse(const AreaSpec& spec, const std::string& problem) {
  throw Error(ErrorCode::invalid_argument, place_of(spec) + ": " + problem);
}

std::string names_of(const Definition& definition) {
  std::string names;
  for (const Definition::Parameter& p : definition.parameters) {
    names += (names.empty() ? "" : ", ") + p.name;
  }
  for (const Definition::State& s : definition.states) {
    names += (names.empty() ? "" : ", ") + s.name;
  }
  return names;
}

Given find(const AreaSpec& spec, const Definition& definition, const std::string& name,
           const std::vector<double>* values = nullptr) {
  for (std::size_t i = 0; i < definition.parameters.size(); ++i) {
    if (definition.parameters[i].name == name) {
      return {values, i, false};
    }
  }
  for (std::size_t i = 0; i < definition.states.size(); ++i) {
    if (definition.states[i].name == name) {
      return {values, i, true};
    }
  }
  refuse(spec, "there is no parameter or state " + quoted_name(name) + " (it has " +
                   names_of(definition) + ").");
}

ValueRange range_of(const Definition& definition, const Given& given) {
  if (given.is_state) {
    const Definition::State& state = definition.states[given.item];
    return {double{state.lowest}, double{state.highest}};
  }
  const Definition::Parameter& parameter = definition.parameters[given.item];
  return {parameter.lowest, parameter.highest};
}

void check(const AreaSpec& spec, const Definition& definition, const Given& given,
           const std::string& name, std::uint32_t count) {
  if (given.values->size() != 1 && given.values->size() != count) {
    refuse(spec, number_text(given.values->size()) + " values of " + quoted_name(name) +
                     " do not fit " + number_text(count) +
                     " neurons. Give one, or one for each neuron.");
  }
  const auto [lowest, highest, grid] = range_of(definition, given);
  for (const double value : *given.values) {
    if (!(value >= lowest && value <= highest)) {
      refuse(spec, quoted_name(name) + " of " + number_text(value) + " is out of range (" +
                       number_text(lowest) + " to " + number_text(highest) + ").");
    }
  }
}

/// One number where all are the same.
void shorten(std::vector<float>& column) {
  const auto differs = [&](float x) { return model::bits_of(x) != model::bits_of(column[0]); };
  if (!column.empty() && std::none_of(column.begin(), column.end(), differs)) {
    column = std::vector<float>(1, column[0]);
  }
}

}  // namespace

ValueRange range_of_model_value(const AreaSpec& spec, const std::string& name) {
  const Definition& definition = *spec.model.definition();
  return range_of(definition, find(spec, definition, name));
}

std::shared_ptr<const ModelNumbers> model_numbers(const AreaSpec& spec, std::uint32_t count,
                                                  double dt_ms) {
  const Definition& definition = *spec.model.definition();
  std::vector<Given> given;
  for (const ModelValue& value : spec.values) {
    given.push_back(find(spec, definition, value.name, &value.values));
    check(spec, definition, given.back(), value.name, count);
    const auto same = [&](const Given& other) {
      return other.item == given.back().item && other.is_state == given.back().is_state;
    };
    if (std::count_if(given.begin(), given.end(), same) != 1) {
      refuse(spec, quoted_name(value.name) + " is given twice.");
    }
  }
  std::vector<double> values;
  for (const Definition::Parameter& p : definition.parameters) {
    values.push_back(p.value);
  }
  // first values may follow from parameters, and from those of other states
  std::uint32_t rows = 1;
  std::uint32_t first_rows = 1;
  for (const Given& g : given) {
    const bool each = g.values->size() != 1;
    rows = each && !g.is_state ? count : rows;
    first_rows = each && (!g.is_state || definition.host.chained) ? count : first_rows;
  }
  std::vector<std::optional<double>> first(definition.states.size());
  auto numbers = std::make_shared<ModelNumbers>();
  numbers->dt_ms = dt_ms;
  numbers->parameters.resize(definition.step.parameters);
  numbers->initial.resize(definition.states.size());
  try {
    for (std::uint32_t row = 0; row < first_rows; ++row) {
      for (const Given& g : given) {
        const double value = (*g.values)[g.values->size() == 1 ? 0 : row];
        if (g.is_state) {
          first[g.item] = value;
        } else {
          values[g.item] = value;
        }
      }
      const std::vector<float> initial = definition.initial(values, dt_ms, first);
      const std::vector<float> constants =
          row < rows ? definition.constants(values, dt_ms) : std::vector<float>{};
      for (std::size_t i = 0; i < constants.size(); ++i) {
        numbers->parameters[i].push_back(constants[i]);
      }
      for (std::size_t i = 0; i < initial.size(); ++i) {
        numbers->initial[i].push_back(initial[i]);
      }
    }
  } catch (const Error& error) {
    refuse(spec, error.what());
  }
  for (const Given& g : given) {
    if (g.is_state) {
      numbers->initial[g.item].clear();
      for (const double value : *g.values) {
        numbers->initial[g.item].push_back(
            canonical_number(static_cast<float>(value), "a state of " + spec.name));
      }
    }
  }
  for (std::vector<float>& column : numbers->parameters) {
    shorten(column);
  }
  for (std::vector<float>& column : numbers->initial) {
    shorten(column);
  }
  return numbers;
}

void append_model(NetworkData& network, AreaId id, const Area& area) {
  if (area.spec.model.empty()) {
    return;
  }
  const auto ports = static_cast<std::uint32_t>(
      std::max<std::size_t>(area.spec.model.definition()->ports.size(), 1));
  network.model_areas.push_back({id, area.first, area.count, ports, 0, area.spec.model.definition(),
                                 model_numbers(area.spec, area.count, network.dt_ms)});
}

void change_model(NetworkData& network, NeuronId first, std::uint32_t count,
                  const std::vector<ModelValue>& values) {
  const ModelArea* const found = network.model_of(first);
  if (found == nullptr || count == 0 || first - found->first + count > found->count) {
    throw Error(ErrorCode::invalid_argument,
                "an edit of the parameters of a model names neurons that have none, or are of more "
                "than one area. Edit each area by itself.");
  }
  ModelArea& area =
      network.model_areas[static_cast<std::size_t>(found - network.model_areas.data())];
  AreaSpec& spec = network.areas.edit()[area.area].spec;
  const Definition& definition = *area.definition;
  for (const ModelValue& value : values) {
    const Given given = find(spec, definition, value.name, &value.values);
    check(spec, definition, given, value.name, count);
    if (given.is_state) {
      refuse(spec, quoted_name(value.name) + " is a state, not a parameter. Set it in the state.");
    }
    auto place = std::find_if(spec.values.begin(), spec.values.end(),
                              [&](const ModelValue& other) { return other.name == value.name; });
    if (place == spec.values.end()) {
      place = spec.values.insert(place, {value.name, {definition.parameters[given.item].value}});
    }
    if (count == area.count) {
      place->values = value.values;
      continue;
    }
    place->values.resize(area.count, place->values.front());
    for (std::uint32_t i = 0; i < count; ++i) {
      place->values[first - area.first + i] = value.values[value.values.size() == 1 ? 0 : i];
    }
  }
  area.numbers = model_numbers(spec, area.count, network.dt_ms);
}

void count_targets(NetworkData& network) {
  std::uint64_t more = 0;  // targets than neurons, so far
  for (ModelArea& area : network.model_areas) {
    area.first_target = static_cast<std::uint32_t>(area.first + more);
    more += std::uint64_t{area.ports - 1U} * area.count;
    if (network.neuron_count + more > std::numeric_limits<std::uint32_t>::max() - 1U) {
      throw Error(ErrorCode::out_of_range,
                  "the ports of all neurons are more than 2^32 - 2. Use fewer neurons or ports.");
    }
  }
  network.target_count = static_cast<std::uint32_t>(network.neuron_count + more);
}

namespace {

[[noreturn]] void refuse_port(const Area& area, const std::string& port) {
  std::string has = "no model, and so one port without a name";
  if (!area.spec.model.empty()) {
    has.clear();
    for (const ModelItem& item : area.spec.model.ports()) {
      has += (has.empty() ? "" : ", ") + item.name;
    }
    has = has.empty() ? "none" : has;
  }
  throw Error(ErrorCode::invalid_argument, "area " + quoted_name(area.spec.name) + " has no port " +
                                               port + " (its neurons have " + has + ").");
}

}  // namespace

void require_port(const Area& area, std::uint32_t port) {
  const std::size_t ports =
      area.spec.model.empty() ? 1 : area.spec.model.definition()->ports.size();
  if (port >= ports) {
    refuse_port(area, number_text(port));
  }
}

std::uint32_t port_of(const Area& area, std::string_view name) {
  if (!area.spec.model.empty()) {
    const std::vector<ModelItem> ports = area.spec.model.ports();
    const auto found =
        std::ranges::find_if(ports, [&](const ModelItem& item) { return item.name == name; });
    if (found != ports.end()) {
      return static_cast<std::uint32_t>(found - ports.begin());
    }
  }
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size()) {
    refuse_port(area, quoted_name(name));
  }
  require_port(area, number);
  return number;
}

const ModelArea* NetworkData::model_of(NeuronId id) const {
  const auto after = std::upper_bound(model_areas.begin(), model_areas.end(), id,
                                      [](NeuronId n, const ModelArea& a) { return n < a.first; });
  if (after == model_areas.begin() || id - (after - 1)->first >= (after - 1)->count) {
    return nullptr;
  }
  return &*(after - 1);
}

std::uint32_t NetworkData::target_of(NeuronId id) const {
  const auto after = std::upper_bound(model_areas.begin(), model_areas.end(), id,
                                      [](NeuronId n, const ModelArea& a) { return n < a.first; });
  if (after == model_areas.begin()) {
    return id;
  }
  const ModelArea& area = *(after - 1);
  const std::uint32_t within = std::min(id - area.first, area.count);
  return area.first_target + within * area.ports + (id - area.first - within);
}

NeuronId NetworkData::neuron_of(std::uint32_t target) const {
  const auto after =
      std::upper_bound(model_areas.begin(), model_areas.end(), target,
                       [](std::uint32_t t, const ModelArea& a) { return t < a.first_target; });
  if (after == model_areas.begin()) {
    return target;
  }
  const ModelArea& area = *(after - 1);
  const std::uint32_t within = target - area.first_target;
  const std::uint32_t inside = area.count * area.ports;
  return area.first + (within < inside ? within / area.ports : area.count + (within - inside));
}

}  // namespace rheobase
