// SPDX-License-Identifier: Apache-2.0
#include "platform/large_pages.h"

#include <cstdint>
#include <mutex>
#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace rheobase::platform {
namespace {

constexpr std::size_t kLargePage = std::size_t{1} << 21U;

/// What an arena takes its chunks from.
class LargePages final : public std::pmr::memory_resource {
  static std::align_val_t alignment_of(std::size_t bytes, std::size_t alignment) {
    return std::align_val_t{bytes >= kLargePage ? kLargePage : alignment};
  }
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    void* const memory = ::operator new(bytes, alignment_of(bytes, alignment));
    prefer_large_pages(memory, bytes);
    return memory;
  }
  void do_deallocate(void* memory, std::size_t bytes, std::size_t alignment) override {
    ::operator delete(memory, alignment_of(bytes, alignment));
  }
  [[nodiscard]] bool do_is_equal(const memory_resource& other) const noexcept override {
    return this == &other;
  }
};

LargePages& large_pages() {
  static LargePages pages;
  return pages;
}

class Arena final : public std::pmr::memory_resource {
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    const std::lock_guard lock(mutex_);
    return pieces_.allocate(bytes, alignment);
  }
  void do_deallocate(void* /*memory*/, std::size_t /*bytes*/, std::size_t /*alignment*/) override {}
  [[nodiscard]] bool do_is_equal(const memory_resource& other) const noexcept override {
    return this == &other;
  }

  std::mutex mutex_;
  std::pmr::monotonic_buffer_resource pieces_{&large_pages()};
};

}  // namespace

void prefer_large_pages([[maybe_unused]] void* memory, [[maybe_unused]] std::size_t bytes) {
#if defined(__linux__)
  // whole large pages within the memory; it is a wish, and nothing is lost if it is not granted
  const std::uintptr_t begin =
      (reinterpret_cast<std::uintptr_t>(memory) + kLargePage - 1) & ~(kLargePage - 1);
  const std::uintptr_t end = (reinterpret_cast<std::uintptr_t>(memory) + bytes) & ~(kLargePage - 1);
  if (end > begin) {
    madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
  }
#endif
}

std::shared_ptr<std::pmr::memory_resource> make_large_arena() { return std::make_shared<Arena>(); }

}  // namespace rheobase::platform
