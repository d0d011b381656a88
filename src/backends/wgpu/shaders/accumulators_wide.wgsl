// SPDX-License-Identifier: Apache-2.0
// Accumulators of 64 bits, for a program that only takes what is there.

@group(0) @binding(1) var<storage, read_write> accumulators: array<vec2<u32>>;

fn take_word(at: u32) -> vec2<u32> {
  let word = accumulators[at];
  if ((word.x | word.y) != 0u) { accumulators[at] = vec2<u32>(0u); }
  return word;
}
