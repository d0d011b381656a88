// SPDX-License-Identifier: Apache-2.0
// The synapses in one piece.

@group(0) @binding(8) var<storage, read> synapses_0: array<u32>;

fn synapse_word(at: u32) -> u32 {
  return synapses_0[at];
}
