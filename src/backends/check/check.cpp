// SPDX-License-Identifier: Apache-2.0
#include "backends/check/check.h"

#include <bit>
#include <string>
#include <utility>

#include "rheobase/error.h"

namespace rheobase {
namespace {

/// Compares every burst: fired sets, counters, recorded values, and all of the state to the bit.
class Check final : public Backend {
 public:
  Check(NetworkPointer network, std::unique_ptr<Backend> first, std::unique_ptr<Backend> second)
      : network_(std::move(network)), first_(std::move(first)), second_(std::move(second)) {}

  [[nodiscard]] std::string describe() const override {
    return "check:" + first_->describe() + "," + second_->describe();
  }

  Ticket submit(BurstRequest request) override {
    RecordBatch all;
    all.probes.resize(request.plan->probes.size());
    for (std::uint32_t i = 0; i < request.bursts; ++i) {
      append(all, run_one(one_burst(request, i)));
    }
    return finished_.add(std::move(all));
  }
  RecordBatch poll(Ticket ticket, bool /*wait*/) override { return finished_.take(ticket); }

  [[nodiscard]] State read_state() override { return first_->read_state(); }
  void write_state(const State& state) override {
    first_->write_state(state);
    second_->write_state(state);
  }
  void apply(NetworkPointer edited) override {
    network_ = edited;
    first_->apply(edited);
    second_->apply(std::move(edited));
  }

 private:
  static BurstRequest one_burst(const BurstRequest& request, std::uint32_t i) {
    const auto from = static_cast<std::ptrdiff_t>(request.injection_begin[i]);
    const auto to = static_cast<std::ptrdiff_t>(request.injection_begin[i + 1]);
    BurstRequest one;
    one.bursts = 1;
    one.injection_begin = {0, static_cast<std::uint64_t>(to - from)};
    one.injection_ids.assign(request.injection_ids.begin() + from,
                             request.injection_ids.begin() + to);
    one.injection_values.assign(request.injection_values.begin() + from,
                                request.injection_values.begin() + to);
    one.plan = request.plan;
    return one;
  }

  static void append(RecordBatch& all, const RecordBatch& one) {
    MemorySink sink;
    sink.write(all);
    sink.write(one);
    all = sink.all();
  }

  RecordBatch run_one(const BurstRequest& request) {
    const Ticket a = first_->submit(request);
    const Ticket b = second_->submit(request);
    RecordBatch one = first_->poll(a, true);
    const RecordBatch other = second_->poll(b, true);
    const State x = first_->read_state();
    const State y = second_->read_state();
    compare_fired(x, y);
    compare_states(x, y);
    compare_records(one, other);
    return one;
  }

  [[noreturn]] void differ(std::uint64_t burst, const std::string& what) const {
    throw Error(ErrorCode::difference, first_->describe() + " and " + second_->describe() +
                                           " differ in burst " + std::to_string(burst) + ": " +
                                           what + ".");
  }

  void compare_fired(const State& x, const State& y) const {
    const FireQueue& p = x.fired.front();
    const FireQueue& q = y.fired.front();
    for (std::size_t i = 0; i < p.ids.size() || i < q.ids.size(); ++i) {
      const bool only_first = i >= q.ids.size() || (i < p.ids.size() && p.ids[i] < q.ids[i]);
      const bool only_second = i >= p.ids.size() || (i < q.ids.size() && q.ids[i] < p.ids[i]);
      if (only_first || only_second) {
        differ(x.burst, "neuron " + std::to_string(only_first ? p.ids[i] : q.ids[i]) +
                            " fired only in " + (only_first ? first_ : second_)->describe());
      }
    }
    if (p.potentials != q.potentials) {
      differ(x.burst, "potentials at firing");
    }
  }

  void compare_states(const State& x, const State& y) const {
    for (NeuronId id = 0; id < network_->neuron_count; ++id) {
      const std::string who = "neuron " + std::to_string(id) + ", ";
      if (std::bit_cast<std::uint32_t>(x.u[id]) != std::bit_cast<std::uint32_t>(y.u[id])) {
        differ(x.burst, who + "potential " + std::to_string(x.u[id]) + " against " +
                            std::to_string(y.u[id]));
      }
      if (x.refractory_countdown[id] != y.refractory_countdown[id]) {
        differ(x.burst, who + "refractory countdown");
      }
      if (x.fire_count[id] != y.fire_count[id]) {
        differ(x.burst, who + "fire count");
      }
      if (x.snooze_countdown[id] != y.snooze_countdown[id]) {
        differ(x.burst, who + "snooze countdown");
      }
      if (x.forget[id] != y.forget[id]) {
        differ(x.burst, who + "forget mark");
      }
    }
  }

  void compare_records(const RecordBatch& a, const RecordBatch& b) const {
    const BurstCounters& p = a.bursts.front();
    const BurstCounters& q = b.bursts.front();
    if (p.burst != q.burst) {
      differ(p.burst,
             "the number of the burst, " + std::to_string(q.burst) + " in " + second_->describe());
    }
    if (p.spikes != q.spikes || p.events != q.events || p.signature_a != q.signature_a ||
        p.signature_b != q.signature_b) {
      differ(p.burst, "counters (" + std::to_string(p.events) + " against " +
                          std::to_string(q.events) + " events)");
    }
    if (p.branches != q.branches || p.inhibitory_events != q.inhibitory_events) {
      differ(p.burst, "counts of the branches of the step");
    }
    if (a.spike_ids != b.spike_ids || a.spike_begin != b.spike_begin) {
      differ(p.burst, "recorded spikes");
    }
    for (std::size_t i = 0; i < a.probes.size(); ++i) {
      if (a.probes[i].bursts != b.probes[i].bursts || a.probes[i].values != b.probes[i].values) {
        differ(p.burst, "recorded values of probe " + std::to_string(i));
      }
    }
  }

  NetworkPointer network_;
  std::unique_ptr<Backend> first_, second_;
  FinishedBatches finished_;
};

}  // namespace

std::unique_ptr<Backend> make_check_backend(NetworkPointer network, std::unique_ptr<Backend> first,
                                            std::unique_ptr<Backend> second) {
  return std::make_unique<Check>(std::move(network), std::move(first), std::move(second));
}

}  // namespace rheobase
