// SPDX-License-Identifier: Apache-2.0
#include "io/recording/hdf5_output.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <exception>
#include <new>
#include <string>
#include <utility>
#include <vector>
#if __has_include(<H5FDdevelop.h>)
#include <H5FDdevelop.h>
#endif

#include "rheobase/error.h"

namespace rheobase::recording {

/// The bytes of one HDF5 file, for the driver below. It lives as long as HDF5 holds the file.
class Hdf5Output::Bytes : public std::enable_shared_from_this<Hdf5Output::Bytes> {
 public:
  explicit Bytes(platform::OutputFile& file) : file_(&file) {
    static std::atomic<std::uint64_t> last{0};
    number_ = ++last;
  }
  void detach() { file_ = nullptr; }
  void check() const {
    if (failure_ != nullptr) {
      std::rethrow_exception(failure_);
    }
  }
  void read(haddr_t address, std::size_t size, char* into) const;
  void write(haddr_t address, std::size_t size, const char* bytes);
  void truncate(haddr_t size);
  [[nodiscard]] haddr_t size() const {
    return std::max<haddr_t>(file_ == nullptr ? 0 : file_->size(), kept_end_);
  }
  /// No two are alike, also where one lies where another was.
  [[nodiscard]] std::uint64_t number() const { return number_; }

 private:
  platform::OutputFile* file_;
  std::uint64_t number_ = 0;
  std::exception_ptr failure_;
  std::vector<std::pair<haddr_t, std::string>> kept_;  ///< after a failure, in order
  haddr_t kept_end_ = 0;
};

namespace {

using Bytes = Hdf5Output::Bytes;

/// A file as HDF5 sees it; its public part must come first.
struct DriverFile {
  H5FD_t common;
  std::shared_ptr<Bytes> bytes;
  haddr_t allocated;
};

DriverFile& of(H5FD_t* file) { return *reinterpret_cast<DriverFile*>(file); }
const DriverFile& of(const H5FD_t* file) { return *reinterpret_cast<const DriverFile*>(file); }

H5FD_t* open_file(const char* /*name*/, unsigned /*flags*/, hid_t properties, haddr_t /*most*/) {
  const void* given = H5Pget_driver_info(properties);
  if (given == nullptr) {
    return nullptr;
  }
  Bytes* bytes = nullptr;
  std::memcpy(&bytes, given, sizeof bytes);
  auto* file = new (std::nothrow) DriverFile{};
  if (file == nullptr) {
    return nullptr;
  }
  file->bytes = bytes->shared_from_this();
  return &file->common;
}

herr_t close_file(H5FD_t* file) {
  delete &of(file);
  return 0;
}

int compare(const H5FD_t* a, const H5FD_t* b) {
  const std::uint64_t first = of(a).bytes->number();
  const std::uint64_t second = of(b).bytes->number();
  return first < second ? -1 : (first == second ? 0 : 1);
}

herr_t query(const H5FD_t* /*file*/, unsigned long* flags) {
  *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
           H5FD_FEAT_AGGREGATE_SMALLDATA;
  return 0;
}

haddr_t allocated(const H5FD_t* file, H5FD_mem_t /*type*/) { return of(file).allocated; }
herr_t allocate(H5FD_t* file, H5FD_mem_t /*type*/, haddr_t end) {
  of(file).allocated = end;
  return 0;
}
haddr_t size_of(const H5FD_t* file, H5FD_mem_t /*type*/) { return of(file).bytes->size(); }

herr_t read(H5FD_t* file, H5FD_mem_t /*type*/, hid_t /*transfer*/, haddr_t address,
            std::size_t size, void* into) {
  of(file).bytes->read(address, size, static_cast<char*>(into));
  return 0;
}

herr_t write(H5FD_t* file, H5FD_mem_t /*type*/, hid_t /*transfer*/, haddr_t address,
             std::size_t size, const void* bytes) {
  try {
    of(file).bytes->write(address, size, static_cast<const char*>(bytes));
  } catch (const std::bad_alloc&) {  // HDF5 is C
    return -1;
  }
  return 0;
}

herr_t truncate(H5FD_t* file, hid_t /*transfer*/, hbool_t /*closing*/) {
  if (of(file).bytes->size() != of(file).allocated) {
    of(file).bytes->truncate(of(file).allocated);
  }
  return 0;
}

/// Registered once; HDF5 forgets it when the process ends.
hid_t driver() {
  static const H5FD_class_t the_class = [] {
    H5FD_class_t c{};
#if defined(H5FD_CLASS_VERSION)  // from HDF5 1.14 on
    c.version = H5FD_CLASS_VERSION;
    c.value = static_cast<H5FD_class_value_t>(600);  // 512 and above are for others than HDF5
#endif
    c.name = "rheobase_output";
    c.maxaddr = HADDR_MAX / 2;
    c.fc_degree = H5F_CLOSE_STRONG;
    c.fapl_size = sizeof(Bytes*);
    c.open = open_file;
    c.close = close_file;
    c.cmp = compare;
    c.query = query;
    c.get_eoa = allocated;
    c.set_eoa = allocate;
    c.get_eof = size_of;
    c.read = read;
    c.write = write;
    c.truncate = truncate;
    constexpr std::array<H5FD_mem_t, H5FD_MEM_NTYPES> kMap = H5FD_FLMAP_DICHOTOMY;
    std::copy(kMap.begin(), kMap.end(), c.fl_map);
    return c;
  }();
  static const hid_t id = H5FDregister(&the_class);
  return id;
}

}  // namespace

Hdf5Output::Hdf5Output(platform::OutputFile& file) : bytes_(std::make_shared<Bytes>(file)) {}
Hdf5Output::~Hdf5Output() { bytes_->detach(); }
void Hdf5Output::check() const { bytes_->check(); }

Hdf5File Hdf5Output::create() {
  const Hdf5Properties properties(H5Pcreate(H5P_FILE_ACCESS), "make HDF5 properties");
  Bytes* bytes = bytes_.get();
  if (H5Pset_driver(properties.get(), driver(), &bytes) < 0) {
    throw Error(ErrorCode::io, "cannot write an HDF5 file (HDF5 refuses the way to the disk).");
  }
  return {H5Fcreate("recording", H5F_ACC_TRUNC, H5P_DEFAULT, properties.get()),
          "make an HDF5 file"};
}

void Hdf5Output::Bytes::read(haddr_t address, std::size_t size, char* into) const {
  std::fill(into, into + size, '\0');
  try {
    if (file_ != nullptr) {
      file_->read_at(address, into, size);
    }
  } catch (...) {  // HDF5 checks what it reads
  }
  // what was kept lies over it
  for (const auto& [start, bytes] : kept_) {
    const haddr_t begin = std::max(start, address);
    const haddr_t end = std::min<haddr_t>(start + bytes.size(), address + size);
    if (begin < end) {
      std::memcpy(into + (begin - address), bytes.data() + (begin - start), end - begin);
    }
  }
}

void Hdf5Output::Bytes::write(haddr_t address, std::size_t size, const char* bytes) {
  if (failure_ == nullptr && file_ != nullptr) {
    try {
      file_->write_at(address, {bytes, size});
      return;
    } catch (...) {
      failure_ = std::current_exception();
    }
  }
  kept_.emplace_back(address, std::string(bytes, size));
  kept_end_ = std::max<haddr_t>(kept_end_, address + size);
}

void Hdf5Output::Bytes::truncate(haddr_t size) {
  if (failure_ == nullptr && file_ != nullptr) {
    try {
      file_->truncate(size);
      return;
    } catch (...) {
      failure_ = std::current_exception();
    }
  }
  kept_end_ = size;
}

}  // namespace rheobase::recording
