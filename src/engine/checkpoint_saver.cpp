// SPDX-License-Identifier: Apache-2.0
#include "engine/checkpoint_saver.h"

#include <memory>

#include "platform/output_file.h"
#include "platform/thread.h"

namespace rheobase {

CheckpointSaver::CheckpointSaver(std::string path, double seconds)
    : path_(std::move(path)), every_(seconds), saved_(std::chrono::steady_clock::now()) {
  if (is_on()) {
    // better said now than after hours
    const platform::OutputFile probe(path_);
  }
}

CheckpointSaver::~CheckpointSaver() {
  if (writing_.valid()) {
    writing_.wait();
  }
}

bool CheckpointSaver::due() const {
  return is_on() && every_.count() > 0.0 && std::chrono::steady_clock::now() - saved_ >= every_;
}

bool CheckpointSaver::is_writing() const {
  return writing_.valid() &&
         writing_.wait_for(std::chrono::seconds(0)) != std::future_status::ready;
}

void CheckpointSaver::save(Checkpoint checkpoint) {
  saved_ = std::chrono::steady_clock::now();  // also if it fails: the next try has its time
  finish();
  writing_ = platform::in_background(
      [path = path_, c = std::make_shared<const Checkpoint>(std::move(checkpoint))] {
        save_checkpoint(path, *c);
      });
}

void CheckpointSaver::finish() {
  if (writing_.valid()) {
    writing_.get();
  }
}

}  // namespace rheobase
