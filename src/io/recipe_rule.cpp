// SPDX-License-Identifier: Apache-2.0
#include "io/recipe_rule.h"

#include <array>
#include <limits>

#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase::recipe {
namespace {

constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();

std::vector<std::array<std::int32_t, 3>> offset_list(ObjectReader& reader) {
  const Json& list = reader.need("offsets");
  std::vector<std::array<std::int32_t, 3>> offsets;
  for (const Json& entry : list) {
    std::array<std::int32_t, 3> offset{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const auto step =
          entry.is_array() && entry.size() == 3 ? int32_of(entry[axis]) : std::nullopt;
      if (!step) {
        reader.refuse("offsets holds " + excerpt_of(entry) + " (three integers were expected).");
      }
      offset[axis] = *step;
    }
    offsets.push_back(offset);
  }
  return offsets;
}

PatternTriple pattern_half(const ObjectReader& reader, const Json& half) {
  PatternTriple triple;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (!half.is_array() || half.size() != 3 ||
        (!half[axis].is_number_integer() && !half[axis].is_string())) {
      reader.refuse("patterns holds " + excerpt_of(half) +
                    " (three integers or signs were expected).");
    }
    triple[axis] = half[axis].is_string() ? half[axis].get<std::string>() : half[axis].dump();
  }
  return triple;
}

std::vector<Pattern> pattern_list(ObjectReader& reader) {
  std::vector<Pattern> list;
  for (const Json& pair : reader.need("patterns")) {
    if (!pair.is_array() || pair.size() != 2) {
      reader.refuse("patterns holds " + excerpt_of(pair) +
                    " (a source and a target were expected).");
    }
    list.push_back({pattern_half(reader, pair[0]), pattern_half(reader, pair[1])});
  }
  return list;
}

ConnectionRule read_composite(ObjectReader& reader) {
  const Json& seed = reader.need("seed");
  const Json& steps = reader.need("pattern");
  std::array<std::uint32_t, 3> tile{};
  std::array<std::array<std::uint32_t, 2>, 3> pattern{};
  const auto size = [&](const Json& value) {
    const auto cells = whole_of(value, 0, kMost);
    if (!cells) {
      reader.refuse("seed or pattern holds " + excerpt_of(value) + " (a size was expected).");
    }
    return static_cast<std::uint32_t>(*cells);
  };
  if (!seed.is_array() || seed.size() != 3 || !steps.is_array() || steps.size() != 3) {
    reader.refuse("seed needs three sizes and pattern three pairs of [choose, skip].");
  }
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (!steps[axis].is_array() || steps[axis].size() != 2) {
      reader.refuse("pattern holds " + excerpt_of(steps[axis]) + " ([choose, skip] was expected).");
    }
    tile[axis] = size(seed[axis]);
    pattern[axis] = {size(steps[axis][0]), size(steps[axis][1])};
  }
  return composite({tile[0], tile[1], tile[2]}, pattern,
                   read_connection_rule(reader.need("mapper"), reader.place() + ".mapper"));
}

std::uint32_t degree(ObjectReader& reader, const char* key) {
  return static_cast<std::uint32_t>(reader.count(key, std::nullopt, 0, kMost));
}

ConnectionRule by_name(ObjectReader& reader, const std::string& name) {
  if (name == "all_to_all") {
    return all_to_all(reader.flag("autapses", true));
  }
  if (name == "one_to_one") {
    return one_to_one();
  }
  if (name == "fixed_probability") {
    const double p = reader.real("p", std::nullopt);
    return fixed_probability(p, reader.flag("autapses", true));
  }
  if (name == "fixed_indegree" || name == "fixed_outdegree") {
    const bool autapses = reader.flag("autapses", true);
    const bool multapses = reader.flag("multapses", true);
    return name == "fixed_indegree"
               ? fixed_indegree(degree(reader, "indegree"), autapses, multapses)
               : fixed_outdegree(degree(reader, "outdegree"), autapses, multapses);
  }
  if (name == "fixed_total_number") {
    const std::uint64_t n = reader.count("n", std::nullopt, 0, std::uint64_t{1} << 40U);
    const bool autapses = reader.flag("autapses", true);
    return fixed_total_number(n, autapses, reader.flag("multapses", true));
  }
  if (name == "distance_probability") {
    return read_distance_rule(reader);
  }
  if (name == "index_pairs") {
    std::vector<std::uint32_t> sources = index_list(reader, "sources");
    return index_pairs(std::move(sources), index_list(reader, "targets"));
  }
  if (name == "vectors") {
    return vectors(offset_list(reader));
  }
  if (name == "patterns") {
    return patterns(pattern_list(reader));
  }
  if (name == "composite") {
    return read_composite(reader);
  }
  return voxel_function(name);
}

template <typename Enum>
void read_choice(ObjectReader& reader, const char* key, Enum& value,
                 const std::array<std::pair<const char*, Enum>, 2>& choices) {
  if (reader.find(key) == nullptr) {
    return;
  }
  const std::string text = reader.text(key, std::nullopt);
  for (const auto& [name, choice] : choices) {
    if (text == name) {
      value = choice;
      return;
    }
  }
  reader.refuse(std::string(key) + " is " + quoted_name(text) + " (" + choices[0].first + " or " +
                choices[1].first + " was expected).");
}

}  // namespace

std::vector<std::uint32_t> index_list(ObjectReader& reader, const char* key) {
  const Json& list = reader.need(key);
  std::vector<std::uint32_t> indices;
  if (!list.is_array()) {
    reader.refuse(std::string(key) + " is " + kind_of(list) +
                  " (an array of indices was expected).");
  }
  indices.reserve(list.size());
  for (const Json& value : list) {
    const auto index = whole_of(value, 0, kMost);
    if (!index) {
      reader.refuse(std::string(key) + " holds " + excerpt_of(value) + " (an index was expected).");
    }
    indices.push_back(static_cast<std::uint32_t>(*index));
  }
  return indices;
}

ConnectionRule read_connection_rule(const Json& object, const std::string& place) {
  ObjectReader reader(object, place);
  const std::string name = reader.text("name", std::nullopt);
  try {
    ConnectionRule rule = by_name(reader, name);
    if (reader.has("percent")) {
      rule = thinned(rule, reader.real("percent", std::nullopt));
    }
    reader.finish();
    return rule;
  } catch (const Error& problem) {
    // the factories know the rule but not the file
    if (problem.code() == ErrorCode::invalid_file) {
      throw;
    }
    reader.refuse(problem.what());
  }
}

Rules read_step_rules(const Json& value, const std::string& place) {
  if (value.is_string()) {
    try {
      return rules_of(semantics_from_name(value.get<std::string>()));
    } catch (const Error& problem) {
      throw Error(ErrorCode::invalid_file, place + ": " + problem.what());
    }
  }
  ObjectReader reader(value, place);
  Rules rules;
  using When = Rules::When;
  read_choice(
      reader, "leak", rules.leak,
      {{{"every_burst", Rules::Leak::every_burst}, {"after_miss", Rules::Leak::after_miss}}});
  read_choice(reader, "countdown", rules.countdown,
              {{{"every_burst", When::every_burst}, {"as_candidate", When::as_candidate}}});
  read_choice(reader, "test", rules.test,
              {{{"every_burst", When::every_burst}, {"as_candidate", When::as_candidate}}});
  read_choice(reader, "forget", rules.forget,
              {{{"every_burst", Rules::Forget::every_burst},
                {"former_candidate", Rules::Forget::former_candidate}}});
  rules.floor_negative = reader.flag("floor_negative", rules.floor_negative);
  rules.leak_in_refractory = reader.flag("leak_in_refractory", rules.leak_in_refractory);
  rules.saturating_count = reader.flag("saturating_count", rules.saturating_count);
  rules.separate_snooze = reader.flag("separate_snooze", rules.separate_snooze);
  rules.rounded_psp = reader.flag("rounded_psp", rules.rounded_psp);
  reader.finish();
  return rules;
}

}  // namespace rheobase::recipe
