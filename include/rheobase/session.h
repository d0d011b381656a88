// SPDX-License-Identifier: Apache-2.0
/// \file
/// Sessions: all that was done with an engine and in which burst, kept on disk, so that it can be
/// run again to the bit on any backend. docs/formats/session.md describes the files.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "rheobase/engine.h"
#include "rheobase/export.h"

namespace rheobase {

/// Engine::inject.
struct SessionInput {
  std::vector<NeuronId> ids;
  std::vector<float> potentials;
  std::vector<std::uint32_t> ports;  ///< one for each id, or none: all 0
};
/// Engine::set_fatigue; none: it was switched off.
struct SessionFatigue {
  std::optional<float> amount;
};
/// Engine::set_potential.
struct SessionPotential {
  NeuronId id = 0;
  float potential = 0.0F;
};
/// Engine::set_state, by the name of a checkpoint in the session's folder.
struct SessionJump {
  std::string file;
};
/// What the engine's signature was then.
struct SessionMark {
  std::uint64_t signature = 0;
  bool last = false;  ///< the session came to its end
};

/// Something that was done with the engine.
struct SessionEvent {
  std::uint64_t after = 0;  ///< bursts that the session had run
  /// InputSchedule: Engine::schedule; NetworkEdit: Engine::edit.
  std::variant<SessionInput, InputSchedule, NetworkEdit, SessionFatigue, SessionPotential,
               SessionJump, SessionMark>
      what;
};

/// Writes a session on a thread of its own. What cannot be written ends it; the files are whole up
/// to there. In a process that was forked since, it does nothing. \see Engine::begin_session
class RHEOBASE_API SessionWriter {
 public:
  /// Makes the folder and writes `start`. \throws Error io if that cannot be, or if the folder
  /// holds a session; unavailable if the system gives no thread.
  SessionWriter(const std::string& folder, const Checkpoint& start);
  /// What was given is on the disk then, but the session has no end without `finish`.
  ~SessionWriter();
  SessionWriter(const SessionWriter&) = delete;
  SessionWriter& operator=(const SessionWriter&) = delete;

  /// So many bursts more were run.
  void ran(std::uint64_t bursts, std::uint64_t signature);
  /// Waits only if 256 MiB wait for the disk.
  void add(decltype(SessionEvent::what) what);
  /// Engine::set_state; the engine is as `now` after it.
  void jump(const Checkpoint& now);
  /// \throws Error io if something could not be written.
  void finish();

 private:
  struct Self;
  std::unique_ptr<Self> self_;
};

/// Reads a session, event by event.
class RHEOBASE_API SessionReader {
 public:
  /// \throws Error io, invalid_file.
  explicit SessionReader(const std::string& folder);
  ~SessionReader();
  SessionReader(const SessionReader&) = delete;
  SessionReader& operator=(const SessionReader&) = delete;

  /// \throws Error as load_checkpoint.
  [[nodiscard]] Checkpoint start() const;
  [[nodiscard]] Checkpoint checkpoint(const SessionJump& jump) const;
  /// None after the last that is whole: of a session that goes on, or was killed, the last second
  /// may be missing.
  [[nodiscard]] std::optional<SessionEvent> next();

 private:
  struct Self;
  std::unique_ptr<Self> self_;
};

/// Runs a session again, on any backend, and compares signatures on the way.
class RHEOBASE_API Replay {
 public:
  /// `options`: backend, threads and what to do if a device is lost; the rest is the session's.
  /// \throws Error as SessionReader and Engine.
  explicit Replay(const std::string& folder, EngineOptions options = {});
  ~Replay();
  Replay(const Replay&) = delete;
  Replay& operator=(const Replay&) = delete;

  /// Ready for more; it also holds what the session gave it before its next burst.
  [[nodiscard]] Engine& engine();
  /// Goes on by so many bursts, or to the end of the session.
  /// \throws Error difference if a signature is another than in the session, naming the bursts
  /// between which that began; and as Engine::run.
  RunSummary run(std::uint64_t bursts = std::numeric_limits<std::uint64_t>::max(),
                 const RunOptions& options = {});
  /// All of it was run.
  [[nodiscard]] bool ended() const;
  /// Whether the session came to its end, or goes on, was killed or could not be written; known
  /// when it has ended here.
  [[nodiscard]] bool finished() const;
  /// The engine, for other use; this object can do nothing more.
  [[nodiscard]] Engine take_engine() &&;

 private:
  struct Self;
  std::unique_ptr<Self> self_;
};

}  // namespace rheobase
