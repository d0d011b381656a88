// SPDX-License-Identifier: Apache-2.0
#include "backends/wgpu/burst_encoder.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "model/step_time.h"

namespace rheobase::wgpu {
namespace {

constexpr std::uint32_t kMostGroups = 65535;  ///< per dimension of a dispatch

static_assert(kFirstKind == rheobase::kFirstKind, "codes are those of the network");
static_assert(sizeof(Burst) <= 128, "every driver has so many bytes of immediates");

[[nodiscard]] std::uint64_t number_of(const Burst& burst) {
  return std::uint64_t{burst.high} << 32U | burst.low;
}

}  // namespace

BurstEncoder::BurstEncoder(Gpu& gpu, const Tuning& tuning, bool integer_arithmetic, bool drives,
                           const NetworkData& network, const DeviceSynapses& synapses,
                           const DeviceNeurons& neurons, const DeviceLearning& learning)
    : gpu_(gpu),
      tuning_(tuning),
      integer_arithmetic_(integer_arithmetic),
      drives_(drives),
      synapses_(synapses),
      neurons_(neurons),
      learning_(learning),
      nothing_(gpu.storage("nothing", 16)) {
  choose_programs(network, false);
  const std::uint32_t seen = shards_seen(tuning_.index);
  const auto dispatches =
      (static_cast<std::uint32_t>(synapses_.shards().size()) + seen - 1U) / seen;
  for (std::uint32_t d = 0; d < std::max(dispatches, 1U); ++d) {
    uniforms_.push_back(gpu_.buffer("parameters", sizeof(Params),
                                    WGPUBufferUsage_Uniform | WGPUBufferUsage_CopyDst));
  }
  write_params(network);
}

void BurstEncoder::choose_programs(const NetworkData& network, bool count_branches) {
  variant_ = choose_variant(gpu_.facts(), network, synapses_, tuning_, integer_arithmetic_);
  variant_.drives = drives_;
  variant_.count_branches = count_branches;
  programs_ = make_programs(gpu_, variant_);
}

void BurstEncoder::count_branches(bool count) {
  if (variant_.count_branches != count) {
    variant_.count_branches = count;
    programs_ = make_programs(gpu_, variant_);
  }
}

void BurstEncoder::take(const NetworkData& edited) {
  write_params(edited);
  choose_programs(edited, variant_.count_branches);
}

void BurstEncoder::write_params(const NetworkData& network) {
  Params p;
  synapses_.describe(p);
  neurons_.describe(p);
  p.quantum_bits = network.charge.quantum_bits;
  p.event_bits = network.charge.event_bits;
  p.one_event = network.counts_candidates ? 1U : 0U;
  p.rounded_psp = network.rules.rounded_psp ? 1U : 0U;
  p.sweep_from = sweep_from(network.neuron_count);
  const std::uint64_t seen = std::uint64_t{shards_seen(tuning_.index)} << synapses_.shard_shift();
  for (std::size_t d = 0; d < uniforms_.size(); ++d) {
    p.shard_first = static_cast<std::uint32_t>(d * seen);
    p.shard_last = static_cast<std::uint32_t>(
        std::min<std::uint64_t>((d + 1) * seen, std::uint64_t{1} << 32U) - 1U);
    p.first_dispatch = d == 0 ? 1U : 0U;
    gpu_.write(uniforms_[d], 0, &p, sizeof(p));
  }
  params_ = p;
  dt_ms_ = network.dt_ms;
}

std::uint32_t BurstEncoder::sweep_from(std::uint32_t neuron_count) const {
  switch (tuning_.delivery) {
    case Tuning::Delivery::push: return std::numeric_limits<std::uint32_t>::max();
    case Tuning::Delivery::sweep: return 1;
    default: break;
  }
  // where nearly all fire, fixed pieces share the work out better than rows do
  constexpr std::uint32_t kDensePercent = 90;
  return std::max<std::uint32_t>(
      1, static_cast<std::uint32_t>(std::uint64_t{neuron_count} * kDensePercent / 100U));
}

// Places in the lists are the numbers of the bindings: see layout.h.

void BurstEncoder::bind_results(const Buffer& results) {
  const std::vector<Buffer>& shards = synapses_.shards();
  deliver_groups_.clear();
  tile_groups_.clear();
  for (std::size_t d = 0; d < uniforms_.size(); ++d) {
    std::vector<const Buffer*> buffers{
        &uniforms_[d], &neurons_.accumulators, nullptr,  nullptr,
        nullptr,       &neurons_.fired,        &results, &synapses_.index()};
    const std::size_t seen = variant_.one_shard ? 1U : shards_seen(tuning_.index);
    for (std::size_t s = d * seen; s < (d + 1U) * seen; ++s) {
      buffers.push_back(s < shards.size() ? &shards[s] : &nothing_);
    }
    for (const Buffer& table : synapses_.hash_table()) {
      buffers.push_back(&table);
    }
    deliver_groups_.push_back(gpu_.bind(*programs_.deliver, buffers));
    if (variant_.tiled) {
      tile_groups_.push_back(gpu_.bind(*programs_.deliver_tile, buffers));
    }
  }
  std::vector<const Buffer*> update{&uniforms_[0],    &neurons_.accumulators, &neurons_.states,
                                    &neurons_.extras, &neurons_.neurons,      &neurons_.fired,
                                    &results};
  update_group_ = gpu_.bind(*programs_.update, update);
  if (variant_.deliver_now) {
    update.push_back(&synapses_.index());
    update.push_back(shards.data());
    update_and_deliver_group_ = gpu_.bind(*programs_.update_and_deliver, update);
  }
  const std::array<const Buffer*, 15> learn{&uniforms_[0],     &neurons_.accumulators,
                                            nullptr,           nullptr,
                                            nullptr,           &neurons_.fired,
                                            &results,          nullptr,
                                            nullptr,           nullptr,
                                            nullptr,           nullptr,
                                            nullptr,           &learning_.wiring,
                                            &learning_.learned};
  arriving_.clear();
  learners_.clear();
  const auto learner = [&](const std::string& text) {
    const Pipeline& pipeline = make_learning(gpu_, variant_, text);
    return Learner{&pipeline, gpu_.bind(pipeline, learn)};
  };
  for (std::size_t i = 0; i < learning_.count(); ++i) {
    arriving_.push_back(learner(learning_.arriving_text(i)));
    learners_.push_back(learner(learning_.learning_text(i)));
  }
  const std::array<const Buffer*, 7> sample{&uniforms_[0],    nullptr,           &neurons_.states,
                                            &neurons_.extras, &neurons_.neurons, nullptr,
                                            &results};
  sample_group_ = gpu_.bind(*programs_.sample, sample);
}

void BurstEncoder::bind_injections(const Buffer& injections) {
  std::array<const Buffer*, 13> inject{};
  inject[0] = uniforms_.data();
  inject[3] = &neurons_.extras;
  inject[12] = &injections;
  inject_group_ = gpu_.bind(*programs_.inject, inject);
}

Way BurstEncoder::choose_way(std::uint64_t recent_spikes) const {
  if (variant_.tiled && recent_spikes >= synapses_.tiles().pay_from()) {
    return Way::tiles;
  }
  return variant_.deliver_now ? Way::at_once : Way::listed;
}

std::uint32_t BurstEncoder::most_dispatches(const RecordPlan& plan) const {
  return static_cast<std::uint32_t>(deliver_groups_.size()) * synapses_.tiles().count() + 2U +
         3U * static_cast<std::uint32_t>(learning_.count()) +
         static_cast<std::uint32_t>(plan.probes.size());
}

CommandBuffer BurstEncoder::encode(const Submission& submission, std::uint32_t from,
                                   std::uint32_t to) const {
  const ResultLayout& layout = submission.layout;
  CommandEncoder commands = gpu_.encoder();
  if (from == 0) {
    api().CommandEncoderClearBuffer(commands.get(), submission.results.handle.get(),
                                    4U * std::uint64_t{layout.begin()},
                                    4U * std::uint64_t{layout.bursts()} * kCounterWords);
  }
  PassRecorder pass(commands.get(), submission.times);
  for (std::uint32_t i = from; i < to; ++i) {
    encode_burst(pass, submission, i);
  }
  pass.end();
  if (submission.times != nullptr) {
    submission.times->resolve(commands.get());
  }
  if (to == layout.bursts()) {
    api().CommandEncoderCopyBufferToBuffer(
        commands.get(), submission.results.handle.get(), 4U * std::uint64_t{layout.begin()},
        submission.staging.handle.get(), 0, 4U * std::uint64_t{layout.words()});
  }
  return gpu_.finish(std::move(commands));
}

Burst BurstEncoder::describe(const Submission& submission, std::uint32_t i) const {
  const ResultLayout& layout = submission.layout;
  const std::vector<std::uint64_t>& injections = submission.request.injection_begin;
  const std::size_t index = std::size_t{submission.first} + i;
  const std::uint64_t t = layout.first_burst() + i;
  Burst burst;
  burst.low = static_cast<std::uint32_t>(t);
  burst.high = static_cast<std::uint32_t>(t >> 32U);
  burst.time = model::time_of(t, dt_ms_, 0);
  burst.time_middle = model::time_of(t, dt_ms_, 1);
  burst.time_end = model::time_of(t, dt_ms_, 2);
  burst.slot = neurons_.slot_of(t);
  burst.counters_at = layout.counters_at(i);
  burst.record_at = layout.record_at(i);
  burst.record_first = submission.window.first_word();
  burst.record_count = submission.window.words();
  burst.injection_begin = static_cast<std::uint32_t>(injections[index]);
  burst.injection_count = static_cast<std::uint32_t>(injections[index + 1]) - burst.injection_begin;
  burst.flags = (submission.window.plan().branches ? kCountBranches : 0U) |
                (burst.injection_count != 0U ? kHasInjections : 0U);
  burst.sums_at = variant_.deliver_now ? neurons_.sums_of(t) : 0U;
  // with delivery at once, the first burst still finds what fired before it listed, and the last
  // one lists what fires, so that an edit or a state may come between
  if (submission.way == Way::at_once && i + 1U < layout.bursts()) {
    burst.flags |= kDeliverNow;
    burst.next_sums_at = neurons_.sums_of(t + 1U);
    burst.next_counters_at = layout.counters_at(i + 1U);
  }
  return burst;
}

void BurstEncoder::encode_burst(PassRecorder& pass, const Submission& submission,
                                std::uint32_t i) const {
  Burst burst = describe(submission, i);
  if (submission.way == Way::tiles) {
    for (burst.tile = 0; burst.tile < synapses_.tiles().count(); ++burst.tile) {
      encode_delivery(pass, *programs_.deliver_tile, tile_groups_, burst);
    }
  } else if (submission.way == Way::listed || i == 0U) {
    encode_delivery(pass, *programs_.deliver, deliver_groups_, burst);
  }
  encode_arrivals(pass, burst);
  if (burst.injection_count != 0U) {
    constexpr std::uint32_t kWorkgroup = 64;
    const std::uint32_t groups = (burst.injection_count + kWorkgroup - 1U) / kWorkgroup;
    pass.dispatch("inject", number_of(burst), *programs_.inject, inject_group_, burst,
                  std::min(groups, 4096U), 1);
  }
  encode_step(pass, burst);
  encode_changes(pass, burst);
  for (const ResultLayout::Taken& taken : submission.layout.samples(i)) {
    constexpr std::uint32_t kWorkgroup = 256;
    pass.dispatch("record", number_of(burst), *programs_.sample, sample_group_, taken.sample,
                  std::min((taken.sample.count + kWorkgroup - 1U) / kWorkgroup, 4096U), 1);
  }
}

void BurstEncoder::encode_delivery(PassRecorder& pass, const Pipeline& program,
                                   const std::vector<BindGroup>& groups, const Burst& burst) const {
  for (const BindGroup& group : groups) {
    pass.dispatch("deliver", number_of(burst), program, group, burst, variant_.deliver_groups, 1);
  }
}

void BurstEncoder::encode_arrivals(PassRecorder& pass, const Burst& burst) const {
  const std::uint64_t t = number_of(burst);
  for (std::size_t i = 0; i < learning_.count(); ++i) {
    encode_learning(
        pass, burst,
        {"arrive", &arriving_[i], learning_.arriving(i), t, learning_.projection(i).delay, 0U});
  }
}

void BurstEncoder::encode_changes(PassRecorder& pass, const Burst& burst) const {
  const std::uint64_t t = number_of(burst);
  for (std::size_t i = 0; i < learning_.count(); ++i) {
    const LearningProjection& p = learning_.projection(i);
    const bool apart = p.spike_lag() != p.change_lag();
    if (apart) {
      encode_learning(
          pass, burst,
          {"learn", &learners_[i], learning_.learning(i), t, p.spike_lag(), kNoChanges});
    }
    encode_learning(pass, burst,
                    {"learn", &learners_[i], learning_.learning(i), p.change_time(t),
                     p.change_lag(), apart ? std::uint32_t{kNoSpikes} : 0U});
  }
}

void BurstEncoder::encode_learning(PassRecorder& pass, const Burst& burst,
                                   const LearningStep& step) const {
  Learning l = step.place;
  l.low = static_cast<std::uint32_t>(step.time);
  l.high = static_cast<std::uint32_t>(step.time >> 32U);
  l.time = model::time_of(step.time, dt_ms_, 0);
  l.time_middle = model::time_of(step.time, dt_ms_, 1);
  l.time_end = model::time_of(step.time, dt_ms_, 2);
  // before the first burst nothing has fired, and the queues are empty
  const std::uint64_t fired = number_of(burst) + params_.slots - step.lag;
  l.mask_at = neurons_.slot_of(fired) * params_.slot_words + params_.mask_at;
  l.sums_at = burst.sums_at;
  l.counters_at = burst.counters_at;
  l.flags = burst.flags | step.flags;
  const std::uint32_t groups = (l.count + kLearners - 1U) / kLearners;
  const std::uint32_t rows = (groups + kMostGroups - 1U) / kMostGroups;
  if (groups != 0U) {
    pass.dispatch(step.name, number_of(burst), *step.learner->pipeline, step.learner->group, l,
                  (groups + rows - 1U) / rows, rows);
  }
}

void BurstEncoder::encode_step(PassRecorder& pass, const Burst& burst) const {
  const std::uint32_t per_group = variant_.update_workgroup * variant_.neurons_per_thread;
  const std::uint32_t groups = (params_.neuron_count + per_group - 1U) / per_group;
  if (groups == 0U) {
    return;
  }
  const bool deliver_now = (burst.flags & kDeliverNow) != 0U;
  const std::uint32_t rows = (groups + kMostGroups - 1U) / kMostGroups;
  pass.dispatch(deliver_now ? "step, deliver" : "step", number_of(burst),
                deliver_now ? *programs_.update_and_deliver : *programs_.update,
                deliver_now ? update_and_deliver_group_ : update_group_, burst,
                (groups + rows - 1U) / rows, rows);
}

}  // namespace rheobase::wgpu
