// SPDX-License-Identifier: Apache-2.0
#include "platform/replaced_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "rheobase/error.h"

#if defined(_WIN32)
#include <io.h>
#include <share.h>
#include <windows.h>
#else
#include <sys/file.h>
#include <unistd.h>
#endif

namespace rheobase::platform {
namespace {

#if defined(_WIN32)

/// Nobody else may open it meanwhile. -1: errno says why.
int open_locked(const std::string& path) {
  int file = -1;
  const int error = _sopen_s(&file, path.c_str(), _O_CREAT | _O_TRUNC | _O_WRONLY | _O_BINARY,
                             _SH_DENYRW, _S_IREAD | _S_IWRITE);
  errno = error;
  return error == 0 ? file : -1;
}
long long write_some(int file, const char* bytes, std::size_t size) {
  return _write(file, bytes, static_cast<unsigned>(std::min<std::size_t>(size, 1U << 30U)));
}
bool sync(int file) { return _commit(file) == 0; }
void close_file(int file) { _close(file); }
int rename_over(const std::string& from, const std::string& to) {
  return MoveFileExA(from.c_str(), to.c_str(), MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH)
             ? 0
             : EACCES;
}
constexpr bool kRenamesOpenFiles = false;

#else

/// -1: errno says why.
int open_locked(const std::string& path) {
  for (;;) {
    const int file = open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0666);
    if (file < 0) {
      return -1;
    }
    struct stat opened {};
    struct stat named {};
    if (flock(file, LOCK_EX | LOCK_NB) != 0) {
      const int error = errno == EWOULDBLOCK ? EBUSY : errno;
      ::close(file);
      errno = error;
      return -1;
    }
    // another process may have renamed it between open and lock; then it is no longer ours to write
    if (fstat(file, &opened) == 0 && stat(path.c_str(), &named) == 0 &&
        opened.st_ino == named.st_ino && opened.st_dev == named.st_dev) {
      if (ftruncate(file, 0) == 0) {
        return file;
      }
      const int error = errno;
      ::close(file);
      errno = error;
      return -1;
    }
    ::close(file);
  }
}
long long write_some(int file, const char* bytes, std::size_t size) {
  return ::write(file, bytes, size);
}
bool sync(int file) { return fsync(file) == 0; }
void close_file(int file) { ::close(file); }
int rename_over(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) {
    return errno;
  }
  // the new name is safe when its folder is; some file systems cannot sync folders
  const std::filesystem::path folder = std::filesystem::path(to).parent_path();
  const int handle = open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_CLOEXEC);
  if (handle >= 0) {
    static_cast<void>(fsync(handle));
    ::close(handle);
  }
  return 0;
}
constexpr bool kRenamesOpenFiles = true;

#endif

}  // namespace

ReplacedFile::ReplacedFile(const std::string& path) : path_(path) {
  std::error_code failed;
  if (std::filesystem::is_symlink(path, failed)) {
    const std::filesystem::path target = std::filesystem::weakly_canonical(path, failed);
    if (!failed) {
      path_ = target.string();
    }
  }
  const std::filesystem::file_status status = std::filesystem::status(path_, failed);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
    throw Error(ErrorCode::io,
                "cannot write " + path + " (it is no ordinary file). Name another path.");
  }
  partial_ = path_ + ".partial";
  file_ = open_locked(partial_);
  if (file_ < 0) {
    if (errno == EBUSY) {
      throw Error(ErrorCode::io,
                  "cannot write " + path + " (another process is writing it). Name another path.");
    }
    fail(errno);
  }
}

ReplacedFile::~ReplacedFile() {
  if (file_ >= 0) {
    std::error_code ignored;
    if (kRenamesOpenFiles) {
      std::filesystem::remove(partial_, ignored);  // while it is locked, so that it is our own
      close();
    } else {
      close();
      std::filesystem::remove(partial_, ignored);
    }
  }
}

void ReplacedFile::close() {
  close_file(file_);
  file_ = -1;
}

void ReplacedFile::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const long long written = write_some(file_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      fail(written == 0 ? ENOSPC : errno);
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void ReplacedFile::commit() {
  if (!sync(file_)) {
    fail(errno);
  }
  if (!kRenamesOpenFiles) {
    close();
  }
  const int error = rename_over(partial_, path_);
  if (error != 0) {
    std::error_code ignored;
    std::filesystem::remove(partial_, ignored);
    fail(error);
  }
  if (file_ >= 0) {
    close();
  }
}

void ReplacedFile::fail(int error) const {
  throw Error(ErrorCode::io, "cannot write " + path_ + " (" +
                                 std::generic_category().message(error) +
                                 "). Choose a folder that exists, has room and lets you write.");
}

void replace_file(const std::string& path, std::string_view bytes) {
  ReplacedFile file(path);
  file.append(bytes);
  file.commit();
}

}  // namespace rheobase::platform
