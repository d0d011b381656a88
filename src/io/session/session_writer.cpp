// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <condition_variable>
#include <exception>
#include <filesystem>
#include <mutex>
#include <utility>

#include "io/session/event_codec.h"
#include "io/session/session_files.h"
#include "platform/folder_lock.h"
#include "platform/output_file.h"
#include "platform/thread.h"
#include "rheobase/error.h"
#include "rheobase/session.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

using checkpoint::SectionWriter;

/// So much may wait for the disk before the engine waits for it too.
constexpr std::size_t kQueueBytes = std::size_t{256} << 20U;
/// So much is written at once, or what has come in a second.
constexpr std::size_t kWriteBytes = std::size_t{4} << 20U;
constexpr std::chrono::seconds kWriteEvery{1};
/// A file of events is read as a whole, and each of its lists looks at the heads of all.
constexpr std::uint64_t kFileBytes = std::uint64_t{64} << 20U;
constexpr std::uint32_t kFileLists = 4096;
constexpr const char* kText =
    "This session is not finished: it goes on, or it was killed or could not be written.\n"
    "What is here can be replayed.\n";

/// About.
std::size_t bytes_of(const SessionEvent& event) {
  struct Size {
    std::size_t operator()(const SessionInput& i) const { return 12 * i.ids.size(); }
    std::size_t operator()(const InputSchedule& i) const { return 20 * i.ids.size(); }
    std::size_t operator()(const NetworkEdit& e) const {
      return 64 * e.operations().size() + 24 * e.synapses().size();
    }
    std::size_t operator()(const SessionFatigue& /*f*/) const { return 0; }
    std::size_t operator()(const SessionPotential& /*p*/) const { return 0; }
    std::size_t operator()(const SessionJump& /*j*/) const { return 0; }
    std::size_t operator()(const SessionMark& /*m*/) const { return 0; }
  };
  constexpr std::size_t kItself = 64;
  return kItself + std::visit(Size{}, event.what);
}

const std::string& made(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!std::filesystem::is_directory(folder)) {
    throw Error(ErrorCode::io, "cannot make the folder " + folder + " (" +
                                   (error ? error.message() : "a file of that name is in the way") +
                                   "). Choose another.");
  }
  if (std::filesystem::exists(session::start_of(folder))) {
    throw Error(ErrorCode::io,
                "the folder " + folder + " holds a session already. Name another, or remove it.");
  }
  return folder;
}

/// A file of events. Each list of them is there as a whole, or not at all.
class EventFile {
 public:
  EventFile(const std::string& folder, std::uint32_t number)
      : file_(session::events_of(folder, number)),
        out_([this](std::string_view bytes) { pending_ += bytes; }) {
    out_.begin(session::kHead);
    out_.put(session::kVersion);
    out_.put(number);
    end_section();
    file_.publish();
  }

  void write(const std::vector<SessionEvent>& events) {
    out_.begin(session::kEvents);
    out_.put(static_cast<std::uint32_t>(events.size()));
    for (const SessionEvent& event : events) {
      session::put_event(out_, event);
    }
    end_section();
    ++lists_;
  }
  [[nodiscard]] bool is_full() const { return file_.size() > kFileBytes || lists_ >= kFileLists; }
  void commit() {
    out_.finish();
    file_.append(std::exchange(pending_, {}));
    file_.commit();
  }

 private:
  void end_section() {
    out_.begin("");
    file_.append(std::exchange(pending_, {}));
  }

  platform::OutputFile file_;
  std::string pending_;
  SectionWriter out_;
  std::uint32_t lists_ = 0;
};

}  // namespace

struct SessionWriter::Self {
  Self(const std::string& where, const Checkpoint& start)
      : folder(made(where)), lock(folder, session::kUnfinished, kText) {
    file = std::make_unique<EventFile>(folder, 1);
    save_checkpoint(session::start_of(folder), start);  // from here on it is a session
    thread.require("that writes the session", [this] { serve(); });
  }

  std::string folder;
  platform::FolderLock lock;
  std::unique_ptr<EventFile> file;  ///< of the thread alone
  std::uint32_t number = 1;         ///< of the file
  std::uint32_t jumps = 0;

  std::mutex mutex;
  std::condition_variable changed;
  // guarded by the mutex
  std::uint64_t done = 0;  ///< bursts
  std::uint64_t signature = 0;
  std::uint64_t marked = 0;  ///< bursts that had been run at the last mark
  std::vector<SessionEvent> queue;
  std::size_t waiting_bytes = 0;
  bool ended = false, finished = false;
  std::exception_ptr failure;

  platform::MadeHere here;
  platform::Thread thread;  ///< last, so that it starts when all else is there

  void push(SessionEvent event) {
    const std::size_t bytes = bytes_of(event);
    std::unique_lock guard(mutex);
    changed.wait(guard, [&] {
      return failure != nullptr || queue.empty() || waiting_bytes + bytes <= kQueueBytes;
    });
    if (failure != nullptr) {
      return;
    }
    event.after = done;
    queue.push_back(std::move(event));
    waiting_bytes += bytes;
    if (waiting_bytes >= kWriteBytes) {
      changed.notify_all();
    }
  }

  void fail() {
    const std::scoped_lock guard(mutex);
    if (failure == nullptr) {
      failure = std::current_exception();
    }
    queue.clear();
    changed.notify_all();
  }

  void serve() {
    try {
      while (write_next()) {
      }
      file->commit();
    } catch (...) {  // told by finish
      fail();
    }
  }

  /// What has come in a second; false if no more will come.
  bool write_next() {
    std::vector<SessionEvent> events;
    bool last = false;
    {
      std::unique_lock guard(mutex);
      changed.wait_for(guard, kWriteEvery, [&] { return ended || waiting_bytes >= kWriteBytes; });
      last = ended;
      events.swap(queue);
      if (done != marked || (last && finished)) {
        SessionEvent& mark = events.emplace_back();
        mark.after = done;
        mark.what.emplace<SessionMark>(signature, last && finished);
        marked = done;
      }
    }
    if (!events.empty()) {
      if (file->is_full()) {
        file->commit();
        file = std::make_unique<EventFile>(folder, ++number);
      }
      file->write(events);
    }
    const std::scoped_lock guard(mutex);
    waiting_bytes = 0;
    for (const SessionEvent& event : queue) {
      waiting_bytes += bytes_of(event);
    }
    changed.notify_all();
    return !last;
  }

  void end(bool whole) {
    {
      const std::scoped_lock guard(mutex);
      finished = finished || (whole && !ended);
      ended = true;
      changed.notify_all();
    }
    thread.join();
  }
};

SessionWriter::SessionWriter(const std::string& folder, const Checkpoint& start)
    : self_(std::make_unique<Self>(folder, start)) {}

SessionWriter::~SessionWriter() {
  if (self_->here.holds()) {
    self_->end(false);
  } else {
    static_cast<void>(self_.release());  // NOLINT(bugprone-unused-return-value): see MadeHere
  }
}

void SessionWriter::ran(std::uint64_t bursts, std::uint64_t signature) {
  if (self_->here.holds()) {
    const std::scoped_lock guard(self_->mutex);
    self_->done += bursts;
    self_->signature = signature;
  }
}

void SessionWriter::add(decltype(SessionEvent::what) what) {
  if (self_->here.holds()) {
    SessionEvent event;
    event.what = std::move(what);
    self_->push(std::move(event));
  }
}

void SessionWriter::jump(const Checkpoint& now) {
  if (!self_->here.holds()) {
    return;
  }
  const std::string name = session::jump_name(++self_->jumps);
  try {
    save_checkpoint(self_->folder + "/" + name, now);
  } catch (const Error&) {
    self_->fail();
    return;
  }
  SessionEvent event;
  event.what.emplace<SessionJump>(name);
  self_->push(std::move(event));
}

void SessionWriter::finish() {
  if (!self_->here.holds()) {
    return;
  }
  self_->end(true);
  if (self_->failure != nullptr) {
    std::rethrow_exception(self_->failure);
  }
  self_->lock.finish();
}

}  // namespace rheobase
