// SPDX-License-Identifier: Apache-2.0
/// \file
/// Files of the operating system by number: the calls through which every byte of output leaves.
/// None raises a signal: a file that may not grow and a pipe without a reader are errors, also in a
/// program that did not ask to ignore SIGXFSZ and SIGPIPE.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace rheobase::platform {

struct Opened {
  int file = -1;
  int error = 0;  ///< an errno, where file is below 0
};

/// Creates or empties a file for this process alone to write and read: a lock keeps others out
/// (EBUSY). A link or a stranger's file of that name is removed, never written through. The number
/// is above those of the standard streams, also where these are closed.
[[nodiscard]] Opened open_own(const std::string& path);

/// Opens again, at its end, what `open_own` made and closed.
[[nodiscard]] Opened open_again(const std::string& path);

// All return 0 or an errno.
[[nodiscard]] int write_all(int file, std::string_view bytes);
[[nodiscard]] int write_all_at(int file, std::string_view bytes, std::uint64_t offset);
[[nodiscard]] int truncate_to(int file, std::uint64_t size);
/// Brings it to the disk, where the file system can, and hears what that says when it is closed.
[[nodiscard]] int sync(int file);
[[nodiscard]] int close_file(int file);
/// Gives back the lock too where a child of this process has the file open still.
void unlock(int file);
[[nodiscard]] int rename_over(const std::string& from, const std::string& to);
/// The name itself is on the disk then. Some file systems cannot say; so nothing is returned.
void sync_folder_of(const std::string& path);

/// Reads so many bytes; beyond the end of the file they are zeros. \return 0 or an errno.
[[nodiscard]] int read_all_at(int file, char* into, std::size_t size, std::uint64_t offset);

/// Gives it mode and owner of the file at `path`, as far as this user may. \return 0, or EACCES
/// where that file is there and may not be written.
[[nodiscard]] int take_permissions(int file, const std::string& path);

/// Whether an open file can be given another name.
[[nodiscard]] bool renames_open_files();

/// "No space left on device"
[[nodiscard]] std::string reason_of(int error);

}  // namespace rheobase::platform
