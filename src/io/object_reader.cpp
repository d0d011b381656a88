// SPDX-License-Identifier: Apache-2.0
#include "io/object_reader.h"

#include <cmath>
#include <limits>

#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {

ObjectReader::ObjectReader(const Json& object, std::string place)
    : object_(object), place_(std::move(place)) {
  if (!object.is_object()) {
    refuse("it is " + kind_of(object) + " (an object was expected).");
  }
}

const Json* ObjectReader::find(const char* key) {
  asked_.insert(key);
  const auto it = object_.find(key);
  return it == object_.end() ? nullptr : &*it;
}

const Json& ObjectReader::need(const char* key) {
  const Json* value = find(key);
  if (value == nullptr) {
    refuse(quoted_name(key) + " is missing. Add it.");
  }
  return *value;
}

double ObjectReader::real(const char* key, std::optional<double> fallback) {
  const Json* value = fallback ? find(key) : &need(key);
  if (value == nullptr) {
    return *fallback;
  }
  if (!value->is_number()) {
    refuse(std::string(key) + " is " + excerpt_of(*value) + " (a number was expected).");
  }
  return value->get<double>();
}

float ObjectReader::real32(const char* key, std::optional<float> fallback) {
  const double value = real(key, fallback ? std::optional<double>(*fallback) : std::nullopt);
  if (std::fabs(value) > std::numeric_limits<float>::max()) {
    refuse(std::string(key) + " is " + Json(value).dump() + " (beyond 32-bit floating point).");
  }
  return static_cast<float>(value);
}

std::uint64_t ObjectReader::count(const char* key, std::optional<std::uint64_t> fallback,
                                  std::uint64_t least, std::uint64_t most) {
  const Json* value = fallback ? find(key) : &need(key);
  if (value == nullptr) {
    return *fallback;
  }
  const auto number = whole_of(*value, least, most);
  if (!number) {
    refuse(std::string(key) + " is " + excerpt_of(*value) + " (a whole number from " +
           number_text(least) + " to " + number_text(most) + " was expected).");
  }
  return *number;
}

bool ObjectReader::flag(const char* key, std::optional<bool> fallback) {
  const Json* value = fallback ? find(key) : &need(key);
  if (value == nullptr) {
    return *fallback;
  }
  if (!value->is_boolean()) {
    refuse(std::string(key) + " is " + excerpt_of(*value) + " (true or false was expected).");
  }
  return value->get<bool>();
}

std::string ObjectReader::text(const char* key, std::optional<std::string> fallback) {
  const Json* value = fallback ? find(key) : &need(key);
  if (value == nullptr) {
    return *fallback;
  }
  if (!value->is_string()) {
    refuse(std::string(key) + " is " + excerpt_of(*value) + " (text was expected).");
  }
  return value->get<std::string>();
}

void ObjectReader::finish() const {
  for (const auto& [key, value] : object_.items()) {
    if (!asked_.contains(key)) {
      std::string known;
      for (const std::string& name : asked_) {
        known += (known.empty() ? "" : ", ") + name;
      }
      refuse("unknown key " + quoted_name(key) + " (known here are " + known +
             "). Correct or remove it.");
    }
  }
}

void ObjectReader::refuse(const std::string& problem) const {
  throw Error(ErrorCode::invalid_file, place_ + ": " + problem);
}

}  // namespace rheobase
