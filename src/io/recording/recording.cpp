// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <mutex>

#include "io/recording/recording_folder.h"
#include "io/recording/spike_file.h"
#include "io/text_file.h"
#include "io/what_is.h"
#include "platform/thread.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

using recording::RecordingFile;

/// So much may wait for the disk before a run waits for it too.
constexpr std::size_t kQueueBytes = std::size_t{64} << 20;
constexpr std::chrono::seconds kFlushEvery{1};

std::size_t bytes_of(const RecordBatch& batch) {
  std::size_t bytes =
      batch.bursts.size() * sizeof(BurstCounters) + batch.spike_ids.size() * sizeof(NeuronId);
  for (const RecordBatch::ProbeSamples& samples : batch.probes) {
    bytes += samples.values.size() * sizeof(float);
  }
  return bytes;
}

/// Hands batches to a thread that writes them. An error of that thread is thrown by the next call.
class RecordingWriter final : public RecordSink {
 public:
  /// `finish`: the folder is done with when the recording is.
  RecordingWriter(std::vector<std::unique_ptr<RecordingFile>> files, std::vector<IdRange> spikes,
                  std::shared_ptr<RecordingFolder> folder, bool finish)
      : files_(std::move(files)),
        spikes_(std::move(spikes)),
        folder_(std::move(folder)),
        finish_(finish) {
    thread_.require("that writes the recording", [this] { serve(); });
  }

  ~RecordingWriter() override {
    end();  // a run that was thrown out of still leaves what was written
  }

  /// False in a forked child: the files are the parent's then, and nothing here may be touched.
  [[nodiscard]] bool is_of_this_process() const { return made_.holds(); }

  void write(const RecordBatch& batch) override {
    check_fork();
    const std::size_t bytes = bytes_of(batch);
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] {
      return failure_ != nullptr || queue_.empty() || waiting_bytes_ + bytes <= kQueueBytes;
    });
    throw_failure();
    queue_.push_back(recorded_part(batch));
    waiting_bytes_ += bytes_of(queue_.back());
    changed_.notify_all();
  }

  void close() override {
    check_fork();
    {
      const std::scoped_lock lock(mutex_);
      whole_ = !ended_ || whole_;
    }
    end();
    const std::scoped_lock lock(mutex_);
    throw_failure();
    if (finish_) {
      folder_->finish();
      finish_ = false;
    }
  }

 private:
  void check_fork() const {
    if (!is_of_this_process()) {
      throw Error(ErrorCode::unavailable,
                  "a recording does not go on in a forked process (its files are the parent's). "
                  "Open another one here.");
    }
  }

  void throw_failure() {
    if (failure_ != nullptr) {
      std::rethrow_exception(failure_);
    }
  }

  /// The batch with the spikes of the recorded neurons alone.
  [[nodiscard]] RecordBatch recorded_part(const RecordBatch& batch) const {
    RecordBatch part;
    part.bursts = batch.bursts;
    part.probes = batch.probes;
    for (std::size_t b = 0; b < batch.bursts.size(); ++b) {
      for (std::uint64_t i = batch.spike_begin[b]; i < batch.spike_begin[b + 1]; ++i) {
        const NeuronId id = batch.spike_ids[i];
        if (std::any_of(spikes_.begin(), spikes_.end(), [&](const IdRange& range) {
              return id >= range.first && id - range.first < range.count;
            })) {
          part.spike_ids.push_back(id);
        }
      }
      part.spike_begin.push_back(part.spike_ids.size());
    }
    return part;
  }

  void end() {
    {
      const std::scoped_lock lock(mutex_);
      ended_ = true;
      changed_.notify_all();
    }
    thread_.join();
  }

  void serve() {
    try {
      while (write_next()) {
      }
      // the first, which can tell that it is whole, when all the others are
      for (std::size_t i = 1; i <= files_.size(); ++i) {
        files_[i % files_.size()]->close(whole_);
      }
    } catch (...) {  // thrown on by write or close
      {
        const std::scoped_lock lock(mutex_);
        failure_ = std::current_exception();
        changed_.notify_all();
      }
      close_what_can_be();
    }
  }

  /// After a failure the other files shall still be whole.
  void close_what_can_be() {
    for (const auto& file : files_) {
      try {
        file->close(false);
      } catch (...) {  // the first failure is the one that is reported
      }
    }
  }

  /// Waits for a batch and writes it; false when all are written and no more will come.
  bool write_next() {
    RecordBatch batch;
    {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, kFlushEvery, [&] { return ended_ || !queue_.empty(); });
      if (queue_.empty() && ended_) {
        return false;
      }
      if (!queue_.empty()) {
        batch = std::move(queue_.front());
        queue_.pop_front();
      }
    }
    for (const auto& file : files_) {
      file->append(batch);
    }
    const auto now = std::chrono::steady_clock::now();
    if (now - flushed_ >= kFlushEvery) {
      for (const auto& file : files_) {
        file->flush();
      }
      flushed_ = now;
    }
    const std::scoped_lock lock(mutex_);
    waiting_bytes_ -= bytes_of(batch);
    changed_.notify_all();
    return true;
  }

  std::vector<std::unique_ptr<RecordingFile>> files_;  ///< of the thread alone
  std::vector<IdRange> spikes_;
  std::shared_ptr<RecordingFolder> folder_;
  bool finish_;
  bool whole_ = false;  ///< closed by its owner; before it has ended
  std::chrono::steady_clock::time_point flushed_ = std::chrono::steady_clock::now();
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<RecordBatch> queue_;
  std::size_t waiting_bytes_ = 0;
  bool ended_ = false;
  std::exception_ptr failure_;
  platform::MadeHere made_;
  platform::Thread thread_;  ///< last, so that it starts when all else is there
};

/// A recording replaces a former one in the same folder. What it will not write itself goes.
void remove_former(const std::filesystem::path& folder, const RecordingOptions& options,
                   std::size_t probes) {
  std::error_code ignored;
  const auto remove = [&](const std::string& name) {
    return std::filesystem::remove(folder / name, ignored);
  };
  for (const auto& [name, written] :
       {std::pair{"spikes.h5", options.sonata}, std::pair{"spikes.csv", options.csv},
        std::pair{"spikes.npy", options.npy}, std::pair{"probes.json", probes > 0}}) {
    if (!written) {
      remove(name);
    }
  }
  remove("spikes.h5.partial");  // of a run that was killed
  remove("spikes.h5.snapshot");
  while (remove("probe_" + number_text(probes) + ".npy")) {
    ++probes;
  }
}

void require_sonata() {
  if (!has_sonata()) {
    throw Error(ErrorCode::unavailable,
                "SONATA files are not possible (this build has no HDF5). Use spikes.npy or "
                "spikes.csv, or in Python Spikes.to_sonata.");
  }
}

}  // namespace

bool has_sonata() {
#if defined(RHEOBASE_HDF5)
  return true;
#else
  return false;
#endif
}

std::shared_ptr<RecordSink> open_recording(const Network& network, const RecordPlan& plan,
                                           const RecordingOptions& options) {
  if (options.sonata) {
    require_sonata();
  }
  const bool own = options.folder == nullptr;
  const auto folder = own ? std::make_shared<RecordingFolder>(options.directory) : options.folder;
  remove_former(options.directory, options, plan.probes.size());
  const auto path = [&](const char* name) { return options.directory + "/" + name; };
  const std::vector<recording::RecordedArea> areas = recording::areas_of(network, plan.spikes);
  std::vector<std::unique_ptr<RecordingFile>> files;
#if defined(RHEOBASE_HDF5)
  if (options.sonata) {
    files.push_back(recording::sonata_spike_file(path("spikes.h5"), network.dt_ms(), areas));
  }
#endif
  if (options.csv) {
    files.push_back(recording::csv_spike_file(path("spikes.csv"), network.dt_ms(), areas));
  }
  if (options.npy) {
    files.push_back(recording::npy_spike_file(path("spikes.npy")));
  }
  if (!plan.probes.empty()) {
    files.push_back(recording::probe_files(options.directory, network, plan.probes));
  }
  return {new RecordingWriter(std::move(files), plan.spikes, folder, own),
          [](RecordingWriter* writer) {
            if (writer->is_of_this_process()) {
              delete writer;  // NOLINT(cppcoreguidelines-owning-memory)
            }
          }};
}

namespace {

SpikeTable read_by_ending(const std::string& path) {
  const std::string extension = std::filesystem::path(path).extension().string();
  FileKind kind = extension == ".h5"    ? FileKind::hdf5
                  : extension == ".csv" ? FileKind::table
                  : extension == ".npy" ? FileKind::numpy
                                        : FileKind::unknown;
  if (kind == FileKind::unknown) {
    kind = what_is(start_of_file(path)).kind;
  }
  if (kind == FileKind::hdf5) {
    require_sonata();
#if defined(RHEOBASE_HDF5)
    SpikeTable table = recording::read_sonata_spikes(path);
    table.finished = recording::sonata_is_finished(path);
    return table;
#endif
  }
  if (kind == FileKind::table) {
    return recording::read_csv_spikes(path);
  }
  if (kind == FileKind::numpy) {
    return recording::read_npy_spikes(path);
  }
  refuse_other_kinds(path, start_of_file(path), FileKind::unknown, kWantedRecording);
  throw Error(ErrorCode::invalid_argument, "cannot tell what " + path +
                                               " is (by its ending or its first bytes). " +
                                               std::string(kWantedRecording.hint));
}

}  // namespace

SpikeTable read_spikes(const std::string& path) {
  SpikeTable table = read_by_ending(path);
  table.finished = table.finished && !recording::is_marked_unfinished(path);
  return table;
}

}  // namespace rheobase
