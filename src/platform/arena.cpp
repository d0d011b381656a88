// SPDX-License-Identifier: Apache-2.0
#include "platform/arena.h"

#include <algorithm>

#include "platform/large_pages.h"

namespace rheobase::platform {
namespace {

constexpr std::size_t kFirstChunk = 1024;
constexpr std::size_t kLargePage = std::size_t{1} << 21U;

}  // namespace

void Arena::Free::operator()(std::byte* memory) const noexcept {
  ::operator delete(memory, alignment);
}

void Arena::add_chunk(std::size_t bytes) {
  const std::size_t wanted = std::max({bytes, kFirstChunk, chunk_bytes_ + chunk_bytes_ / 2});
  chunks_.reserve(chunks_.size() + 1);
  const std::align_val_t alignment{wanted >= kLargePage ? kLargePage : alignof(std::max_align_t)};
  chunks_.emplace_back(static_cast<std::byte*>(::operator new(wanted, alignment)), Free{alignment});
  prefer_large_pages(chunks_.back().get(), wanted);
  chunk_bytes_ = left_ = wanted;
  next_ = chunks_.back().get();
}

void* Arena::allocate(std::size_t bytes, std::size_t alignment) {
  const std::lock_guard lock(mutex_);
  if (std::align(alignment, bytes, next_, left_) == nullptr) {
    add_chunk(bytes);  // at the beginning of a chunk everything is aligned
  }
  void* const piece = next_;
  next_ = static_cast<std::byte*>(next_) + bytes;
  left_ -= bytes;
  return piece;
}

}  // namespace rheobase::platform
