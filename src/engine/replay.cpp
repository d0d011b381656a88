// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "rheobase/error.h"
#include "rheobase/session.h"
#include "rheobase/text.h"

namespace rheobase {

struct Replay::Self {
  Self(std::string from, EngineOptions options)
      : folder(std::move(from)), events(folder), engine(events.start(), std::move(options)) {
    next = events.next();
  }

  std::string folder;
  SessionReader events;
  Engine engine;
  std::optional<SessionEvent> next;
  std::uint64_t done = 0;     ///< bursts
  std::uint64_t checked = 0;  ///< bursts up to which signatures are equal
  bool finished = false;

  void operator()(const SessionInput& input) {
    engine.inject(input.ids, input.potentials, input.ports);
  }
  void operator()(const InputSchedule& input) { engine.schedule(input); }
  void operator()(const NetworkEdit& edit) { engine.edit(edit); }
  void operator()(const SessionFatigue& fatigue) {
    engine.set_fatigue(fatigue.amount.has_value(), fatigue.amount.value_or(0.0F));
  }
  void operator()(const SessionPotential& set) { engine.set_potential(set.id, set.potential); }
  void operator()(const SessionJump& jump) { engine.set_state(events.checkpoint(jump).state); }
  void operator()(const SessionMark& mark) {
    if (engine.signature() != mark.signature) {
      throw Error(ErrorCode::difference,
                  "the spikes differ from those of the session " + folder +
                      " (between its bursts " + number_text(checked + 1) + " and " +
                      number_text(done) + "; signature " + hex_text(engine.signature()) + " on " +
                      engine.backend() + ", there " + hex_text(mark.signature) +
                      "). This is a fault of Rheobase: please report it with the session.");
    }
    checked = done;
    finished = mark.last;
  }

  /// All that was done before the next burst.
  void apply() {
    while (next && next->after == done) {
      try {
        std::visit(*this, next->what);
      } catch (const Error& error) {
        if (error.code() == ErrorCode::invalid_argument ||
            error.code() == ErrorCode::out_of_range) {
          throw Error(ErrorCode::invalid_file, "the session " + folder +
                                                   " is damaged before its burst " +
                                                   number_text(done + 1) + ": " + error.what());
        }
        throw;
      }
      next = events.next();
    }
    if (next && next->after < done) {
      throw Error(ErrorCode::invalid_file,
                  "the session " + folder +
                      " is damaged (what was done is not in order). Use another copy.");
    }
  }
};

Replay::Replay(const std::string& folder, EngineOptions options)
    : self_(std::make_unique<Self>(folder, std::move(options))) {
  self_->apply();
}
Replay::~Replay() = default;

Engine& Replay::engine() { return self_->engine; }
bool Replay::ended() const { return !self_->next.has_value(); }
bool Replay::finished() const { return ended() && self_->finished; }
Engine Replay::take_engine() && { return std::move(self_->engine); }

RunSummary Replay::run(std::uint64_t bursts, const RunOptions& options) {
  Self& self = *self_;
  RunSummary all;
  all.signature = self.engine.signature();
  while (self.next && bursts > 0 && !all.stopped) {
    const std::uint64_t now = std::min(bursts, self.next->after - self.done);
    const RunSummary part = self.engine.run(now, options);
    self.done += part.bursts;
    bursts -= part.bursts;
    all.bursts += part.bursts;
    all.spikes += part.spikes;
    all.events += part.events;
    all.seconds += part.seconds;
    all.batches += part.batches;
    all.stopped = part.stopped;
    all.signature = part.signature;
    self.apply();
  }
  return all;
}

}  // namespace rheobase
