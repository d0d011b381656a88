// SPDX-License-Identifier: Apache-2.0
// Encoders and decoders.
#include "arrays.h"
#include "bindings.h"
#include "rheobase/decode.h"
#include "rheobase/encode.h"

namespace rheobase::python {
namespace {

using namespace nb::literals;
using encode::Draws;
using encode::Positioning;
using Floats = In<float>;

Positioning positioning_of(bool fractional) {
  return fractional ? Positioning::fractional : Positioning::linear;
}

/// What `work` gives, computed without the interpreter's lock, as an array.
template <class Work>
auto free_of_lock(Work work) {
  auto values = [&] {
    const nb::gil_scoped_release release;
    return work();
  }();
  return array(std::move(values));
}

void bind_encoders(nb::module_& m) {
  m.def(
      "encode_scaled",
      [](const Floats& values, float low, float high) {
        return array(encode::scaled(view(values), low, high));
      },
      "values"_a, "low"_a, "high"_a);
  m.def(
      "encode_rate",
      [](const Floats& shares, std::size_t bursts, std::uint64_t first_burst) {
        return free_of_lock([&] { return encode::rate(view(shares), bursts, first_burst); });
      },
      "shares"_a, "bursts"_a, "first_burst"_a);
  m.def(
      "encode_bernoulli",
      [](const Floats& shares, std::size_t bursts, std::uint64_t seed, std::uint32_t first_id,
         std::uint64_t first_burst) {
        return free_of_lock([&] {
          return encode::bernoulli(view(shares), bursts, {seed, first_id, first_burst});
        });
      },
      "shares"_a, "bursts"_a, "seed"_a, "first_id"_a, "first_burst"_a);
  m.def(
      "encode_poisson",
      [](const Floats& means, std::size_t bursts, std::uint64_t seed, std::uint32_t first_id,
         std::uint64_t first_burst) {
        return free_of_lock([&] {
          return encode::poisson(view(means), bursts, {seed, first_id, first_burst});
        });
      },
      "means"_a, "bursts"_a, "seed"_a, "first_id"_a, "first_burst"_a);
  m.def(
      "encode_latency",
      [](const Floats& shares, std::size_t bursts) {
        return free_of_lock([&] { return encode::latency(view(shares), bursts); });
      },
      "shares"_a, "bursts"_a);
  m.def(
      "encode_first_spike",
      [](const Floats& values, std::size_t bursts, double tau, float threshold) {
        return free_of_lock(
            [&] { return encode::first_spike(view(values), bursts, tau, threshold); });
      },
      "values"_a, "bursts"_a, "tau"_a, "threshold"_a);
  m.def(
      "encode_population",
      [](const Floats& values, const Floats& centres, const Floats& widths) {
        return free_of_lock(
            [&] { return encode::population(view(values), view(centres), view(widths)); });
      },
      "values"_a, "centres"_a, "widths"_a);
  m.def(
      "encode_signed_pair",
      [](const Floats& values) { return array(encode::signed_pair(view(values))); }, "values"_a);
  m.def(
      "encode_percentage",
      [](const Floats& values, std::size_t depth, bool fractional, bool is_signed) {
        return array(
            is_signed ? encode::signed_percentage(view(values), depth, positioning_of(fractional))
                      : encode::percentage(view(values), depth, positioning_of(fractional)));
      },
      "values"_a, "depth"_a, "fractional"_a, "is_signed"_a);
}

void bind_picture_encoders(nb::module_& m) {
  m.def(
      "encode_on_off",
      [](const Floats& picture, std::size_t height, std::size_t width, std::size_t radius) {
        return free_of_lock([&] { return encode::on_off(view(picture), height, width, radius); });
      },
      "picture"_a, "height"_a, "width"_a, "radius"_a);
  m.def(
      "encode_frame_difference",
      [](const Floats& picture, const Floats& former, float threshold) {
        return free_of_lock(
            [&] { return encode::frame_difference(view(picture), view(former), threshold); });
      },
      "picture"_a, "former"_a, "threshold"_a);
  m.def(
      "encode_events",
      [](const In<std::int64_t>& microseconds, const In<std::uint16_t>& x,
         const In<std::uint16_t>& y, const In<std::uint8_t>& on, std::size_t height,
         std::size_t width, std::int64_t begin, double burst_us, std::size_t bursts) {
        return free_of_lock([&] {
          return encode::events({view(microseconds), view(x), view(y), view(on)}, height, width,
                                begin, burst_us, bursts);
        });
      },
      "microseconds"_a, "x"_a, "y"_a, "on"_a, "height"_a, "width"_a, "begin"_a, "burst_us"_a,
      "bursts"_a);
}

void bind_decoders(nb::module_& m) {
  m.def(
      "decode_counts",
      [](const In<std::uint8_t>& spikes, std::size_t values) {
        return free_of_lock([&] { return decode::counts(view(spikes), values); });
      },
      "spikes"_a, "values"_a);
  m.def(
      "decode_counts",
      [](const In<std::uint16_t>& spikes, std::size_t values) {
        return free_of_lock([&] { return decode::counts(view(spikes), values); });
      },
      "spikes"_a, "values"_a);
  m.def(
      "decode_scaled",
      [](const Floats& shares, float low, float high) {
        return array(decode::scaled(view(shares), low, high));
      },
      "shares"_a, "low"_a, "high"_a);
  m.def(
      "decode_latency",
      [](const In<std::uint8_t>& spikes, std::size_t values, float silent) {
        return array(decode::latency(view(spikes), values, silent));
      },
      "spikes"_a, "values"_a, "silent"_a);
  m.def(
      "decode_first_spike",
      [](const In<std::uint8_t>& spikes, std::size_t values, double tau, float threshold,
         float silent) {
        return array(decode::first_spike(view(spikes), values, tau, threshold, silent));
      },
      "spikes"_a, "values"_a, "tau"_a, "threshold"_a, "silent"_a);
  m.def(
      "decode_population_vector",
      [](const Floats& activity, const Floats& preferred, std::size_t axes, float silent) {
        return array(decode::population_vector(view(activity), view(preferred), axes, silent));
      },
      "activity"_a, "preferred"_a, "axes"_a, "silent"_a);
  m.def(
      "decode_signed_pair",
      [](const Floats& pairs) { return array(decode::signed_pair(view(pairs))); }, "pairs"_a);
  m.def(
      "decode_winner",
      [](const Floats& activity, std::size_t choices) {
        return array(decode::winner(view(activity), choices));
      },
      "activity"_a, "choices"_a);
  m.def(
      "decode_softmax",
      [](const Floats& activity, std::size_t choices, double temperature) {
        return array(decode::softmax(view(activity), choices, temperature));
      },
      "activity"_a, "choices"_a, "temperature"_a);
  m.def(
      "decode_softmax_choice",
      [](const Floats& activity, std::size_t choices, double temperature, std::uint64_t seed,
         std::uint32_t first_id, std::uint64_t burst) {
        return array(
            decode::softmax_choice(view(activity), choices, temperature, {seed, first_id, burst}));
      },
      "activity"_a, "choices"_a, "temperature"_a, "seed"_a, "first_id"_a, "burst"_a);
  m.def(
      "decode_percentage",
      [](const Floats& active, std::size_t depth, bool fractional, bool is_signed, float silent) {
        const Positioning positioning = positioning_of(fractional);
        return array(is_signed ? decode::signed_percentage(view(active), depth, positioning)
                               : decode::percentage(view(active), depth, positioning, silent));
      },
      "active"_a, "depth"_a, "fractional"_a, "is_signed"_a, "silent"_a);
}

/// The values of a filter after a step, as an array of their own.
template <class Filter>
auto stepped(Filter& filter, const Floats& values) {
  const std::span<const float> after = filter.step(view(values));
  return array(std::vector<float>(after.begin(), after.end()));
}
template <class Filter>
auto values_of(const Filter& filter) {
  return array(std::vector<float>(filter.values().begin(), filter.values().end()));
}

void bind_filters(nb::module_& m) {
  using decode::Actuator;
  using decode::LowPass;
  nb::class_<LowPass>(m, "LowPass")
      .def(nb::init<std::size_t, double, double>(), "values"_a, "tau"_a, "dt"_a)
      .def("step", &stepped<LowPass>, "activity"_a)
      .def("values", &values_of<LowPass>)
      .def("reset", &LowPass::reset);
  nb::class_<Actuator>(m, "Actuator")
      .def(
          "__init__",
          [](Actuator* self, std::size_t values, float low, float high, double most_speed,
             double tau, float rest, double dt) {
            new (self) Actuator(values, {low, high, most_speed, tau, rest}, dt);
          },
          "values"_a, "low"_a, "high"_a, "most_speed"_a, "tau"_a, "rest"_a, "dt"_a)
      .def("step", &stepped<Actuator>, "targets"_a)
      .def("values", &values_of<Actuator>)
      .def("reset", &Actuator::reset);
}

}  // namespace

void bind_codes(nb::module_& m) {
  bind_encoders(m);
  bind_picture_encoders(m);
  bind_decoders(m);
  bind_filters(m);
}

}  // namespace rheobase::python
