// SPDX-License-Identifier: Apache-2.0
// Accumulators of 32 bits.

@group(0) @binding(4) var<storage, read_write> accumulators: array<atomic<i32>>;

fn accumulate(post: u32, word: vec2<u32>) {
  atomicAdd(&accumulators[post], bitcast<i32>(word.x));
}
