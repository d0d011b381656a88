// SPDX-License-Identifier: Apache-2.0
#include "network/area_values.h"

#include <xxhash.h>

#include <algorithm>

#include "network/distribution.h"
#include "network/model_areas.h"
#include "network/neuron_values.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

/// Of one parameter of one area. Names, not places, so that another area or parameter moves
/// nothing.
DrawKey key_of(const DrawnFor& whom, const std::string& name) {
  return {XXH64(whom.area.data(), whom.area.size(), whom.wiring_seed), model::Purpose::parameter,
          static_cast<std::uint32_t>(XXH64(name.data(), name.size(), 0)), 0};
}

double rounded_to(double number, double grid) {
  const double steps = number / grid;
  const bool has_digits = steps > -0x1p50 && steps < 0x1p50;
  return has_digits ? ((steps + 0x1.8p52) - 0x1.8p52) * grid : number;
}

[[noreturn]] void refuse_draw(const AreaSpec& spec, const ModelValue& value, double number,
                              std::uint32_t neuron, const ValueRange& range) {
  throw Error(ErrorCode::invalid_argument,
              place_of(spec) + ": " + quoted_name(value.name) + ": neuron " + number_text(neuron) +
                  " draws " + rounded_text(number) + " from " + value.distribution->describe() +
                  ", which is out of range (" + number_text(range.lowest) + " to " +
                  number_text(range.highest) + "). Limit it by within(low, high).");
}

}  // namespace

std::string place_of(const AreaSpec& spec) {
  const std::string area = "area " + quoted_name(spec.name);
  return spec.model.empty() ? area : area + ", model " + quoted_name(spec.model.name());
}

ValueRange range_of_value(const AreaSpec& spec, const std::string& name, double dt_ms) {
  return spec.model.empty() ? range_of_neuron_value(spec, name, dt_ms)
                            : range_of_model_value(spec, name);
}

void draw_values(const AreaSpec& spec, std::vector<ModelValue>& values, const DrawnFor& whom) {
  for (ModelValue& value : values) {
    if (!value.distribution) {
      continue;
    }
    if (!value.values.empty()) {
      throw Error(ErrorCode::invalid_argument,
                  place_of(spec) + ": " + quoted_name(value.name) +
                      " is given by numbers and by a distribution. Keep one.");
    }
    const ValueRange range = range_of_value(spec, value.name, whom.dt_ms);
    std::vector<float> draws(whom.count);
    Sampler(*value.distribution).draw_many(key_of(whom, value.name), whom.first, draws);
    value.values.reserve(draws.size());
    for (const float draw : draws) {
      const double number = range.grid > 0.0 ? rounded_to(draw, range.grid) : double{draw};
      // limits as the floats that draws are
      if (!(number >= range.lowest && number <= range.highest) &&
          !(draw >= static_cast<float>(range.lowest) &&
            draw <= static_cast<float>(range.highest))) {
        const auto neuron = static_cast<std::uint32_t>(value.values.size());
        refuse_draw(spec, value, number, whom.first + neuron, range);
      }
      value.values.push_back(std::clamp(number, range.lowest, range.highest));
    }
    value.distribution.reset();
  }
}

}  // namespace rheobase
