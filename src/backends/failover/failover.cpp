// SPDX-License-Identifier: Apache-2.0
#include "backends/failover/failover.h"

#include <chrono>
#include <map>
#include <utility>
#include <variant>

#include "rheobase/error.h"

namespace rheobase {
namespace {

using Clock = std::chrono::steady_clock;

RecordBatch without_first(const RecordBatch& batch, std::uint32_t bursts) {
  RecordBatch rest;
  rest.bursts.assign(batch.bursts.begin() + bursts, batch.bursts.end());
  const std::uint64_t first_spike = batch.spike_begin[bursts];
  rest.spike_ids.assign(batch.spike_ids.begin() + static_cast<std::ptrdiff_t>(first_spike),
                        batch.spike_ids.end());
  rest.spike_begin.clear();
  for (std::size_t i = bursts; i < batch.spike_begin.size(); ++i) {
    rest.spike_begin.push_back(batch.spike_begin[i] - first_spike);
  }
  const std::uint64_t first_burst = batch.bursts.front().burst + bursts;
  rest.probes.resize(batch.probes.size());
  for (std::size_t p = 0; p < batch.probes.size(); ++p) {
    const RecordBatch::ProbeSamples& from = batch.probes[p];
    const std::size_t each = from.bursts.empty() ? 0 : from.values.size() / from.bursts.size();
    for (std::size_t i = 0; i < from.bursts.size(); ++i) {
      if (from.bursts[i] >= first_burst) {
        rest.probes[p].bursts.push_back(from.bursts[i]);
        const auto value = from.values.begin() + static_cast<std::ptrdiff_t>(i * each);
        rest.probes[p].values.insert(rest.probes[p].values.end(), value,
                                     value + static_cast<std::ptrdiff_t>(each));
      }
    }
  }
  return rest;
}

class Failover final : public Backend {
 public:
  Failover(NetworkPointer network, std::unique_ptr<Backend> first,
           std::function<std::unique_ptr<Backend>(NetworkPointer)> second, double mirror_seconds)
      : network_(std::move(network)),
        mirror_network_(network_),
        mirror_(initial_state(*network_)),
        backend_(std::move(first)),
        second_(std::move(second)),
        mirror_seconds_(mirror_seconds) {}

  [[nodiscard]] std::string describe() const override {
    return lost_ ? backend_->describe() + " (since the GPU was lost)" : backend_->describe();
  }
  [[nodiscard]] bool is_asynchronous() const override { return backend_->is_asynchronous(); }
  [[nodiscard]] bool survives_fork() const override { return backend_->survives_fork(); }

  Ticket submit(BurstRequest request) override {
    const Ticket ticket = next_++;
    remember(Submitted{ticket, request, 0});
    guarded(Again::no, [&] {
      if (!lost_ && Clock::now() - mirrored_ > mirror_seconds_) {
        take_mirror();
      }
      tickets_[ticket] = backend_->submit(std::move(request));
    });
    return ticket;
  }

  RecordBatch poll(Ticket ticket, bool wait) override {
    RecordBatch batch;
    guarded(Again::yes, [&] {
      if (const auto kept = ready_.find(ticket); kept != ready_.end()) {
        batch = std::move(kept->second);
        ready_.erase(kept);
      } else if (const auto place = tickets_.find(ticket); place != tickets_.end()) {
        batch = backend_->poll(place->second, wait);
        note_handed_out(ticket, batch);
      }
    });
    return batch;
  }

  [[nodiscard]] State read_state() override {
    State state;
    guarded(Again::yes, [&] { state = backend_->read_state(); });
    return state;
  }
  void write_state(const State& state) override {
    guarded(Again::yes, [&] { backend_->write_state(state); });
    // a new beginning: nothing from before will be asked for again
    mirror_ = state;
    mirror_network_ = network_;
    log_.clear();
  }
  void apply(NetworkPointer edited) override {
    network_ = edited;
    remember(edited);
    guarded(Again::no, [&] { backend_->apply(std::move(edited)); });
  }

 private:
  struct Submitted {
    Ticket ticket;
    BurstRequest request;
    std::uint32_t handed_out;  ///< bursts that were polled
  };
  using Logged = std::variant<Submitted, NetworkPointer>;
  enum class Again : std::uint8_t { no, yes };

  /// Runs an action. If the device is lost in it, recovers, which repeats all that was logged; an
  /// action that was not logged is then done again.
  template <class Action>
  void guarded(Again again, const Action& action) {
    try {
      action();
    } catch (const Error& error) {
      if (lost_ || error.code() != ErrorCode::device_lost) {
        throw;
      }
      recover();
      if (again == Again::yes) {
        action();
      }
    }
  }

  void remember(Logged logged) {
    if (!lost_) {
      log_.push_back(std::move(logged));
    }
  }

  void note_handed_out(Ticket ticket, const RecordBatch& batch) {
    for (Logged& logged : log_) {
      if (auto* submitted = std::get_if<Submitted>(&logged);
          submitted != nullptr && submitted->ticket == ticket) {
        submitted->handed_out += static_cast<std::uint32_t>(batch.bursts.size());
      }
    }
  }

  /// Keeps the state as it is before the last entry of the log, which is not submitted yet.
  void take_mirror() {
    // results under way are taken first: from the new mirror on they could not be made again
    for (const auto& [ticket, inner] : tickets_) {
      if (RecordBatch rest = backend_->poll(inner, true); !rest.bursts.empty()) {
        ready_[ticket] = std::move(rest);
      }
    }
    mirror_ = backend_->read_state();
    tickets_.clear();
    mirror_network_ = network_;
    mirrored_ = Clock::now();
    log_.erase(log_.begin(), log_.end() - 1);
  }

  void recover() {
    lost_ = true;
    tickets_.clear();
    backend_ = second_(mirror_network_);
    backend_->write_state(mirror_);
    for (const Logged& logged : log_) {
      if (const auto* edited = std::get_if<NetworkPointer>(&logged)) {
        backend_->apply(*edited);
        continue;
      }
      const auto& submitted = std::get<Submitted>(logged);
      const RecordBatch batch = backend_->poll(backend_->submit(submitted.request), true);
      if (submitted.handed_out < submitted.request.bursts) {
        ready_[submitted.ticket] = without_first(batch, submitted.handed_out);
      }
    }
    log_.clear();
    mirror_ = State{};
  }

  NetworkPointer network_, mirror_network_;
  State mirror_;
  Clock::time_point mirrored_ = Clock::now();
  std::unique_ptr<Backend> backend_;
  std::function<std::unique_ptr<Backend>(NetworkPointer)> second_;
  std::chrono::duration<double> mirror_seconds_;
  bool lost_ = false;
  std::vector<Logged> log_;
  Ticket next_ = 1;
  std::map<Ticket, Ticket> tickets_;     ///< ours to the backend's
  std::map<Ticket, RecordBatch> ready_;  ///< results that wait to be polled
};

}  // namespace

std::unique_ptr<Backend> make_failover_backend(
    NetworkPointer network, std::unique_ptr<Backend> first,
    std::function<std::unique_ptr<Backend>(NetworkPointer)> second, double mirror_seconds) {
  return std::make_unique<Failover>(std::move(network), std::move(first), std::move(second),
                                    mirror_seconds);
}

}  // namespace rheobase
