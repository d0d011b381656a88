// SPDX-License-Identifier: Apache-2.0
// The synapses in shards, of which four are seen at once.

@group(0) @binding(8) var<storage, read> synapses_0: array<u32>;
@group(0) @binding(9) var<storage, read> synapses_1: array<u32>;
@group(0) @binding(10) var<storage, read> synapses_2: array<u32>;
@group(0) @binding(11) var<storage, read> synapses_3: array<u32>;

override shard_shift: u32 = 31u;  // a shard holds 2^shard_shift words

fn synapse_word(at: u32) -> u32 {
  let within = at & ((1u << shard_shift) - 1u);
  switch ((at - params.shard_first) >> shard_shift) {
    case 0u: { return synapses_0[within]; }
    case 1u: { return synapses_1[within]; }
    case 2u: { return synapses_2[within]; }
    default: { return synapses_3[within]; }
  }
}
