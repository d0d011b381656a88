// SPDX-License-Identifier: Apache-2.0
#include "backends/reference/reference.h"

#include <utility>

#include "model/fixed_point.h"
#include "model/neuron_step.h"
#include "platform/float_mode.h"

namespace rheobase {
namespace {

class Reference final : public Backend {
 public:
  explicit Reference(const BackendSetup& setup)
      : network_(setup.network),
        drives_(setup.drives),
        seeds_(setup.seeds),
        state_(initial_state(*network_)) {}

  [[nodiscard]] std::string describe() const override { return "reference"; }

  Ticket submit(BurstRequest request) override {
    const platform::FloatMode mode;
    BatchRecorder recorder(*network_, request.plan);
    counting_ = request.plan->branches;
    for (std::uint32_t i = 0; i < request.bursts; ++i) {
      std::vector<ProfileSpan> spans;
      recorder.burst(state_, run_burst(request, i, spans));
      recorder.add_spans(spans);
    }
    return finished_.add(recorder.take());
  }
  RecordBatch poll(Ticket ticket, bool /*wait*/) override { return finished_.take(ticket); }

  [[nodiscard]] State read_state() override { return state_; }
  void write_state(const State& state) override { state_ = state; }
  void apply(NetworkPointer edited) override {
    network_ = std::move(edited);
    adapt_state(state_, *network_);
  }

 private:
  /// What a neuron receives in one burst.
  struct Received {
    std::int64_t charge = 0;
    std::uint32_t events = 0;
    float injected = 0.0F;
  };

  BurstCounters run_burst(const BurstRequest& request, std::uint32_t index,
                          std::vector<ProfileSpan>& spans) {
    const std::uint64_t t = state_.burst + 1;
    PhaseClock clock(request.profile, t, 0, spans);
    BurstCounters counters;
    received_.assign(network_->target_count, Received{});
    for (const std::uint32_t delay : network_->delays) {
      deliver(state_.fired[delay - 1], delay, counters);
    }
    deliver_to_learners(t, counters);
    clock.done("deliver");
    inject(request, index, t);
    clock.done("inject");
    step(t, counters);
    learn(*network_, state_, t);
    clock.done("step");
    state_.burst = t;
    return counters;
  }

  void deliver_to_learners(std::uint64_t t, BurstCounters& counters) {
    deliver_learning(*network_, state_, t,
                     [&](const LearningProjection& p, std::uint32_t synapse, std::uint32_t /*pre*/,
                         std::int64_t quanta) {
                       Received& to = received_[network_->target_in(p, p.rows->post[synapse])];
                       to.charge += quanta;
                       ++to.events;
                       ++counters.events;
                       counters.inhibitory_events += counting_ && quanta < 0 ? 1U : 0U;
                     });
  }

  void deliver(const FireQueue& queue, std::uint32_t delay, BurstCounters& counters) {
    for (std::size_t f = 0; f < queue.ids.size(); ++f) {
      const NeuronId pre = queue.ids[f];
      const RowSpan row = network_->row(pre, delay);
      const std::uint32_t flags = network_->classes[network_->class_of[pre]].flags;
      std::uint64_t psp = 0;
      if ((flags & model::kPotentialDriven) != 0U) {
        const std::uint32_t divisor =
            (flags & model::kDividedPsp) != 0U ? network_->out_degree(pre) : 1U;
        psp = model::driven_psp(queue.potentials[f], network_->rules.rounded_psp,
                                network_->charge.quantum_bits, divisor);
      }
      for (std::uint32_t i = 0; i < row.count; ++i) {
        const SynapseKind kind = network_->kind(row.code(i));
        std::int64_t charge = kind.charge;
        if ((flags & model::kPotentialDriven) != 0U) {
          charge = model::driven_charge(kind.weight_numerator, kind.weight_shift, psp);
          charge = kind.weight < 0.0F ? -charge : charge;
        }
        Received& to = received_[row.post(i)];
        to.charge += charge;
        ++to.events;
        ++counters.events;
        counters.inhibitory_events += counting_ && charge < 0 ? 1U : 0U;
      }
    }
  }

  /// Scheduled and sensory input first, then the drives in order.
  void inject(const BurstRequest& request, std::uint32_t index, std::uint64_t t) {
    for (std::uint64_t j = request.injection_begin[index]; j < request.injection_begin[index + 1];
         ++j) {
      add_injection(request.injection_targets[j], request.injection_values[j]);
    }
    for (const model::CompiledDrive& drive : drives_) {
      for (NeuronId id = drive.first; id - drive.first < drive.count; ++id) {
        const std::uint32_t events = model::drive_events(drive, id, t);
        if (events != 0U) {
          add_injection(network_->target_of(id) + drive.port,
                        model::drive_potential(drive, events));
        }
      }
    }
  }

  void add_injection(std::uint32_t target, float value) {
    Received& to = received_[target];
    to.injected = model::add_rn(to.injected, value);
    ++to.events;
  }

  void step(std::uint64_t t, BurstCounters& counters) {
    FireQueue queue;
    std::vector<NeuronId> firsts = network_->member_firsts();
    firsts.push_back(network_->neuron_count);
    std::size_t member = 0;
    for (NeuronId id = 0; id < network_->neuron_count; ++id) {
      member += id == firsts[member + 1] ? 1U : 0U;
      const Received& in = received_[network_->target_of(id)];
      if (const ModelArea* const area = network_->model_of(id); area != nullptr) {
        const bool fired = step_model(*area, id, id - firsts[member], seeds_[member], t);
        counters.branches[static_cast<std::size_t>(Branch::fired)] += counting_ && fired ? 1U : 0U;
        if (fired) {
          queue.ids.push_back(id);
          queue.potentials.resize(network_->potential_driven ? queue.ids.size() : 0, 0.0F);
        }
        continue;
      }
      const model::StepResult out =
          model::neuron_step(network_->step_rules, network_->classes[network_->class_of[id]],
                             {state_.u[id], state_.refractory_countdown[id], state_.fire_count[id],
                              state_.snooze_countdown[id], state_.forget[id]},
                             {network_->counts_candidates && in.events != 0U, in.injected,
                              model::fixed_to_f32(in.charge, network_->charge.quantum_bits),
                              id - firsts[member], static_cast<std::uint32_t>(t)});
      state_.u[id] = out.state.u;
      state_.refractory_countdown[id] = static_cast<std::uint16_t>(out.state.refractory_countdown);
      state_.fire_count[id] = static_cast<std::uint16_t>(out.state.fire_count);
      state_.snooze_countdown[id] = static_cast<std::uint16_t>(out.state.snooze_countdown);
      state_.forget[id] = static_cast<std::uint8_t>(out.state.forget);
      if (out.fired) {
        queue.ids.push_back(id);
        if (network_->potential_driven) {
          queue.potentials.push_back(out.potential_at_firing);
        }
      }
      for (std::size_t b = 0; counting_ && b < kBranchCount; ++b) {
        counters.branches[b] += (out.branches >> b) & 1U;
      }
    }
    push_fire_queue(state_, std::move(queue), network_->max_delay());
  }

  /// `draws_by` is what the draws know the neuron by. \return whether it fired.
  bool step_model(const ModelArea& area, NeuronId id, std::uint32_t draws_by, std::uint64_t seed,
                  std::uint64_t t) {
    const std::uint32_t i = id - area.first;
    StateTable& table =
        state_.tables[static_cast<std::size_t>(&area - network_->model_areas.data())];
    ModelNeuron neuron(area, table, i);
    const Received* const received = &received_[area.first_target + i * area.ports];
    for (std::uint32_t p = 0; p < area.ports; ++p) {
      neuron.arrive(p, received[p].injected, received[p].charge, network_->charge.quantum_bits);
    }
    const bool fired = neuron.run(seed, draws_by, t);
    neuron.keep(table);
    return fired;
  }

  NetworkPointer network_;
  std::vector<model::CompiledDrive> drives_;
  std::vector<std::uint64_t> seeds_;  ///< of the members
  bool counting_ = false;             ///< branches and inhibitory events
  State state_;
  std::vector<Received> received_;
  FinishedBatches finished_;
};

}  // namespace

std::unique_ptr<Backend> make_reference_backend(const BackendSetup& setup) {
  return std::make_unique<Reference>(setup);
}

}  // namespace rheobase
