// SPDX-License-Identifier: Apache-2.0
// Accumulators of 32 bits, for a program that only takes what is there.

@group(0) @binding(1) var<storage, read_write> accumulators: array<i32>;

fn take_word(at: u32) -> i32 {
  let word = accumulators[at];
  if (word != 0) { accumulators[at] = 0; }
  return word;
}
