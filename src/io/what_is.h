// SPDX-License-Identifier: Apache-2.0
/// \file
/// What a file is that was named where another was wanted.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rheobase {

enum class FileKind : std::uint8_t {
  unknown,  ///< text or bytes of which nothing more is known
  empty,
  checkpoint,
  hdf5,
  numpy,
  json,
  table,    ///< comma-separated values with a header
  foreign,  ///< anything that this program never reads
};

struct FileIdentity {
  FileKind kind = FileKind::unknown;
  std::string_view name;  ///< "a gzip file"
  std::string_view hint;  ///< "Unpack it first."; empty where the caller knows better
};

/// Tells a file by its first bytes; some 500 are enough, all of them do no harm.
[[nodiscard]] FileIdentity what_is(std::string_view start);

/// What a caller asks for, in messages.
struct WantedFile {
  std::string_view what;  ///< "a brain"
  std::string_view hint;  ///< "Name a FEAGI genome, a network recipe or a checkpoint."
};

inline constexpr WantedFile kWantedBrain{"a brain",
                                         "Name a FEAGI genome, a network recipe or a checkpoint."};
inline constexpr WantedFile kWantedCheckpoint{
    "a checkpoint", "Name a file that `rheobase run --checkpoint` or Engine::save wrote."};
inline constexpr WantedFile kWantedInput{
    "input as CSV",
    "Give it the header \"burst,neuron,potential\" or \"burst,area,x,y,z,potential\"."};
inline constexpr WantedFile kWantedRecording{
    "a recording of spikes", "Give a spikes.h5, spikes.csv or spikes.npy that a run wrote."};

/// \throws Error invalid_file "PATH is a gzip file (a brain was expected). Unpack it first." if the
/// bytes are of a known kind other than `kind` (or `also`). What is unknown passes.
void refuse_other_kinds(const std::string& path, std::string_view start, FileKind kind,
                        const WantedFile& wanted, FileKind also = FileKind::unknown);

}  // namespace rheobase
