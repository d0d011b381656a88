// SPDX-License-Identifier: Apache-2.0
// Accumulators of 64 bits, where the device has such atomics.

@group(0) @binding(4) var<storage, read_write> accumulators: array<atomic<u64>>;

fn accumulate(post: u32, word: vec2<u32>) {
  atomicAdd(&accumulators[post], u64(word.x) | (u64(word.y) << 32u));
}
