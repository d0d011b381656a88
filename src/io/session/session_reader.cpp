// SPDX-License-Identifier: Apache-2.0
#include <deque>
#include <filesystem>
#include <utility>

#include "io/session/event_codec.h"
#include "io/session/session_files.h"
#include "io/text_file.h"
#include "rheobase/error.h"
#include "rheobase/session.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

using checkpoint::SectionReader;

/// A file of events in memory.
struct OpenFile {
  OpenFile(const std::string& path, std::uint32_t number)
      : bytes(read_text_file(path)), in(bytes, path) {
    in.begin(session::kHead);
    const auto version = in.get<std::uint32_t>();
    if (version != session::kVersion) {
      throw Error(ErrorCode::invalid_file,
                  path + ": a session of version " + number_text(version) + " (" +
                      number_text(session::kVersion) +
                      " is read). Use the rheobase that wrote it, or a newer one.");
    }
    in.require(in.get<std::uint32_t>() == number, "it is another file than its name says");
  }

  std::string bytes;
  SectionReader in;
};

}  // namespace

struct SessionReader::Self {
  explicit Self(std::string where) : folder(std::move(where)) {
    if (!std::filesystem::exists(session::start_of(folder))) {
      throw Error(ErrorCode::io, "there is no session in " + folder +
                                     " (it has no start.checkpoint). Name the folder of "
                                     "realtime(log=...) or of `rheobase run --stdio --log`.");
    }
    file = std::make_unique<OpenFile>(session::events_of(folder, number), number);
  }

  std::string folder;
  std::uint32_t number = 1;
  std::unique_ptr<OpenFile> file;
  std::deque<SessionEvent> events;  ///< of the list at hand
  bool over = false;

  /// False if there is no more that is whole.
  bool read_list() {
    if (file->in.next() == "end") {
      const std::string path = session::events_of(folder, number + 1);
      if (!std::filesystem::exists(path)) {
        return false;
      }
      file = std::make_unique<OpenFile>(path, ++number);
      return true;
    }
    if (file->in.next().empty()) {
      return false;
    }
    std::deque<SessionEvent> list;
    try {
      file->in.begin(session::kEvents);
      const auto count = file->in.get<std::uint32_t>();
      for (std::uint32_t i = 0; i < count; ++i) {
        list.push_back(session::get_event(file->in));
      }
    } catch (const Error& error) {
      if (error.code() == ErrorCode::out_of_memory) {
        throw;
      }
      return false;  // the writer was killed within it
    }
    events = std::move(list);
    return true;
  }
};

SessionReader::SessionReader(const std::string& folder) : self_(std::make_unique<Self>(folder)) {}
SessionReader::~SessionReader() = default;

Checkpoint SessionReader::start() const {
  return load_checkpoint(session::start_of(self_->folder));
}
Checkpoint SessionReader::checkpoint(const SessionJump& jump) const {
  return load_checkpoint(self_->folder + "/" +
                         std::filesystem::path(jump.file).filename().string());
}

std::optional<SessionEvent> SessionReader::next() {
  Self& self = *self_;
  while (self.events.empty() && !self.over) {
    self.over = !self.read_list();
  }
  if (self.events.empty()) {
    return std::nullopt;
  }
  SessionEvent event = std::move(self.events.front());
  self.events.pop_front();
  return event;
}

}  // namespace rheobase
