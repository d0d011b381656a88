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

// Where the neurons lie that fired a delay ago, and how they are delivered.
struct Due {
  slot: u32,
  queue: u32,
  sweep: bool,
}

fn due_of(k: u32) -> Due {
  let delay = index[params.delays_at + k].x;
  let slot = (burst.slot + params.slots - delay) % params.slots;
  let neurons = atomicLoad(&results[slot * kQueueCounts + 2u]);
  return Due(slot, slot * params.slot_words, !tiled && neurons != 0u && neurons >= params.sweep_from);
}

fn items_of(k: u32) -> u32 {
  let due = due_of(k);
  if (due.sweep) { return params.piece_count; }
  let entries = atomicLoad(&results[due.slot * kQueueCounts]);
  if (burst.tile != 0u) { return entries; }
  return entries + atomicLoad(&results[due.slot * kQueueCounts + 1u]) * params.most_pieces;
}

fn deliver_item(k: u32, item: u32, lane: u32) {
  let due = due_of(k);
  let entries = atomicLoad(&results[due.slot * kQueueCounts]);
  if (due.sweep) {
    sweep_piece(due.queue, item, k, lane);
  } else if (item < entries) {
    push_entry(due.queue, item, k, lane);
  } else {
    push_long(due.queue, item - entries, k, lane);
  }
}

const kDelaysAtOnce = 64u;
var<workgroup> item_count: array<u32, kDelaysAtOnce>;
var<workgroup> item_end: array<u32, kDelaysAtOnce>;  // with those of the delays before

// Items of the delays from `base` on, in all; by a whole workgroup.
fn count_items(base: u32, thread: u32) -> u32 {
  workgroupBarrier();
  for (var i = thread; i < kDelaysAtOnce; i += threads) {
    var count = 0u;
    if (base + i < params.delay_count) { count = items_of(base + i); }
    item_count[i] = count;
  }
  workgroupBarrier();
  for (var i = thread; i < kDelaysAtOnce; i += threads) {
    var end = 0u;
    for (var j = 0u; j <= i; j++) { end += item_count[j]; }
    item_end[i] = end;
  }
  workgroupBarrier();
  return item_end[kDelaysAtOnce - 1u];
}

// (delay, item of it)
fn find_item(item: u32) -> vec2<u32> {
  var k = 0u;
  for (var half = kDelaysAtOnce / 2u; half != 0u; half /= 2u) {
    if (item_end[k + half - 1u] <= item) { k += half; }
  }
  return vec2<u32>(k, item - (item_end[k] - item_count[k]));
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
  // teams of threads take items in turn, over all delays, so that many delays cost no more than one
  let lane = thread % team;
  let worker = group.x * (threads / team) + thread / team;
  let workers = groups.x * (threads / team);
  for (var base = 0u; base < params.delay_count; base += kDelaysAtOnce) {
    let total = count_items(base, thread);
    for (var item = worker; item < total; item += workers) {
      let found = find_item(item);
      deliver_item(base + found.x, found.y, lane);
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
