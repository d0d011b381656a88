// SPDX-License-Identifier: Apache-2.0
// A disk that refuses: stands before the system's calls, as a library that is loaded first (LD_PRELOAD)
// or linked into a test. The environment says what fails, and may change while a program runs:
//   RHEOBASE_FAULT=CALL:FILE:BYTE:ERRNO   CALL: write (pwrite and writev too), fsync, rename, close, open or
//                                         ftruncate, of files whose name (without folders) begins with FILE;
//                                         writes fail from the BYTE-th byte that is written to them on
//   RHEOBASE_FAULT_REPORT=FILE            gets "BYTES HITS\n" when the program ends
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static char known[512];
static char call[16];
static char file[256];
static long long byte_limit;
static int error_number;
static long long bytes_written;
static long long hits;

long long rheobase_fault_bytes(void) { return bytes_written; }
long long rheobase_fault_hits(void) { return hits; }

// Whether this call is one that the environment speaks of.
static int is_meant(const char* name) {
  const char* wish = getenv("RHEOBASE_FAULT");
  if (wish == NULL || *wish == '\0') {
    known[0] = '\0';
    return 0;
  }
  if (strcmp(wish, known) != 0) {
    snprintf(known, sizeof known, "%s", wish);
    bytes_written = 0;
    hits = 0;
    if (sscanf(wish, "%15[^:]:%255[^:]:%lld:%d", call, file, &byte_limit, &error_number) != 4) {
      call[0] = '\0';
    }
  }
  return strcmp(call, name) == 0;
}

static int is_file(const char* path) {
  const char* slash = strrchr(path, '/');
  return strncmp(slash == NULL ? path : slash + 1, file, strlen(file)) == 0;
}

static int is_descriptor(int number) {
  char link[64];
  char path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", number);
  const ssize_t size = readlink(link, path, sizeof path - 1);
  if (size < 0) {
    return 0;
  }
  path[size] = '\0';
  return is_file(path);
}

static int fail(void) {
  ++hits;
  errno = error_number;
  return -1;
}

// How many of so many bytes may still be written.
static size_t allowed(int number, size_t size) {
  if (!is_meant("write") || !is_descriptor(number)) {
    return size;
  }
  const long long left = byte_limit > bytes_written ? byte_limit - bytes_written : 0;
  const size_t now = (long long)size < left ? size : (size_t)left;
  bytes_written += (long long)now;
  return now;
}

ssize_t write(int number, const void* bytes, size_t size) {
  const size_t now = allowed(number, size);
  return now == 0 && size > 0 ? fail() : syscall(SYS_write, number, bytes, now);
}

ssize_t pwrite(int number, const void* bytes, size_t size, off_t at) {
  const size_t now = allowed(number, size);
  return now == 0 && size > 0 ? fail() : syscall(SYS_pwrite64, number, bytes, now, at);
}
ssize_t pwrite64(int number, const void* bytes, size_t size, off_t at) {
  return pwrite(number, bytes, size, at);
}

ssize_t writev(int number, const struct iovec* parts, int count) {
  size_t size = 0;
  for (int i = 0; i < count; ++i) {
    size += parts[i].iov_len;
  }
  if (allowed(number, size) < size) {
    return fail();
  }
  return syscall(SYS_writev, number, parts, count);
}

int fsync(int number) {
  return is_meant("fsync") && is_descriptor(number) ? fail() : (int)syscall(SYS_fsync, number);
}

int ftruncate(int number, off_t size) {
  return is_meant("ftruncate") && is_descriptor(number) ? fail()
                                                        : (int)syscall(SYS_ftruncate, number, size);
}
int ftruncate64(int number, off_t size) { return ftruncate(number, size); }

int close(int number) {
  const int refuse = is_meant("close") && is_descriptor(number);
  const int done = (int)syscall(SYS_close, number);
  return refuse ? fail() : done;
}

int rename(const char* from, const char* to) {
  return is_meant("rename") && is_file(to) ? fail()
                                           : (int)syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
}

int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const int mode = (flags & O_CREAT) != 0 ? va_arg(rest, int) : 0;
  va_end(rest);
  if ((flags & O_CREAT) != 0 && is_meant("open") && is_file(path)) {
    return fail();
  }
  return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

__attribute__((destructor)) static void report(void) {
  const char* to = getenv("RHEOBASE_FAULT_REPORT");
  if (to == NULL || known[0] == '\0') {
    return;
  }
  char line[64];
  const int size = snprintf(line, sizeof line, "%lld %lld\n", bytes_written, hits);
  const int number = (int)syscall(SYS_openat, AT_FDCWD, to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (number >= 0 && size > 0) {
    syscall(SYS_write, number, line, (size_t)size);
    syscall(SYS_close, number);
  }
}
