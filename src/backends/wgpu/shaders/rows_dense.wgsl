// SPDX-License-Identifier: Apache-2.0
// The synapse index as a table: one entry for each neuron and delay. Four of the shards of the synapses
// are seen at once.

@group(0) @binding(5) var<storage, read> synapses_0: array<u32>;
@group(0) @binding(6) var<storage, read> synapses_1: array<u32>;
@group(0) @binding(7) var<storage, read> synapses_2: array<u32>;
@group(0) @binding(8) var<storage, read> synapses_3: array<u32>;

override shard_shift: u32 = 31u;  // a shard holds 2^shard_shift words
override one_shard: bool = true;

// (first word of the row, its length and RowFlag bits)
fn row_of(source: u32, k: u32) -> vec2<u32> {
  return index[params.rows_at + source * params.delay_count + k];
}

fn synapse_word(at: u32) -> u32 {
  if (one_shard) { return synapses_0[at]; }
  let within = at & ((1u << shard_shift) - 1u);
  switch ((at - params.shard_first) >> shard_shift) {
    case 0u: { return synapses_0[within]; }
    case 1u: { return synapses_1[within]; }
    case 2u: { return synapses_2[within]; }
    default: { return synapses_3[within]; }
  }
}
