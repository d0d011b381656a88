// SPDX-License-Identifier: Apache-2.0
#include <bit>
#include <nlohmann/json.hpp>

#include "io/recording/npy_header.h"
#include "io/recording/spike_file.h"
#include "platform/output_file.h"
#include "rheobase/text.h"

namespace rheobase::recording {
namespace {

class ProbeFiles final : public RecordingFile {
 public:
  ProbeFiles(std::string directory, const Network& network, std::vector<Probe> probes)
      : directory_(std::move(directory)), probes_(std::move(probes)) {
    for (std::size_t i = 0; i < probes_.size(); ++i) {
      areas_.push_back(network.areas()[network.area_of(probes_[i].ids.first)].spec.name);
      files_.push_back(std::make_unique<platform::OutputFile>(directory_ + "/" + name_of_file(i)));
      files_.back()->append(npy_header("<f4", 0, probes_[i].ids.count));
      files_.back()->publish();
    }
    runs_.resize(probes_.size());
    samples_.resize(probes_.size());
    flush();
  }

  void append(const RecordBatch& batch) override {
    for (std::size_t i = 0; i < batch.probes.size(); ++i) {
      std::string bytes;
      for (const float value : batch.probes[i].values) {
        append_little_endian(bytes, std::bit_cast<std::uint32_t>(value));
      }
      files_[i]->append(bytes);
      for (const std::uint64_t burst : batch.probes[i].bursts) {
        add_burst(i, burst);
      }
    }
  }

  void flush() override {
    platform::OutputFile list(directory_ + "/probes.json");
    list.append(write_headers());
    list.publish();
  }

  void close(bool /*whole*/) override {
    const std::string list = write_headers();
    for (const auto& file : files_) {
      file->commit();
    }
    platform::replace_file(directory_ + "/probes.json", list);
  }

 private:
  struct Run {
    std::uint64_t first = 0, step = 0, count = 0;
  };

  /// Values are there first, then headers, then the description, which it returns: none promises
  /// more than there is.
  std::string write_headers() {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (std::size_t i = 0; i < probes_.size(); ++i) {
      files_[i]->write_at(0, npy_header("<f4", samples_[i], probes_[i].ids.count));
      nlohmann::ordered_json bursts = nlohmann::ordered_json::array();
      for (const Run& run : runs_[i]) {
        bursts.push_back({{"first", run.first}, {"step", run.step}, {"count", run.count}});
      }
      list.push_back({{"file", name_of_file(i)},
                      {"area", areas_[i]},
                      {"field", probes_[i].state.empty() ? std::string(name_of(probes_[i].field))
                                                         : probes_[i].state},
                      {"first", probes_[i].ids.first},
                      {"count", probes_[i].ids.count},
                      {"every", probes_[i].every},
                      {"bursts", bursts}});
    }
    return list.dump(2) + "\n";
  }

  static std::string name_of_file(std::size_t i) { return "probe_" + number_text(i) + ".npy"; }

  void add_burst(std::size_t i, std::uint64_t burst) {
    ++samples_[i];
    std::vector<Run>& runs = runs_[i];
    const std::uint64_t step = probes_[i].every;
    if (!runs.empty() && runs.back().first + runs.back().count * step == burst) {
      ++runs.back().count;
    } else {
      runs.push_back({burst, step, 1});
    }
  }

  std::string directory_;
  std::vector<Probe> probes_;
  std::vector<std::string> areas_;
  std::vector<std::unique_ptr<platform::OutputFile>> files_;
  std::vector<std::vector<Run>> runs_;
  std::vector<std::uint64_t> samples_;
};

}  // namespace

std::unique_ptr<RecordingFile> probe_files(const std::string& directory, const Network& network,
                                           const std::vector<Probe>& probes) {
  return std::make_unique<ProbeFiles>(directory, network, probes);
}

}  // namespace rheobase::recording
