// SPDX-License-Identifier: Apache-2.0
#include "realtime.h"

#include <exception>

#include "rheobase/error.h"

namespace rheobase::python {

PyRealtime::~PyRealtime() {
  try {
    stop();
  } catch (const std::exception&) {  // a destructor cannot tell; `next` and `stop` have
  }
}

void PyRealtime::edit(const NetworkEdit& edit) {
  const NetworkEdit kept = edit;  // another thread may go on with the other
  const nb::gil_scoped_release release;
  loop_.edit(kept);
}

void PyRealtime::save(std::string_view path) {
  const std::string kept(path);
  const nb::gil_scoped_release release;
  loop_.save(kept);
}

void PyRealtime::record(const ListOf<RangeTuple>& spikes, const ListOf<ProbeTuple>& probes,
                        bool branches) {
  const RecordPlan plan = record_plan(spikes, probes, branches);
  const nb::gil_scoped_release release;
  loop_.between_bursts([&](Engine& /*engine*/) {
    loop_.record(plan);
    sink_->expect(plan);
    sink_->keep = ColumnSink::Keep::expected;
    began_ = Clock::now();
  });
}

PyRealtime::Taken PyRealtime::take() {
  const Clock::time_point now = Clock::now();
  const double seconds = std::chrono::duration<double>(now - std::exchange(began_, now)).count();
  return {sink_->taken(), engine_.burst() + 1, engine_.signature(), seconds};
}

Facts PyRealtime::recording() {
  Taken taken;
  {
    const nb::gil_scoped_release release;
    bool ended = !loop_.running();
    if (!ended) {
      try {
        loop_.between_bursts([&](Engine& /*engine*/) { taken = take(); });
      } catch (const Error&) {
        ended = !loop_.running();  // meanwhile
        if (!ended) {
          throw;
        }
      }
    }
    if (ended) {
      taken = take_rest();
    }
  }
  return taken.columns.facts(taken.next_burst, taken.seconds, taken.signature);
}

PyRealtime::Taken PyRealtime::take_rest() {
  static_cast<void>(let_go());  // what went wrong is told by `next` and `stop`
  const std::lock_guard lock(ending_);
  Taken none{rest_.columns.empty_like(), rest_.next_burst, rest_.signature, 0.0};
  return std::exchange(rest_, std::move(none));
}

nb::object PyRealtime::next(double timeout_seconds) {
  // in slices, so that Ctrl-C is heard
  constexpr double kSlice = 0.1;
  std::optional<RealtimeBurst> burst;
  for (bool last = false; !burst.has_value() && !last;) {
    last = !loop_.running() || timeout_seconds <= kSlice;
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
  return nb::make_tuple(burst->burst, burst->bursts, array(std::move(burst->fired)),
                        array(std::move(burst->counts)), burst->spikes, burst->late);
}

std::exception_ptr PyRealtime::let_go() {
  std::exception_ptr failure;
  try {
    loop_.stop();
  } catch (...) {
    failure = std::current_exception();
  }
  const std::lock_guard lock(ending_);  // several may stop it at once
  if (ended_) {
    rest_ = take();
    std::exchange(ended_, nullptr)();
  }
  return failure;
}

void PyRealtime::stop() {
  const nb::gil_scoped_release release;
  if (const std::exception_ptr failure = let_go(); failure != nullptr) {
    std::rethrow_exception(failure);
  }
}

Facts PyRealtime::stats() const {
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

void bind_realtime(nb::module_& m) {
  using namespace nb::literals;
  nb::class_<PyRealtime>(m, "Realtime")
      .def("send", &PyRealtime::send, "ids"_a, "potentials"_a, "port"_a, "channel"_a)
      .def("edit", &PyRealtime::edit, "edit"_a)
      .def("network", &PyRealtime::network)
      .def("save", &PyRealtime::save, "path"_a)
      .def("record", &PyRealtime::record, "spikes"_a, "probes"_a, "branches"_a)
      .def("recording", &PyRealtime::recording)
      .def("next", &PyRealtime::next, "timeout_seconds"_a)
      .def("wait", &PyRealtime::wait, "timeout_seconds"_a)
      .def("stop", &PyRealtime::stop)
      .def("running", &PyRealtime::running)
      .def("stats", &PyRealtime::stats);
}

}  // namespace rheobase::python
