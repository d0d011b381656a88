// SPDX-License-Identifier: Apache-2.0
#include "io/checkpoint/section_file.h"

#include <xxhash.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <memory>
#include <new>

#include "platform/memory.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase::checkpoint {
namespace {

// A piece: name[16], number u32, last u8 and three zeros, stored bytes u32, raw bytes u32, XXH3-64
// of these 32 bytes and of the stored ones u64, the stored bytes.
constexpr std::size_t kNameBytes = 16;
constexpr std::size_t kHashedHeader = 32;
constexpr std::size_t kHeader = kHashedHeader + 8;
constexpr int kLevel = 1;  // state and ids hardly shrink further, and a run waits for it

#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
// a fuzzer is to get beyond them
constexpr bool kLeaveRaw = true;
constexpr bool kTrustChecksums = true;
#else
constexpr bool kLeaveRaw = false;
constexpr bool kTrustChecksums = false;
#endif

template <Number T>
void append_number(std::string& to, T value) {
  const T ordered = little_endian(value);
  to.append(reinterpret_cast<const char*>(&ordered), sizeof ordered);
}

template <Number T>
T number_at(std::string_view bytes, std::size_t at) {
  T value{};
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return little_endian(value);
}

std::uint64_t checksum(std::string_view header, std::string_view stored) {
  const XXH64_hash_t of_header = XXH3_64bits(header.data(), header.size());
  return XXH3_64bits_withSeed(stored.data(), stored.size(), of_header);
}

}  // namespace

struct SectionWriter::Compressor {
  Compressor() {
    if (context == nullptr) {
      throw std::bad_alloc();
    }
  }
  std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context{ZSTD_createCCtx(), ZSTD_freeCCtx};
};

SectionWriter::SectionWriter(Output output)
    : output_(std::move(output)), compressor_(std::make_unique<Compressor>()) {
  std::string head(kMagic);
  append_number(head, kVersion);
  output_(head);
}
SectionWriter::~SectionWriter() = default;

void SectionWriter::begin(std::string_view name) {
  if (!name_.empty()) {
    flush(true);
  }
  name_ = name;
  number_ = 0;
}

void SectionWriter::finish() {
  begin("end");
  flush(true);
}

void SectionWriter::append(const void* bytes, std::size_t size) {
  const char* from = static_cast<const char*>(bytes);
  while (size > 0) {
    if (raw_.size() == kPieceBytes) {
      flush(false);
    }
    const std::size_t part = std::min(size, kPieceBytes - raw_.size());
    raw_.append(from, part);
    from += part;
    size -= part;
  }
}

void SectionWriter::flush(bool last) {
  stored_.resize(ZSTD_compressBound(raw_.size()));
  const std::size_t size = ZSTD_compressCCtx(compressor_->context.get(), stored_.data(),
                                             stored_.size(), raw_.data(), raw_.size(), kLevel);
  if (ZSTD_isError(size) != 0) {
    throw Error(ErrorCode::out_of_memory,
                "cannot compress a checkpoint (" + std::string(ZSTD_getErrorName(size)) + ").");
  }
  // what does not shrink is stored as it is
  const bool shrinks = size < raw_.size() && !kLeaveRaw;
  const std::string_view stored = shrinks ? std::string_view(stored_.data(), size) : raw_;
  std::string header = name_;
  header.resize(kNameBytes, '\0');
  append_number(header, number_++);
  append_number(header, std::uint32_t{last});
  append_number(header, static_cast<std::uint32_t>(stored.size()));
  append_number(header, static_cast<std::uint32_t>(raw_.size()));
  append_number(header, checksum(header, stored));
  output_(header);
  output_(stored);
  raw_.clear();
}

SectionReader::SectionReader(std::string_view bytes, std::string name, bool network_alone)
    : bytes_(bytes), file_(std::move(name)), network_alone_(network_alone) {
  if (!bytes_.starts_with(kMagic)) {
    throw Error(ErrorCode::invalid_file,
                file_ +
                    ": not a checkpoint (it does not begin as one). Name a file that "
                    "`rheobase run --checkpoint` or Engine::save wrote.");
  }
  require(bytes_.size() >= kMagic.size() + 4, "the file ends within it");
  const auto version = number_at<std::uint32_t>(bytes_, kMagic.size());
  if (version < 1 || version == 3 || version > kVersion) {
    throw Error(ErrorCode::invalid_file,
                file_ + ": a checkpoint of version " + number_text(version) +
                    " (this program reads versions up to " + number_text(kVersion) +
                    "). Use the rheobase that wrote it, or a newer one.");
  }
  bytes_.remove_prefix(kMagic.size() + 4);
}

void SectionReader::begin(std::string_view name) {
  require(last_ && at_ == raw_.size(), "it holds more than it should");
  name_ = name;
  piece_ = 0;
  last_ = false;
  left_ = raw_bytes(name);
  // little may unpack to much
  constexpr std::uint64_t kMuch = std::uint64_t{1} << 26U;
  if (left_ >= kMuch) {
    platform::require_memory(left_, file_);
  }
  next_piece();
}

std::uint64_t SectionReader::raw_bytes(std::string_view name) const {
  std::uint64_t sum = 0;
  for (std::string_view rest = bytes_; rest.size() >= kHeader;) {
    const auto stored = number_at<std::uint32_t>(rest, kNameBytes + 8);
    if (rest.size() - kHeader < stored) {
      break;
    }
    const std::string_view found = rest.substr(0, kNameBytes);
    if (found.substr(0, found.find('\0')) == name) {
      sum += number_at<std::uint32_t>(rest, kNameBytes + 12);
    }
    rest.remove_prefix(kHeader + stored);
  }
  return sum;
}

std::string_view SectionReader::next() const {
  const std::string_view name = bytes_.substr(0, kNameBytes);
  return name.substr(0, name.find('\0'));
}

void SectionReader::finish() {
  begin("end");
  require(last_ && raw_.empty() && bytes_.empty(), "something follows the end");
}

void SectionReader::next_piece() {
  require(!last_, "it holds less than it should");
  require(bytes_.size() >= kHeader, "the file ends within it");
  const std::string_view header = bytes_.substr(0, kHashedHeader);
  const auto last = number_at<std::uint32_t>(header, kNameBytes + 4);
  const auto stored_size = number_at<std::uint32_t>(header, kNameBytes + 8);
  const auto raw_size = number_at<std::uint32_t>(header, kNameBytes + 12);
  std::string expected = name_;
  expected.resize(kNameBytes, '\0');
  require(header.substr(0, kNameBytes) == expected &&
              number_at<std::uint32_t>(header, kNameBytes) == piece_ && last <= 1,
          "it is missing or damaged");
  require(bytes_.size() - kHeader >= stored_size, "the file ends within it");
  const std::string_view stored = bytes_.substr(kHeader, stored_size);
  require(kTrustChecksums ||
              number_at<std::uint64_t>(bytes_, kHashedHeader) == checksum(header, stored),
          "its checksum is wrong");
  require(raw_size <= kPieceBytes, "it is damaged");
  raw_.resize(raw_size);
  if (stored_size == raw_size) {
    std::copy(stored.begin(), stored.end(), raw_.begin());
  } else {
    const std::size_t size = ZSTD_decompress(raw_.data(), raw_size, stored.data(), stored.size());
    if (ZSTD_getErrorCode(size) == ZSTD_error_memory_allocation) {
      throw std::bad_alloc();  // the file is not to blame
    }
    require(size == raw_size, "it cannot be decompressed");
  }
  bytes_.remove_prefix(kHeader + stored_size);
  last_ = last == 1;
  at_ = 0;
  ++piece_;
}

void SectionReader::take(void* to, std::size_t size) {
  char* into = static_cast<char*>(to);
  while (size > 0) {
    if (at_ == raw_.size()) {
      next_piece();
      require(!raw_.empty(), "it holds less than it should");
    }
    const std::size_t part = std::min(size, raw_.size() - at_);
    std::memcpy(into, raw_.data() + at_, part);
    at_ += part;
    left_ -= std::min<std::uint64_t>(part, left_);
    into += part;
    size -= part;
  }
}

std::string SectionReader::get_text() {
  const auto size = get<std::uint32_t>();
  const std::vector<char> text = get_all<char>(size);
  return {text.begin(), text.end()};
}

void SectionReader::fail(const std::string& reason) const {
  throw Error(ErrorCode::invalid_file, file_ + ": section " + quoted_name(name_) +
                                           " of the checkpoint: " + reason +
                                           " (the file is damaged or cut off). Use another copy.");
}

void SectionReader::refuse(const std::string& reason) const {
  throw Error(ErrorCode::invalid_file, file_ + ": " + reason);
}

}  // namespace rheobase::checkpoint
