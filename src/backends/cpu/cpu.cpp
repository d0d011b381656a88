// SPDX-License-Identifier: Apache-2.0
#include "backends/cpu/cpu.h"

#include <algorithm>
#include <string>
#include <utility>

#include "backends/cpu/part.h"
#include "backends/cpu/thread_team.h"

namespace rheobase {
namespace {

class Cpu final : public Backend {
 public:
  explicit Cpu(const BackendSetup& setup)
      : network_(setup.network),
        drives_(setup.drives),
        seed_(setup.seed),
        state_(initial_state(*network_)),
        team_(setup.threads) {
    make_parts();
  }

  [[nodiscard]] std::string describe() const override {
    return "cpu --threads " + std::to_string(team_.size());
  }

  Ticket submit(BurstRequest request) override {
    BatchRecorder recorder(*network_, request.plan);
    for (std::uint32_t i = 0; i < request.bursts; ++i) {
      recorder.burst(state_, run_burst(request, i));
      for (const PartResult& part : results_) {
        recorder.add_spans(part.spans);
      }
    }
    return finished_.add(recorder.take());
  }
  RecordBatch poll(Ticket ticket, bool /*wait*/) override { return finished_.take(ticket); }

  [[nodiscard]] State read_state() override { return state_; }
  void write_state(const State& state) override { state_ = state; }
  void apply(NetworkPointer edited) override {
    const NetworkPointer before = std::exchange(network_, std::move(edited));
    adapt_state(state_, *network_);
    if (network_->neuron_count == before->neuron_count &&
        network_->charge.accumulator_bits == before->charge.accumulator_bits &&
        network_->charge.event_bits == before->charge.event_bits) {
      for (const auto& part : parts_) {
        if (part != nullptr) {
          part->learn_kinds(*network_);
        }
      }
    } else {
      make_parts();
    }
  }

 private:
  /// Each thread gets as many neurons as the others, in multiples of a cache line's worth.
  void make_parts() {
    constexpr std::uint64_t kStride = 64;
    const std::uint64_t n = network_->neuron_count;
    const std::uint64_t share = (n / team_.size() + kStride) / kStride * kStride;
    parts_.clear();
    for (std::uint64_t i = 0; i < team_.size(); ++i) {
      const std::uint64_t first = std::min(n, i * share);
      const std::uint64_t last = i + 1 == team_.size() ? n : std::min(n, (i + 1) * share);
      parts_.push_back(first < last ? make_cpu_part(*network_, static_cast<NeuronId>(first),
                                                    static_cast<NeuronId>(last))
                                    : nullptr);
    }
    results_.assign(team_.size(), {});
  }

  BurstCounters run_burst(const BurstRequest& request, std::uint32_t index) {
    const BurstContext context{network_.get(), &drives_, seed_,   state_.burst + 1,
                               &request,       index,    &state_, request.plan->branches};
    team_.run([&](std::uint32_t i) {
      if (parts_[i] != nullptr) {
        parts_[i]->run(context, i, results_[i]);
      }
    });
    state_.burst = context.burst;

    // parts are in the order of ids
    BurstCounters counters;
    FireQueue queue;
    for (const PartResult& part : results_) {
      queue.ids.insert(queue.ids.end(), part.fired.ids.begin(), part.fired.ids.end());
      queue.potentials.insert(queue.potentials.end(), part.fired.potentials.begin(),
                              part.fired.potentials.end());
      counters.events += part.events;
      counters.inhibitory_events += part.inhibitory_events;
      for (std::size_t b = 0; b < kBranchCount; ++b) {
        counters.branches[b] += part.branches[b];
      }
    }
    push_fire_queue(state_, std::move(queue), network_->max_delay());
    return counters;
  }

  NetworkPointer network_;
  std::vector<model::CompiledDrive> drives_;
  std::uint64_t seed_;
  State state_;
  ThreadTeam team_;
  std::vector<std::unique_ptr<CpuPart>> parts_;
  std::vector<PartResult> results_;
  FinishedBatches finished_;
};

}  // namespace

std::unique_ptr<Backend> make_cpu_backend(const BackendSetup& setup) {
  return std::make_unique<Cpu>(setup);
}

}  // namespace rheobase
