// SPDX-License-Identifier: Apache-2.0
#include "platform/descriptor.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#if defined(_WIN32)
#include <io.h>
#include <share.h>
#include <windows.h>
#else
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>
#endif

namespace rheobase::platform {
namespace {

constexpr std::size_t kMostAtOnce = std::size_t{1} << 30U;

#if defined(_WIN32)

struct QuietSignals {};

Opened open_with(const std::string& path, int flags, int sharing) {
  Opened opened;
  opened.error = _sopen_s(&opened.file, path.c_str(), flags | _O_RDWR | _O_BINARY, sharing,
                          _S_IREAD | _S_IWRITE);
  return opened.error == 0 ? opened : Opened{-1, opened.error};
}

long long write_some(int file, const char* bytes, std::size_t size) {
  return _write(file, bytes, static_cast<unsigned>(size));
}
/// What is appended next goes to the end again.
long long write_some_at(int file, const char* bytes, std::size_t size, std::uint64_t offset) {
  if (_lseeki64(file, static_cast<long long>(offset), SEEK_SET) < 0) {
    return -1;
  }
  const long long written = write_some(file, bytes, size);
  const int error = errno;
  _lseeki64(file, 0, SEEK_END);
  errno = error;
  return written;
}
long long read_some_at(int file, char* into, std::size_t size, std::uint64_t offset) {
  if (_lseeki64(file, static_cast<long long>(offset), SEEK_SET) < 0) {
    return -1;
  }
  const long long read = _read(file, into, static_cast<unsigned>(size));
  const int error = errno;
  _lseeki64(file, 0, SEEK_END);
  errno = error;
  return read;
}

#else

/// While it lives, SIGXFSZ and SIGPIPE do not reach this thread; one that its writing caused is
/// taken back, one that was there before stays.
class QuietSignals {
 public:
  QuietSignals() {
    sigemptyset(&quiet_);
    sigaddset(&quiet_, SIGXFSZ);
    sigaddset(&quiet_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &quiet_, &former_);
    sigpending(&pending_);
  }
  ~QuietSignals() {
    const int error = errno;
    if (error == EFBIG) {
      take_back(SIGXFSZ);
    }
    if (error == EPIPE) {
      take_back(SIGPIPE);
    }
    pthread_sigmask(SIG_SETMASK, &former_, nullptr);
    errno = error;
  }
  QuietSignals(const QuietSignals&) = delete;
  QuietSignals& operator=(const QuietSignals&) = delete;

 private:
  void take_back(int signal) const {
    sigset_t now;
    sigpending(&now);
    if (sigismember(&now, signal) == 1 && sigismember(&pending_, signal) == 0) {
      sigset_t one;
      sigemptyset(&one);
      sigaddset(&one, signal);
      int taken = 0;
      sigwait(&one, &taken);
    }
  }

  sigset_t quiet_{}, former_{}, pending_{};
};

/// Not one of 0, 1, 2: what the process prints would go into the file.
int above_standard_streams(int file) {
  if (file < 0 || file > STDERR_FILENO) {
    return file;
  }
  const int higher = fcntl(file, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  const int error = errno;
  ::close(file);
  errno = error;
  return higher;
}

Opened failed_with(int error, int file) {
  if (file >= 0) {
    ::close(file);
  }
  return {-1, error};
}

/// Where a file system knows no locks, nothing is locked.
bool lock_alone(int file) {
  return flock(file, LOCK_EX | LOCK_NB) == 0 || errno == ENOLCK || errno == ENOSYS ||
         errno == EOPNOTSUPP || errno == EINVAL;
}

bool has_name(const struct stat& opened, const std::string& path) {
  struct stat named {};
  return lstat(path.c_str(), &named) == 0 && opened.st_ino == named.st_ino &&
         opened.st_dev == named.st_dev;
}

/// A file that nobody else can reach or has prepared.
bool is_own(const struct stat& opened) {
  return S_ISREG(opened.st_mode) && opened.st_nlink == 1 && opened.st_uid == geteuid();
}

long long write_some(int file, const char* bytes, std::size_t size) {
  return ::write(file, bytes, size);
}
long long write_some_at(int file, const char* bytes, std::size_t size, std::uint64_t offset) {
  return ::pwrite(file, bytes, size, static_cast<off_t>(offset));
}
long long read_some_at(int file, char* into, std::size_t size, std::uint64_t offset) {
  return ::pread(file, into, size, static_cast<off_t>(offset));
}

#endif

}  // namespace

int write_all(int file, std::string_view bytes) {
  [[maybe_unused]] const QuietSignals quiet;
  errno = 0;
  while (!bytes.empty()) {
    const long long written = write_some(file, bytes.data(), std::min(bytes.size(), kMostAtOnce));
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      return written == 0 ? ENOSPC : errno;
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

int write_all_at(int file, std::string_view bytes, std::uint64_t offset) {
  [[maybe_unused]] const QuietSignals quiet;
  errno = 0;
  while (!bytes.empty()) {
    const long long written =
        write_some_at(file, bytes.data(), std::min(bytes.size(), kMostAtOnce), offset);
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      return written == 0 ? ENOSPC : errno;
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
  return 0;
}

int read_all_at(int file, char* into, std::size_t size, std::uint64_t offset) {
  while (size > 0) {
    const long long read = read_some_at(file, into, std::min(size, kMostAtOnce), offset);
    if (read < 0 && errno == EINTR) {
      continue;
    }
    if (read < 0) {
      return errno;
    }
    if (read == 0) {
      std::fill(into, into + size, '\0');
      return 0;
    }
    into += read;
    size -= static_cast<std::size_t>(read);
    offset += static_cast<std::uint64_t>(read);
  }
  return 0;
}

std::string reason_of(int error) { return std::generic_category().message(error); }

#if defined(_WIN32)

Opened open_own(const std::string& path) {
  return open_with(path, _O_CREAT | _O_TRUNC, _SH_DENYRW);
}
Opened open_again(const std::string& path) {
  const Opened opened = open_with(path, 0, _SH_DENYWR);
  if (opened.file >= 0) {
    _lseeki64(opened.file, 0, SEEK_END);
  }
  return opened;
}
int truncate_to(int file, std::uint64_t size) {
  return _chsize_s(file, static_cast<long long>(size));
}
int sync(int file) { return _commit(file) == 0 ? 0 : errno; }
void unlock(int file) { _close(file); }
int close_file(int file) { return _close(file) == 0 ? 0 : errno; }
int rename_over(const std::string& from, const std::string& to) {
  return MoveFileExA(from.c_str(), to.c_str(), MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH)
             ? 0
             : EACCES;
}
void sync_folder_of(const std::string& /*path*/) {}
int take_permissions(int /*file*/, const std::string& path) {
  return _access(path.c_str(), 0) == 0 && _access(path.c_str(), 2) != 0 ? EACCES : 0;
}
bool renames_open_files() { return false; }

#else

Opened open_own(const std::string& path) {
  constexpr int kAlways = O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
  // others may make, lock, rename and remove it meanwhile; a few rounds decide
  constexpr int kRounds = 100;
  for (int round = 0; round < kRounds; ++round) {
    int file = above_standard_streams(open(path.c_str(), kAlways | O_CREAT | O_EXCL, 0666));
    const bool made = file >= 0;
    if (!made) {
      if (errno != EEXIST) {
        return {-1, errno};
      }
      file = above_standard_streams(open(path.c_str(), kAlways));
    }
    if (file < 0) {
      if (errno == EISDIR) {
        return {-1, EISDIR};
      }
      // a link, a device, another's file: in the way
      if (errno != ENOENT && unlink(path.c_str()) != 0 && errno != ENOENT) {
        return {-1, errno};
      }
      continue;
    }
    if (!lock_alone(file)) {
      return failed_with(errno == EWOULDBLOCK ? EBUSY : errno, file);
    }
    struct stat opened {};
    if (fstat(file, &opened) != 0) {
      return failed_with(errno, file);
    }
    if (!has_name(opened, path)) {  // its writer gave it another just now
      ::close(file);
      continue;
    }
    if (!made && !is_own(opened)) {
      if (unlink(path.c_str()) != 0 && errno != ENOENT) {
        return failed_with(errno, file);
      }
      ::close(file);
      continue;
    }
    if (ftruncate(file, 0) != 0) {
      const int error = errno;
      static_cast<void>(unlink(path.c_str()));
      return failed_with(error, file);
    }
    return {file, 0};
  }
  return {-1, EBUSY};
}

Opened open_again(const std::string& path) {
  const int file = above_standard_streams(open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  return file < 0 ? Opened{-1, errno} : Opened{file, 0};
}

int truncate_to(int file, std::uint64_t size) {
  const QuietSignals quiet;  // it may have to grow
  errno = 0;
  return ftruncate(file, static_cast<off_t>(size)) == 0 ? 0 : errno;
}

int close_file(int file) {
  const bool fine = ::close(file) == 0 || errno == EINTR;  // closed all the same
  return fine ? 0 : errno;
}

int sync(int file) {
  const bool fine = fsync(file) == 0 || errno == EINVAL || errno == ENOTSUP || errno == ENOSYS;
  if (!fine) {
    return errno;
  }
  // a network's file system may speak at a close; the file itself stays open, and locked
  const int other = fcntl(file, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  return other < 0 ? 0 : close_file(other);
}

void unlock(int file) {
  static_cast<void>(flock(file, LOCK_UN));
  ::close(file);
}

int rename_over(const std::string& from, const std::string& to) {
  return std::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

void sync_folder_of(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  const int file = open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_CLOEXEC);
  if (file >= 0) {
    static_cast<void>(fsync(file));
    ::close(file);
  }
}

int take_permissions(int file, const std::string& path) {
  struct stat old {};
  if (stat(path.c_str(), &old) != 0) {
    return 0;
  }
  if (faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) != 0) {
    return errno;  // a file that is protected stays
  }
  // the owner first: a change of owner takes bits of the mode away
  if (fchown(file, old.st_uid, old.st_gid) != 0) {
    static_cast<void>(fchown(file, static_cast<uid_t>(-1), old.st_gid) == 0);
  }
  static_cast<void>(fchmod(file, old.st_mode & 0777U) == 0);
  return 0;
}

bool renames_open_files() { return true; }

#endif

}  // namespace rheobase::platform
