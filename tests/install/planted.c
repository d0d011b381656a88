// SPDX-License-Identifier: Apache-2.0
/* A stranger's library. Whoever loads it runs it. */
#include <unistd.h>

__attribute__((constructor)) static void run(void) {
  static const char text[] = "a planted library ran\n";
  if (write(2, text, sizeof text - 1) < 0) {
    _exit(1);
  }
}
