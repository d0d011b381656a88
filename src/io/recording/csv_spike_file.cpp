// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <charconv>
#include <limits>

#include "io/csv_reader.h"
#include "io/recording/spike_file.h"
#include "platform/output_file.h"
#include "rheobase/error.h"

namespace rheobase::recording {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20;

template <class Number>
void append_number(std::string& out, Number value) {
  std::array<char, 32> digits{};
  const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out.append(digits.data(), result.ptr);
}

// quoted where a name could be taken for several fields; a record stays on one line
std::string csv_field(const std::string& name) {
  if (name.find_first_of(",\"\r\n#") == std::string::npos && !name.starts_with(' ') &&
      !name.ends_with(' ')) {
    return name;
  }
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"') quoted += '"';
    quoted += c == '\n' || c == '\r' ? ' ' : c;
  }
  return quoted + '"';
}

class CsvSpikeFile final : public RecordingFile {
 public:
  CsvSpikeFile(const std::string& path, double dt_ms, std::vector<RecordedArea> areas)
      : file_(path), dt_ms_(dt_ms), areas_(std::move(areas)) {
    for (const RecordedArea& area : areas_) names_.push_back(csv_field(area.name));
    file_.append("burst,time_ms,area,neuron,id\n");
    file_.publish();
  }

  void append(const RecordBatch& batch) override {
    for (std::size_t b = 0; b < batch.bursts.size(); ++b) {
      // the first two fields are the same for all spikes of a burst
      const std::uint64_t burst = batch.bursts[b].burst;
      prefix_.clear();
      append_number(prefix_, burst);
      prefix_ += ',';
      append_number(prefix_, static_cast<double>(burst) * dt_ms_);
      prefix_ += ',';
      AreaCursor cursor(areas_);
      for (std::uint64_t i = batch.spike_begin[b]; i < batch.spike_begin[b + 1]; ++i) {
        const NeuronId id = batch.spike_ids[i];
        const std::size_t area = cursor.find(id);
        text_ += prefix_;
        text_ += names_[area];
        text_ += ',';
        append_number(text_, id - areas_[area].first);
        text_ += ',';
        append_number(text_, id);
        text_ += '\n';
        if (text_.size() >= kBlock) write_out();
      }
    }
  }

  void flush() override { write_out(); }

  void close(bool /*whole*/) override {
    write_out();
    file_.commit();
  }

 private:
  /// Whole lines.
  void write_out() {
    file_.append(text_);
    text_.clear();
  }

  platform::OutputFile file_;
  double dt_ms_;
  std::vector<RecordedArea> areas_;
  std::vector<std::string> names_;
  std::string prefix_, text_;
};

}  // namespace

std::unique_ptr<RecordingFile> csv_spike_file(const std::string& path, double dt_ms,
                                              std::vector<RecordedArea> areas) {
  return std::make_unique<CsvSpikeFile>(path, dt_ms, std::move(areas));
}

SpikeTable read_csv_spikes(const std::string& path) {
  CsvReader csv(path, kWantedRecording);
  if (csv.column("burst") < 0 || csv.column("id") < 0) {
    throw Error(ErrorCode::invalid_file,
                path +
                    " is not a spike recording (it has no columns \"burst\" and \"id\"). "
                    "Give a spikes.csv that a run wrote.");
  }
  const auto burst = static_cast<std::size_t>(csv.column("burst"));
  const auto id = static_cast<std::size_t>(csv.column("id"));
  const int time = csv.column("time_ms");
  const int neuron = csv.column("neuron");
  SpikeTable table;
  // an unterminated last line is what a run that was killed left unfinished
  while (csv.next_terminated()) {
    table.bursts.push_back(csv.whole_number(burst, std::numeric_limits<std::uint64_t>::max()));
    const std::uint64_t global = csv.whole_number(id, std::numeric_limits<NeuronId>::max());
    table.ids.push_back(static_cast<NeuronId>(global));
    // columns that say the same in other words must be numbers too
    if (time >= 0) {
      static_cast<void>(csv.real_number(static_cast<std::size_t>(time)));
    }
    if (neuron >= 0) {
      static_cast<void>(csv.whole_number(static_cast<std::size_t>(neuron), global));
    }
  }
  return table;
}

}  // namespace rheobase::recording
