// SPDX-License-Identifier: Apache-2.0
/* Loaded before all else (LD_PRELOAD), it stands in for a system that has no more to give:
   RHEOBASE_REFUSE_THREAD=n  refuses every thread from the n-th on,
   RHEOBASE_REFUSE_MEMORY=n  refuses the n-th allocation; with RHEOBASE_REFUSE_ALL=1 every later one too,
   RHEOBASE_REFUSE_COUNT=FILE  writes "ALLOCATIONS THREADS" there at the end.
   Counting begins with main: what libraries do before it nobody can mend. A host may call rheobase_refuse
   instead, so that it begins there. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

extern void* __libc_malloc(size_t);
extern void* __libc_calloc(size_t, size_t);
extern void* __libc_realloc(void*, size_t);
extern void* __libc_memalign(size_t, size_t);

static atomic_long threads, allocations;
static long first_thread = -1, first_allocation = -1, all_later = 0;
static const char* count_file = NULL;
static int is_ready = 0;
static int in_main = 0;

static long number(const char* name) {
  const char* text = getenv(name);
  return text != NULL ? atol(text) : -1;
}

static void prepare(void) {
  if (!is_ready) {
    is_ready = 1;
    first_thread = number("RHEOBASE_REFUSE_THREAD");
    first_allocation = number("RHEOBASE_REFUSE_MEMORY");
    all_later = number("RHEOBASE_REFUSE_ALL") > 0;
    count_file = getenv("RHEOBASE_REFUSE_COUNT");
  }
}

static int is_refused(void) {
  if (!in_main) {
    return 0;
  }
  const long n = ++allocations;
  const int refused =
      first_allocation >= 0 && (all_later ? n >= first_allocation : n == first_allocation);
  if (refused) {
    errno = ENOMEM;
  }
  return refused;
}

void* malloc(size_t n) { return is_refused() ? NULL : __libc_malloc(n); }
void* calloc(size_t a, size_t b) { return is_refused() ? NULL : __libc_calloc(a, b); }
void* realloc(void* p, size_t n) { return is_refused() ? NULL : __libc_realloc(p, n); }
void* aligned_alloc(size_t a, size_t n) { return is_refused() ? NULL : __libc_memalign(a, n); }
void* memalign(size_t a, size_t n) { return is_refused() ? NULL : __libc_memalign(a, n); }
int posix_memalign(void** p, size_t a, size_t n) {
  void* memory = is_refused() ? NULL : __libc_memalign(a, n);
  if (memory == NULL) {
    return ENOMEM;
  }
  *p = memory;
  return 0;
}

typedef int Create(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
int pthread_create(pthread_t* thread, const pthread_attr_t* how, void* (*work)(void*), void* with) {
  static Create* real = NULL;
  prepare();
  if (real == NULL) {
    real = (Create*)dlsym(RTLD_NEXT, "pthread_create");
  }
  return ++threads >= first_thread && first_thread >= 0 ? EAGAIN : real(thread, how, work, with);
}

/* From now on: the n-th allocation and, if `all` is not 0, every later one. 0: none. Gives how many there were. */
long rheobase_refuse(long n, int all) {
  prepare();
  const long before = allocations;
  first_allocation = -1;
  allocations = 0;
  all_later = all;
  first_allocation = n > 0 ? n : -1;
  return before;
}

static int (*real_main)(int, char**, char**);
static int counted_main(int argc, char** argv, char** environment) {
  prepare();
  in_main = 1;
  return real_main(argc, argv, environment);
}
typedef int Start(int (*)(int, char**, char**), int, char**, void (*)(void), void (*)(void),
                  void (*)(void), void*);
int __libc_start_main(int (*main)(int, char**, char**), int argc, char** argv, void (*init)(void),
                      void (*fini)(void), void (*end_of_loader)(void), void* stack) {
  Start* real = (Start*)dlsym(RTLD_NEXT, "__libc_start_main");
  real_main = main;
  return real(counted_main, argc, argv, init, fini, end_of_loader, stack);
}

__attribute__((destructor)) static void report(void) {
  if (count_file != NULL) {
    char text[64];
    const int length =
        snprintf(text, sizeof text, "%ld %ld\n", (long)allocations, (long)threads);
    const int file = open(count_file, O_CREAT | O_TRUNC | O_WRONLY, 0600);
    if (file >= 0) {
      if (write(file, text, (size_t)length) != length) {
        _exit(99);
      }
      close(file);
    }
  }
}
