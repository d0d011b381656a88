// SPDX-License-Identifier: Apache-2.0
#include "rheobase/engine.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <exception>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "engine/check_plan.h"
#include "engine/check_state.h"
#include "engine/checkpoint_saver.h"
#include "engine/edit_effects.h"
#include "engine/engine_self.h"
#include "engine/explain.h"
#include "engine/fatigue.h"
#include "engine/registry.h"
#include "network/canonical.h"
#include "platform/interrupt.h"
#include "rheobase/error.h"
#include "rheobase/session.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

void require_no_model(const Network& network, NeuronId id) {
  if (id < network.neuron_count() && network.data()->model_of(id) != nullptr) {
    throw Error(ErrorCode::invalid_argument,
                "neuron " + number_text(id) + " has the model " +
                    quoted_name(network.areas()[network.area_of(id)].spec.model.name()) +
                    " (its states are columns of their own). Use Engine::state, State::tables.");
  }
}

/// How many bursts of `each` seconds to run at once, 1 to `most`.
std::uint64_t bursts_within(double seconds, double each, std::uint64_t most) {
  return std::clamp<std::uint64_t>(static_cast<std::uint64_t>(seconds / std::max(each, 1e-9)), 1,
                                   most);
}

/// True while it lives.
class Running {
 public:
  explicit Running(bool& flag) : flag_(flag), former_(std::exchange(flag, true)) {}
  ~Running() { flag_ = former_; }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

 private:
  bool& flag_;
  bool former_;
};

}  // namespace

Engine::Engine(Network network, EngineOptions options)
    : self_(std::make_unique<Self>(std::move(network), std::move(options))) {
  Self& self = *self_;
  const RunSeeds seeds{self.options.seed, self.options.seeds};
  BackendSetup setup{self.network.data(),
                     compile_drives(*self.network.data(), self.options.drives, seeds),
                     self.options.threads, self.options.on_device_loss == OnDeviceLoss::cpu,
                     self.options.mirror_seconds};
  setup.seeds = member_seeds(*self.network.data(), seeds);
  ChosenBackend chosen = make_backend(self.options.backend, setup);
  self.backend = std::move(chosen.backend);
  self.reason = std::move(chosen.reason);
}
Engine::Engine(Checkpoint checkpoint, EngineOptions options)
    : Engine(checkpoint.network, [&] {
        options.seed = checkpoint.seed;
        options.seeds = checkpoint.seeds;
        options.drives = checkpoint.drives;
        return options;
      }()) {
  set_state(std::move(checkpoint.state));
  schedule(std::move(checkpoint.input));
  inject(checkpoint.injected_ids, checkpoint.injected_values, checkpoint.injected_ports);
  self_->signature = Signature(checkpoint.signature);
  if (checkpoint.fatigue) {
    set_fatigue(true, *checkpoint.fatigue);
  }
}
Engine::~Engine() = default;
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;

void Engine::record(RecordPlan plan) {
  self_->check_owner();
  check_plan(plan, self_->network);
  self_->plan = std::make_shared<const RecordPlan>(std::move(plan));
}

const RecordPlan& Engine::recorded() const { return *self_->plan; }

void Engine::add_sink(std::shared_ptr<RecordSink> sink) {
  self_->check_owner();
  self_->sinks.push_back(std::move(sink));
}

void Engine::own_by(std::thread::id thread) { self_->owner = thread; }
std::shared_ptr<const RecordPlan> Engine::plan() const { return self_->plan; }
void Engine::take_plan(std::shared_ptr<const RecordPlan> plan) noexcept {
  self_->plan = std::move(plan);
}

RunSummary Engine::run(std::uint64_t bursts, const RunOptions& options) {
  self_->check_owner();
  Self& self = *self_;
  const Running running(self.running);
  // batches of about 20 ms, so that progress and stop are seen soon; longer ones of members, each
  // of which runs a batch by itself and should find its state in the cache
  const double batch_seconds = self.network.members().empty() ? 0.02 : 0.25;
  // a batch carries what is held once for every burst
  constexpr std::uint64_t kMostHeld = 1U << 20U;
  const std::uint64_t most_bursts = std::clamp<std::uint64_t>(
      kMostHeld / std::max<std::size_t>(self.injections.held(), 1), 1, 4096);
  RunSummary summary;
  const std::uint64_t last =
      self.burst + std::min(bursts, std::numeric_limits<std::uint64_t>::max() - self.burst);
  // short runs, of which there are many, in one batch; no more than that, since what a burst took
  // in the last run may not be what it takes now
  constexpr std::uint64_t kMostAtFirst = 16;
  std::uint64_t batch_bursts =
      std::min(bursts_within(batch_seconds, self.burst_seconds, most_bursts), kMostAtFirst);
  Clock::time_point reported = Clock::now();
  Clock::time_point mark = reported;  // when the last batch was finished, or the first submitted
  struct Batch {
    Ticket ticket;
    std::uint32_t bursts;
  };
  std::deque<Batch> under_way;
  // while a device runs one batch, the next is already waiting for it
  const std::size_t most_under_way = self.backend->is_asynchronous() ? 2 : 1;
  CheckpointSaver saver(options.checkpoint, options.checkpoint_seconds);
  while (self.burst < last || !under_way.empty()) {
    platform::check_stop();
    summary.stopped =
        summary.stopped || (self.burst < last && options.stop != nullptr && options.stop->load());
    bool drain = saver.due();
    if (drain && under_way.empty()) {
      saver.save(self.checkpoint(last));
      mark = Clock::now();
      drain = false;
    }
    while (!summary.stopped && !drain && self.burst < last && under_way.size() < most_under_way) {
      BurstRequest request =
          self.request(std::min(batch_bursts, last - self.burst), options.profile != nullptr);
      const std::uint32_t submitted = request.bursts;
      if (under_way.empty()) {
        mark = Clock::now();
      }
      under_way.push_back({self.backend->submit(std::move(request)), submitted});
      self.burst += submitted;
    }
    if (under_way.empty()) {
      break;
    }
    const Batch batch = under_way.front();
    under_way.pop_front();
    const RecordBatch finished = self.backend->poll(batch.ticket, true);
    const double seconds = seconds_since(mark);
    mark = Clock::now();
    summary.seconds += seconds;
    ++summary.batches;
    self.hand_out(finished, summary, options.batch);
    if (options.profile != nullptr) {
      options.profile->insert(options.profile->end(), finished.spans.begin(), finished.spans.end());
    }
    if (under_way.empty()) {
      mark = Clock::now();
    }
    self.burst_seconds = seconds / batch.bursts;
    batch_bursts = bursts_within(batch_seconds, self.burst_seconds, most_bursts);
    if (options.progress && seconds_since(reported) >= 0.1) {
      options.progress({finished.bursts.back().burst, last, summary.spikes, summary.seconds});
      reported = Clock::now();
    }
  }
  if (options.progress) {
    options.progress({self.burst, last, summary.spikes, summary.seconds});
  }
  summary.signature = self.signature.value();
  if (saver.is_on()) {
    saver.save(self.checkpoint(last));
    saver.finish();
  }
  return summary;
}

void Engine::begin_session(const std::string& folder) {
  self_->check_owner();
  if (self_->session != nullptr) {
    throw Error(ErrorCode::invalid_argument,
                "a session of this engine is being kept. End it before another begins.");
  }
  self_->session = std::make_unique<SessionWriter>(folder, self_->checkpoint(0));
}

void Engine::end_session() {
  self_->check_owner();
  if (const auto session = std::exchange(self_->session, nullptr); session != nullptr) {
    session->finish();
  }
}

Explanation Engine::why(NeuronId id, std::uint64_t burst, const StopRequest& stop) const {
  const platform::Stoppable stoppable(stop);
  if (id >= self_->network.neuron_count()) {
    throw Error(ErrorCode::invalid_argument, "there is no neuron " + number_text(id) +
                                                 " (the network has " +
                                                 number_text(self_->network.neuron_count()) + ").");
  }
  if (burst != 0 && burst <= self_->burst) {
    throw Error(ErrorCode::invalid_argument,
                "burst " + number_text(burst) + " is over (this engine is at burst " +
                    number_text(self_->burst) + "). Ask an engine that has not come so far.");
  }
  return explain_burst(checkpoint(), id, burst);
}

SilenceReport Engine::why_silent(const std::string& area, std::uint64_t bursts,
                                 const StopRequest& stop) const {
  const platform::Stoppable stoppable(stop);
  return explain_silence(checkpoint(), area, bursts);
}

Checkpoint Engine::checkpoint() const { return self_->checkpoint(0); }
void Engine::save(const std::string& path) const { save_checkpoint(path, checkpoint()); }

void Engine::edit(const NetworkEdit& edit) { this->edit(edit, network().edited(edit)); }

void Engine::edit(const NetworkEdit& edit, Network edited) {
  self_->check_owner();
  const Network before = self_->network;
  try {
    self_->backend->apply(edited.data());
  } catch (...) {
    const std::exception_ptr why = std::current_exception();
    try {
      self_->backend->apply(before.data());  // memory for what was there is there
    } catch (const Error&) {
      // unless it was a GPU's, which then says that it has stopped
    }
    std::rethrow_exception(why);
  }
  self_->network = std::move(edited);
  self_->hold_fatigue();
  const EditEffects effects(*before.data(), *self_->network.data(), edit);
  if (effects.any()) {
    State state = self_->backend->read_state();
    effects.apply(state);
    self_->backend->write_state(state);
  }
  self_->keep(edit);
}

State Engine::state() const {
  self_->check_owner();
  return self_->backend->read_state();
}

void Engine::set_state(State state) {
  self_->check_owner();
  check_state(state, self_->network);
  self_->burst = state.burst;
  self_->injections.rewind();
  self_->backend->write_state(state);
  if (self_->session != nullptr) {
    self_->session->jump(self_->checkpoint(0));
  }
}

float Engine::potential(NeuronId id) const {
  self_->check_owner();
  require_no_model(self_->network, id);
  const NeuronParams params = self_->network.params(id);
  return model::add_rn(self_->backend->read_state().u[id], params.v_rest);
}

void Engine::set_potential(NeuronId id, float potential) {
  self_->check_owner();
  require_no_model(self_->network, id);
  const NeuronParams params = self_->network.params(id);
  State state = self_->backend->read_state();
  state.u[id] =
      model::canonical(model::add_rn(canonical_number(potential, "potential"), -params.v_rest));
  self_->backend->write_state(state);
  self_->keep(SessionPotential{id, potential});
}

const Network& Engine::network() const { return self_->network; }
std::uint64_t Engine::burst() const { return self_->burst; }
std::string Engine::backend() const { return self_->backend->describe(); }
std::string Engine::backend_reason() const { return self_->reason; }
std::uint64_t Engine::signature() const { return self_->signature.value(); }
std::uint64_t Engine::seed() const { return self_->options.seed; }

}  // namespace rheobase
