// SPDX-License-Identifier: Apache-2.0
// Accumulators of 64 bits as two words, where the device has no 64-bit atomics. The carry of the
// low word is known to whoever caused it, so the sum is exact in any order.

@group(0) @binding(1) var<storage, read_write> accumulators: array<atomic<u32>>;

fn accumulate(post: u32, word: vec2<u32>) {
  let before = atomicAdd(&accumulators[2u * post], word.x);
  let high = word.y + select(0u, 1u, before + word.x < before);
  if (high != 0u) {
    atomicAdd(&accumulators[2u * post + 1u], high);
  }
}

fn take_word(at: u32) -> vec2<u32> {
  let word = vec2<u32>(atomicLoad(&accumulators[2u * at]), atomicLoad(&accumulators[2u * at + 1u]));
  if ((word.x | word.y) != 0u) {
    atomicStore(&accumulators[2u * at], 0u);
    atomicStore(&accumulators[2u * at + 1u], 0u);
  }
  return word;
}
