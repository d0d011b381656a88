// SPDX-License-Identifier: Apache-2.0
#include "backends/check/check.h"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

/// Bursts that both backends run as one submission, so that what a backend does between the bursts
/// of a submission is compared too; the first three alone, so that trouble is named before it
/// spreads.
constexpr std::array<std::uint32_t, 8> kAtOnce{1, 1, 1, 2, 4, 8, 16, 32};
constexpr std::uint64_t kMostValues = std::uint64_t{1} << 22U;  ///< of one field in a submission

constexpr std::array kFields{Field::potential, Field::refractory_countdown, Field::fire_count,
                             Field::snooze_countdown};

/// Compares every burst: fired sets, counters, recorded values, potentials and countdowns; and all
/// of the state to the bit wherever a submission ends.
class Check final : public Backend {
 public:
  Check(NetworkPointer network, std::unique_ptr<Backend> first, std::unique_ptr<Backend> second)
      : network_(std::move(network)), first_(std::move(first)), second_(std::move(second)) {}

  [[nodiscard]] std::string describe() const override {
    return "check:" + first_->describe() + "," + second_->describe();
  }
  [[nodiscard]] bool survives_fork() const override {
    return first_->survives_fork() && second_->survives_fork();
  }

  Ticket submit(BurstRequest request) override {
    plan_for(request.plan);
    MemorySink all;
    for (std::uint32_t i = 0; i < request.bursts;) {
      const std::uint64_t room = kMostValues / std::max(network_->neuron_count, 1U);
      const auto count = static_cast<std::uint32_t>(
          std::min<std::uint64_t>({kAtOnce[turn_++ % kAtOnce.size()],
                                   std::max<std::uint64_t>(room, 1), request.bursts - i}));
      all.write(asked_for(run(part_of(request, i, count))));
      i += count;
    }
    RecordBatch finished = all.all();
    finished.probes.resize(plan_->probes.size());
    return finished_.add(std::move(finished));
  }
  RecordBatch poll(Ticket ticket, bool /*wait*/) override { return finished_.take(ticket); }

  [[nodiscard]] State read_state() override { return first_->read_state(); }
  void write_state(const State& state) override {
    first_->write_state(state);
    second_->write_state(state);
  }
  void apply(NetworkPointer edited) override {
    network_ = edited;
    plan_.reset();
    first_->apply(edited);
    second_->apply(std::move(edited));
  }

 private:
  /// All neurons are recorded besides what the plan asks for.
  void plan_for(const std::shared_ptr<const RecordPlan>& plan) {
    if (plan == plan_) {
      return;
    }
    plan_ = plan;
    RecordPlan all = *plan;
    all.spikes = {{0, network_->neuron_count}};
    for (const Field field : kFields) {
      all.probes.push_back({field, {0, network_->neuron_count}, 1});
    }
    for (const ModelArea& area : network_->model_areas) {
      for (const Definition::State& state : area.definition->states) {
        all.probes.push_back({Field::potential, {area.first, area.count}, 1, state.name});
      }
    }
    all_ = std::make_shared<const RecordPlan>(std::move(all));
    wanted_.assign(network_->neuron_count, false);
    for (const IdRange& range : plan->spikes) {
      std::fill_n(wanted_.begin() + range.first, range.count, true);
    }
  }

  [[nodiscard]] BurstRequest part_of(const BurstRequest& request, std::uint32_t first,
                                     std::uint32_t count) const {
    BurstRequest part;
    part.bursts = count;
    const std::uint64_t from = request.injection_begin[first];
    const std::uint64_t to = request.injection_begin[first + count];
    for (std::uint32_t i = 0; i <= count; ++i) {
      part.injection_begin.push_back(request.injection_begin[first + i] - from);
    }
    const auto begin = static_cast<std::ptrdiff_t>(from);
    const auto end = static_cast<std::ptrdiff_t>(to);
    part.injection_targets.assign(request.injection_targets.begin() + begin,
                                  request.injection_targets.begin() + end);
    part.injection_values.assign(request.injection_values.begin() + begin,
                                 request.injection_values.begin() + end);
    part.plan = all_;
    return part;
  }

  /// Without what only the comparison needed.
  [[nodiscard]] RecordBatch asked_for(RecordBatch batch) const {
    std::vector<NeuronId> ids;
    std::vector<std::uint64_t> begin{0};
    for (std::size_t i = 0; i < batch.bursts.size(); ++i) {
      for (std::uint64_t s = batch.spike_begin[i]; s < batch.spike_begin[i + 1]; ++s) {
        if (wanted_[batch.spike_ids[s]]) {
          ids.push_back(batch.spike_ids[s]);
        }
      }
      begin.push_back(ids.size());
    }
    batch.spike_ids = std::move(ids);
    batch.spike_begin = std::move(begin);
    batch.probes.resize(plan_->probes.size());
    return batch;
  }

  RecordBatch run(const BurstRequest& request) {
    const Ticket a = first_->submit(request);
    const Ticket b = second_->submit(request);
    RecordBatch one = first_->poll(a, true);
    const RecordBatch other = second_->poll(b, true);
    for (std::size_t i = 0; i < one.bursts.size(); ++i) {
      compare_burst(one, other, i);
    }
    for (std::size_t i = 0; i < plan_->probes.size(); ++i) {
      if (one.probes[i].bursts != other.probes[i].bursts ||
          one.probes[i].values != other.probes[i].values) {
        differ(one.bursts.front().burst, "recorded values of probe " + number_text(i));
      }
    }
    compare_states(first_->read_state(), second_->read_state());
    return one;
  }

  [[noreturn]] void differ(std::uint64_t burst, const std::string& what,
                           std::optional<NeuronId> neuron = {}) const {
    throw Difference(first_->describe() + " and " + second_->describe() + " differ in burst " +
                         number_text(burst) + ": " + what + ".",
                     burst, neuron);
  }

  void compare_fired(std::uint64_t burst, std::span<const NeuronId> p,
                     std::span<const NeuronId> q) const {
    for (std::size_t i = 0; i < p.size() || i < q.size(); ++i) {
      const bool only_first = i >= q.size() || (i < p.size() && p[i] < q[i]);
      const bool only_second = i >= p.size() || (i < q.size() && q[i] < p[i]);
      if (only_first || only_second) {
        differ(burst,
               "neuron " + number_text(only_first ? p[i] : q[i]) + " fired only in " +
                   (only_first ? first_ : second_)->describe(),
               only_first ? p[i] : q[i]);
      }
    }
  }

  static std::span<const NeuronId> fired_in(const RecordBatch& batch, std::size_t i) {
    return std::span(batch.spike_ids)
        .subspan(batch.spike_begin[i], batch.spike_begin[i + 1] - batch.spike_begin[i]);
  }

  void compare_burst(const RecordBatch& a, const RecordBatch& b, std::size_t i) const {
    const BurstCounters& p = a.bursts[i];
    const BurstCounters& q = b.bursts[i];
    if (p.burst != q.burst) {
      differ(p.burst,
             "the number of the burst, " + number_text(q.burst) + " in " + second_->describe());
    }
    compare_fired(p.burst, fired_in(a, i), fired_in(b, i));
    for (std::size_t f = plan_->probes.size(); f < all_->probes.size(); ++f) {
      const Probe& probe = all_->probes[f];
      for (std::size_t j = 0; j < probe.ids.count; ++j) {
        const float x = a.probes[f].values[i * probe.ids.count + j];
        const float y = b.probes[f].values[i * probe.ids.count + j];
        if (std::bit_cast<std::uint32_t>(x) != std::bit_cast<std::uint32_t>(y)) {
          const NeuronId id = probe.ids.first + static_cast<NeuronId>(j);
          differ(p.burst,
                 "neuron " + number_text(id) + ", " +
                     (probe.state.empty() ? std::string(name_of(probe.field)) : probe.state) + " " +
                     number_text(x) + " against " + number_text(y),
                 id);
        }
      }
    }
    if (p.spikes != q.spikes || p.events != q.events || p.signature_a != q.signature_a ||
        p.signature_b != q.signature_b) {
      differ(p.burst, "counters (" + number_text(p.events) + " against " + number_text(q.events) +
                          " events)");
    }
    if (p.branches != q.branches || p.inhibitory_events != q.inhibitory_events) {
      differ(p.burst, "counts of the branches of the step");
    }
  }

  void compare_states(const State& x, const State& y) const {
    for (std::size_t t = 0; t < x.tables.size(); ++t) {
      const ModelArea& area = network_->model_areas[t];
      for (std::size_t s = 0; s < x.tables[t].columns.size(); ++s) {
        for (std::uint32_t i = 0; i < area.count; ++i) {
          if (std::bit_cast<std::uint32_t>(x.tables[t].columns[s][i]) !=
              std::bit_cast<std::uint32_t>(y.tables[t].columns[s][i])) {
            differ(x.burst,
                   "neuron " + number_text(area.first + i) + ", " + area.definition->states[s].name,
                   area.first + i);
          }
        }
      }
    }
    compare_learned(x, y);
    compare_fired(x.burst, x.fired.front().ids, y.fired.front().ids);
    const FireQueue& p = x.fired.front();
    const FireQueue& q = y.fired.front();
    if (p.potentials.size() != q.potentials.size()) {
      differ(x.burst, number_text(p.potentials.size()) + " potentials at firing against " +
                          number_text(q.potentials.size()));
    }
    for (std::size_t i = 0; i < p.potentials.size(); ++i) {
      if (std::bit_cast<std::uint32_t>(p.potentials[i]) !=
          std::bit_cast<std::uint32_t>(q.potentials[i])) {
        differ(x.burst, "neuron " + number_text(p.ids[i]) + ", potential at firing", p.ids[i]);
      }
    }
    for (NeuronId id = 0; id < network_->neuron_count; ++id) {
      const std::string who = "neuron " + number_text(id) + ", ";
      if (std::bit_cast<std::uint32_t>(x.u[id]) != std::bit_cast<std::uint32_t>(y.u[id])) {
        differ(x.burst,
               who + "potential " + number_text(x.u[id]) + " against " + number_text(y.u[id]), id);
      }
      if (x.refractory_countdown[id] != y.refractory_countdown[id]) {
        differ(x.burst, who + "refractory countdown", id);
      }
      if (x.fire_count[id] != y.fire_count[id]) {
        differ(x.burst, who + "fire count", id);
      }
      if (x.snooze_countdown[id] != y.snooze_countdown[id]) {
        differ(x.burst, who + "snooze countdown", id);
      }
      if (x.forget[id] != y.forget[id]) {
        differ(x.burst, who + "forget mark", id);
      }
    }
  }

  void compare_learned(const State& x, const State& y) const {
    const auto is_same = [](float a, float b) {
      return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b);
    };
    const auto compare = [&](const std::vector<std::vector<float>>& a,
                             const std::vector<std::vector<float>>& b, std::size_t projection,
                             const char* what) {
      for (std::size_t c = 0; c < a.size(); ++c) {
        const auto at = std::ranges::mismatch(a[c], b[c], is_same).in1;
        if (at != a[c].end()) {
          differ(x.burst, std::string(what) + " " + number_text(at - a[c].begin()) +
                              " of projection " + number_text(projection) + ", state " +
                              number_text(c));
        }
      }
    };
    for (std::size_t i = 0; i < x.projections.size(); ++i) {
      const ProjectionState& p = x.projections[i];
      const ProjectionState& q = y.projections[i];
      compare(p.synapses, q.synapses, i, "synapse");
      compare(p.pre_traces, q.pre_traces, i, "source");
      compare(p.post_traces, q.post_traces, i, "target");
      if (p.pre_spiked != q.pre_spiked || p.post_spiked != q.post_spiked) {
        differ(x.burst, "last spikes of projection " + number_text(i));
      }
    }
  }

  NetworkPointer network_;
  std::unique_ptr<Backend> first_, second_;
  FinishedBatches finished_;
  std::shared_ptr<const RecordPlan> plan_;  ///< as asked for
  std::shared_ptr<const RecordPlan> all_;   ///< and with all neurons
  std::vector<bool> wanted_;                ///< neurons whose spikes were asked for
  std::size_t turn_ = 0;
};

}  // namespace

std::unique_ptr<Backend> make_check_backend(NetworkPointer network, std::unique_ptr<Backend> first,
                                            std::unique_ptr<Backend> second) {
  return std::make_unique<Check>(std::move(network), std::move(first), std::move(second));
}

}  // namespace rheobase
