// SPDX-License-Identifier: Apache-2.0
#include "cli/recordings.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string_view>

#include "cli/output.h"
#include "rheobase/error.h"

namespace rheobase::cli {
namespace {

constexpr std::array kSpikeFiles{"spikes.npy", "spikes.h5", "spikes.csv"};

std::string spike_file_of(const std::string& path) {
  const std::filesystem::path folder = path;
  if (!std::filesystem::is_directory(folder)) {
    return path;
  }
  for (const char* name : kSpikeFiles) {
    if (std::filesystem::exists(folder / name) &&
        (has_sonata() || !std::string_view(name).ends_with(".h5"))) {
      return (folder / name).string();
    }
  }
  throw Error(ErrorCode::io,
              "the folder " + path + " holds no recording. Give one that `rheobase run -o` wrote.");
}

}  // namespace

bool is_recording(const std::string& path) {
  const std::string ending = std::filesystem::path(path).extension().string();
  return std::filesystem::is_directory(path) || ending == ".npy" || ending == ".h5" ||
         ending == ".csv";
}

SpikeTable spikes_of(const std::string& path) { return read_spikes(spike_file_of(path)); }

std::string unfinished_note(const std::string& path, const SpikeTable& table) {
  return table.finished
             ? ""
             : path +
                   " is not finished: its run goes on, or was killed or could not write; "
                   "its last spikes are missing\n";
}

std::string recording_text(const std::string& path) {
  const SpikeTable table = spikes_of(path);
  std::string text = "recording: " + grouped(table.ids.size()) + " spikes";
  if (!table.ids.empty()) {
    text += " in bursts " + grouped(table.bursts.front()) + " to " + grouped(table.bursts.back());
  }
  return text + "\n" + unfinished_note(path, table);
}

std::string recording_json(const std::string& path) {
  const SpikeTable table = spikes_of(path);
  nlohmann::ordered_json j{
      {"format", "recording"}, {"spikes", table.ids.size()}, {"finished", table.finished}};
  if (!table.ids.empty()) {
    j["first_burst"] = table.bursts.front();
    j["last_burst"] = table.bursts.back();
  }
  return j.dump();
}

}  // namespace rheobase::cli
