// SPDX-License-Identifier: Apache-2.0
// Engines: runs, input, records and state as arrays.
#include "rheobase/engine.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>

#include <atomic>
#include <exception>
#include <limits>
#include <optional>

#include "arrays.h"
#include "bindings.h"
#include "column_sink.h"
#include "drive_kind.h"
#include "interruptible.h"
#include "realtime.h"
#include "record_plan.h"
#include "rheobase/error.h"
#include "rheobase/host.h"
#include "rheobase/session.h"
#include "rheobase/text.h"
#include "state_columns.h"

namespace rheobase::python {
namespace {

using namespace nb::literals;
using DriveTuple =
    std::tuple<std::string_view, NeuronId, std::uint32_t, float, double, std::uint32_t>;

/// An engine that one thread at a time may use.
class PyEngine {
 public:
  PyEngine(const Network& network, EngineOptions options)
      : drives_(options.drives),
        engine_(network, std::move(options)),
        sink_(std::make_shared<ColumnSink>()) {
    engine_.add_sink(sink_);
  }
  PyEngine(Checkpoint checkpoint, EngineOptions options)
      : drives_(checkpoint.drives),
        engine_(std::move(checkpoint), std::move(options)),
        sink_(std::make_shared<ColumnSink>()),
        burst_(engine_.burst()) {
    engine_.add_sink(sink_);
  }

  explicit PyEngine(Engine engine)
      : engine_(std::move(engine)), sink_(std::make_shared<ColumnSink>()), burst_(engine_.burst()) {
    drives_ = engine_.checkpoint().drives;
    engine_.add_sink(sink_);
  }

  /// (engine, what was recorded, whether the session came to its end); up to the burst before
  /// `burst`, or to the end if that is 0.
  static Columns replay(std::string_view folder, EngineOptions options, std::uint64_t burst,
                        bool record);

  class Use {
   public:
    explicit Use(PyEngine& self) : self_(self) {
      if (self_.busy_.exchange(true)) {
        throw Error(ErrorCode::invalid_argument,
                    "this engine is in use (by another thread, or by the run whose progress is "
                    "reported). Wait for it, or give each thread an engine of its own.");
      }
    }
    ~Use() { self_.busy_ = false; }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;

   private:
    PyEngine& self_;
  };

  /// `probes`: (field, first, count, every, state of a model or "")
  void record(const ListOf<RangeTuple>& spikes, const ListOf<ProbeTuple>& probes, bool branches) {
    const Use use(*this);
    const RecordPlan plan = record_plan(spikes, probes, branches);
    engine_.record(plan);
    sink_->expect(plan);
  }

  Facts run(std::uint64_t bursts, const nb::object& progress, std::string_view checkpoint,
            double checkpoint_seconds) {
    const Use use(*this);
    sink_->clear();
    std::atomic<bool> stop{false};
    std::exception_ptr raised;
    RunOptions options;
    options.stop = &stop;
    options.checkpoint = std::string(checkpoint);
    options.checkpoint_seconds = checkpoint_seconds;
    options.progress = [&](const RunProgress& p) {
      burst_ = p.burst;
      const nb::gil_scoped_acquire acquire;
      try {
        if (raised == nullptr && PyErr_CheckSignals() != 0) {
          throw nb::python_error();
        }
        if (raised == nullptr && !progress.is_none()) {
          progress(p.burst, p.last_burst, p.spikes);
        }
      } catch (...) {
        raised = std::current_exception();
        stop = true;
      }
    };
    const std::uint64_t next = engine_.burst() + 1;
    RunSummary summary;
    {
      const nb::gil_scoped_release release;
      summary = engine_.run(bursts, options);
    }
    if (raised != nullptr) {
      sink_->clear();
      std::rethrow_exception(raised);
    }
    return sink_->facts(next, summary.seconds, summary.signature);
  }

  /// One burst for callers that need every microsecond: (fired ids as recorded, events), and if
  /// branches are counted candidates and refractory ones.
  Columns step() {
    const Use use(*this);
    sink_->clear();
    {
      const nb::gil_scoped_release release;
      engine_.run(1);
    }
    burst_ = engine_.burst();
    const BurstCounters& last = sink_->last;
    const auto count = [&](Branch b) { return last.branches[static_cast<std::size_t>(b)]; };
    return nb::make_tuple(array(sink_->take_ids()), last.events, count(Branch::candidate),
                          count(Branch::refractory));
  }

  void inject(const In<std::uint32_t>& ids, const In<float>& potentials, std::uint32_t port) {
    const Use use(*this);
    const std::vector<std::uint32_t> ports(port == 0 ? 0U : ids.size(), port);
    engine_.inject(view(ids), view(potentials), ports);
  }
  void schedule(const In<std::uint64_t>& bursts, const In<std::uint32_t>& ids,
                const In<float>& potentials, std::uint32_t port) {
    const Use use(*this);
    const auto b = view(bursts);
    const auto i = view(ids);
    const auto p = view(potentials);
    InputSchedule input{{b.begin(), b.end()}, {i.begin(), i.end()}, {p.begin(), p.end()}};
    if (port != 0) {
      input.ports.assign(input.ids.size(), port);
    }
    engine_.schedule(std::move(input));
  }
  void set_fatigue(bool on, float amount) {
    const Use use(*this);
    engine_.set_fatigue(on, amount);
  }
  bool fatigue() const { return engine_.fatigue(); }
  void edit(NetworkEdit edit) {  // a copy: another thread may go on with the other
    const Use use(*this);
    const nb::gil_scoped_release release;
    engine_.edit(edit);
  }

  Facts state() {
    const Use use(*this);
    return columns_of([&] {
      const nb::gil_scoped_release release;
      return engine_.state();
    }());
  }
  void set_state(std::uint64_t burst, const In<float>& u, const In<std::uint16_t>& refractory,
                 const In<std::uint16_t>& fire_count, const In<std::uint16_t>& snooze,
                 const In<std::uint8_t>& forget, const ListOf<FiredTuple>& fired,
                 const ListOf<TableTuple>& tables, const ListOf<LearnedTuple>& learned) {
    const Use use(*this);
    State s;
    s.burst = burst;
    s.u = column(view(u));
    s.refractory_countdown = column(view(refractory));
    s.fire_count = column(view(fire_count));
    s.snooze_countdown = column(view(snooze));
    s.forget = column(view(forget));
    take_lists(s, {fired, tables, learned});
    engine_.set_state(std::move(s));
    burst_ = engine_.burst();
  }

  Out<float> synapses(std::size_t projection, std::string_view state) {
    const Use use(*this);
    return array([&] {
      const nb::gil_scoped_release release;
      return engine_.synapses(projection, state);
    }());
  }
  void set_synapses(std::size_t projection, const In<float>& values, std::string_view state) {
    const Use use(*this);
    engine_.set_synapses(projection, column(view(values)), state);
  }

  void save(std::string_view path) {
    const Use use(*this);
    const nb::gil_scoped_release release;
    engine_.save(std::string(path));
  }
  /// The engine's own, besides those of the network.
  [[nodiscard]] std::vector<DriveTuple> drives() const {
    std::vector<DriveTuple> list;
    for (const Drive& d : drives_) {
      list.emplace_back(drive_name(d.kind), d.first, d.count, d.amplitude, d.rate_hz, d.port);
    }
    return list;
  }

  Facts why(NeuronId id, std::uint64_t burst) {
    const Use use(*this);
    const Explanation e =
        interruptible([&](const StopRequest& stop) { return engine_.why(id, burst, stop); });
    std::vector<std::uint32_t> pre, delay;
    std::vector<float> weight, psp;
    std::vector<double> charge;
    const double quantum = static_cast<double>(std::uint64_t{1} << e.quantum_bits);
    for (const Explanation::Arrival& a : e.arrivals) {
      pre.push_back(a.pre);
      delay.push_back(a.delay);
      weight.push_back(a.weight);
      psp.push_back(a.psp);
      charge.push_back(static_cast<double>(a.quanta) / quantum);
    }
    nb::dict facts;
    facts["pre"] = array(std::move(pre));
    facts["delay"] = array(std::move(delay));
    facts["weight"] = array(std::move(weight));
    facts["psp"] = array(std::move(psp));
    facts["charge"] = array(std::move(charge));
    nb::list injections;
    for (const Explanation::Injection& i : e.injections) {
      injections.append(nb::make_tuple(i.from, i.events, i.potential));
    }
    facts["injections"] = injections;
    nb::list branches;
    for (std::size_t b = 0; b < kBranchCount; ++b) {
      if (e.branches[b]) {
        branches.append(nb::cast(name_of(static_cast<Branch>(b))));
      }
    }
    facts["branches"] = branches;
    facts["burst"] = e.burst;
    facts["fired"] = e.fired;
    facts["synaptic"] = e.synaptic;
    facts["injected"] = e.injected;
    facts["before"] = e.potential_before;
    facts["tested"] = e.potential_tested;
    facts["after"] = e.potential_after;
    facts["verdict"] = e.verdict();
    facts["text"] = e.text(engine_.network());
    return facts;
  }
  [[nodiscard]] std::string why_silent(std::string_view area, std::uint64_t bursts) {
    const Use use(*this);
    const std::string name(area);
    return interruptible(
        [&](const StopRequest& stop) { return engine_.why_silent(name, bursts, stop).text(); });
  }

  /// The engine is in use until the loop has ended. `keep`: what is recorded, for
  /// PyRealtime::recording.
  std::unique_ptr<PyRealtime> realtime(double hz, bool catch_up, const ListOf<RangeTuple>& outputs,
                                       std::uint64_t bursts, std::uint64_t queue,
                                       std::string_view checkpoint, double checkpoint_seconds,
                                       bool keep, std::string_view log, std::uint32_t priority,
                                       std::int64_t core, bool lock_memory) {
    RealtimeOptions options;
    options.hz = hz;
    options.late = catch_up ? Late::catch_up : Late::skip;
    for (const auto& [first, count] : listed(outputs)) {
      options.outputs.push_back({first, count});
    }
    options.bursts = bursts;
    options.queue = queue;
    options.checkpoint = std::string(checkpoint);
    options.checkpoint_seconds = checkpoint_seconds;
    options.log = std::string(log);
    options.priority = priority;
    if (core >= 0) {
      options.core = static_cast<std::uint32_t>(core);
    }
    options.lock_memory = lock_memory;
    auto use = std::make_shared<std::unique_ptr<Use>>(std::make_unique<Use>(*this));
    sink_->clear();
    sink_->keep = keep ? ColumnSink::Keep::expected : ColumnSink::Keep::nothing;
    try {
      return std::make_unique<PyRealtime>(engine_, std::move(options), sink_, [this, use] {
        sink_->keep = ColumnSink::Keep::all;
        burst_ = engine_.burst();
        use->reset();
      });
    } catch (...) {
      sink_->keep = ColumnSink::Keep::all;
      throw;
    }
  }

  [[nodiscard]] Network network() {
    const Use use(*this);
    return engine_.network();
  }
  /// Also while another thread runs it.
  [[nodiscard]] std::uint64_t burst() const { return burst_; }
  [[nodiscard]] std::string backend() {
    const Use use(*this);
    return engine_.backend();
  }
  [[nodiscard]] std::uint64_t signature() {
    const Use use(*this);
    return engine_.signature();
  }
  [[nodiscard]] std::string backend_reason() const { return engine_.backend_reason(); }
  [[nodiscard]] std::uint64_t seed() const { return engine_.seed(); }

 private:
  std::vector<Drive> drives_;
  Engine engine_;
  std::shared_ptr<ColumnSink> sink_;
  std::atomic<bool> busy_{false};
  std::atomic<std::uint64_t> burst_{0};
};

Columns PyEngine::replay(std::string_view folder, EngineOptions options, std::uint64_t burst,
                         bool record) {
  const auto sink = std::make_shared<ColumnSink>();
  RunSummary summary;
  std::uint64_t next = 0;
  bool finished = false;
  auto made = interruptible([&](const StopRequest& stop) {
    Replay session(std::string(folder), std::move(options));
    Engine& engine = session.engine();
    next = engine.burst() + 1;
    if (burst != 0 && burst < next) {
      throw Error(ErrorCode::invalid_argument, "the session begins with burst " +
                                                   number_text(next) + ". Name one from there on.");
    }
    RecordPlan plan;
    if (record) {
      plan.spikes.push_back({0, engine.network().neuron_count()});
    }
    engine.record(std::move(plan));
    // the sink outlives what is recorded, but not the engine's other uses
    engine.add_sink(sink);
    std::atomic<bool> stopped{false};
    RunOptions run;
    run.stop = &stopped;
    run.progress = [&](const RunProgress& /*p*/) { stopped = stop(); };
    summary =
        session.run(burst == 0 ? std::numeric_limits<std::uint64_t>::max() : burst - next, run);
    if (summary.stopped) {
      throw Error(ErrorCode::interrupted, "stopped before it was done.");
    }
    if (burst != 0 && engine.burst() + 1 != burst) {
      throw Error(ErrorCode::invalid_argument, "the session ends after burst " +
                                                   number_text(engine.burst()) +
                                                   ". Name one up to there.");
    }
    finished = session.finished();
    sink->keep = ColumnSink::Keep::nothing;
    return std::make_unique<PyEngine>(std::move(session).take_engine());
  });
  Facts facts = ColumnSink(*sink).facts(next, summary.seconds, summary.signature);
  sink->clear();
  return nb::make_tuple(std::move(made), facts, finished);
}

}  // namespace

void bind_engine(nb::module_& m) {
  nb::class_<PyEngine>(m, "Engine")
      .def(
          "__init__",
          [](PyEngine* self, const Network& network, std::string_view backend,
             std::uint32_t threads, std::uint64_t seed, bool cpu_on_device_loss,
             const ListOf<DriveTuple>& drives, const ListOf<std::uint64_t>& seeds) {
            EngineOptions options{std::string(backend), threads, seed, {}};
            options.seeds = listed(seeds);
            for (const auto& [kind, first, count, amplitude, rate, port] : listed(drives)) {
              options.drives.push_back({drive_kind(kind), first, count, amplitude, rate, 0, port});
            }
            options.on_device_loss = cpu_on_device_loss ? OnDeviceLoss::cpu : OnDeviceLoss::fail;
            const nb::gil_scoped_release release;
            new (self) PyEngine(network, std::move(options));
          },
          "network"_a, "backend"_a, "threads"_a, "seed"_a, "cpu_on_device_loss"_a, "drives"_a,
          "seeds"_a)
      .def("record", &PyEngine::record, "spikes"_a, "probes"_a, "branches"_a)
      .def("realtime", &PyEngine::realtime, "hz"_a, "catch_up"_a, "outputs"_a, "bursts"_a,
           "queue"_a, "checkpoint"_a, "checkpoint_seconds"_a, "keep"_a, "log"_a, "priority"_a,
           "core"_a, "lock_memory"_a, nb::keep_alive<0, 1>())
      .def_static(
          "load",
          [](std::string_view path, std::string_view backend, std::uint32_t threads,
             bool cpu_on_device_loss) {
            EngineOptions options{std::string(backend), threads, 1, {}};
            options.on_device_loss = cpu_on_device_loss ? OnDeviceLoss::cpu : OnDeviceLoss::fail;
            const nb::gil_scoped_release release;
            return std::make_unique<PyEngine>(load_checkpoint(std::string(path)),
                                              std::move(options));
          },
          "path"_a, "backend"_a, "threads"_a, "cpu_on_device_loss"_a)
      .def_static(
          "replay",
          [](std::string_view session, std::string_view backend, std::uint32_t threads,
             bool cpu_on_device_loss, std::uint64_t burst, bool record) {
            EngineOptions options{std::string(backend), threads, 1, {}};
            options.on_device_loss = cpu_on_device_loss ? OnDeviceLoss::cpu : OnDeviceLoss::fail;
            return PyEngine::replay(session, std::move(options), burst, record);
          },
          "session"_a, "backend"_a, "threads"_a, "cpu_on_device_loss"_a, "burst"_a, "record"_a)
      .def("save", &PyEngine::save, "path"_a)
      .def("run", &PyEngine::run, "bursts"_a, "progress"_a.none(), "checkpoint"_a,
           "checkpoint_seconds"_a)
      .def("step", &PyEngine::step)
      .def("inject", &PyEngine::inject, "ids"_a, "potentials"_a, "port"_a = 0U)
      .def("schedule", &PyEngine::schedule, "bursts"_a, "ids"_a, "potentials"_a, "port"_a = 0U)
      .def("edit", &PyEngine::edit, "edit"_a)
      .def("set_fatigue", &PyEngine::set_fatigue, "on"_a, "amount"_a)
      .def_prop_ro("fatigue", &PyEngine::fatigue)
      .def("state", &PyEngine::state)
      .def("why", &PyEngine::why, "id"_a, "burst"_a)
      .def("why_silent", &PyEngine::why_silent, "area"_a, "bursts"_a)
      .def("set_state", &PyEngine::set_state, "burst"_a, "u"_a, "refractory_countdown"_a,
           "fire_count"_a, "snooze_countdown"_a, "forget"_a, "fired"_a, "tables"_a, "learned"_a)
      .def("synapses", &PyEngine::synapses, "projection"_a, "state"_a)
      .def("set_synapses", &PyEngine::set_synapses, "projection"_a, "values"_a, "state"_a)
      .def_prop_ro("drives", &PyEngine::drives)
      .def_prop_ro("network", &PyEngine::network)
      .def_prop_ro("burst", &PyEngine::burst)
      .def_prop_ro("backend", &PyEngine::backend)
      .def_prop_ro("backend_reason", &PyEngine::backend_reason)
      .def_prop_ro("signature", &PyEngine::signature)
      .def_prop_ro("seed", &PyEngine::seed);
}

}  // namespace rheobase::python
