// SPDX-License-Identifier: Apache-2.0
#include "io/recipe_values.h"

#include <limits>

#include "io/object_reader.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase::recipe {
namespace {

[[noreturn]] void refuse(const std::string& place, const std::string& problem) {
  throw Error(ErrorCode::invalid_file, place + ": " + problem);
}

/// So many numbers in an array; one may stand by itself.
std::vector<double> numbers_of(const Json& value, std::size_t count, const char* key,
                               const ObjectReader& reader) {
  std::vector<double> numbers;
  if (value.is_number() && count == 1) {
    return {value.get<double>()};
  }
  for (const Json& entry : value.is_array() ? value : Json::array()) {
    if (entry.is_number()) {
      numbers.push_back(entry.get<double>());
    }
  }
  if (!value.is_array() || value.size() != count || numbers.size() != count) {
    reader.refuse(std::string(key) + " is " + excerpt_of(value) + " (" + number_text(count) +
                  (count == 1 ? " number was expected)." : " numbers were expected)."));
  }
  return numbers;
}

/// null is no limit.
double limit_of(const Json& limits, std::size_t i, double none, const ObjectReader& reader) {
  if (!limits.is_array() || limits.size() != 2 || !(limits[i].is_number() || limits[i].is_null())) {
    reader.refuse("within is " + excerpt_of(limits) +
                  " ([low, high] was expected, null for no limit).");
  }
  return limits[i].is_null() ? none : limits[i].get<double>();
}

}  // namespace

Distribution read_distribution(const Json& object, const std::string& place) {
  using Kind = Distribution::Kind;
  struct Named {
    const char* name;
    Kind kind;
    std::size_t numbers;
  };
  ObjectReader reader(object, place);
  const Json* given = nullptr;
  Named named{};
  for (const Named& n :
       {Named{"normal", Kind::normal, 2}, Named{"lognormal", Kind::lognormal, 2},
        Named{"uniform", Kind::uniform, 2}, Named{"exponential", Kind::exponential, 1}}) {
    if (const Json* found = reader.find(n.name)) {
      if (given != nullptr) {
        reader.refuse("it has both " + quoted_name(named.name) + " and " + quoted_name(n.name) +
                      ". Keep one.");
      }
      given = found;
      named = n;
    }
  }
  if (given == nullptr) {
    reader.refuse("it is no distribution (it needs normal, lognormal, uniform or exponential).");
  }
  const std::vector<double> numbers = numbers_of(*given, named.numbers, named.name, reader);
  const Json* within = reader.find("within");
  const double step = reader.has("step") ? reader.real("step", std::nullopt) : 0.0;
  const bool steps = reader.find("step") != nullptr;
  reader.finish();
  try {
    Distribution made(named.kind, numbers[0], named.numbers == 2 ? numbers[1] : 0.0);
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    made = within == nullptr ? made
                             : made.within(limit_of(*within, 0, -kInfinity, reader),
                                           limit_of(*within, 1, kInfinity, reader));
    return steps ? made.step(step) : made;
  } catch (const Error& error) {
    reader.refuse(error.what());
  }
}

ModelValue read_value(std::string name, const Json& value, const std::string& place) {
  const std::string where = place + "." + name;
  ModelValue given{std::move(name)};
  if (value.is_object()) {
    given.distribution = read_distribution(value, where);
    return given;
  }
  if (value.is_number()) {
    given.values.push_back(value.get<double>());
    return given;
  }
  for (const Json& number : value.is_array() ? value : Json::array({nullptr})) {
    if (!number.is_number()) {
      refuse(where, "it is " + excerpt_of(value) +
                        " (a number, an array of numbers or a distribution was expected).");
    }
    given.values.push_back(number.get<double>());
  }
  return given;
}

std::vector<ModelValue> read_values(const Json& object, const std::string& place) {
  if (!object.is_object()) {
    refuse(place, "values is " + kind_of(object) + " (an object was expected).");
  }
  std::vector<ModelValue> values;
  for (const auto& [name, value] : object.items()) {
    values.push_back(read_value(name, value, place + ".values"));
  }
  return values;
}

std::vector<ModelValue> take_values(Json& object, std::span<const ValueName> names,
                                    const std::string& always, const std::string& place) {
  std::vector<ModelValue> values;
  for (const auto& [key, name] : names) {
    const auto found = object.is_object() ? object.find(key) : object.end();
    if (found != object.end() && (found->is_array() || found->is_object() || key == always)) {
      values.push_back(read_value(key, *found, place));
      values.back().name = name;
      object.erase(key);
    }
  }
  return values;
}

}  // namespace rheobase::recipe
