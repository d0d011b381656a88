// SPDX-License-Identifier: Apache-2.0
/// \file
/// A brain that runs at a steady frequency, on a thread of its own: input comes when it comes,
/// outputs are there when a burst has ended.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "rheobase/engine.h"
#include "rheobase/export.h"

namespace rheobase {

/// What follows when a burst ended after the time of the next one.
enum class Late : std::uint8_t {
  skip,      ///< the bursts whose time has passed do not happen
  catch_up,  ///< they run at once, one after the other, until the loop is in time again
};

struct RealtimeOptions {
  double hz = 40.0;  ///< bursts a second, 0.01 to 100,000
  Late late = Late::skip;
  std::vector<IdRange> outputs;  ///< neurons whose spikes are handed out; empty: all
  std::uint64_t bursts = 0;      ///< the loop ends after so many; 0: when it is stopped
};

/// Times in microseconds.
struct TimeSpread {
  double p50 = 0.0, p99 = 0.0, p999 = 0.0, max = 0.0;
};

struct RealtimeStats {
  std::uint64_t bursts = 0;
  std::uint64_t late = 0;            ///< bursts that ended after the time of the next
  std::uint64_t skipped = 0;         ///< bursts that did not happen for that (Late::skip)
  std::uint64_t frames = 0;          ///< sent
  std::uint64_t frames_dropped = 0;  ///< replaced by a newer one before a burst took them
  std::uint64_t unread = 0;          ///< bursts that ended while nobody asked for the one before
  TimeSpread jitter;                 ///< from the time at which a burst was due to its begin
  TimeSpread work;                   ///< from its begin to its outputs
  TimeSpread latency;  ///< from `send` to the outputs of the burst that took the frame
};

/// A burst that has ended.
struct RealtimeBurst {
  std::uint64_t burst = 0;
  std::vector<NeuronId> fired;  ///< of the outputs, ascending
  std::uint64_t spikes = 0;     ///< of all neurons
  bool late = false;
};

/// While it lives, the engine is the loop's: calls to it from elsewhere throw Error
/// invalid_argument. Times of bursts are absolute, so that delays do not add up. In a process that
/// was forked since it began, every call throws Error unavailable.
class RHEOBASE_API Realtime {
 public:
  /// Starts at once. \throws Error invalid_argument; unavailable if the system gives no thread.
  Realtime(Engine& engine, RealtimeOptions options);
  /// Stops.
  ~Realtime();
  Realtime(const Realtime&) = delete;
  Realtime& operator=(const Realtime&) = delete;

  /// Input for the next burst. Of several frames of one channel that arrive between two bursts the
  /// newest counts; channels (areas, say) add up. `port`: as of Engine::inject. Any thread may call
  /// this. \throws Error invalid_argument.
  void send(std::uint32_t channel, std::vector<NeuronId> ids, std::vector<float> potentials,
            std::uint32_t port = 0);
  /// Something to be done with the engine between two bursts, such as an edit. If it throws, the
  /// loop ends with that error.
  void between_bursts(std::function<void(Engine&)> action);

  /// Waits for a burst that was not handed out yet, and gives the latest. None after
  /// `timeout_seconds`, or if the loop has ended. \throws the error that ended the loop.
  [[nodiscard]] std::optional<RealtimeBurst> next(double timeout_seconds = 1e9);

  /// Ends after the burst at hand, and waits for that; called between two bursts by the loop
  /// itself, it does not wait. Any thread may call it, several at once too. \throws the error that
  /// ended the loop.
  void stop();
  [[nodiscard]] bool running() const;
  [[nodiscard]] RealtimeStats stats() const;

 private:
  struct Self;
  std::unique_ptr<Self> self_;
};

}  // namespace rheobase
