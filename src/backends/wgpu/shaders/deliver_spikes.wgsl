// SPDX-License-Identifier: Apache-2.0
// Delivery: for every delay d in use, the neurons that fired d bursts ago send their charge along
// the part of their row that has this delay. Charges are integers, so the order cannot matter.
//
// A fixed grid of teams of threads strides over the work that the device itself has listed:
//   push   masks of 32 neurons of which some fired, and cut up rows of the neurons with long ones;
//   sweep  by synapse: all pieces of the list of synapses, whose sources' fired bits are tested;
//   tiles  push, but of each row only what goes to one tile of the targets, whose accumulators then
//          stay in the cache; a dispatch for each tile.

override threads: u32 = 64u;  // a multiple of the team

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(5) var<storage, read> fired: array<u32>;
@group(0) @binding(6) var<storage, read_write> results: array<atomic<u32>>;

var<immediate> burst: Burst;

// One entry of the list: a mask of 32 neurons.
fn push_entry(queue: u32, entry: u32, k: u32, lane: u32) {
  deliver_word(queue, fired[queue + 2u * entry] * 32u, fired[queue + 2u * entry + 1u], k, lane,
               burst.sums_at);
}

// One piece of the row of a neuron with a long one.
fn push_long(queue: u32, item: u32, k: u32, lane: u32) {
  let source = fired[queue + params.long_at + item / params.most_pieces];
  let from_synapse = (item % params.most_pieces) * params.long_row;
  let row = row_of(source, k);
  deliver_part(source, queue, row, from_synapse,
               min(row.y & kRowLength, from_synapse + params.long_row), lane, burst.sums_at);
}

// One piece of the list of synapses: (first neuron, neurons), (first word, last word).
fn sweep_piece(queue: u32, piece: u32, k: u32, lane: u32) {
  let rows = index[params.pieces_at + 2u * piece];
  let place = index[params.pieces_at + 2u * piece + 1u];
  for (var source = rows.x; source < rows.x + rows.y; source++) {
    let mask = fired[queue + params.mask_at + (source >> 5u)];
    if (((mask >> (source & 31u)) & 1u) == 0u) { continue; }
    let row = row_of(source, k);
    let words = select(1u, 2u, (row.y & kRowWide) != 0u);
    let row_end = row.x + (row.y & kRowLength) * words;
    // the stretch of the row that lies in the piece
    let begin = max(row.x, place.x);
    let end = min(row_end, place.y + 1u);
    if (begin < end) {
      deliver_part(source, queue, row, (begin - row.x) / words, (end - row.x) / words, lane,
                   burst.sums_at);
    }
  }
}

var<workgroup> inhibitory_sum: atomic<u32>;

@compute @workgroup_size(threads)
fn deliver_spikes(@builtin(workgroup_id) group: vec3<u32>,
                  @builtin(num_workgroups) groups: vec3<u32>,
                  @builtin(local_invocation_index) thread: u32) {
  if (thread == 0u) {
    atomicStore(&inhibitory_sum, 0u);
    // the queue that this burst will fill; nothing reads it now
    if (group.x == 0u && params.first_dispatch != 0u && burst.tile == 0u) {
      for (var i = 0u; i < kQueueCounts; i++) {
        atomicStore(&results[burst.slot * kQueueCounts + i], 0u);
      }
    }
  }
  events = 0u;
  inhibitory = 0u;
  // teams of threads take items in turn
  let lane = thread % team;
  let worker = group.x * (threads / team) + thread / team;
  let workers = groups.x * (threads / team);
  var offset = 0u;  // items given out so far, so that small lists spread over all teams
  for (var k = 0u; k < params.delay_count; k++) {
    let delay = index[params.delays_at + k].x;
    let slot = (burst.slot + params.slots - delay) % params.slots;
    let queue = slot * params.slot_words;
    let neurons = atomicLoad(&results[slot * kQueueCounts + 2u]);
    if (neurons == 0u) { continue; }
    let first = (worker + workers - offset % workers) % workers;
    if (!tiled && neurons >= params.sweep_from) {
      for (var i = first; i < params.piece_count; i += workers) {
        sweep_piece(queue, i, k, lane);
      }
      offset += params.piece_count;
    } else {
      let entries = atomicLoad(&results[slot * kQueueCounts]);
      for (var i = first; i < entries; i += workers) {
        push_entry(queue, i, k, lane);
      }
      offset += entries;
      let items = atomicLoad(&results[slot * kQueueCounts + 1u]) * params.most_pieces;
      if (items != 0u && burst.tile == 0u) {
        let first_long = (worker + workers - offset % workers) % workers;
        for (var i = first_long; i < items; i += workers) {
          push_long(queue, i, k, lane);
        }
        offset += items;
      }
    }
  }
  let counters = burst.counters_at + (group.x % kCounterCopies) * kCountersPerCopy;
  if (events != 0u) {  // of the first of each team
    atomicAdd(&results[counters + kEvents], events);
  }
  if ((burst.flags & kCountBranches) != 0u) {
    workgroupBarrier();
    if (inhibitory != 0u) { atomicAdd(&inhibitory_sum, inhibitory); }
    workgroupBarrier();
    if (thread == 0u) {
      atomicAdd(&results[counters + kInhibitory], atomicLoad(&inhibitory_sum));
    }
  }
}
