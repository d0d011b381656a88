// SPDX-License-Identifier: Apache-2.0
// What host and device must agree on: src/backends/wgpu/layout.h holds the same structures.
//
// Bindings have one number in all programs of a burst: 0 params, 1 accumulators, 2 states, 3 extras,
// 4 neurons, 5 fired, 6 results, 7 index, 8 to 11 synapses (with the hash table 9 keys, 10 starts,
// 11 counts), 12 injections.

struct Params {
  zero: u32,            // 0, but no compiler can know: see guarded
  neuron_count: u32,
  word_count: u32,      // words of a mask with one bit per neuron
  quantum_bits: u32,
  event_bits: u32,
  one_event: u32,       // 1 where candidates are counted
  rounded_psp: u32,
  slots: u32,           // fire queues kept: the longest delay, and the one being written
  slot_words: u32,      // words of one fire queue
  long_at: u32,         // in a fire queue: where the ids of neurons with long rows begin
  mask_at: u32,         // and the mask of all that fired
  potentials_at: u32,   // and the potentials at firing, if any are needed
  class_vectors: u32,   // vec4s of the class table; the neurons' classes follow
  delay_count: u32,
  delays_at: u32,       // in the index: delays in use, kinds of driven synapses, pieces, rows
  driven_at: u32,
  pieces_at: u32,
  rows_at: u32,
  piece_count: u32,
  long_row: u32,        // longer rows are cut into pieces of so many synapses
  most_pieces: u32,     // pieces of the longest row
  sweep_from: u32,      // so many fired neurons and more: by-synapse sweep instead of push
  hash_mask: u32,
  member_count: u32,    // of a joined network; else 1
  members_at: u32,      // in the neurons, in vec4s
  drive_count: u32,
  uses_extra: u32,      // snooze countdown and forget mark are in use
  shard_first: u32,     // first word of the synapses that this dispatch sees
  shard_last: u32,      // and the last
  writes_potentials: u32,
  first_dispatch: u32,  // of the delivery of a burst
  drives_at: u32,       // in the neurons, in vec4s
  tiles_at: u32,        // in the index: for each edge between tiles, where it cuts each row
  tile_count: u32,
  rows_per_edge: u32,   // a multiple of 4
  member_size: u32,     // neurons of a member if all have as many, at least 1
}

// What changes from burst to burst; small enough to travel with the command.
struct Burst {
  low: u32,             // the burst's number
  high: u32,
  slot: u32,            // its fire queue
  counters_at: u32,     // in `results`: its counters
  record_at: u32,       // and its recorded masks
  record_first: u32,    // words of the mask that are recorded
  record_count: u32,
  flags: u32,           // kCountBranches, kHasInjections, kDeliverNow
  injection_begin: u32,
  injection_count: u32,
  sums_at: u32,         // the set of accumulators that this burst takes
  next_sums_at: u32,    // and the one after it, with its counters, where deliveries are at once
  next_counters_at: u32,
  tile: u32,            // the one that this dispatch of the delivery is for
}

const kCountBranches = 1u;
const kHasInjections = 2u;
const kDeliverNow = 4u;

const kCounterCopies = 16u;  // so that workgroups do not queue for one address
const kCountersPerCopy = 16u;
const kSpikes = 0u;
const kEvents = 1u;
const kSignatureA = 2u;
const kSignatureB = 3u;
const kInhibitory = 4u;
const kBranches = 5u;

// Of each fire queue, at the head of `results`: entries of the list, long rows, neurons.
const kQueueCounts = 4u;
