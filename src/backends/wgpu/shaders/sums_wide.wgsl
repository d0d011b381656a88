// SPDX-License-Identifier: Apache-2.0
// What delivery left for a neuron, in accumulators of 64 bits.

struct Sum {
  some: bool,  // any event, or any charge
  synaptic: f32,
}

// Reads and clears.
fn take_sum(at: u32) -> Sum {
  let word = take_word(at);
  if ((word.x | word.y) == 0u) { return Sum(false, 0.0); }
  return Sum(true, fixed_to_f32_wide(shift_right_signed(word, params.event_bits),
                                     params.quantum_bits));
}
