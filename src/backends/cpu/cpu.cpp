// SPDX-License-Identifier: Apache-2.0
#include "backends/cpu/cpu.h"

#include <algorithm>
#include <string>
#include <utility>

#include "backends/cpu/learning.h"
#include "backends/cpu/members.h"
#include "backends/cpu/part.h"
#include "backends/cpu/row_table.h"
#include "backends/cpu/thread_team.h"
#include "model/merged_drives.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

class Cpu final : public Backend {
 public:
  explicit Cpu(const BackendSetup& setup)
      : network_(setup.network),
        rows_(*network_),
        drives_(model::merged_drives(setup.drives)),
        seed_(setup.seeds.front()),
        state_(initial_state(*network_)),
        team_(setup.threads, setup.fewer_threads_will_do),
        learning_(*network_, team_),
        parts_(make_cpu_parts(*network_, team_)) {}

  [[nodiscard]] std::string describe() const override {
    return "cpu --threads " + number_text(team_.size());
  }

  Ticket submit(BurstRequest request) override {
    BatchRecorder recorder(*network_, request.plan);
    for (std::uint32_t i = 0; i < request.bursts; ++i) {
      run_burst(request, i, recorder);
    }
    return finished_.add(recorder.take());
  }
  RecordBatch poll(Ticket ticket, bool /*wait*/) override { return finished_.take(ticket); }

  [[nodiscard]] State read_state() override { return state_; }
  void write_state(const State& state) override {
    state_ = state;
    parts_->state_was_set();
  }
  void apply(NetworkPointer edited) override {
    const NetworkPointer before = std::exchange(network_, std::move(edited));
    rows_.follow(*before, *network_);
    adapt_state(state_, *network_);
    const auto same_numbers = [](const ModelArea& a, const ModelArea& b) {
      return a.numbers == b.numbers;
    };
    if (std::ranges::equal(network_->model_areas, before->model_areas, same_numbers) &&
        network_->target_count == before->target_count &&
        network_->neuron_count == before->neuron_count &&
        network_->charge.accumulator_bits == before->charge.accumulator_bits &&
        network_->charge.event_bits == before->charge.event_bits) {
      parts_->follow(*network_);
    } else {
      parts_ = make_cpu_parts(*network_, team_);
    }
  }

 private:
  void run_burst(const BurstRequest& request, std::uint32_t index, BatchRecorder& recorder) {
    const BurstContext context{
        network_.get(), &rows_, &drives_, state_.burst + 1,       seed_,
        &request,       index,  &state_,  request.plan->branches, &learning_};
    if (!learning_.empty()) {
      learning_.arrive(*network_, state_, context.burst);
    }
    const std::vector<PartResult>& parts = parts_->run(context);
    state_.burst = context.burst;

    // parts are in the order of ids
    BurstCounters counters;
    FireQueue queue = oldest_queue(state_, network_->max_delay());
    for (const PartResult& part : parts) {
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
    if (!learning_.empty()) {
      learning_.learn(*network_, state_, context.burst);
    }
    recorder.burst(state_, counters);
    for (const PartResult& part : parts) {
      recorder.add_spans(part.spans);
    }
  }

  NetworkPointer network_;
  RowTable rows_;
  std::vector<model::CompiledDrive> drives_;
  std::uint64_t seed_;
  State state_;
  ThreadTeam team_;
  CpuLearning learning_;
  std::unique_ptr<CpuParts> parts_;
  FinishedBatches finished_;
};

}  // namespace

std::unique_ptr<Backend> make_cpu_backend(const BackendSetup& setup) {
  if (!setup.network->members.empty()) {
    return make_members_backend(setup);
  }
  return std::make_unique<Cpu>(setup);
}

}  // namespace rheobase
