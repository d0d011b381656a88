// SPDX-License-Identifier: Apache-2.0
/// \file
/// Saves checkpoints of a run while it goes on.
#pragma once

#include <chrono>
#include <future>
#include <string>

#include "rheobase/checkpoint.h"

namespace rheobase {

/// Writes on a thread of its own, one checkpoint at a time.
class CheckpointSaver {
 public:
  /// An empty path: nothing is ever due. \throws Error io if the path cannot be written.
  CheckpointSaver(std::string path, double seconds);
  ~CheckpointSaver();
  CheckpointSaver(const CheckpointSaver&) = delete;
  CheckpointSaver& operator=(const CheckpointSaver&) = delete;

  [[nodiscard]] bool is_on() const { return !path_.empty(); }
  /// Whether it is time for the next one.
  [[nodiscard]] bool due() const;
  /// Whether `save` would wait.
  [[nodiscard]] bool is_writing() const;
  /// Waits for the one before. \throws Error io if that failed.
  void save(Checkpoint checkpoint);
  /// Waits until the last one is on the disk. \throws Error io.
  void finish();

 private:
  std::string path_;
  std::chrono::duration<double> every_;
  std::chrono::steady_clock::time_point saved_;
  std::future<void> writing_;
};

}  // namespace rheobase
