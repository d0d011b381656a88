// SPDX-License-Identifier: Apache-2.0
// Accumulators of 32 bits.

@group(0) @binding(1) var<storage, read_write> accumulators: array<atomic<i32>>;

fn accumulate(post: u32, word: vec2<u32>) {
  atomicAdd(&accumulators[post], bitcast<i32>(word.x));
}

fn take_word(at: u32) -> i32 {
  let word = atomicLoad(&accumulators[at]);
  if (word != 0) { atomicStore(&accumulators[at], 0); }
  return word;
}
