// SPDX-License-Identifier: Apache-2.0
// A real-time loop as Python sees it.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "arrays.h"
#include "bindings.h"
#include "column_sink.h"
#include "record_plan.h"
#include "rheobase/realtime.h"

namespace rheobase::python {

class PyRealtime {
 public:
  /// `sink` gets what is recorded. `ended` is called once, when the loop has let go of the engine.
  PyRealtime(Engine& engine, RealtimeOptions options, std::shared_ptr<ColumnSink> sink,
             std::function<void()> ended)
      : engine_(engine),
        sink_(std::move(sink)),
        loop_(engine, std::move(options)),
        ended_(std::move(ended)) {}
  ~PyRealtime();

  void send(const In<std::uint32_t>& ids, const In<float>& potentials, std::uint32_t port,
            std::string_view channel) {
    const auto i = view(ids);
    const auto p = view(potentials);
    loop_.send({i.begin(), i.end()}, {p.begin(), p.end()}, port, channel);
  }

  void edit(const NetworkEdit& edit);
  [[nodiscard]] Network network() const { return loop_.network(); }
  void save(std::string_view path);

  /// Begins a recording anew.
  void record(const ListOf<RangeTuple>& spikes, const ListOf<ProbeTuple>& probes, bool branches);
  /// What was recorded since the loop began, or since the last call; as Engine.run tells it.
  [[nodiscard]] Facts recording();

  /// (burst, bursts, fired ids, counts, spikes, late), or None if the loop has ended or nothing
  /// came in time.
  nb::object next(double timeout_seconds);
  [[nodiscard]] bool wait(double timeout_seconds) {
    const nb::gil_scoped_release release;
    return loop_.wait(timeout_seconds);
  }

  void stop();
  [[nodiscard]] bool running() const { return loop_.running(); }
  [[nodiscard]] Facts stats() const;

 private:
  using Clock = std::chrono::steady_clock;

  /// A recording that the loop has let go of.
  struct Taken {
    ColumnSink columns;
    std::uint64_t next_burst = 0, signature = 0;
    double seconds = 0.0;
  };
  [[nodiscard]] Taken take();
  [[nodiscard]] Taken take_rest();
  /// Stops the loop and frees the engine; gives what went wrong.
  [[nodiscard]] std::exception_ptr let_go();

  Engine& engine_;
  std::shared_ptr<ColumnSink> sink_;
  Clock::time_point began_ = Clock::now();  ///< the recording; of the loop's thread
  Realtime loop_;
  std::mutex ending_;
  std::function<void()> ended_;
  Taken rest_;  ///< when the loop has ended
};

}  // namespace rheobase::python
