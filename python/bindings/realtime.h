// SPDX-License-Identifier: Apache-2.0
// A real-time loop as Python sees it.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/stl/vector.h>

#include <exception>
#include <functional>
#include <mutex>
#include <utility>

#include "arrays.h"
#include "bindings.h"
#include "rheobase/error.h"
#include "rheobase/realtime.h"

namespace rheobase::python {

class PyRealtime {
 public:
  /// `ended` is called once, when the loop has let go of the engine.
  PyRealtime(Engine& engine, RealtimeOptions options, std::function<void()> ended)
      : loop_(engine, std::move(options)), ended_(std::move(ended)) {}
  ~PyRealtime() {
    try {
      stop();
    } catch (const std::exception&) {  // a destructor cannot tell; `next` and `stop` have
    }
  }

  void send(std::uint32_t channel, const In<std::uint32_t>& ids, const In<float>& potentials,
            std::uint32_t port) {
    const auto i = view(ids);
    const auto p = view(potentials);
    loop_.send(channel, {i.begin(), i.end()}, {p.begin(), p.end()}, port);
  }

  void edit(const NetworkEdit& edit) {
    loop_.between_bursts([edit](Engine& engine) { engine.edit(edit); });
  }

  /// (burst, fired ids, spikes, late), or None if the loop has ended or nothing came in time.
  nb::object next(double timeout_seconds) {
    // in slices, so that Ctrl-C is heard
    constexpr double kSlice = 0.1;
    std::optional<RealtimeBurst> burst;
    for (bool ended = false; !burst.has_value() && !ended && timeout_seconds > 0.0;) {
      ended = !loop_.running();  // before it is asked: its last burst may come in between
      {
        const nb::gil_scoped_release release;
        burst = loop_.next(std::min(kSlice, timeout_seconds));
      }
      timeout_seconds -= kSlice;
      if (PyErr_CheckSignals() != 0) {
        throw nb::python_error();
      }
    }
    if (!burst.has_value()) {
      return nb::none();
    }
    return nb::make_tuple(burst->burst, array(std::move(burst->fired)), burst->spikes, burst->late);
  }

  void stop() {
    const nb::gil_scoped_release release;
    std::exception_ptr failure;
    try {
      loop_.stop();
    } catch (...) {
      failure = std::current_exception();
    }
    {
      const std::lock_guard lock(ending_);  // several may stop it at once
      if (ended_) {
        std::exchange(ended_, nullptr)();
      }
    }
    if (failure != nullptr) {
      std::rethrow_exception(failure);
    }
  }
  [[nodiscard]] bool running() const { return loop_.running(); }

  [[nodiscard]] Facts stats() const {
    const RealtimeStats s = loop_.stats();
    const auto spread = [](const TimeSpread& t) {
      nb::dict d;
      d["p50"] = t.p50;
      d["p99"] = t.p99;
      d["p99.9"] = t.p999;
      d["max"] = t.max;
      return d;
    };
    nb::dict d;
    d["bursts"] = s.bursts;
    d["late"] = s.late;
    d["skipped"] = s.skipped;
    d["frames"] = s.frames;
    d["frames_dropped"] = s.frames_dropped;
    d["unread"] = s.unread;
    d["jitter"] = spread(s.jitter);
    d["work"] = spread(s.work);
    d["latency"] = spread(s.latency);
    return d;
  }

 private:
  Realtime loop_;
  std::mutex ending_;
  std::function<void()> ended_;
};

}  // namespace rheobase::python
