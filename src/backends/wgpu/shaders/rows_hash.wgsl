// SPDX-License-Identifier: Apache-2.0
// The synapse index as a hash table with linear probing, built on the host: keys, starts, counts,
// and the list, of which one shard is seen at once. It holds rows that have synapses only.

@group(0) @binding(8) var<storage, read> synapses_0: array<u32>;
@group(0) @binding(9) var<storage, read> hash_keys: array<u32>;
@group(0) @binding(10) var<storage, read> hash_starts: array<u32>;
@group(0) @binding(11) var<storage, read> hash_counts: array<u32>;

override shard_shift: u32 = 31u;

fn row_of(source: u32, k: u32) -> vec2<u32> {
  let key = source * params.delay_count + k;
  // the table has free places, so the search ends
  var at = pcg(key) & params.hash_mask;
  var found = hash_keys[at];
  while (found != key && found != kNoKey) {
    at = (at + 1u) & params.hash_mask;
    found = hash_keys[at];
  }
  if (found == kNoKey) { return vec2<u32>(0u); }
  return vec2<u32>(hash_starts[at], hash_counts[at]);
}

fn synapse_word(at: u32) -> u32 {
  return synapses_0[at & ((1u << shard_shift) - 1u)];
}
