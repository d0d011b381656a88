// SPDX-License-Identifier: Apache-2.0
#include "backends/cpu/part.h"

#include <algorithm>
#include <atomic>
#include <span>

#include "backends/cpu/one_part.h"
#include "platform/float_mode.h"

namespace rheobase {
namespace {

template <class Word>
class Parts final : public CpuParts {
 public:
  /// Each thread gets as many neurons as the others, in multiples of a cache line's worth.
  Parts(const NetworkData& network, ThreadTeam& team)
      : team_(team), programs_(block_programs(network)), results_(team.size()), next_(team.size()) {
    constexpr std::uint64_t kStride = 64;
    const std::uint64_t n = network.neuron_count;
    const std::uint64_t share = (n / team.size() + kStride) / kStride * kStride;
    for (std::uint64_t i = 0; i < team.size(); ++i) {
      const std::uint64_t first = std::min(n, i * share);
      const std::uint64_t last = i + 1 == team.size() ? n : std::min(n, (i + 1) * share);
      parts_.push_back(std::make_unique<Part<Word>>(
          network, programs_, static_cast<NeuronId>(first), static_cast<NeuronId>(last)));
      all_.push_back(parts_.back().get());
    }
  }

  void follow(const NetworkData& network) override {
    for (const auto& part : parts_) {
      part->follow(network);
    }
  }
  void state_was_set() override {
    for (const auto& part : parts_) {
      part->state_was_set();
    }
  }

  const std::vector<PartResult>& run(const BurstContext& context) override {
    std::uint64_t spikes = 0;
    for (const std::uint32_t delay : context.network->delays) {
      spikes += context.state->fired[delay - 1].ids.size();
    }
    const bool alone = working_alone_pays_off(context, spikes);
    const std::uint32_t size =
        alone ? team_.size() : best_group(*context.network, spikes, team_.size(), sizeof(Word));
    const auto group_of = [&](std::uint32_t i) {
      const std::uint32_t first = i / size * size;
      return Group<Part<Word>>{std::span(all_).subspan(first, size), alone ? 1U : size,
                               &next_[first].spike};
    };
    const auto deliver = [&](std::uint32_t i) {
      PartResult& result = results_[i];
      result.clear();
      PhaseClock clock(context.request->profile, context.burst, i, result.spans);
      if (size == 1) {
        parts_[i]->deliver_range(context, spikes, result);
      } else {
        parts_[i]->deliver_share(context, spikes, group_of(i), result);
      }
      clock.done("deliver");
    };
    const auto step = [&](std::uint32_t i) {
      PhaseClock clock(context.request->profile, context.burst, i, results_[i].spans);
      const Group<Part<Word>> group = group_of(i);
      if (size != 1 && !context.learning->empty()) {
        parts_[i]->deliver_learning_alone(context, results_[i]);
      }
      parts_[i]->inject_and_step(context, group.parts.first(size == 1 ? 0U : group.threads), clock,
                                 results_[i]);
    };
    for (Next& next : next_) {
      next.spike = 0;
    }
    if (alone) {
      const platform::FloatMode mode;
      deliver(0);
      for (std::uint32_t i = 1; i < team_.size(); ++i) {
        results_[i].clear();
      }
      for (std::uint32_t i = 0; i < team_.size(); ++i) {
        step(i);
      }
    } else if (size == 1) {
      team_.run([&](std::uint32_t i) {
        deliver(i);
        step(i);
      });
    } else {
      team_.run(deliver);
      team_.run(step);
    }
    return results_;
  }

 private:
  /// A single burst of a brain that waits for its body: waking the others may take longer than
  /// doing their part.
  [[nodiscard]] bool working_alone_pays_off(const BurstContext& context,
                                            std::uint64_t spikes) const {
    constexpr double kWakingUs = 50.0;
    constexpr double kNeuronUs = 0.0013;
    constexpr double kEventUs = 0.001;
    const NetworkData& network = *context.network;
    const double events = events_of(network, spikes);
    return team_.size() > 1 && context.request->bursts == 1 && team_.is_asleep() &&
           network.neuron_count * kNeuronUs + events * kEventUs < kWakingUs;
  }

  /// In a cache line of its own.
  struct alignas(128) Next {
    std::atomic<std::uint64_t> spike{0};
  };

  ThreadTeam& team_;
  std::vector<BlockProgram> programs_;
  std::vector<std::unique_ptr<Part<Word>>> parts_;
  std::vector<Part<Word>*> all_;
  std::vector<PartResult> results_;
  std::vector<Next> next_;  ///< of the groups, each at its first thread
};

}  // namespace

void PartResult::clear() {
  fired.ids.clear();
  fired.potentials.clear();
  events = 0;
  inhibitory_events = 0;
  branches = {};
  spans.clear();
}

std::unique_ptr<CpuParts> make_cpu_parts(const NetworkData& network, ThreadTeam& team) {
  if (network.charge.accumulator_bits == 32U) {
    return std::make_unique<Parts<std::int32_t>>(network, team);
  }
  return std::make_unique<Parts<std::int64_t>>(network, team);
}

}  // namespace rheobase
