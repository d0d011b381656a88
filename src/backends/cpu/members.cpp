// SPDX-License-Identifier: Apache-2.0
#include "backends/cpu/members.h"

#include <algorithm>
#include <atomic>
#include <string>
#include <unordered_map>
#include <utility>

#include "backends/cpu/cpu.h"
#include "backends/cpu/thread_team.h"
#include "model/random.h"
#include "model/signature.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

/// A member as the whole needs it: with as many fire queues, and potentials at firing if any member
/// wants them. Copies share one.
class Fitter {
 public:
  explicit Fitter(const NetworkData& joined) : joined_(joined) {}

  NetworkPointer fit(const NetworkPointer& member) {
    if (member->potential_driven == joined_.potential_driven &&
        member->max_delay() == joined_.max_delay()) {
      return member;
    }
    NetworkPointer& fitted = fitted_[member.get()];
    if (fitted == nullptr) {
      auto data = std::make_shared<NetworkData>(*member);
      data->potential_driven = joined_.potential_driven;
      data->least_queues = joined_.max_delay();
      fitted = std::move(data);
    }
    return fitted;
  }

 private:
  const NetworkData& joined_;
  std::unordered_map<const NetworkData*, NetworkPointer> fitted_;
};

/// The drives that draw for a member, with its own ids.
std::vector<model::CompiledDrive> drives_of(const BackendSetup& setup, const Member& member) {
  std::vector<model::CompiledDrive> drives;
  for (const model::CompiledDrive& drive : setup.drives) {
    if (drive.origin == member.first) {
      drives.push_back(drive);
      drives.back().first -= member.first;
      drives.back().origin = 0;
    }
  }
  return drives;
}

IdRange within(const IdRange& range, const Member& member) {
  const std::uint64_t begin = std::max<std::uint64_t>(range.first, member.first);
  const std::uint64_t end = std::min(std::uint64_t{range.first} + range.count,
                                     std::uint64_t{member.first} + member.count);
  if (begin >= end) {
    return {0, 0};
  }
  return {static_cast<NeuronId>(begin - member.first), static_cast<std::uint32_t>(end - begin)};
}

/// What a member records: all its spikes, for the signature, and its part of the probes.
std::shared_ptr<const RecordPlan> plan_of(const RecordPlan& plan, const Member& member) {
  auto own = std::make_shared<RecordPlan>(plan);
  own->spikes = {{0, member.count}};
  for (Probe& probe : own->probes) {
    probe.ids = within(probe.ids, member);
  }
  return own;
}

BurstRequest request_of(const BurstRequest& all, const NetworkData& joined, const Member& member) {
  const std::uint32_t first = joined.target_of(member.first);
  const std::uint32_t behind = joined.target_of(member.first + member.count);
  BurstRequest own;
  own.bursts = all.bursts;
  own.profile = all.profile;
  own.plan = plan_of(*all.plan, member);
  own.injection_begin.assign(all.bursts + 1U, 0);
  for (std::uint32_t i = 0; i < all.bursts; ++i) {
    const auto targets = all.injection_targets.begin();
    const auto end = targets + static_cast<std::ptrdiff_t>(all.injection_begin[i + 1]);
    auto target =
        std::lower_bound(targets + static_cast<std::ptrdiff_t>(all.injection_begin[i]), end, first);
    for (; target != end && *target < behind; ++target) {
      own.injection_targets.push_back(*target - first);
      own.injection_values.push_back(
          all.injection_values[static_cast<std::size_t>(target - targets)]);
    }
    own.injection_begin[i + 1] = own.injection_targets.size();
  }
  return own;
}

/// Gives a member's batch the ids and the signature of the whole; keeps the spikes of `recorded`,
/// ascending ranges of the whole.
void globalise(RecordBatch& batch, const Member& member, const std::vector<IdRange>& recorded) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < batch.bursts.size(); ++i) {
    BurstCounters& burst = batch.bursts[i];
    const auto low = static_cast<std::uint32_t>(burst.burst);
    burst.signature_a = 0;
    burst.signature_b = 0;
    auto range = recorded.begin();
    const std::uint64_t end = batch.spike_begin[i + 1];
    for (std::uint64_t s = std::exchange(batch.spike_begin[i], kept); s < end; ++s) {
      const NeuronId id = batch.spike_ids[s] + member.first;
      burst.signature_a += model::signature_a(id, low);
      burst.signature_b += model::signature_b(id, low);
      while (range != recorded.end() && std::uint64_t{range->first} + range->count <= id) {
        ++range;
      }
      if (range != recorded.end() && id >= range->first) {
        batch.spike_ids[kept++] = id;
      }
    }
  }
  batch.spike_begin.back() = kept;
  batch.spike_ids.resize(kept);
}

class Members final : public Backend {
 public:
  explicit Members(const BackendSetup& setup)
      : network_(setup.network),
        team_(std::min<std::uint32_t>(setup.threads,
                                      static_cast<std::uint32_t>(setup.network->members.size())),
              setup.fewer_threads_will_do) {
    BackendSetup own = setup;
    own.threads = std::max(setup.threads / team_.size(), 1U);
    Fitter fitter(*network_);
    for (const Member& member : network_->members) {
      own.network = fitter.fit(member.data);
      own.drives = drives_of(setup, member);
      own.seeds = {setup.seeds[backends_.size() % setup.seeds.size()]};
      data_.push_back(own.network);
      backends_.push_back(make_cpu_backend(own));
    }
    threads_ = team_.size() * own.threads;
  }

  [[nodiscard]] std::string describe() const override {
    return "cpu --threads " + number_text(threads_);
  }

  Ticket submit(BurstRequest request) override {
    std::vector<IdRange> recorded = request.plan->spikes;
    std::sort(recorded.begin(), recorded.end(),
              [](const IdRange& a, const IdRange& b) { return a.first < b.first; });
    std::vector<RecordBatch> batches(backends_.size());
    std::atomic<std::size_t> next{0};
    team_.run([&](std::uint32_t thread) {
      for (std::size_t i = next++; i < backends_.size(); i = next++) {
        const Member& member = network_->members[i];
        batches[i] =
            backends_[i]->poll(backends_[i]->submit(request_of(request, *network_, member)), true);
        globalise(batches[i], member, recorded);
        for (ProfileSpan& span : batches[i].spans) {
          span.lane += thread * (threads_ / team_.size());
        }
      }
    });
    return finished_.add(merged(batches));
  }
  RecordBatch poll(Ticket ticket, bool /*wait*/) override { return finished_.take(ticket); }

  [[nodiscard]] State read_state() override {
    State all;
    all.fired.resize(network_->max_delay());
    const auto append = [](auto& to, const auto& from) {
      to.insert(to.end(), from.begin(), from.end());
    };
    for (std::size_t i = 0; i < backends_.size(); ++i) {
      const State own = backends_[i]->read_state();
      all.burst = own.burst;
      append(all.u, own.u);
      append(all.refractory_countdown, own.refractory_countdown);
      append(all.fire_count, own.fire_count);
      append(all.snooze_countdown, own.snooze_countdown);
      append(all.forget, own.forget);
      for (const StateTable& table : own.tables) {
        all.tables.push_back(table);
        all.tables.back().area += network_->members[i].first_area;
      }
      append(all.projections, own.projections);
      for (std::size_t d = 0; d < all.fired.size(); ++d) {
        for (const NeuronId id : own.fired[d].ids) {
          all.fired[d].ids.push_back(id + network_->members[i].first);
        }
        append(all.fired[d].potentials, own.fired[d].potentials);
      }
    }
    return all;
  }

  void write_state(const State& all) override {
    auto learned = all.projections.begin();
    for (std::size_t i = 0; i < backends_.size(); ++i) {
      const Member& member = network_->members[i];
      State own;
      own.burst = all.burst;
      const auto slice = [&](auto& to, const auto& from) {
        to.assign(from.begin() + member.first, from.begin() + member.first + member.count);
      };
      slice(own.u, all.u);
      slice(own.refractory_countdown, all.refractory_countdown);
      slice(own.fire_count, all.fire_count);
      slice(own.snooze_countdown, all.snooze_countdown);
      slice(own.forget, all.forget);
      for (const StateTable& table : all.tables) {
        if (table.area - member.first_area < member.area_count) {
          own.tables.push_back(table);
          own.tables.back().area -= member.first_area;
        }
      }
      const auto learning = static_cast<std::ptrdiff_t>(data_[i]->projections.size());
      own.projections.assign(learned, learned + learning);
      learned += learning;
      for (const FireQueue& queue : all.fired) {
        FireQueue part;
        const auto begin = std::lower_bound(queue.ids.begin(), queue.ids.end(), member.first);
        for (auto id = begin; id != queue.ids.end() && *id - member.first < member.count; ++id) {
          part.ids.push_back(*id - member.first);
          if (!queue.potentials.empty()) {
            part.potentials.push_back(
                queue.potentials[static_cast<std::size_t>(id - queue.ids.begin())]);
          }
        }
        own.fired.push_back(std::move(part));
      }
      backends_[i]->write_state(own);
    }
  }

  void apply(NetworkPointer edited) override {
    network_ = std::move(edited);
    Fitter fitter(*network_);
    for (std::size_t i = 0; i < backends_.size(); ++i) {
      const NetworkPointer data = fitter.fit(network_->members[i].data);
      if (data != data_[i]) {
        data_[i] = data;
        backends_[i]->apply(data);
      }
    }
  }

 private:
  /// All members' batches as one; they hold the same bursts.
  static RecordBatch merged(const std::vector<RecordBatch>& batches) {
    RecordBatch all;
    all.bursts.resize(batches.front().bursts.size());
    for (std::size_t i = 0; i < all.bursts.size(); ++i) {
      BurstCounters& sum = all.bursts[i];
      sum.burst = batches.front().bursts[i].burst;
      for (const RecordBatch& batch : batches) {
        const BurstCounters& own = batch.bursts[i];
        sum.spikes += own.spikes;
        sum.events += own.events;
        sum.signature_a += own.signature_a;
        sum.signature_b += own.signature_b;
        sum.inhibitory_events += own.inhibitory_events;
        for (std::size_t b = 0; b < kBranchCount; ++b) {
          sum.branches[b] += own.branches[b];
        }
        const auto ids = batch.spike_ids.begin();
        all.spike_ids.insert(all.spike_ids.end(),
                             ids + static_cast<std::ptrdiff_t>(batch.spike_begin[i]),
                             ids + static_cast<std::ptrdiff_t>(batch.spike_begin[i + 1]));
      }
      all.spike_begin.push_back(all.spike_ids.size());
    }
    all.probes.resize(batches.front().probes.size());
    for (std::size_t p = 0; p < all.probes.size(); ++p) {
      RecordBatch::ProbeSamples& to = all.probes[p];
      to.bursts = batches.front().probes[p].bursts;
      for (std::size_t sample = 0; sample < to.bursts.size(); ++sample) {
        for (const RecordBatch& batch : batches) {
          const std::vector<float>& values = batch.probes[p].values;
          const std::size_t each = values.size() / to.bursts.size();
          const auto from = values.begin() + static_cast<std::ptrdiff_t>(sample * each);
          to.values.insert(to.values.end(), from, from + static_cast<std::ptrdiff_t>(each));
        }
      }
    }
    for (const RecordBatch& batch : batches) {
      all.spans.insert(all.spans.end(), batch.spans.begin(), batch.spans.end());
    }
    return all;
  }

  NetworkPointer network_;
  ThreadTeam team_;
  std::uint32_t threads_ = 1;
  std::vector<NetworkPointer> data_;  ///< of each member, fitted
  std::vector<std::unique_ptr<Backend>> backends_;
  FinishedBatches finished_;
};

}  // namespace

std::unique_ptr<Backend> make_members_backend(const BackendSetup& setup) {
  return std::make_unique<Members>(setup);
}

}  // namespace rheobase
