// SPDX-License-Identifier: Apache-2.0
#include "backends/cpu/class_columns.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "model/float_ops.h"

namespace rheobase {
namespace {

template <class T>
std::uint32_t bits_of_entry(T value) {
  if constexpr (std::is_same_v<T, float>) {
    return model::bits_of(value);
  } else {
    return value;
  }
}

}  // namespace

template <class T>
const T* ColumnStore::keep(std::vector<T> column, std::uint32_t most, Kept<T>& in) {
  const std::uint32_t bits = bits_of_entry(column.front());
  const bool constant =
      std::ranges::all_of(column, [&](T entry) { return bits_of_entry(entry) == bits; });
  if (!constant) {
    in.all.push_back(std::move(column));
    return in.all.back().data();
  }
  const T*& kept = in.constant[bits];
  if (kept == nullptr) {
    in.all.emplace_back(most, column.front());
    kept = in.all.back().data();
  }
  return kept;
}

ClassColumns ColumnStore::columns_of(const NetworkData& network, NeuronId first,
                                     std::uint32_t count, std::uint32_t most) {
  const auto column = [&](auto field, auto& in) {
    std::vector<std::remove_cvref_t<decltype(std::declval<model::NeuronClass>().*field)>> values;
    values.reserve(count);
    for (NeuronId id = first; id - first < count; ++id) {
      values.push_back(network.classes[network.class_of[id]].*field);
    }
    return keep(std::move(values), most, in);
  };
  using model::NeuronClass;
  ClassColumns c;
  c.threshold = column(&NeuronClass::threshold, floats_);
  c.threshold_limit = column(&NeuronClass::threshold_limit, floats_);
  c.keep = column(&NeuronClass::keep, floats_);
  c.reset = column(&NeuronClass::reset, floats_);
  c.rest = column(&NeuronClass::rest, floats_);
  c.draw_below = column(&NeuronClass::draw_below, words_);
  c.refractory_period = column(&NeuronClass::refractory_period, shorts_);
  c.fire_limit = column(&NeuronClass::fire_limit, shorts_);
  c.snooze_period = column(&NeuronClass::snooze_period, shorts_);
  c.flags = column(&NeuronClass::flags, shorts_);
  return c;
}

}  // namespace rheobase
