// SPDX-License-Identifier: Apache-2.0
#include "network/neuron_values.h"

#include <algorithm>
#include <utility>

#include "model/exponential.h"
#include "model/float_ops.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

constexpr double kMost = 0x1p100;
constexpr double kMostPeriod = 65535.0;

/// As AreaSpec::values names them.
enum Field : std::size_t {
  kVRest,
  kVReset,
  kThreshold,
  kThresholdLimit,
  kLeak,
  kExcitability,
  kRefractoryPeriod,
  kFireLimit,
  kSnoozePeriod,
  kAccumulates,
  kTauMMs,
  kTRefMs,
  kPotential
};

struct FieldOf {
  const char* name;
  double lowest, highest;
  double grid = 0.0;  ///< in its unit; of times in bursts
};

constexpr std::array<FieldOf, 13> kFields{{{"v_rest", -kMost, kMost},
                                           {"v_reset", -kMost, kMost},
                                           {"threshold", -kMost, double{kNoLimit}},
                                           {"threshold_limit", -kMost, double{kNoLimit}},
                                           {"leak", 0.0, 1.0},
                                           {"excitability", 0.0, 1.0},
                                           {"refractory_period", 0.0, kMostPeriod, 1.0},
                                           {"fire_limit", 0.0, kMostPeriod, 1.0},
                                           {"snooze_period", 0.0, kMostPeriod, 1.0},
                                           {"accumulates", 0.0, 1.0, 1.0},
                                           {"tau_m_ms", 0x1p-100, kMost},
                                           {"t_ref_ms", 0.0, kMostPeriod, 1.0},
                                           {"potential", -kMost, kMost}}};

std::size_t field_of(const AreaSpec& spec, const std::string& name) {
  const auto found =
      std::ranges::find_if(kFields, [&](const FieldOf& field) { return field.name == name; });
  if (found == kFields.end()) {
    std::string names;
    for (const FieldOf& field : kFields) {
      names += (names.empty() ? "" : ", ") + std::string(field.name);
    }
    throw Error(ErrorCode::invalid_argument, place_of(spec) + ": there is no parameter or state " +
                                                 quoted_name(name) + " (it has " + names + ").");
  }
  return static_cast<std::size_t>(found - kFields.begin());
}

/// Two names for one thing: the leak and the refractory period can be given as times.
std::size_t meaning_of(std::size_t field) {
  return field == kTauMMs ? kLeak : field == kTRefMs ? kRefractoryPeriod : field;
}

double number_at(const std::vector<double>& numbers, std::uint32_t i) {
  return numbers[numbers.size() == 1 ? 0 : i];
}

bool is_multiple(double number, double grid) {
  const double steps = number / grid;
  const double off = steps - static_cast<double>(static_cast<std::int64_t>(steps + 0.5));
  return off <= 1e-6 && off >= -1e-6;
}

float float_from(double number) {
  return number == double{kNoLimit} ? kNoLimit : model::canonical(static_cast<float>(number));
}

}  // namespace

ValueRange range_of_neuron_value(const AreaSpec& spec, const std::string& name, double dt_ms) {
  const std::size_t field = field_of(spec, name);
  const double unit = field == kTRefMs ? dt_ms : 1.0;
  return {kFields[field].lowest, kFields[field].highest * unit, kFields[field].grid * unit};
}

NeuronValues::NeuronValues(const AreaSpec& spec, const std::vector<ModelValue>& values,
                           std::uint32_t count, double dt_ms)
    : dt_ms_(dt_ms) {
  std::array<bool, kFields.size()> given{};
  for (const ModelValue& value : values) {
    const auto refuse = [&](const std::string& problem) {
      throw Error(ErrorCode::invalid_argument,
                  place_of(spec) + ": " + quoted_name(value.name) + problem);
    };
    const std::size_t field = field_of(spec, value.name);
    if (given[meaning_of(field)]) {
      refuse(" is given twice.");
    }
    given[meaning_of(field)] = true;
    if (value.values.size() != 1 && value.values.size() != count) {
      refuse(": " + number_text(value.values.size()) + " values do not fit " + number_text(count) +
             " neurons. Give one, or one for each neuron.");
    }
    const ValueRange range = range_of_neuron_value(spec, value.name, dt_ms);
    for (const double number : value.values) {
      if (!(number >= range.lowest && number <= range.highest)) {
        refuse(" of " + number_text(number) + " is out of range (" + number_text(range.lowest) +
               " to " + number_text(range.highest) + ").");
      }
      if (range.grid > 0.0 && !is_multiple(number, range.grid)) {
        refuse(" of " + number_text(number) + " is no multiple of " + number_text(range.grid) +
               ".");
      }
    }
    if (field == kPotential) {
      potentials_ = &value.values;
    } else {
      columns_.push_back({field, &value.values});
    }
  }
  if (given[kThreshold] && spec.threshold_gradient != std::array{0.0F, 0.0F, 0.0F}) {
    throw Error(ErrorCode::invalid_argument,
                place_of(spec) + " has a threshold gradient and thresholds by value. Keep one.");
  }
}

void NeuronValues::set(NeuronParams& params, std::uint32_t i) const {
  for (const Column& column : columns_) {
    const double number = number_at(*column.numbers, i);
    const auto period = [&](double grid) {
      return static_cast<std::uint16_t>(number / grid + 0.5);
    };
    switch (column.field) {
      case kVRest: params.v_rest = float_from(number); break;
      case kVReset: params.v_reset = float_from(number); break;
      case kThreshold: params.threshold = float_from(number); break;
      case kThresholdLimit: params.threshold_limit = float_from(number); break;
      case kLeak: params.leak = float_from(number); break;
      case kExcitability: params.excitability = float_from(number); break;
      case kRefractoryPeriod: params.refractory_period = period(1.0); break;
      case kFireLimit: params.fire_limit = period(1.0); break;
      case kSnoozePeriod: params.snooze_period = period(1.0); break;
      case kAccumulates: params.accumulates = number >= 0.5; break;
      case kTauMMs: params.leak = float_from(1.0 - model::exp_negative(dt_ms_ / number)); break;
      default: params.refractory_period = period(dt_ms_); break;
    }
  }
}

float NeuronValues::potential(std::uint32_t i) const {
  return float_from(number_at(*potentials_, i));
}

void take_first_potentials(NetworkData& network, Area& area) {
  if (!area.spec.model.empty() || area.spec.values.empty()) {
    return;
  }
  const std::vector<ModelValue> given = std::move(area.spec.values);
  area.spec.values.clear();
  const NeuronValues values(area.spec, given, area.count, network.dt_ms);
  if (!values.has_potentials()) {
    return;
  }
  std::vector<float>& first = network.first_potentials.edit();
  first.resize(std::size_t{area.first} + area.count, 0.0F);
  for (std::uint32_t i = 0; i < area.count; ++i) {
    const float rest = network.class_params[network.class_of[area.first + i]].v_rest;
    first[area.first + i] = model::canonical(model::add_rn(values.potential(i), -rest));
  }
  trim_first_potentials(first);
}

void trim_first_potentials(std::vector<float>& potentials) {
  while (!potentials.empty() && potentials.back() == 0.0F) {
    potentials.pop_back();
  }
}

}  // namespace rheobase
