// SPDX-License-Identifier: Apache-2.0
#include "server/burst_loop.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase::server {
namespace {

using Seconds = std::chrono::duration<double>;

Clock::duration ticks(double seconds) {
  return std::chrono::duration_cast<Clock::duration>(Seconds(seconds));
}

}  // namespace

void BurstLoop::throw_ended() { throw Error(ErrorCode::interrupted, "the server is ending."); }

std::unique_lock<std::mutex> BurstLoop::visit() const {
  ++visitors_;
  std::unique_lock lock(mutex_);
  --visitors_;
  return lock;
}

void BurstLoop::push(Task task) {
  {
    const auto lock = visit();
    if (ended_ || stop_) {
      throw_ended();
    }
    tasks_.push_back(std::move(task));
  }
  changed_.notify_all();
}

void BurstLoop::stop() {
  {
    const auto lock = visit();
    stop_ = true;
  }
  changed_.notify_all();
}

void BurstLoop::set_hz(double hz) {
  {
    const auto lock = visit();
    hz_ = std::clamp(hz, 0.01, 1e5);
    retimed_ = true;
  }
  changed_.notify_all();
}

void BurstLoop::sense(std::uint64_t channel, std::vector<AreaVoxels> frame) {
  const auto lock = visit();
  Channel& to = channels_[channel];
  ++counters_.frames;
  counters_.frames_replaced += !to.frame.empty() && to.fresh ? 1U : 0U;
  to.frame = std::move(frame);
  to.came = Clock::now();
  to.fresh = true;
  to.index = nullptr;
}

void BurstLoop::forget(std::uint64_t channel) {
  const auto lock = visit();
  channels_.erase(channel);
}

void BurstLoop::forget_all() {
  const auto lock = visit();
  channels_.clear();
}

LoopCounters BurstLoop::counters() const {
  const auto lock = visit();
  return counters_;
}

std::string BurstLoop::failure() const {
  const auto lock = visit();
  return failure_;
}

bool BurstLoop::wait_until(Clock::time_point due) {
  // tasks are done at once; the last stretch is slept without the lock, which wakes more exactly
  constexpr auto kExact = std::chrono::microseconds(200);
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, due - kExact, [&] { return stop_ || retimed_ || !tasks_.empty(); });
  if (stop_) {
    return false;
  }
  if (tasks_.empty() && !retimed_) {
    lock.unlock();
    std::this_thread::sleep_until(due);
  }
  return true;
}

bool BurstLoop::take_new_frequency() {
  const std::lock_guard lock(mutex_);
  return std::exchange(retimed_, false);
}

void BurstLoop::run_tasks() {
  std::vector<Task> todo;
  {
    const std::lock_guard lock(mutex_);
    todo.swap(tasks_);
  }
  for (const Task& task : todo) {
    task(brain_);
  }
}

void BurstLoop::set_plan(RunningBrain& brain) {
  const bool all = watch_all_;
  if (planned_ == brain.index && planned_all_ == all) {
    return;
  }
  RecordPlan plan;
  if (all) {
    plan.spikes.push_back({0, brain.engine.network().neuron_count()});
  } else {
    for (const IndexedArea& area : brain.index->areas()) {
      if (area.output || area.id == "X19fZGVhdGg=") {  // what motor agents hear of
        plan.spikes.push_back({area.first, area.count});
      }
    }
  }
  brain.engine.record(std::move(plan));
  planned_ = brain.index;
  planned_all_ = all;
}

void BurstLoop::log_input(const std::string& path) {
  log_.open(path, std::ios::binary | std::ios::trunc);
  if (!(log_ << "burst,area,x,y,z,potential\n" << std::flush)) {
    throw Error(ErrorCode::io, "cannot write " + quoted_name(path) + ". Name another file.");
  }
}

void BurstLoop::give(RunningBrain& brain, std::span<const NeuronId> ids,
                     std::span<const float> potentials) {
  brain.engine.inject(ids, potentials);
  if (!log_.is_open()) {
    return;
  }
  const Network& network = brain.engine.network();
  const std::string burst = number_text(brain.engine.burst() + 1) + ",";
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const Voxel voxel = network.voxel_of(ids[i]);
    log_ << burst << network.areas()[network.area_of(ids[i])].spec.file_id << ","
         << number_text(voxel.x) << "," << number_text(voxel.y) << "," << number_text(voxel.z)
         << "," << number_text(potentials[i]) << "\n";
  }
  if (!log_) {  // the disk is full: what is there can be replayed
    log_.close();
    throw Error(ErrorCode::io, "the log of input cannot be written on (is the disk full?).");
  }
}

void BurstLoop::inject(RunningBrain& brain) {
  constexpr double kFresh = 1.5;  // in bursts
  const std::lock_guard lock(mutex_);
  const Clock::time_point now = Clock::now();
  for (auto& [number, channel] : channels_) {
    if (channel.index != brain.index) {
      channel.index = brain.index;
      channel.held_ids.clear();
      channel.ids.clear();
      channel.held_potentials.clear();
      channel.potentials.clear();
      for (const AreaVoxels& voxels : channel.frame) {
        const IndexedArea* area = brain.index->find(voxels.area);
        if (area == nullptr) {
          continue;
        }
        for (std::size_t i = 0; i < voxels.p.size(); ++i) {
          if (const auto id = area->neuron_at({voxels.x[i], voxels.y[i], voxels.z[i]})) {
            (area->holds ? channel.held_ids : channel.ids).push_back(*id);
            (area->holds ? channel.held_potentials : channel.potentials).push_back(voxels.p[i]);
          }
        }
      }
    }
    give(brain, channel.held_ids, channel.held_potentials);
    if (channel.fresh || now - channel.came <= ticks(kFresh / hz_)) {
      give(brain, channel.ids, channel.potentials);
    }
    channel.fresh = false;
  }
}

void BurstLoop::run_burst() {
  RunningBrain& brain = *brain_;
  set_plan(brain);
  inject(brain);
  RunOptions options;
  options.batch = [&](const RecordBatch& batch) {
    burst_ = batch.bursts.back().burst;
    listener_(
        {batch.bursts.back().burst, batch.bursts.back().spikes, batch.spike_ids, *brain.index});
  };
  brain.engine.run(1, options);
}

void BurstLoop::live() {
  Clock::time_point due = Clock::now();
  while (wait_until(due)) {
    while (visitors_ != 0) {
      std::this_thread::yield();
    }
    run_tasks();
    if (take_new_frequency()) {
      due = std::min(due, Clock::now() + ticks(1.0 / hz_));
    }
    if (Clock::now() < due) {
      continue;
    }
    const auto period = ticks(1.0 / hz_);
    if (brain_ == nullptr) {
      constexpr auto kIdle = std::chrono::milliseconds(50);
      due = Clock::now() + kIdle;
      continue;
    }
    try {
      run_burst();
      const std::lock_guard lock(mutex_);
      failure_.clear();
    } catch (const std::exception& error) {
      const std::lock_guard lock(mutex_);
      failure_ = error.what();
      brain_ = nullptr;
    }
    // times are absolute; bursts whose time has passed do not happen
    due += period;
    const Clock::time_point now = Clock::now();
    const std::lock_guard lock(mutex_);
    ++counters_.bursts;
    if (now > due) {
      const auto missed = static_cast<std::uint64_t>((now - due) / period);
      ++counters_.late;
      counters_.skipped += missed;
      due += period * static_cast<Clock::rep>(missed);
    }
  }
  // promises of what is left are broken, and whoever waits hears of it
  const std::lock_guard lock(mutex_);
  ended_ = true;
  tasks_.clear();
}

}  // namespace rheobase::server
