// SPDX-License-Identifier: Apache-2.0
#include "engine/backend.h"

#include <algorithm>
#include <chrono>

#include "model/signature.h"
#include "network/projections.h"
#include "platform/large_pages.h"

namespace rheobase {

namespace {

double now_us() {
  return std::chrono::duration<double, std::micro>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

PhaseClock::PhaseClock(bool on, std::uint64_t burst, std::uint32_t lane,
                       std::vector<ProfileSpan>& to)
    : on_(on), burst_(burst), lane_(lane), to_(to), mark_us_(on ? now_us() : 0.0) {}

void PhaseClock::done(const char* name) {
  if (on_) {
    const double now = now_us();
    to_.push_back({name, burst_, lane_, mark_us_, now - mark_us_});
    mark_us_ = now;
  }
}

State initial_state(const NetworkData& network) {
  State state;
  adapt_state(state, network);
  return state;
}

std::vector<ProjectionState> initial_projections(const NetworkData& network) {
  std::vector<ProjectionState> all;
  for (const LearningProjection& p : network.projections) {
    all.push_back(initial_projection(p));
  }
  return all;
}

void adapt_state(State& state, const NetworkData& network) {
  const std::size_t n = network.neuron_count;
  const std::size_t before = state.u.size();
  platform::resize_on_large_pages(state.u, n);
  const std::size_t known = std::min(n, network.first_potentials.size());
  if (before < known) {
    std::copy(network.first_potentials.begin() + static_cast<std::ptrdiff_t>(before),
              network.first_potentials.begin() + static_cast<std::ptrdiff_t>(known),
              state.u.begin() + static_cast<std::ptrdiff_t>(before));
  }
  platform::resize_on_large_pages(state.refractory_countdown, n);
  platform::resize_on_large_pages(state.fire_count, n);
  platform::resize_on_large_pages(state.snooze_countdown, n);
  platform::resize_on_large_pages(state.forget, n);
  for (std::size_t i = state.tables.size(); i < network.model_areas.size(); ++i) {
    const ModelArea& area = network.model_areas[i];
    StateTable& table = state.tables.emplace_back();
    table.area = area.area;
    for (const std::vector<float>& initial : area.numbers->initial) {
      table.columns.push_back(initial.size() == 1 ? std::vector<float>(area.count, initial[0])
                                                  : initial);
    }
  }
  for (std::size_t i = state.projections.size(); i < network.projections.size(); ++i) {
    state.projections.push_back(initial_projection(network.projections[i]));
  }
  state.fired.resize(network.max_delay());
  for (FireQueue& queue : state.fired) {
    queue.potentials.resize(network.potential_driven ? queue.ids.size() : 0, 0.0F);
  }
}

BatchRecorder::BatchRecorder(const NetworkData& network, std::shared_ptr<const RecordPlan> plan)
    : network_(network), plan_(std::move(plan)) {
  batch_.probes.resize(plan_->probes.size());
}

void BatchRecorder::burst(const State& state, BurstCounters counters) {
  const std::vector<NeuronId>& fired = state.fired.front().ids;
  const auto burst_low = static_cast<std::uint32_t>(state.burst);
  counters.burst = state.burst;
  counters.spikes = fired.size();
  for (const NeuronId id : fired) {
    counters.signature_a += model::signature_a(id, burst_low);
    counters.signature_b += model::signature_b(id, burst_low);
  }
  batch_.bursts.push_back(counters);

  // spikes of the recorded ranges; ranges do not overlap, so one sort restores the order
  const std::size_t begin = batch_.spike_ids.size();
  for (const IdRange& range : plan_->spikes) {
    const auto from = std::lower_bound(fired.begin(), fired.end(), range.first);
    const auto to = std::lower_bound(from, fired.end(), std::uint64_t{range.first} + range.count,
                                     [](NeuronId id, std::uint64_t end) { return id < end; });
    batch_.spike_ids.insert(batch_.spike_ids.end(), from, to);
  }
  if (plan_->spikes.size() > 1) {
    std::sort(batch_.spike_ids.begin() + static_cast<std::ptrdiff_t>(begin),
              batch_.spike_ids.end());
  }
  batch_.spike_begin.push_back(batch_.spike_ids.size());

  // probes that are due
  for (std::size_t i = 0; i < plan_->probes.size(); ++i) {
    const Probe& probe = plan_->probes[i];
    if (state.burst % probe.every != 0) {
      continue;
    }
    RecordBatch::ProbeSamples& samples = batch_.probes[i];
    samples.bursts.push_back(state.burst);
    samples.values.resize(samples.values.size() + probe.ids.count);
    sample(state, probe, samples.values.data() + samples.values.size() - probe.ids.count);
  }
}

void BatchRecorder::sample(const State& state, const Probe& probe, float* to) const {
  const NeuronId first = probe.ids.first;
  const std::uint32_t count = probe.ids.count;
  if (!probe.state.empty()) {
    if (const ModelArea* const area = network_.model_of(first); count != 0 && area != nullptr) {
      const auto table = static_cast<std::size_t>(area - network_.model_areas.data());
      const std::vector<float>& column =
          state.tables[table].columns[area->definition->state_named(probe.state)];
      std::copy_n(column.begin() + (first - area->first), count, to);
    }
    return;
  }
  const auto copy = [&](const auto& field) { std::copy_n(field.begin() + first, count, to); };
  switch (probe.field) {
    case Field::potential: {
      const float* const u = state.u.data() + first;
      const std::uint32_t* const class_of = network_.class_of.data() + first;
      const model::NeuronClass* const classes = network_.classes.data();
      for (std::uint32_t i = 0; i < count; ++i) {
        to[i] = model::add_rn(u[i], classes[class_of[i]].rest);
      }
      break;
    }
    case Field::refractory_countdown: copy(state.refractory_countdown); break;
    case Field::fire_count: copy(state.fire_count); break;
    case Field::snooze_countdown: copy(state.snooze_countdown); break;
  }
}

void BatchRecorder::add_spans(const std::vector<ProfileSpan>& spans) {
  batch_.spans.insert(batch_.spans.end(), spans.begin(), spans.end());
}

RecordBatch BatchRecorder::take() { return std::move(batch_); }

Ticket FinishedBatches::add(RecordBatch batch) {
  waiting_.emplace_back(next_, std::move(batch));
  return next_++;
}

RecordBatch FinishedBatches::take(Ticket ticket) {
  const auto place = std::find_if(waiting_.begin(), waiting_.end(),
                                  [&](const auto& entry) { return entry.first == ticket; });
  if (place == waiting_.end()) {
    return {};
  }
  RecordBatch batch = std::move(place->second);
  waiting_.erase(place);
  return batch;
}

FireQueue oldest_queue(State& state, std::uint32_t max_delay) {
  FireQueue queue;
  if (state.fired.size() == max_delay) {
    queue = std::move(state.fired.back());
    queue.ids.clear();
    queue.potentials.clear();
  }
  return queue;
}

void push_fire_queue(State& state, FireQueue queue, std::uint32_t max_delay) {
  state.fired.push_front(std::move(queue));
  state.fired.resize(max_delay);
}

}  // namespace rheobase
