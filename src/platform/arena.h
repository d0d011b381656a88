// SPDX-License-Identifier: Apache-2.0
/// \file
/// Memory of many pieces that are given back together, and vectors that lie in it. (What the
/// standard library has for that, <memory_resource>, is missing in libc++ before LLVM 16.)
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <new>
#include <vector>

namespace rheobase::platform {

/// Pieces one behind the other, in chunks that grow, on large pages. All of it goes with the arena.
class Arena {
 public:
  /// `bytes` that nobody else has; from any thread. `alignment`: a power of two.
  [[nodiscard]] void* allocate(std::size_t bytes, std::size_t alignment);

 private:
  struct Free {
    std::align_val_t alignment;
    void operator()(std::byte* memory) const noexcept;
  };
  void add_chunk(std::size_t bytes);

  std::mutex mutex_;
  std::vector<std::unique_ptr<std::byte, Free>> chunks_;
  std::size_t chunk_bytes_ = 0;  ///< of the last chunk
  void* next_ = nullptr;         ///< the first free byte in it
  std::size_t left_ = 0;         ///< bytes from there to its end
};

/// For containers: of an arena, which must outlive them, or of the heap where that is null. A copy
/// of a container is on the heap.
template <class T>
class ArenaAllocator {
 public:
  using value_type = T;

  ArenaAllocator(Arena* arena = nullptr) noexcept : arena_(arena) {}
  template <class U>
  ArenaAllocator(const ArenaAllocator<U>& other) noexcept : arena_(other.arena()) {}

  [[nodiscard]] T* allocate(std::size_t count) {
    return arena_ == nullptr ? std::allocator<T>().allocate(count)
                             : static_cast<T*>(arena_->allocate(count * sizeof(T), alignof(T)));
  }
  void deallocate(T* memory, std::size_t count) noexcept {
    if (arena_ == nullptr) {
      std::allocator<T>().deallocate(memory, count);
    }
  }
  [[nodiscard]] ArenaAllocator select_on_container_copy_construction() const noexcept {
    return ArenaAllocator();
  }
  [[nodiscard]] Arena* arena() const noexcept { return arena_; }
  friend bool operator==(const ArenaAllocator& a, const ArenaAllocator& b) noexcept {
    return a.arena_ == b.arena_;
  }

 private:
  Arena* arena_;
};

template <class T>
using ArenaVector = std::vector<T, ArenaAllocator<T>>;

}  // namespace rheobase::platform
