// SPDX-License-Identifier: Apache-2.0
/// \file
/// Files of named sections. A section is a stream of numbers, least significant byte first, cut
/// into pieces; each piece is compressed (zstd) and carries a checksum (XXH3) of its header and
/// bytes.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rheobase/error.h"

namespace rheobase::checkpoint {

inline constexpr std::string_view kMagic{"\x89RHEOB\r\n", 8};
/// That is written; it and those before are read. No two differ in one bit, so that none becomes
/// another by accident: there is no 3.
inline constexpr std::uint32_t kVersion = 4;
/// Raw bytes of a piece, at most.
inline constexpr std::size_t kPieceBytes = std::size_t{1} << 22U;

template <class T>
concept Number = std::integral<T> || std::floating_point<T>;

/// A number as it stands in the file, or back.
template <Number T>
[[nodiscard]] T little_endian(T value) {
  if constexpr (std::endian::native == std::endian::little || sizeof(T) == 1) {
    return value;
  } else {
    auto bytes = std::bit_cast<std::array<unsigned char, sizeof(T)>>(value);
    for (std::size_t i = 0; i < sizeof(T) / 2; ++i) {
      std::swap(bytes[i], bytes[sizeof(T) - 1 - i]);
    }
    return std::bit_cast<T>(bytes);
  }
}

class SectionWriter {
 public:
  using Output = std::function<void(std::string_view bytes)>;
  /// Writes the file's head.
  explicit SectionWriter(Output output);
  ~SectionWriter();
  SectionWriter(const SectionWriter&) = delete;
  SectionWriter& operator=(const SectionWriter&) = delete;

  /// Ends the section before, if any. At most 16 characters.
  void begin(std::string_view name);
  /// Ends the last section and the file.
  void finish();

  template <Number T>
  void put(T value) {
    const T ordered = little_endian(value);
    append(&ordered, sizeof ordered);
  }
  template <Number T, class Allocator>
  void put_all(const std::vector<T, Allocator>& values) {
    if constexpr (std::endian::native == std::endian::little || sizeof(T) == 1) {
      append(values.data(), values.size() * sizeof(T));
    } else {
      for (const T value : values) {
        put(value);
      }
    }
  }
  void put_text(std::string_view text) {
    put(static_cast<std::uint32_t>(text.size()));
    append(text.data(), text.size());
  }

 private:
  void append(const void* bytes, std::size_t size);
  void flush(bool last);

  Output output_;
  std::string name_;
  std::uint32_t number_ = 0;  ///< of the next piece
  std::string raw_;
  std::string stored_;
  struct Compressor;
  std::unique_ptr<Compressor> compressor_;
};

/// Reads sections in the order in which they were written. \throws Error invalid_file from every
/// call, naming file and section.
class SectionReader {
 public:
  /// `bytes` must outlive the reader; `name` is the file's, for errors. `network_alone`: nothing
  /// will go on from what is read, only the network is asked for.
  SectionReader(std::string_view bytes, std::string name, bool network_alone = false);
  [[nodiscard]] bool network_alone() const { return network_alone_; }

  /// Ends the section before, which must have been read to its end.
  void begin(std::string_view name);
  /// What the pieces of a section that is still to come say they unpack to, in all.
  [[nodiscard]] std::uint64_t raw_bytes(std::string_view name) const;
  /// The name of the section that follows; empty at the end of the file.
  [[nodiscard]] std::string_view next() const;
  /// The last section must have been read to its end, and nothing may follow.
  void finish();

  template <Number T>
  [[nodiscard]] T get() {
    T value{};
    take(&value, sizeof value);
    return little_endian(value);
  }
  /// A count beyond what the section holds is refused before memory is asked for.
  template <Number T>
  [[nodiscard]] std::vector<T> get_all(std::uint64_t count) {
    std::vector<T> values;
    get_all(values, count);
    return values;
  }
  template <Number T, class Allocator>
  void get_all(std::vector<T, Allocator>& values, std::uint64_t count) {
    constexpr std::uint64_t kStep = kPieceBytes / sizeof(T);
    require(count <= left_ / sizeof(T), "it holds less than it should");
    values.clear();
    values.reserve(static_cast<std::size_t>(count));
    while (values.size() < count) {
      const std::size_t at = values.size();
      const auto step = static_cast<std::size_t>(std::min<std::uint64_t>(count - at, kStep));
      values.resize(at + step);
      take(values.data() + at, step * sizeof(T));
      if constexpr (std::endian::native != std::endian::little && sizeof(T) > 1) {
        for (std::size_t i = at; i < values.size(); ++i) {
          values[i] = little_endian(values[i]);
        }
      }
    }
  }
  [[nodiscard]] std::string get_text();
  [[noreturn]] void fail(const std::string& reason) const;
  /// The file is as it should be, but nothing can go on from it.
  [[noreturn]] void refuse(const std::string& reason) const;
  /// Does what takes apart something that was read; what it cannot understand, the file is to blame
  /// for.
  template <class Action>
  void understand(Action action) const {
    try {
      action();
    } catch (const Error& error) {
      fail(error.what());
    }
  }
  void require(bool fine, const char* reason) const {
    if (!fine) {
      fail(reason);
    }
  }

 private:
  void take(void* to, std::size_t size);
  void next_piece();

  std::string_view bytes_;
  std::string file_;
  bool network_alone_ = false;
  std::string name_ = "head";
  std::uint32_t piece_ = 0;
  bool last_ = true;
  std::vector<char> raw_;
  std::size_t at_ = 0;      ///< in raw_
  std::uint64_t left_ = 0;  ///< raw bytes of the section that were not taken
};

}  // namespace rheobase::checkpoint
