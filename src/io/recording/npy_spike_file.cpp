// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>

#include "io/recording/npy_header.h"
#include "io/recording/spike_file.h"
#include "io/text_file.h"
#include "io/what_is.h"
#include "platform/output_file.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase::recording {
namespace {

constexpr std::string_view kMagic("\x93NUMPY\x01\x00", 8);
constexpr std::size_t kPreamble = 10;  // magic, version, length of the rest
constexpr std::size_t kRowBytes = 16;
constexpr std::size_t kEnoughToTell = 512;  // what another kind of file is

class NpySpikeFile final : public RecordingFile {
 public:
  explicit NpySpikeFile(const std::string& path) : file_(path) {
    file_.append(npy_header("<u8", 0, 2));
    file_.publish();
  }

  void append(const RecordBatch& batch) override {
    rows_text_.clear();
    for (std::size_t b = 0; b < batch.bursts.size(); ++b) {
      for (std::uint64_t i = batch.spike_begin[b]; i < batch.spike_begin[b + 1]; ++i) {
        append_little_endian(rows_text_, batch.bursts[b].burst);
        append_little_endian(rows_text_, std::uint64_t{batch.spike_ids[i]});
      }
    }
    file_.append(rows_text_);
    rows_ += batch.spike_ids.size();
  }

  // the rows first: whenever the program ends, the header promises no more than there is
  void flush() override { file_.write_at(0, npy_header("<u8", rows_, 2)); }

  void close(bool /*whole*/) override {
    flush();
    file_.commit();
  }

 private:
  platform::OutputFile file_;
  std::uint64_t rows_ = 0;
  std::string rows_text_;
};

[[noreturn]] void refuse(const std::string& path, const std::string& reason) {
  throw Error(ErrorCode::invalid_file, path + " is not a spike recording (" + reason +
                                           "). Give a spikes.npy that a run wrote.");
}

// number of rows that the header promises
std::uint64_t rows_of(const std::string& path, std::string_view header) {
  if (header.find("'<u8'") == std::string_view::npos ||
      header.find("'fortran_order': False") == std::string_view::npos) {
    refuse(path, "its numbers are not u64 in C order");
  }
  const std::size_t shape = header.find("'shape': (");
  if (shape == std::string_view::npos) refuse(path, "its header names no shape");
  const std::string_view rest = header.substr(shape + 10);
  std::uint64_t rows = 0;
  const auto [end, status] = std::from_chars(rest.data(), rest.data() + rest.size(), rows);
  const auto used = static_cast<std::size_t>(end - rest.data());
  if (status != std::errc{} || !rest.substr(used).starts_with(", 2)")) {
    refuse(path, "its shape is not (n, 2)");
  }
  return rows;
}

std::uint64_t little_endian(const char* bytes) {
  std::uint64_t value = 0;
  for (int i = 7; i >= 0; --i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

}  // namespace

std::string npy_header(std::string_view type, std::uint64_t rows, std::uint64_t columns) {
  std::string header(kMagic);
  append_little_endian(header, static_cast<std::uint16_t>(kNpyHeaderBytes - kPreamble));
  header += "{'descr': '" + std::string(type) + "', 'fortran_order': False, 'shape': (" +
            number_text(rows) + ", " + number_text(columns) + "), }";
  header.resize(kNpyHeaderBytes - 1, ' ');
  return header + '\n';
}

std::unique_ptr<RecordingFile> npy_spike_file(const std::string& path) {
  return std::make_unique<NpySpikeFile>(path);
}

SpikeTable read_npy_spikes(const std::string& path) {
  InputFile file(path);
  std::string start(kEnoughToTell, '\0');
  start.resize(file.read(start.data(), start.size()));
  refuse_other_kinds(path, start, FileKind::numpy, kWantedRecording);
  if (start.size() < kPreamble || !start.starts_with(kMagic)) {
    refuse(path, "it does not start as a NumPy file of version 1.0");
  }
  const auto byte_at = [&](std::size_t at) {
    return static_cast<std::size_t>(static_cast<unsigned char>(start[at]));
  };
  const std::size_t data = kPreamble + (byte_at(8) | byte_at(9) << 8U);
  // what was read beyond the header belongs to the rows
  const auto read_more = [&](char* to, std::size_t most) {
    const std::size_t held = std::min(most, start.size());
    start.copy(to, held);
    start.erase(0, held);
    return held + file.read(to + held, most - held);
  };
  std::string header(data, '\0');
  if (read_more(header.data(), data) < data) {
    refuse(path, "its header is cut off");
  }
  const std::uint64_t rows = rows_of(path, header);

  // block by block; memory grows with what is there, not with what the header claims
  SpikeTable table;
  std::vector<char> block(kRowBytes << 16);
  for (std::uint64_t left = rows; left > 0;) {
    const std::uint64_t now = std::min<std::uint64_t>(left, block.size() / kRowBytes);
    if (read_more(block.data(), now * kRowBytes) < now * kRowBytes) {
      refuse(path, "it ends before its " + number_text(rows) + " rows");
    }
    for (std::uint64_t i = 0; i < now; ++i) {
      const std::uint64_t id = little_endian(block.data() + i * kRowBytes + 8);
      if (id > UINT32_MAX) refuse(path, "neuron id " + number_text(id) + " is out of range");
      table.bursts.push_back(little_endian(block.data() + i * kRowBytes));
      table.ids.push_back(static_cast<NeuronId>(id));
    }
    left -= now;
  }
  return table;
}

}  // namespace rheobase::recording
