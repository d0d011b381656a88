// SPDX-License-Identifier: Apache-2.0
// Delivery: for every delay d in use, the neurons that fired d bursts ago send their charge along
// the part of their row that has this delay. Charges are integers, so the order cannot matter.
//
// A fixed grid of workgroups strides over the work that the device itself has listed:
//   push   masks of 32 neurons of which some fired, and cut up rows of the neurons with long ones;
//   sweep  by synapse: all pieces of the list of synapses, whose sources' fired bits are tested.

override threads: u32 = 64u;
override driven: bool = true;  // some rows are driven by the potential; costs registers

@group(0) @binding(0) var<uniform> params: Params;
// kinds, kinds of driven synapses, delays, pieces, and with the dense layout rows
@group(0) @binding(1) var<storage, read> index: array<vec2<u32>>;
@group(0) @binding(2) var<storage, read> fired: array<u32>;
@group(0) @binding(3) var<storage, read_write> results: array<atomic<u32>>;
// 4: accumulators, 5 to 8: rows

var<immediate> burst: Burst;

// Bits of a row's length.
const kRowWide = 0x80000000u;
const kRowDriven = 0x40000000u;
const kRowDivided = 0x20000000u;
const kRowLength = 0x1FFFFFFFu;

var<private> events: u32;
var<private> inhibitory: u32;

fn deliver_one(post: u32, word: vec2<u32>) {
  accumulate(post, word);
  inhibitory += word.y >> 31u;
}

fn out_degree(source: u32) -> u32 {
  var sum = 0u;
  for (var k = 0u; k < params.delay_count; k++) {
    sum += row_of(source, k).y & kRowLength;
  }
  return sum;
}

// The word that a driven synapse of this kind adds.
fn driven_word(kind: u32, psp: vec2<u32>) -> vec2<u32> {
  let facts = index[params.driven_at + kind];  // (numerator, shift, sign in bit 31)
  let size = driven_charge(facts.x, facts.y & 0xFFu, psp);
  let charge = select(size, negated(size), (facts.y >> 31u) != 0u);
  return add_wide(shift_left(charge, params.event_bits), vec2<u32>(params.one_event, 0u));
}

// Synapses from .. to - 1 of a row, as far as this dispatch sees them, by all threads of the
// workgroup together.
fn deliver_part(source: u32, queue: u32, row: vec2<u32>, from_synapse: u32, to_synapse: u32,
                lane: u32) {
  let wide = (row.y & kRowWide) != 0u;
  let words = select(1u, 2u, wide);
  let begin = max(row.x + from_synapse * words, params.shard_first);
  // the last word seen, not the one behind it, which may not be a 32-bit number
  let row_last = row.x + to_synapse * words - 1u;
  let last = min(row_last, params.shard_last);
  if (to_synapse <= from_synapse || begin > last) { return; }
  let end = last + 1u;
  if (lane == 0u) {
    events += (end - begin) / words;
  }
  if (driven && (row.y & kRowDriven) != 0u) {
    let potential = float_of(fired[queue + params.potentials_at + source]);
    var degree = 1u;
    if ((row.y & kRowDivided) != 0u) { degree = out_degree(source); }
    let psp = driven_psp(potential, params.rounded_psp != 0u, params.quantum_bits, degree);
    for (var at = begin + lane * words; at < end; at += threads * words) {
      let synapse = synapse_word(at);
      if (wide) {
        let word = driven_word(synapse_word(at + 1u), psp);
        deliver_one(synapse, word);
      } else {
        deliver_one(synapse & 0xFFFFFFu, driven_word(synapse >> 24u, psp));
      }
    }
  } else if (wide) {
    for (var at = begin + lane * 2u; at < end; at += threads * 2u) {
      deliver_one(synapse_word(at), index[synapse_word(at + 1u)]);
    }
  } else {
    for (var at = begin + lane; at < end; at += threads) {
      let synapse = synapse_word(at);
      deliver_one(synapse & 0xFFFFFFu, index[synapse >> 24u]);
    }
  }
}

// One entry of the list: a mask of 32 neurons. Where the next row lies is asked for before the
// present one is delivered.
fn push_entry(queue: u32, entry: u32, k: u32, lane: u32) {
  let first = fired[queue + 2u * entry] * 32u;
  var bits = fired[queue + 2u * entry + 1u];
  var source = first + countTrailingZeros(bits);
  var row = row_of(source, k);
  while (bits != 0u) {
    bits &= bits - 1u;
    var next_source = source;
    var next_row = row;
    if (bits != 0u) {
      next_source = first + countTrailingZeros(bits);
      next_row = row_of(next_source, k);
    }
    deliver_part(source, queue, row, 0u, row.y & kRowLength, lane);
    source = next_source;
    row = next_row;
  }
}

// One piece of the row of a neuron with a long one.
fn push_long(queue: u32, item: u32, k: u32, lane: u32) {
  let source = fired[queue + params.long_at + item / params.most_pieces];
  let from_synapse = (item % params.most_pieces) * params.long_row;
  let row = row_of(source, k);
  deliver_part(source, queue, row, from_synapse,
               min(row.y & kRowLength, from_synapse + params.long_row), lane);
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
      deliver_part(source, queue, row, (begin - row.x) / words, (end - row.x) / words, lane);
    }
  }
}

var<workgroup> inhibitory_sum: atomic<u32>;

@compute @workgroup_size(threads)
fn deliver_spikes(@builtin(workgroup_id) group: vec3<u32>,
                  @builtin(num_workgroups) groups: vec3<u32>,
                  @builtin(local_invocation_index) lane: u32) {
  if (lane == 0u) {
    atomicStore(&inhibitory_sum, 0u);
    // the queue that this burst will fill; nothing reads it now
    if (group.x == 0u && params.first_dispatch != 0u) {
      for (var i = 0u; i < kQueueCounts; i++) {
        atomicStore(&results[burst.slot * kQueueCounts + i], 0u);
      }
    }
  }
  events = 0u;
  inhibitory = 0u;
  var offset = 0u;  // items given out so far, so that small lists spread over all workgroups
  for (var k = 0u; k < params.delay_count; k++) {
    let delay = index[params.delays_at + k].x;
    let slot = (burst.slot + params.slots - delay) % params.slots;
    let queue = slot * params.slot_words;
    let neurons = atomicLoad(&results[slot * kQueueCounts + 2u]);
    if (neurons == 0u) { continue; }
    let first = (group.x + groups.x - offset % groups.x) % groups.x;
    if (neurons >= params.sweep_from) {
      for (var i = first; i < params.piece_count; i += groups.x) {
        sweep_piece(queue, i, k, lane);
      }
      offset += params.piece_count;
    } else {
      let entries = atomicLoad(&results[slot * kQueueCounts]);
      for (var i = first; i < entries; i += groups.x) {
        push_entry(queue, i, k, lane);
      }
      offset += entries;
      let items = atomicLoad(&results[slot * kQueueCounts + 1u]) * params.most_pieces;
      if (items != 0u) {
        let first_long = (group.x + groups.x - offset % groups.x) % groups.x;
        for (var i = first_long; i < items; i += groups.x) {
          push_long(queue, i, k, lane);
        }
        offset += items;
      }
    }
  }
  let counters = burst.counters_at + (group.x % kCounterCopies) * kCountersPerCopy;
  if (lane == 0u && events != 0u) {
    atomicAdd(&results[counters + kEvents], events);
  }
  if ((burst.flags & kCountBranches) != 0u) {
    workgroupBarrier();
    if (inhibitory != 0u) { atomicAdd(&inhibitory_sum, inhibitory); }
    workgroupBarrier();
    if (lane == 0u) {
      atomicAdd(&results[counters + kInhibitory], atomicLoad(&inhibitory_sum));
    }
  }
}
