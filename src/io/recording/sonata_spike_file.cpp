// SPDX-License-Identifier: Apache-2.0
// SONATA's spike files: github.com/AllenInstitute/sonata, docs/SONATA_DEVELOPER_GUIDE.md.
#include <algorithm>
#include <array>
#include <chrono>
#include <set>

#include "io/recording/hdf5_handle.h"
#include "io/recording/hdf5_output.h"
#include "io/recording/spike_file.h"
#include "platform/output_file.h"
#include "rheobase/text.h"

namespace rheobase::recording {
namespace {

constexpr hsize_t kChunk = 8192;
constexpr const char* kFinished = "finished";
/// Copies take at most a part in so many of the time.
constexpr double kCopyShare = 25.0;
constexpr std::size_t kCopyBlock = std::size_t{1} << 20;

/// SONATA's enumeration of orders.
Hdf5Type sorting_type() {
  Hdf5Type type(H5Tenum_create(H5T_NATIVE_UINT8), "make an HDF5 type");
  constexpr std::array<const char*, 3> kNames{"none", "by_id", "by_time"};
  std::uint8_t value = 0;
  for (const char* name : kNames) {
    H5Tenum_insert(type.get(), name, &value);
    ++value;
  }
  return type;
}

void write_attribute(hid_t object, const char* name, hid_t type, const void* value) {
  const Hdf5Space scalar(H5Screate(H5S_SCALAR), "make an HDF5 space");
  const Hdf5Attribute attribute(
      H5Acreate2(object, name, type, scalar.get(), H5P_DEFAULT, H5P_DEFAULT),
      "write an HDF5 attribute");
  if (H5Awrite(attribute.get(), type, value) < 0) {
    throw Error(ErrorCode::io, std::string("cannot write the attribute ") + name +
                                   " (HDF5 refused). Check the disk.");
  }
}

void write_text(hid_t object, const char* name, const std::string& text) {
  const Hdf5Type type(H5Tcopy(H5T_C_S1), "make an HDF5 type");
  H5Tset_size(type.get(), std::max<std::size_t>(text.size(), 1));
  H5Tset_cset(type.get(), H5T_CSET_UTF8);
  write_attribute(object, name, type.get(), text.c_str());
}

/// What SONATA's guide wants at the root: its magic number and version 0.1.
void write_format(hid_t file) {
  const std::uint32_t magic = 0x0A7A;
  write_attribute(file, "magic", H5T_NATIVE_UINT32, &magic);
  const std::array<std::uint32_t, 2> version{0, 1};
  const hsize_t size = version.size();
  const Hdf5Space space(H5Screate_simple(1, &size, nullptr), "make an HDF5 space");
  const Hdf5Attribute attribute(
      H5Acreate2(file, "version", H5T_NATIVE_UINT32, space.get(), H5P_DEFAULT, H5P_DEFAULT),
      "write an HDF5 attribute");
  H5Awrite(attribute.get(), H5T_NATIVE_UINT32, version.data());
}

/// A dataset of one dimension that grows. Not compressed: libsonata's wheel is built without zlib.
class Column {
 public:
  Column(hid_t group, const char* name, hid_t type, std::string path)
      : type_(type), path_(std::move(path)) {
    const hsize_t none = 0;
    const hsize_t unlimited = H5S_UNLIMITED;
    const Hdf5Space space(H5Screate_simple(1, &none, &unlimited), "make an HDF5 space");
    const Hdf5Properties properties(H5Pcreate(H5P_DATASET_CREATE), "make HDF5 properties");
    H5Pset_chunk(properties.get(), 1, &kChunk);
    dataset_ = Hdf5Dataset(
        H5Dcreate2(group, name, type, space.get(), H5P_DEFAULT, properties.get(), H5P_DEFAULT),
        "write " + path_);
  }

  void append(const void* values, std::size_t count) {
    if (count == 0) {
      return;
    }
    const hsize_t start = size_;
    const hsize_t added = count;
    size_ += added;
    bool fine = H5Dset_extent(dataset_.get(), &size_) >= 0;
    const Hdf5Space file(H5Dget_space(dataset_.get()), "write " + path_);
    fine = fine &&
           H5Sselect_hyperslab(file.get(), H5S_SELECT_SET, &start, nullptr, &added, nullptr) >= 0;
    const Hdf5Space memory(H5Screate_simple(1, &added, nullptr), "write " + path_);
    if (!fine ||
        H5Dwrite(dataset_.get(), type_, memory.get(), file.get(), H5P_DEFAULT, values) < 0) {
      throw Error(ErrorCode::io, "cannot write " + path_ +
                                     " (HDF5 refused; the disk may be full). Free some space.");
    }
  }
  [[nodiscard]] hid_t id() const { return dataset_.get(); }

 private:
  hid_t type_;
  std::string path_;
  Hdf5Dataset dataset_;
  hsize_t size_ = 0;
};

/// A name that can stand in an HDF5 path, unlike those that are taken.
std::string population_name(const std::string& area, std::set<std::string>& taken) {
  std::string name;
  for (const char c : area) {
    name += c == '/' || c == '\0' ? '_' : c;
  }
  if (name.empty() || name == "." || name == "..") {
    name = "area";
  }
  const std::string base = name;
  for (int i = 2; !taken.insert(name).second; ++i) {
    name = base + "_" + number_text(i);
  }
  return name;
}

class SonataSpikeFile final : public RecordingFile {
 public:
  SonataSpikeFile(const std::string& path, double dt_ms, std::vector<RecordedArea> areas)
      : path_(path), dt_ms_(dt_ms), areas_(std::move(areas)), file_(path), output_(file_) {
    const Hdf5Quiet quiet;
    hdf5_ = output_.create();
    make_layout();
    new_times_.resize(areas_.size());
    new_ids_.resize(areas_.size());
    output_.check();
    copy();
  }
  ~SonataSpikeFile() override {
    const Hdf5Quiet quiet;
    close_hdf5();
  }

  void append(const RecordBatch& batch) override {
    const Hdf5Quiet quiet;
    for (std::size_t b = 0; b < batch.bursts.size(); ++b) {
      AreaCursor cursor(areas_);
      for (std::uint64_t i = batch.spike_begin[b]; i < batch.spike_begin[b + 1]; ++i) {
        const std::size_t a = cursor.find(batch.spike_ids[i]);
        new_times_[a].push_back(static_cast<double>(batch.bursts[b].burst) * dt_ms_);
        new_ids_[a].push_back(batch.spike_ids[i] - areas_[a].first);
      }
    }
    for (std::size_t a = 0; a < areas_.size(); ++a) {
      times_[a].append(new_times_[a].data(), new_times_[a].size());
      ids_[a].append(new_ids_[a].data(), new_ids_[a].size());
      new_times_[a].clear();
      new_ids_[a].clear();
    }
    output_.check();
  }

  void flush() override {
    const auto began = Clock::now();
    if (began < next_copy_) {
      return;
    }
    const Hdf5Quiet quiet;
    try {
      copy();
    } catch (const Error&) {
      // no room for a copy; there may be for the recording, and the copy before is still there
      output_.check();
    }
    const auto now = Clock::now();
    next_copy_ = now + std::chrono::duration_cast<Clock::duration>(kCopyShare * (now - began));
  }

  void close(bool whole) override {
    const Hdf5Quiet quiet;
    if (whole) {
      mark_finished();
    }
    close_hdf5();
    output_.check();
    file_.commit();
  }

 private:
  using Clock = std::chrono::steady_clock;

  /// All that is in the file but the spikes.
  void make_layout() {
    write_format(hdf5_.get());
    const std::uint8_t no = 0;
    write_attribute(hdf5_.get(), kFinished, H5T_NATIVE_UINT8, &no);
    const Hdf5Group spikes(H5Gcreate2(hdf5_.get(), "spikes", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                           "write " + path_);
    const Hdf5Type sorting = sorting_type();
    const std::uint8_t by_time = 2;
    std::set<std::string> taken;
    for (const RecordedArea& area : areas_) {
      const std::string name = population_name(area.name, taken);
      const Hdf5Group group(
          H5Gcreate2(spikes.get(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
          "write " + path_);
      write_attribute(group.get(), "sorting", sorting.get(), &by_time);
      write_text(group.get(), "area", area.name);
      const std::uint64_t first = area.first;
      write_attribute(group.get(), "first_id", H5T_NATIVE_UINT64, &first);
      write_attribute(group.get(), "dt_ms", H5T_NATIVE_DOUBLE, &dt_ms_);
      times_.emplace_back(group.get(), "timestamps", H5T_NATIVE_DOUBLE, path_);
      write_text(times_.back().id(), "units", "ms");
      ids_.emplace_back(group.get(), "node_ids", H5T_NATIVE_UINT64, path_);
    }
  }

  void mark_finished() {
    const std::uint8_t yes = 1;
    const Hdf5Attribute attribute(H5Aopen(hdf5_.get(), kFinished, H5P_DEFAULT), "write " + path_);
    if (H5Awrite(attribute.get(), H5T_NATIVE_UINT8, &yes) < 0) {
      throw Error(ErrorCode::io, "cannot write " + path_ + " (HDF5 refused).");
    }
  }

  /// spikes.h5 as it is now. It takes its name when it is complete, so that a kill at any moment
  /// leaves this one or the one before.
  void copy() {
    if (H5Fflush(hdf5_.get(), H5F_SCOPE_GLOBAL) < 0) {
      throw Error(ErrorCode::io, "cannot write " + path_ + " (HDF5 refused).");
    }
    output_.check();
    platform::OutputFile copied(path_, ".snapshot");
    std::string block;
    for (std::uint64_t at = 0; at < file_.size(); at += block.size()) {
      block.resize(
          static_cast<std::size_t>(std::min<std::uint64_t>(kCopyBlock, file_.size() - at)));
      file_.read_at(at, block.data(), block.size());
      copied.append(block);
    }
    copied.publish();
  }

  void close_hdf5() {
    times_.clear();
    ids_.clear();
    hdf5_.reset();
  }

  std::string path_;
  double dt_ms_;
  std::vector<RecordedArea> areas_;
  platform::OutputFile file_;
  Hdf5Output output_;
  Hdf5File hdf5_;
  std::vector<Column> times_, ids_;
  std::vector<std::vector<double>> new_times_;
  std::vector<std::vector<std::uint64_t>> new_ids_;
  Clock::time_point next_copy_ = Clock::now();
};

}  // namespace

std::unique_ptr<RecordingFile> sonata_spike_file(const std::string& path, double dt_ms,
                                                 std::vector<RecordedArea> areas) {
  return std::make_unique<SonataSpikeFile>(path, dt_ms, std::move(areas));
}

bool sonata_is_finished(const std::string& path) {
  const Hdf5Quiet quiet;
  const Hdf5File file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), "read " + path);
  if (H5Aexists(file.get(), kFinished) <= 0) {
    return true;  // another program's
  }
  const Hdf5Attribute attribute(H5Aopen(file.get(), kFinished, H5P_DEFAULT), "read " + path);
  const Hdf5Space space(H5Aget_space(attribute.get()), "read " + path);
  std::uint8_t value = 0;
  return H5Sget_simple_extent_npoints(space.get()) == 1 &&
         H5Aread(attribute.get(), H5T_NATIVE_UINT8, &value) >= 0 && value == 1;
}

}  // namespace rheobase::recording
