// SPDX-License-Identifier: Apache-2.0
// Accumulators of 64 bits, where the device has such atomics.

@group(0) @binding(1) var<storage, read_write> accumulators: array<atomic<u64>>;

fn accumulate(post: u32, word: vec2<u32>) {
  atomicAdd(&accumulators[post], u64(word.x) | (u64(word.y) << 32u));
}

fn take_word(at: u32) -> vec2<u32> {
  let word = atomicLoad(&accumulators[at]);
  if (word != 0lu) { atomicStore(&accumulators[at], 0lu); }
  return vec2<u32>(u32(word & 0xFFFFFFFFlu), u32(word >> 32u));
}
