// SPDX-License-Identifier: Apache-2.0
// What delivery left for a neuron, in accumulators of 32 bits.

@group(0) @binding(1) var<storage, read_write> accumulators: array<i32>;

struct Sum {
  some: bool,  // any event, or any charge
  synaptic: f32,
}

// Reads and clears.
fn take_sum(id: u32) -> Sum {
  let word = accumulators[id];
  if (word == 0) { return Sum(false, 0.0); }
  accumulators[id] = 0;
  return Sum(true, fixed_to_f32(word >> params.event_bits, params.quantum_bits));
}
