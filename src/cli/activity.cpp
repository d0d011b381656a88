// SPDX-License-Identifier: Apache-2.0
#include "cli/activity.h"

#include <fmt/printf.h>

#include <algorithm>
#include <array>

#include "rheobase/text.h"

namespace rheobase::cli {
namespace {

constexpr std::uint32_t kMostColumns = 1200;
constexpr std::uint32_t kMostRowsPerArea = 64;
constexpr std::uint64_t kMostCells = 8'000'000;

/// The text in exactly `width` columns.
std::string fitted(std::string text, std::size_t width) {
  while (columns_of(text) > width) {
    do {
      text.pop_back();
    } while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0U) == 0x80U);
  }
  return text + std::string(width - columns_of(text), ' ');
}

std::vector<const AreaActivity*> most_active(const Activity& activity, std::size_t most) {
  std::vector<const AreaActivity*> list;
  for (const AreaActivity& area : activity.areas()) {
    if (area.spikes > 0) {
      list.push_back(&area);
    }
  }
  if (list.size() > most) {
    std::stable_sort(list.begin(), list.end(),
                     [](const auto* a, const auto* b) { return a->spikes > b->spikes; });
    list.resize(most);
    std::sort(list.begin(), list.end(),
              [](const auto* a, const auto* b) { return a->first < b->first; });
  }
  return list;
}

}  // namespace

std::uint32_t AreaActivity::neurons_that_fired() const {
  return static_cast<std::uint32_t>(std::count(fired.begin(), fired.end(), true));
}

Activity::Activity(const Network& network, std::uint64_t first, std::uint64_t bursts)
    : first_(first),
      bursts_(std::max<std::uint64_t>(bursts, 1)),
      dt_ms_(network.dt_ms()),
      columns_(static_cast<std::uint32_t>(std::min<std::uint64_t>(bursts_, kMostColumns))) {
  const std::uint64_t affordable = kMostCells / columns_ / network.areas().size();
  for (const Area& area : network.areas()) {
    AreaActivity a;
    a.name = shown(area.spec.name);
    a.first = area.first;
    a.neurons = area.count;
    a.rows = static_cast<std::uint32_t>(
        std::clamp<std::uint64_t>(affordable, 1, std::min(area.count, kMostRowsPerArea)));
    a.cells.assign(std::size_t{a.rows} * columns_, 0);
    a.fired.assign(area.count, false);
    areas_.push_back(std::move(a));
  }
}

void Activity::write(const RecordBatch& batch) {
  for (std::size_t b = 0; b < batch.bursts.size(); ++b) {
    const std::uint64_t since = batch.bursts[b].burst - first_;
    seen_ = std::max(seen_, since + 1);
    const auto column = static_cast<std::size_t>(std::min(since, bursts_ - 1) * columns_ / bursts_);
    std::size_t at = 0;
    for (std::uint64_t i = batch.spike_begin[b]; i < batch.spike_begin[b + 1]; ++i) {
      const NeuronId id = batch.spike_ids[i];
      while (id >= std::uint64_t{areas_[at].first} + areas_[at].neurons) {
        ++at;
      }
      AreaActivity& area = areas_[at];
      const std::uint32_t local = id - area.first;
      const std::uint64_t row = std::uint64_t{local} * area.rows / area.neurons;
      ++area.cells[row * columns_ + column];
      area.fired[local] = true;
      area.first_burst = area.spikes == 0 ? batch.bursts[b].burst : area.first_burst;
      ++area.spikes;
    }
  }
}

std::string terminal_raster(const Activity& activity, std::uint32_t width, bool blocks) {
  constexpr std::size_t kRows = 24;
  const std::array<std::string, 5> shades =
      blocks ? std::array<std::string, 5>{" ", "░", "▒", "▓", "█"}
             : std::array<std::string, 5>{" ", ".", ":", "*", "#"};
  const std::vector<const AreaActivity*> areas = most_active(activity, kRows);
  if (areas.empty()) {
    return "no neuron fired\n";
  }
  std::size_t label = 8;
  for (const AreaActivity* area : areas) {
    label = std::max(label, std::min<std::size_t>(columns_of(area->name), 20));
  }
  // a run that was stopped is drawn as far as it came
  const auto seen = static_cast<std::size_t>(
      (activity.bursts_seen() * activity.columns() + activity.bursts() - 1) / activity.bursts());
  const std::size_t columns =
      std::min<std::size_t>(seen, width > label + 12 ? width - label - 2 : 10);
  std::string text;
  for (const AreaActivity* area : areas) {
    std::size_t lines =
        std::clamp<std::size_t>(kRows / areas.size(), 1, std::min<std::size_t>(area->rows, 6));
    // few neurons: no line may hold more of them than another
    while (area->rows <= 16 && area->rows % lines != 0) {
      --lines;
    }
    // merge cells to what the terminal can show: means, since cells hold unequal numbers of columns
    std::vector<double> merged(lines * columns, 0.0);
    std::vector<std::uint32_t> parts(lines * columns, 0);
    for (std::size_t row = 0; row < area->rows; ++row) {
      for (std::size_t c = 0; c < seen; ++c) {
        const std::size_t cell = row * lines / area->rows * columns + c * columns / seen;
        merged[cell] += area->cells[row * activity.columns() + c];
        ++parts[cell];
      }
    }
    for (std::size_t cell = 0; cell < merged.size(); ++cell) {
      merged[cell] /= parts[cell];
    }
    const double most = *std::max_element(merged.begin(), merged.end());
    for (std::size_t line = 0; line < lines; ++line) {
      text += fitted(line == 0 ? area->name : "", label) + (blocks ? " │" : " |");
      for (std::size_t c = 0; c < columns; ++c) {
        const double mean = merged[line * columns + c];
        text += shades[mean == 0.0 ? 0
                                   : std::min<std::size_t>(
                                         1 + static_cast<std::size_t>(mean / most * 4.0), 4)];
      }
      text += "\n";
    }
  }
  const double end =
      static_cast<double>(activity.first_burst() - 1 + activity.bursts_seen()) * activity.dt_ms();
  const std::string right = fmt::sprintf("%g ms", end);
  text += fitted("", label) + "  " +
          fitted("0", columns > right.size() ? columns - right.size() : 1) + right + "\n";
  return text;
}

std::string activity_table(const Activity& activity) {
  constexpr std::size_t kLines = 40;
  const std::vector<const AreaActivity*> areas = most_active(activity, kLines);
  std::size_t label = 4;
  for (const AreaActivity* area : areas) {
    label = std::max(label, std::min<std::size_t>(columns_of(area->name), 28));
  }
  const double seconds = static_cast<double>(activity.bursts_seen()) * activity.dt_ms() * 1e-3;
  std::string text = fitted("area", label) +
                     "   neurons      spikes   rate (Hz)  first (ms)  fired at least once\n";
  for (const AreaActivity* area : areas) {
    text += fitted(area->name, label) +
            fmt::sprintf("%10u%12llu%12.2f%12g%12.1f %%\n", area->neurons,
                         static_cast<unsigned long long>(area->spikes),
                         static_cast<double>(area->spikes) / area->neurons / seconds,
                         static_cast<double>(area->first_burst) * activity.dt_ms(),
                         100.0 * area->neurons_that_fired() / area->neurons);
  }
  std::size_t silent = 0;
  std::uint64_t silent_neurons = 0;
  std::size_t active = 0;
  for (const AreaActivity& area : activity.areas()) {
    if (area.spikes == 0) {
      ++silent;
      silent_neurons += area.neurons;
    } else {
      ++active;
    }
  }
  if (active > areas.size()) {
    text += fmt::sprintf("… and %zu areas with fewer spikes\n", active - areas.size());
  }
  if (silent > 0) {
    text += fmt::sprintf("%zu silent areas with %llu neurons\n", silent,
                         static_cast<unsigned long long>(silent_neurons));
  }
  return text;
}

}  // namespace rheobase::cli
