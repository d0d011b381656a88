// SPDX-License-Identifier: Apache-2.0
/// \file
/// Blocks of neurons that stay as they are until something reaches them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace rheobase {

/// A block is quiet if it was stepped without input and nothing came of it: no neuron fired, no
/// state changed, and no draw could make the next burst another. Then no burst without input
/// changes it, and it is passed over.
///
/// Finding out costs a copy of the block's state, so a block that was not quiet is tried again
/// after a while, and after a longer one each time.
class QuietBlocks {
 public:
  /// Nothing is known of any of them.
  void forget(std::size_t blocks) { blocks_.assign(blocks, Block{}); }

  [[nodiscard]] bool is_quiet(std::size_t b) const { return blocks_[b].quiet; }
  /// Once a burst: whether it is time to ask what reached the block.
  [[nodiscard]] bool is_due(std::size_t b) {
    Block& block = blocks_[b];
    if (block.quiet || block.bursts_left == 0) {
      return true;
    }
    --block.bursts_left;
    return false;
  }
  /// It was asked, and something reached the block.
  void reached(std::size_t b) {
    Block& block = blocks_[b];
    if (block.quiet) {
      block = {};
    } else {
      wait_longer(block);
    }
  }
  /// It was stepped without input.
  void tried(std::size_t b, bool quiet) {
    blocks_[b].quiet = quiet;
    if (!quiet) {
      wait_longer(blocks_[b]);
    }
  }

 private:
  struct Block {
    bool quiet = false;
    std::uint8_t bursts_left = 0;
    std::uint8_t wait = 0;
  };
  static void wait_longer(Block& block) {
    constexpr std::uint32_t kLongest = 31;
    block.wait = static_cast<std::uint8_t>(std::min(2U * block.wait + 1U, kLongest));
    block.bursts_left = block.wait;
  }

  std::vector<Block> blocks_;
};

}  // namespace rheobase
