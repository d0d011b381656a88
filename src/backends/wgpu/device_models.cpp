// SPDX-License-Identifier: Apache-2.0
#include "backends/wgpu/device_models.h"

#include <algorithm>
#include <limits>

#include "backends/wgpu/print_step.h"
#include "model/float_ops.h"
#include "rheobase/error.h"

namespace rheobase::wgpu {
namespace {

/// A step as it is printed: areas of one model share one, if the same parameters are single.
struct Printed {
  const Definition* definition = nullptr;
  std::vector<bool> single;
  friend bool operator==(const Printed&, const Printed&) = default;
};

Printed printed_of(const ModelArea& area) {
  Printed printed{area.definition.get(), {}};
  for (const std::vector<float>& numbers : area.numbers->parameters) {
    printed.single.push_back(numbers.size() == 1);
  }
  return printed;
}

std::vector<Printed> programs_of(const NetworkData& network) {
  std::vector<Printed> programs;
  for (const ModelArea& area : network.model_areas) {
    Printed printed = printed_of(area);
    if (std::find(programs.begin(), programs.end(), printed) == programs.end()) {
      programs.push_back(std::move(printed));
    }
  }
  return programs;
}

std::uint32_t require_word(std::uint64_t word) {
  if (word > std::numeric_limits<std::uint32_t>::max()) {
    throw Error(ErrorCode::out_of_memory,
                "the models of the network have more numbers than a GPU can address (2^32 words). "
                "Use the cpu backend.");
  }
  return static_cast<std::uint32_t>(word);
}

}  // namespace

DeviceModels::DeviceModels(const NetworkData& network, const std::vector<std::uint64_t>& seeds,
                           std::uint64_t states_at, std::uint64_t words_at) {
  const std::vector<Printed> programs = programs_of(network);
  words_.resize(12U * network.model_areas.size());
  for (std::size_t i = 0; i < network.model_areas.size(); ++i) {
    const ModelArea& area = network.model_areas[i];
    const std::size_t member = network.members.empty() ? 0U : network.member_of(area.first);
    const std::uint64_t seed = seeds[member];
    const std::uint32_t singles_at = require_word(words_at + words_.size());
    for (const std::vector<float>& numbers : area.numbers->parameters) {
      if (numbers.size() == 1) {
        words_.push_back(model::bits_of(numbers[0]));
      }
    }
    const std::uint32_t each_at = require_word(words_at + words_.size());
    for (const std::vector<float>& numbers : area.numbers->parameters) {
      for (std::size_t n = 0; numbers.size() != 1 && n < numbers.size(); ++n) {
        words_.push_back(model::bits_of(numbers[n]));
      }
    }
    areas_.push_back({require_word(states_at + state_words_), area.count});
    state_words_ += std::uint64_t{area.count} * area.definition->states.size();
    const auto program = static_cast<std::uint32_t>(
        std::find(programs.begin(), programs.end(), printed_of(area)) - programs.begin());
    const std::uint32_t row[12]{area.first,
                                area.count,
                                area.first_target,
                                area.ports,
                                areas_.back().states_at,
                                singles_at,
                                each_at,
                                program,
                                static_cast<std::uint32_t>(seed),
                                static_cast<std::uint32_t>(seed >> 32U),
                                network.origin_of(area.first),
                                0};
    std::copy(std::begin(row), std::end(row),
              words_.begin() + static_cast<std::ptrdiff_t>(12U * i));
  }
  static_cast<void>(require_word(states_at + state_words_));
  words_.resize((words_.size() + 3U) / 4U * 4U);
}

std::uint32_t DeviceModels::place_of(const NetworkData& network, NeuronId id,
                                     const std::string& state) const {
  const ModelArea& area = *network.model_of(id);
  const Area& here = areas_[static_cast<std::size_t>(&area - network.model_areas.data())];
  const auto number = static_cast<std::uint32_t>(area.definition->state_named(state));
  return here.states_at + number * here.count + (id - area.first);
}

void DeviceModels::read(Gpu& gpu, const Buffer& extras, State& state) const {
  for (std::size_t i = 0; i < areas_.size(); ++i) {
    std::uint64_t at = areas_[i].states_at;
    for (std::vector<float>& column : state.tables[i].columns) {
      gpu.read(extras, 4U * at, column.data(), 4U * column.size());
      at += column.size();
    }
  }
}

void DeviceModels::write(Gpu& gpu, const Buffer& extras, const State& state) const {
  for (std::size_t i = 0; i < areas_.size(); ++i) {
    std::uint64_t at = areas_[i].states_at;
    for (const std::vector<float>& column : state.tables[i].columns) {
      gpu.write(extras, 4U * at, column.data(), 4U * column.size());
      at += column.size();
    }
  }
}

std::string model_text(const NetworkData& network) {
  const std::vector<Printed> programs = programs_of(network);
  std::string text;
  for (std::size_t i = 0; i < programs.size(); ++i) {
    text += print_step(programs[i].definition->step, programs[i].single, i);
  }
  return programs.empty() ? text : text + print_choice(programs.size());
}

}  // namespace rheobase::wgpu
