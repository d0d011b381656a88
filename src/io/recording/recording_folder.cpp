// SPDX-License-Identifier: Apache-2.0
#include "io/recording/recording_folder.h"

#include <filesystem>

#include "platform/folder_lock.h"
#include "rheobase/error.h"
#include "rheobase/record.h"

namespace rheobase {
namespace {

constexpr const char* kMark = "unfinished";
constexpr const char* kText =
    "This recording is not finished: its run goes on, or it was killed or could not write.\n"
    "What is here can be read. The next run into this folder replaces it.\n";

const std::string& made(const std::string& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (!std::filesystem::is_directory(directory)) {
    throw Error(ErrorCode::io, "cannot make the folder " + directory + " (" +
                                   (error ? error.message() : "a file of that name is in the way") +
                                   "). Choose another.");
  }
  return directory;
}

}  // namespace

struct RecordingFolder::Self {
  platform::FolderLock lock;
};

RecordingFolder::RecordingFolder(const std::string& directory)
    : self_(new Self{{made(directory), kMark, kText}}) {}
RecordingFolder::~RecordingFolder() = default;

void RecordingFolder::finish() { self_->lock.finish(); }

bool recording::is_marked_unfinished(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(std::filesystem::path(path).parent_path() / kMark, ignored);
}

}  // namespace rheobase
