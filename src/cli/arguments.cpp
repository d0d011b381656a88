// SPDX-License-Identifier: Apache-2.0
#include "cli/arguments.h"

#include <array>
#include <charconv>
#include <optional>
#include <string_view>

#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase::cli {
namespace {

/// A number at the start of a text and what follows it.
std::optional<std::pair<double, std::string_view>> number_and_rest(std::string_view text) {
  const std::size_t end = std::min(text.find_first_not_of("+-.0123456789eE"), text.size());
  for (std::size_t size = end; size > 0; --size) {  // "20e" is 20 and "e"
    if (const auto value = parse_number<double>(text.substr(0, size))) {
      return std::pair{*value, text.substr(size)};
    }
  }
  return std::nullopt;
}

/// The number that a whole text is, with an optional unit behind it.
double number_in(const std::string& whole, std::string_view text, std::string_view unit) {
  const auto parsed = number_and_rest(text);
  if (!parsed || (!parsed->second.empty() && parsed->second != unit)) {
    throw UsageError(quoted_name(text) + " in " + quoted_name(whole) + " is no number" +
                     (unit.empty() ? "." : " of " + std::string(unit) + "."));
  }
  return parsed->first;
}

/// The whole number that a text is.
std::uint64_t whole_number_in(const std::string& whole, std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    throw UsageError(quoted_name(text) + " in " + quoted_name(whole) + " is no whole number.");
  }
  return value;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find(separator, start), text.size());
    parts.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return parts;
}

struct NamedArea {
  const Area* area = nullptr;
  std::string_view rest;  ///< of the text
};

/// The name in quotes that a text begins with, and what follows it.
std::pair<std::string, std::string_view> unquoted_name(std::string_view text) {
  std::string name;
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] == '"') {
      if (at + 1 == text.size() || text[at + 1] != '"') {
        return {name, text.substr(at + 1)};
      }
      ++at;
    }
    name += text[at];
  }
  throw UsageError("the name in " + quoted_name(text) +
                   " has no closing quote. Write a quote within a name twice.");
}

/// The area whose name a text begins with; one of `ends` or the end of the text must follow.
NamedArea area_at_start(std::string_view text, std::string_view ends, const Network& network) {
  const auto can_end = [&](std::string_view rest) {
    return rest.empty() || ends.find(rest.front()) != std::string_view::npos;
  };
  if (text.starts_with('"')) {
    const auto [name, rest] = unquoted_name(text);
    if (!can_end(rest)) {
      throw UsageError(quoted_name(rest) + " follows a name in quotes in " + quoted_name(text) +
                       ". Write a quote within a name twice.");
    }
    return {&network.area(name), rest};
  }
  NamedArea found;
  for (const Area& area : network.areas()) {
    for (const std::string_view name :
         {std::string_view(area.spec.name), std::string_view(area.spec.file_id)}) {
      const bool is_longer = found.area == nullptr || text.size() - name.size() < found.rest.size();
      if (!name.empty() && text.starts_with(name) && is_longer &&
          can_end(text.substr(name.size()))) {
        found = {&area, text.substr(name.size())};
      }
    }
  }
  if (found.area == nullptr) {
    static_cast<void>(
        network.area(text.substr(0, text.find_first_of(ends))));  // throws with a hint
    throw UsageError(quoted_name(text) + " names no area.");
  }
  return found;
}

}  // namespace

double duration_ms(const std::string& text) {
  struct Unit {
    std::string_view name;
    double ms;
  };
  constexpr std::array kUnits{Unit{"ms", 1.0}, Unit{"s", 1e3}, Unit{"min", 6e4}, Unit{"h", 3.6e6}};
  const auto parsed = number_and_rest(text);
  for (const Unit& unit : kUnits) {
    if (parsed && parsed->second == unit.name && parsed->first > 0.0) {
      return parsed->first * unit.ms;
    }
  }
  throw UsageError(quoted_name(text) + " is no duration. Write it as 10s, 250ms or 2min.");
}

std::vector<Area> areas_named(const std::vector<std::string>& texts, const Network& network) {
  std::vector<Area> areas;
  for (const std::string& text : texts) {
    std::string_view rest = text;
    do {
      const NamedArea named = area_at_start(rest, ",", network);
      areas.push_back(*named.area);
      rest = named.rest.empty() ? named.rest : named.rest.substr(1);
    } while (!rest.empty());
  }
  return areas;
}

Drive drive_of(const std::string& text, const Network& network) {
  const NamedArea named = area_at_start(text, ":=", network);
  const Area& area = *named.area;
  const std::size_t equals = named.rest.find('=');
  if (equals == std::string_view::npos) {
    throw UsageError(quoted_name(text) + " is no drive. Write AREA=20Hz:1.5 or AREA=constant:1.5.");
  }
  std::vector<std::string_view> parts = split(named.rest.substr(equals + 1), ':');
  Drive drive;
  drive.port = equals == 0 ? 0U : port_of(area, named.rest.substr(1, equals - 1));
  drive.first = area.first;
  drive.count = area.count;
  drive.kind = Drive::Kind::poisson;
  if (parts[0] == "constant" && parts.size() == 2) {
    drive.kind = Drive::Kind::constant;
    drive.amplitude = static_cast<float>(number_in(text, parts[1], ""));
    return drive;
  }
  if (parts[0] == "regular" || parts[0] == "poisson") {
    drive.kind = parts[0] == "regular" ? Drive::Kind::regular : Drive::Kind::poisson;
    parts.erase(parts.begin());
  }
  if (parts.size() != 2) {
    throw UsageError(
        quoted_name(text) +
        " is no drive. Write AREA=20Hz:1.5, AREA=regular:20Hz:1.5 or AREA=constant:1.5.");
  }
  drive.rate_hz = number_in(text, parts[0], "Hz");
  drive.amplitude = static_cast<float>(number_in(text, parts[1], ""));
  return drive;
}

void add_recording(const std::string& text, const Network& network, RecordPlan& plan) {
  auto [area, rest] = area_at_start(text, "[:", network);
  IdRange range{area->first, area->count};
  if (rest.starts_with('[')) {
    const std::size_t close = rest.find(']');
    const auto bounds = split(rest.substr(1, close == std::string_view::npos ? 0 : close - 1), ':');
    if (close == std::string_view::npos || bounds.size() != 2) {
      throw UsageError(quoted_name(text) + " has no range like [0:500].");
    }
    const std::uint64_t first = bounds[0].empty() ? 0 : whole_number_in(text, bounds[0]);
    const std::uint64_t last = bounds[1].empty() ? area->count : whole_number_in(text, bounds[1]);
    if (last <= first || last > area->count) {
      throw UsageError("the range of " + quoted_name(text) + " leaves the area (it has " +
                       number_text(area->count) + " neurons; the end is excluded).");
    }
    range = {area->first + static_cast<std::uint32_t>(first),
             static_cast<std::uint32_t>(last - first)};
    rest.remove_prefix(close + 1);
  }
  if (rest.empty() || rest == ":spikes") {
    plan.spikes.push_back(range);
    return;
  }
  const auto parts = split(rest, ':');
  if (!parts[0].empty() || parts.size() > 3) {
    throw UsageError(quoted_name(text) +
                     " is no recording. Write AREA, AREA[0:500] or AREA[0:500]:potential.");
  }
  Probe probe;
  probe.ids = range;
  if (const Model& model = network.areas()[network.area_of(range.first)].spec.model;
      !model.empty()) {
    probe.state = parts[1];
  } else {
    try {
      probe.field = field_from_name(parts[1]);
    } catch (const Error& error) {
      throw UsageError(error.what());
    }
  }
  if (parts.size() == 3) {
    const std::uint64_t every = whole_number_in(text, parts[2]);
    if (every < 1 || every > 4000000000U) {
      throw UsageError(quoted_name(text) + " samples every " + std::string(parts[2]) +
                       " bursts. Give 1 or more.");
    }
    probe.every = static_cast<std::uint32_t>(every);
  }
  plan.probes.push_back(probe);
}

NeuronId neuron_of(const std::string& text, const Network& network) {
  std::uint64_t first = 0;
  std::uint64_t count = network.neuron_count();
  std::string_view index = text;
  if (text.find_first_not_of("0123456789") != std::string::npos) {
    const NamedArea named = area_at_start(text, "[", network);
    index = named.rest;
    if (index.size() < 3 || index.front() != '[' || index.back() != ']') {
      throw UsageError(quoted_name(text) + " names no neuron. Write AREA[7].");
    }
    index = index.substr(1, index.size() - 2);
    first = named.area->first;
    count = named.area->count;
  }
  const std::uint64_t number = whole_number_in(text, index);
  if (number >= count) {
    throw UsageError(quoted_name(text) + " does not exist (there are " + number_text(count) +
                     " neurons, counted from 0).");
  }
  return static_cast<NeuronId>(first + number);
}

}  // namespace rheobase::cli
