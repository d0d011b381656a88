// SPDX-License-Identifier: Apache-2.0
#include "backends/cpu/learning.h"

#include <algorithm>
#include <atomic>

#include "backends/cpu/end_traces.h"
#include "platform/float_mode.h"

namespace rheobase {

/// Some neighbouring synapses of one source, or of one target's column.
struct Stretch {
  std::uint32_t first = 0;  ///< of the row's synapses, or in the column
  std::uint32_t count = 0;
  std::uint32_t neuron = 0;
};

/// What a thread needs: a block of synapses, as stretches, and its numbers.
struct CpuLearning::Lanes : SynapseLanes {
  std::vector<Stretch> stretches;
  std::uint32_t count = 0;
};

/// A projection with its programs.
class CpuLearning::Prepared {
 public:
  Prepared(const LearningProjection& p, double dt_ms)
      : p_(p),
        dt_ms_(dt_ms),
        on_pre_(*p.definition->on_pre, p_.numbers->on_pre),
        on_post_(*p.definition->on_post, p_.numbers->on_post),
        pre_(*p.definition->pre_now, p_.numbers->pre_now, *p.definition->pre_spike,
             p_.numbers->pre_spike, p.pre_first, p.pre_count, dt_ms),
        post_(*p.definition->post_now, p_.numbers->post_now, *p.definition->post_spike,
              p_.numbers->post_spike, p.post_first, p.post_count, dt_ms),
        sent_(p.definition->sends_weight ? 0U : p.rows->synapses()) {
    for (const SynapseDefinition::Trace& trace : p.definition->traces) {
      columns_.push_back(trace.of_post ? of_post_++ : of_pre_++);
    }
  }

  [[nodiscard]] const LearningProjection& projection() const { return p_; }
  [[nodiscard]] const std::vector<float>& sent() const { return sent_; }

  /// Whether synapses ask for the traces of the other end when one of them fired.
  [[nodiscard]] bool asks(bool arriving) const {
    const SharedProgram& program = arriving ? on_pre_ : on_post_;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (p_.definition->traces[i].of_post == arriving && program.reads(i)) {
        return changes(arriving);
      }
    }
    return false;
  }
  /// Neurons of the other end.
  [[nodiscard]] std::uint32_t others(bool arriving) const {
    return arriving ? p_.post_count : p_.pre_count;
  }
  /// Works out the traces of some neurons of the other end.
  void work_out(bool arriving, std::uint32_t first, std::uint32_t count,
                const ProjectionState& state, std::uint64_t t, Lanes& lanes) {
    if (arriving) {
      post_.work_out(first, count, state.post_traces, state.post_spiked, t, lanes);
    } else {
      pre_.work_out(first, count, state.pre_traces, state.pre_spiked, t, lanes);
    }
  }

  /// Spikes of these sources arrive.
  void arrive(std::span<const NeuronId> fired, ProjectionState& state, std::uint64_t t,
              Lanes& lanes) {
    if (changes(true)) {
      pre_.work_out(fired, state.pre_traces, state.pre_spiked, t, lanes);
      for_each_stretch(fired, p_.pre_first, p_.rows->row_begin, lanes,
                       [&] { change_rows(state, t, lanes); });
    }
    pre_.spike(fired, state.pre_traces, state.pre_spiked, t, lanes);
  }

  /// Spikes of these targets change synapses.
  void learn(std::span<const NeuronId> fired, ProjectionState& state, std::uint64_t t,
             Lanes& lanes) {
    if (changes(false)) {
      post_.work_out(fired, state.post_traces, state.post_spiked, t, lanes);
      for_each_stretch(fired, p_.post_first, p_.rows->column_begin, lanes,
                       [&] { change_columns(state, t, lanes); });
    }
  }

  /// And count as such.
  void spike_targets(std::span<const NeuronId> fired, ProjectionState& state, std::uint64_t t,
                     Lanes& lanes) {
    post_.spike(fired, state.post_traces, state.post_spiked, t, lanes);
  }

 private:
  [[nodiscard]] bool changes(bool arriving) const {
    const SynapseDefinition& d = *p_.definition;
    return arriving ? d.changes_on_pre || !d.sends_weight : d.changes_on_post;
  }

  /// Cuts rows or columns into blocks, and calls change() for each.
  template <class Change>
  static void for_each_stretch(std::span<const NeuronId> fired, NeuronId first,
                               const std::vector<std::uint32_t>& begin, Lanes& lanes,
                               Change change) {
    const auto flush = [&] {
      if (lanes.count != 0) {
        change();
      }
      lanes.stretches.clear();
      lanes.count = 0;
    };
    for (const NeuronId id : fired) {
      const std::uint32_t neuron = id - first;
      std::uint32_t at = begin[neuron];
      while (at < begin[neuron + 1U]) {
        const std::uint32_t n = std::min(begin[neuron + 1U] - at, kBlock - lanes.count);
        lanes.stretches.push_back({at, n, neuron});
        lanes.count += n;
        at += n;
        if (lanes.count == kBlock) {
          flush();
        }
      }
    }
    flush();
  }

  /// The block holds stretches of rows: synapses lie side by side.
  void change_rows(ProjectionState& state, std::uint64_t t, Lanes& lanes) {
    for (std::size_t c = 0; c < state.synapses.size(); ++c) {
      float* to = lanes.state(c);
      for (const Stretch& s : lanes.stretches) {
        to = std::copy_n(state.synapses[c].data() + s.first, s.count, to);
      }
    }
    const std::uint32_t* const post = p_.rows->post.data();
    const auto per_source = [&](float* to, auto value) {
      for (const Stretch& s : lanes.stretches) {
        to = std::fill_n(to, s.count, value(s.neuron));
      }
    };
    const auto per_target = [&](float* to, auto value) {
      for (const Stretch& s : lanes.stretches) {
        for (std::uint32_t i = 0; i < s.count; ++i) {
          to[i] = value(post[s.first + i]);
        }
        to += s.count;
      }
    };
    fill_ports(on_pre_, state, t, lanes, per_source, per_target);
    on_pre_.run(lanes.count, lanes, t, dt_ms_);
    for (std::size_t c = 0; c < on_pre_.states(); ++c) {
      const float* from = lanes.state(c);
      float* const to = c < state.synapses.size() ? state.synapses[c].data() : sent_.data();
      for (const Stretch& s : lanes.stretches) {
        std::copy_n(from, s.count, to + s.first);
        from += s.count;
      }
    }
  }

  /// The block holds stretches of columns: synapses lie apart.
  void change_columns(ProjectionState& state, std::uint64_t t, Lanes& lanes) {
    const std::uint32_t* const column = p_.rows->column.data();
    const auto per_synapse = [&](float* to, auto value) {
      for (const Stretch& s : lanes.stretches) {
        for (std::uint32_t i = 0; i < s.count; ++i) {
          to[i] = value(column[s.first + i]);
        }
        to += s.count;
      }
    };
    for (std::size_t c = 0; c < state.synapses.size(); ++c) {
      per_synapse(lanes.state(c),
                  [from = state.synapses[c].data()](std::uint32_t s) { return from[s]; });
    }
    const auto per_source = [&](float* to, auto value) {
      per_synapse(to, [&](std::uint32_t s) { return value(p_.rows->pre_of(s)); });
    };
    const auto per_target = [&](float* to, auto value) {
      for (const Stretch& s : lanes.stretches) {
        to = std::fill_n(to, s.count, value(s.neuron));
      }
    };
    fill_ports(on_post_, state, t, lanes, per_source, per_target);
    on_post_.run(lanes.count, lanes, t, dt_ms_);
    for (std::size_t c = 0; c < state.synapses.size(); ++c) {
      const float* from = lanes.state(c);
      float* const to = state.synapses[c].data();
      for (const Stretch& s : lanes.stretches) {
        for (std::uint32_t i = 0; i < s.count; ++i) {
          to[column[s.first + i]] = *from++;
        }
      }
    }
  }

  /// What a program reads of both ends.
  template <class PerSource, class PerTarget>
  void fill_ports(const SharedProgram& program, const ProjectionState& state, std::uint64_t t,
                  Lanes& lanes, PerSource per_source, PerTarget per_target) const {
    std::size_t port = 0;
    for (; port < columns_.size(); ++port) {
      const bool of_post = p_.definition->traces[port].of_post;
      const float* const now = of_post ? post_.values(columns_[port]) : pre_.values(columns_[port]);
      const auto value = [now](std::uint32_t neuron) { return now[neuron]; };
      if (program.reads(port) && of_post) {
        per_target(lanes.port(port), value);
      } else if (program.reads(port)) {
        per_source(lanes.port(port), value);
      }
    }
    const auto since = [t](const std::vector<std::uint64_t>& spiked) {
      return [t, from = spiked.data()](std::uint32_t i) { return bursts_since(from[i], t); };
    };
    if (program.reads(port)) {
      per_source(lanes.port(port), since(state.pre_spiked));
    }
    if (program.reads(port + 1U)) {
      per_target(lanes.port(port + 1U), since(state.post_spiked));
    }
  }

  LearningProjection p_;
  double dt_ms_;
  SharedProgram on_pre_, on_post_;
  EndTraces pre_, post_;
  std::size_t of_pre_ = 0, of_post_ = 0;
  std::vector<std::size_t> columns_;  ///< of each trace, among those of its end
  std::vector<float> sent_;           ///< of each synapse, if that is not its weight
};

CpuLearning::CpuLearning(const NetworkData& network, ThreadTeam& team) : team_(team) {
  for (const LearningProjection& p : network.projections) {
    projections_.push_back(std::make_unique<Prepared>(p, network.dt_ms));
  }
  for (std::uint32_t i = 0; !projections_.empty() && i < team.size(); ++i) {
    lanes_.push_back(std::make_unique<Lanes>());
  }
}
CpuLearning::~CpuLearning() = default;

const float* CpuLearning::sent(const State& state, std::size_t projection) const {
  const Prepared& p = *projections_[projection];
  return p.projection().definition->sends_weight ? state.projections[projection].synapses[0].data()
                                                 : p.sent().data();
}

std::uint64_t CpuLearning::plan(std::size_t projection, std::span<const NeuronId> fired,
                                NeuronId first, const std::vector<std::uint32_t>& begin) {
  constexpr std::uint64_t kTask = 8192;  // synapses
  std::uint64_t all = 0;
  std::uint64_t own = 0;
  std::size_t from = 0;
  for (std::size_t i = 0; i < fired.size(); ++i) {
    const std::uint32_t neuron = fired[i] - first;
    own += begin[neuron + 1U] - begin[neuron];
    if (own >= kTask || i + 1 == fired.size()) {
      tasks_.push_back({projection, fired.subspan(from, i + 1 - from)});
      all += own;
      own = 0;
      from = i + 1;
    }
  }
  return all;
}

template <class Work>
void CpuLearning::share(std::uint64_t synapses, Work work) {
  constexpr std::uint64_t kWorthThreads = 4096;
  if (team_.size() == 1 || tasks_.size() == 1 || synapses < kWorthThreads) {
    const platform::FloatMode mode;
    for (const Task& task : tasks_) {
      work(task, *lanes_.front());
    }
  } else {
    std::atomic<std::size_t> next{0};
    team_.run([&](std::uint32_t thread) {
      for (std::size_t i = next++; i < tasks_.size(); i = next++) {
        work(tasks_[i], *lanes_[thread]);
      }
    });
  }
  tasks_.clear();
}

void CpuLearning::work_out(bool arriving, const State& state, std::uint64_t t,
                           std::uint64_t synapses) {
  std::vector<Task> tasks = std::move(tasks_);  // they come after this
  tasks_.clear();
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const Prepared& p = *projections_[tasks[i].projection];
    const bool is_first = i == 0 || tasks[i - 1].projection != tasks[i].projection;
    for (std::uint32_t first = 0; is_first && p.asks(arriving) && first < p.others(arriving);
         first += kBlock) {
      tasks_.push_back({tasks[i].projection, {}, first});
    }
  }
  share(synapses, [&](const Task& task, Lanes& lanes) {
    Prepared& p = *projections_[task.projection];
    p.work_out(arriving, task.first, std::min(kBlock, p.others(arriving) - task.first),
               state.projections[task.projection], arriving ? t : p.projection().change_time(t),
               lanes);
  });
  tasks_ = std::move(tasks);
}

void CpuLearning::arrive(const NetworkData& network, State& state, std::uint64_t t) {
  events_ = 0;
  for (std::size_t i = 0; i < projections_.size(); ++i) {
    const LearningProjection& p = network.projections[i];
    events_ += plan(i, fired_within(state.fired[p.delay - 1U].ids, p.pre_first, p.pre_count),
                    p.pre_first, p.rows->row_begin);
  }
  work_out(true, state, t, events_);
  share(events_, [&](const Task& task, Lanes& lanes) {
    projections_[task.projection]->arrive(task.fired, state.projections[task.projection], t, lanes);
  });
}

void CpuLearning::learn(const NetworkData& network, State& state, std::uint64_t t) {
  std::uint64_t synapses = 0;
  for (std::size_t i = 0; i < projections_.size(); ++i) {
    const LearningProjection& p = network.projections[i];
    if (p.spike_lag() != p.change_lag()) {
      count_spikes(i, p, state, t);
    }
    synapses += plan(i, fired_within(state.fired[p.change_lag()].ids, p.post_first, p.post_count),
                     p.post_first, p.rows->column_begin);
  }
  work_out(false, state, t, synapses);
  share(synapses, [&](const Task& task, Lanes& lanes) {
    Prepared& p = *projections_[task.projection];
    p.learn(task.fired, state.projections[task.projection], p.projection().change_time(t), lanes);
  });
  for (std::size_t i = 0; i < projections_.size(); ++i) {
    const LearningProjection& p = network.projections[i];
    if (p.spike_lag() == p.change_lag()) {
      count_spikes(i, p, state, t);
    }
  }
}

void CpuLearning::count_spikes(std::size_t projection, const LearningProjection& p, State& state,
                               std::uint64_t t) {
  const platform::FloatMode mode;
  projections_[projection]->spike_targets(
      fired_within(state.fired[p.spike_lag()].ids, p.post_first, p.post_count),
      state.projections[projection], t, *lanes_.front());
}

}  // namespace rheobase
