// SPDX-License-Identifier: Apache-2.0
// Neurons that fired send the charges of their rows to the accumulators of the targets.

override driven_rows: bool = true;  // some rows are driven by the potential; costs registers
override team: u32 = 32u;           // threads that share a row
override tiled: bool = false;       // only what goes to one tile of the targets
override ahead: u32 = 1u;           // 4: loads of a thread under way at once, for teams shorter than rows

// kinds, kinds of driven synapses, delays, pieces, and with the dense layout rows
@group(0) @binding(7) var<storage, read> index: array<vec2<u32>>;

var<private> events: u32;
var<private> inhibitory: u32;

fn deliver_one(at: u32, word: vec2<u32>) {
  accumulate(at, word);
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

fn wide_word(code: u32) -> vec2<u32> {
  if (code >= kFirstKind) { return index[code - kFirstKind]; }
  return weight_word(code);
}

// Synapses from .. to - 1 of a row, as far as this dispatch sees them, by a team of threads together,
// in the order of which one is number `lane`. Adds to the accumulators from `sums` on.
fn deliver_part(source: u32, queue: u32, row: vec2<u32>, from_synapse: u32, to_synapse: u32,
                lane: u32, sums: u32) {
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
  if (driven_rows && (row.y & kRowDriven) != 0u) {
    let potential = float_of(fired[queue + params.potentials_at + source]);
    var degree = 1u;
    if ((row.y & kRowDivided) != 0u) { degree = out_degree(source); }
    let psp = driven_psp(potential, params.rounded_psp != 0u, params.quantum_bits, degree);
    for (var at = begin + lane * words; at < end; at += team * words) {
      let synapse = synapse_word(at);
      if (wide) {
        let word = driven_word(synapse_word(at + 1u) - kFirstKind, psp);
        deliver_one(sums + synapse, word);
      } else {
        deliver_one(sums + (synapse & 0xFFFFFFu), driven_word(synapse >> 24u, psp));
      }
    }
  } else if (wide) {
    for (var at = begin + lane * 2u; at < end; at += team * 2u) {
      deliver_one(sums + synapse_word(at), wide_word(synapse_word(at + 1u)));
    }
  } else {
    for (var at = begin + lane; at < end; at += ahead * team) {
      // what lies ahead is asked for before the first is delivered
      let second = at + team;
      let third = second + team;
      let fourth = third + team;
      let synapse = synapse_word(at);
      var synapse_2 = 0u;
      var synapse_3 = 0u;
      var synapse_4 = 0u;
      if (ahead > 1u) {
        synapse_2 = synapse_word(min(second, last));
        synapse_3 = synapse_word(min(third, last));
        synapse_4 = synapse_word(min(fourth, last));
      }
      deliver_one(sums + (synapse & 0xFFFFFFu), index[synapse >> 24u]);
      if (ahead > 1u) {
        if (second < end) { deliver_one(sums + (synapse_2 & 0xFFFFFFu), index[synapse_2 >> 24u]); }
        if (third < end) { deliver_one(sums + (synapse_3 & 0xFFFFFFu), index[synapse_3 >> 24u]); }
        if (fourth < end) { deliver_one(sums + (synapse_4 & 0xFFFFFFu), index[synapse_4 >> 24u]); }
      }
    }
  }
}

// Synapses of a row before those that go beyond the edge.
fn edge_in(row_number: u32, edge: u32) -> u32 {
  let at = edge * params.rows_per_edge + row_number;
  return (index[params.tiles_at + at / 4u][(at >> 1u) & 1u] >> (16u * (at & 1u))) & 0xFFFFu;
}

struct Cut {
  row: vec2<u32>,
  from_synapse: u32,
  to_synapse: u32,
}

// What of a row this dispatch delivers: all of it, or the part that goes to its tile.
fn cut_of(source: u32, k: u32) -> Cut {
  let row = row_of(source, k);
  var cut = Cut(row, 0u, row.y & kRowLength);
  if (tiled) {
    let number = source * params.delay_count + k;
    if (burst.tile != 0u) { cut.from_synapse = edge_in(number, burst.tile - 1u); }
    if (burst.tile + 1u < params.tile_count) { cut.to_synapse = edge_in(number, burst.tile); }
  }
  return cut;
}

// The rows of those of 32 neurons whose bits are set. Where the next row lies is asked for before the
// present one is delivered.
fn deliver_word(queue: u32, first: u32, mask: u32, k: u32, lane: u32, sums: u32) {
  var bits = mask;
  if (bits == 0u) { return; }
  var source = first + countTrailingZeros(bits);
  var cut = cut_of(source, k);
  while (bits != 0u) {
    bits &= bits - 1u;
    var next_source = source;
    var next_cut = cut;
    if (bits != 0u) {
      next_source = first + countTrailingZeros(bits);
      next_cut = cut_of(next_source, k);
    }
    deliver_part(source, queue, cut.row, cut.from_synapse, cut.to_synapse, lane, sums);
    source = next_source;
    cut = next_cut;
  }
}
