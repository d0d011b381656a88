// SPDX-License-Identifier: Apache-2.0
/// \file
/// Memory on large pages (2 MiB), where the system has them: arrays that are read at random then
/// need far fewer entries of the table of pages (bench/README.md says what it brings).
#pragma once

#include <cstddef>

namespace rheobase::platform {

/// Asks for large pages for memory that was not touched yet.
void prefer_large_pages(void* memory, std::size_t bytes);

/// `vector.resize(count)`, on large pages if it is empty.
template <class Vector>
void resize_on_large_pages(Vector& vector, std::size_t count) {
  if (vector.capacity() == 0) {
    vector.reserve(count);
    prefer_large_pages(vector.data(), count * sizeof(*vector.data()));
  }
  vector.resize(count);
}

}  // namespace rheobase::platform
