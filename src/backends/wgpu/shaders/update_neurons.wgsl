// SPDX-License-Identifier: Apache-2.0
// Injection and step: every neuron advances by one burst. Those that fire are written as a mask of
// one bit per neuron and, for delivery, as a list of the words of that mask that are not empty.

override threads: u32 = 256u;           // a multiple of 32, at most 256
override neurons_per_thread: u32 = 1u;    // at most 4
override driven: bool = true;             // there are drives; costs registers
override joined: bool = false;            // the network has members
override rules: u32 = 0u;                 // StepRule bits: known to the compiler, half of the step folds away
override count_branches: bool = false;

@group(0) @binding(0) var<uniform> params: Params;
// 1: accumulators
@group(0) @binding(2) var<storage, read_write> states: array<vec2<u32>>;  // u, countdown | count << 16
// injected potentials of targets, then (if in use) snooze countdown | forget << 16 of neurons, then the
// states of models
@group(0) @binding(3) var<storage, read_write> extras: array<u32>;
// the class table, the class of each neuron (bit 31: it has long rows), members, drives, tables
@group(0) @binding(4) var<storage, read> neurons: array<vec4<u32>>;
@group(0) @binding(5) var<storage, read_write> fired: array<u32>;
@group(0) @binding(6) var<storage, read_write> results: array<atomic<u32>>;

var<immediate> burst: Burst;

const kMostWords = 32u;            // 256 threads of 4 neurons
const kNextEvents = kCountersPerCopy;  // sums that belong to the next burst
const kNextInhibitory = kCountersPerCopy + 1u;
const kSums = kCountersPerCopy + 2u;

fn class_of(number: u32) -> NeuronClass {
  let a = neurons[2u * number];
  let b = neurons[2u * number + 1u];
  var c: NeuronClass;
  c.threshold = float_of(a.x);
  c.threshold_limit = float_of(a.y);
  c.keep = float_of(a.z);
  c.reset = float_of(a.w);
  c.rest = float_of(b.x);
  c.draw_below = b.y;
  c.refractory_period = b.z & 0xFFFFu;
  c.fire_limit = b.z >> 16u;
  c.snooze_period = b.w & 0xFFFFu;
  c.flags = b.w >> 16u;
  return c;
}

struct Loaded {
  class_word: u32,
  packed: vec2<u32>,
}

fn load(id: u32) -> Loaded {
  let at = min(id, params.neuron_count - 1u);
  return Loaded(neurons[params.class_vectors + at / 4u][at % 4u], states[at]);
}

struct Injection {
  some: bool,
  potential: f32,
}

// The member that a neuron belongs to: its first id, its neurons.
fn member_of(id: u32) -> vec4<u32> {
  if (!joined) { return vec4<u32>(0u, params.neuron_count, 0u, 0u); }
  // copies of one brain have one size
  let guess = neurons[params.members_at + min(id / params.member_size, params.member_count - 1u)];
  if (id - guess.x < guess.y) { return guess; }
  var low = 0u;
  var high = params.member_count;
  while (high - low > 1u) {
    let middle = (low + high) / 2u;
    if (neurons[params.members_at + middle].x <= id) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return neurons[params.members_at + low];
}

// Scheduled and sensory input first, then the drives in order. The twin of src/model/drive.h.
fn injection_of(id: u32, to_target: u32, port: u32, member: vec4<u32>) -> Injection {
  var sum = Injection(false, 0.0);
  if ((burst.flags & kHasInjections) != 0u) {
    let bits = extras[to_target];
    if (bits != kNotInjected) {
      extras[to_target] = kNotInjected;
      sum = Injection(true, add_rn(0.0, float_of(bits)));
    }
  }
  if (!driven) { return sum; }
  let own = neurons[params.drives_at + id / kDriveNeurons];
  for (var at = params.drives_at + own.x; at < params.drives_at + own.y; at += 3u) {
    let a = neurons[at];
    if (id - a.x >= a.y || (kHasModels && (a.z >> 16u) != port)) { continue; }
    let events = drive_events(a.z, neurons[at + 1u], at + 2u, id - member.x);
    if (events != 0u) {
      let potential = canonical(mul_rn(count_to_f32(events), float_of(a.w)));
      sum = Injection(true, add_rn(sum.potential, potential));
    }
  }
  return sum;
}

const kDriveConstant = 0u;
const kDriveRegular = 1u;

// kind: with the number of draws. b: step; or stream, log2 of a unit's neurons, table, its entries. At
// seed_at: seed. index: the neuron within its member.
fn drive_events(kind: u32, b: vec4<u32>, seed_at: u32, index: u32) -> u32 {
  if ((kind & 0xFFu) == kDriveConstant) { return 1u; }
  let t = vec2<u32>(burst.low, burst.high);
  if ((kind & 0xFFu) == kDriveRegular) {
    let before = add_wide(t, vec2<u32>(0xFFFFFFFFu, 0xFFFFFFFFu));
    return regular_events(b.xy, t) - regular_events(b.xy, before);
  }
  let key = vec4<u32>(neurons[seed_at].xy, b.x, 0u);
  let shift = b.y;
  let unit = index >> shift;
  let all = unit_events(key, shift, b.zw, unit, (kind >> 8u) & 0xFFu);
  if (shift == 0u) { return all; }
  var events = 0u;
  var places = vec4<u32>(0u);
  for (var event = 0u; event < all; event++) {
    if (event % 4u == 0u) { places = drive_words(key, shift, 8u + event / 4u, unit); }
    let place = places.x >> (32u - shift);
    places = places.yzwx;
    events += select(0u, 1u, place == index - (unit << shift));
  }
  return events;
}

fn drive_words(key: vec4<u32>, shift: u32, part: u32, index: u32) -> vec4<u32> {
  return threefry(vec4<u32>(index, burst.low, burst.high,
                            kPurposeDrive | (part << 8u) | (shift << 16u)), key);
}

// The unit's part of a call's words: eight units share a call.
fn half_for(key: vec4<u32>, shift: u32, part: u32, unit: u32) -> u32 {
  let words = drive_words(key, shift, part, unit / 128u * 16u + unit / 2u % 16u);
  let number = unit / 32u % 4u;
  let pair = select(words.xy, words.zw, number >= 2u);
  let word = select(pair.x, pair.y, (number & 1u) != 0u);
  return select(word & 0xFFFFu, word >> 16u, (unit & 1u) != 0u);
}

// The lower half of a word is drawn only where it decides.
fn unit_events(key: vec4<u32>, shift: u32, table: vec2<u32>, unit: u32, draws: u32) -> u32 {
  if (table.y == 0u) { return 0u; }
  var events = 0u;
  for (var number = 0u; number < draws; number++) {
    let word = half_for(key, shift, 2u * number, unit) << 16u;
    var found = table_count(table, word, word | 0xFFFFu);
    if (found.unsure) {
      let whole = word | half_for(key, shift, 2u * number + 1u, unit);
      found = table_count(table, whole, whole);
    }
    events += found.count;
  }
  return events;
}

// Events up to and including burst t, modulo 2^32: bits 32 to 63 of step * t.
fn regular_events(step: vec2<u32>, t: vec2<u32>) -> u32 {
  return multiply(step.x, t.x).y + step.x * t.y + step.y * t.x;
}

struct Found {
  count: u32,
  unsure: bool,
}

// Entries of the table that are at most `least`; whether the next lies within `most`.
fn table_count(table: vec2<u32>, least: u32, most: u32) -> Found {
  let at = params.drives_at + table.x;
  var low = 0u;
  var high = (table.y - 1u) / 4u;
  while (low < high) {
    let middle = (low + high) / 2u;
    if (neurons[at + middle].w <= least) {
      low = middle + 1u;
    } else {
      high = middle;
    }
  }
  let row = neurons[at + low];
  let passed = select(vec4<u32>(0u), vec4<u32>(1u), row <= vec4<u32>(least));
  let reached = select(vec4<u32>(0u), vec4<u32>(1u), row <= vec4<u32>(most));
  let count = 4u * low + passed.x + passed.y + passed.z + passed.w;
  return Found(min(count, table.y), any(passed != reached));
}

struct Outcome {
  fired: bool,
  potential_at_firing: f32,
  branches: u32,
}

// A neuron without a model. draws_by: what the draws know it by.
fn step_plain(id: u32, sum_at: u32, draws_by: u32, injection: Injection, loaded: Loaded) -> Outcome {
  let sum = take_sum(burst.sums_at + sum_at);
  let p = class_of(loaded.class_word & ~kLongRows);
  let packed = loaded.packed;
  var s: NeuronState;
  s.u = float_of(packed.x);
  s.refractory_countdown = packed.y & 0xFFFFu;
  s.fire_count = packed.y >> 16u;
  if (params.rarer_at != 0u) {
    let extra = extras[params.rarer_at + id];
    s.snooze_countdown = extra & 0xFFFFu;
    s.forget = extra >> 16u;
  }
  var in: StepInput;
  in.candidate = (params.one_event != 0u) & (sum.some | injection.some);
  in.injected = injection.potential;
  in.synaptic = sum.synaptic;
  in.id = draws_by;
  in.burst_low = burst.low;
  let out = neuron_step(rules, p, s, in);
  states[id] = vec2<u32>(bits_of(out.state.u),
                         out.state.refractory_countdown | (out.state.fire_count << 16u));
  if (params.rarer_at != 0u) {
    extras[params.rarer_at + id] = out.state.snooze_countdown | (out.state.forget << 16u);
  }
  return Outcome(out.fired, out.potential_at_firing, out.branches);
}

var<workgroup> masks: array<atomic<u32>, kMostWords>;       // all that fired
var<workgroup> long_masks: array<atomic<u32>, kMostWords>;  // of these, those with long rows
var<workgroup> sums: array<atomic<u32>, kSums>;
var<workgroup> entries: atomic<u32>;
var<workgroup> first_entry: u32;

@compute @workgroup_size(threads)
fn update_neurons(@builtin(workgroup_id) group: vec3<u32>,
                  @builtin(num_workgroups) groups: vec3<u32>,
                  @builtin(local_invocation_index) lane: u32) {
  // workgroup memory is not cleared by every driver
  for (var i = lane; i < kMostWords; i += threads) {
    atomicStore(&masks[i], 0u);
    atomicStore(&long_masks[i], 0u);
  }
  if (lane < kSums) { atomicStore(&sums[lane], 0u); }
  if (lane == 0u) { atomicStore(&entries, 0u); }
  workgroupBarrier();

  let group_number = group.y * groups.x + group.x;
  let per_group = threads * neurons_per_thread;
  let first_id = group_number * per_group;
  let queue = burst.slot * params.slot_words;
  var part_a = 0u;
  var part_b = 0u;
  var upcoming = load(first_id + lane);
  for (var j = 0u; j < neurons_per_thread; j++) {
    let within = j * threads + lane;
    let id = first_id + within;
    // what the next neuron needs is asked for before this one is stepped
    let loaded = upcoming;
    if (j + 1u < neurons_per_thread) { upcoming = load(id + threads); }
    if (id < params.neuron_count) {
      let member = member_of(id);
      let class_word = loaded.class_word;
      let to = target_of(id);
      var out: Outcome;
      if (kHasModels && to.has_model) {
        out.fired = step_model(model_place(to, id, member));
        out.branches = select(0u, kFired, out.fired);
      } else {
        let injection = injection_of(id, to.first_target, 0u, member);
        out = step_plain(id, to.first_target, id - member.x, injection, loaded);
      }
      if (out.fired) {
        atomicOr(&masks[within >> 5u], 1u << (within & 31u));
        part_a += signature_a(id, burst.low);
        part_b += signature_b(id, burst.low);
        if ((class_word & kLongRows) != 0u) {
          atomicOr(&long_masks[within >> 5u], 1u << (within & 31u));
          let at = atomicAdd(&results[burst.slot * kQueueCounts + 1u], 1u);
          fired[queue + params.long_at + at] = id;
        }
        if (params.writes_potentials != 0u) {
          fired[queue + params.potentials_at + id] = bits_of(out.potential_at_firing);
        }
      }
      if (count_branches) {
        for (var b = 0u; b < 11u; b++) {
          if (((out.branches >> b) & 1u) != 0u) { atomicAdd(&sums[kBranches + b], 1u); }
        }
      }
    }
  }
  if ((part_a | part_b) != 0u) {
    atomicAdd(&sums[kSignatureA], part_a);
    atomicAdd(&sums[kSignatureB], part_b);
  }
  storageBarrier();  // potentials at firing
  workgroupBarrier();

  // the first threads own one word of the mask each
  let now = deliver_now();
  let words_here = per_group / 32u;
  let word = first_id / 32u + lane;
  let owns = lane < words_here && word < params.word_count;
  var mask = 0u;
  var listed = 0u;
  var place = 0u;
  if (owns) {
    mask = atomicLoad(&masks[lane]);
    if (!now) {
      listed = mask & ~atomicLoad(&long_masks[lane]);
      fired[queue + params.mask_at + word] = mask;
      if (listed != 0u) { place = atomicAdd(&entries, 1u); }
    }
    if (word - burst.record_first < burst.record_count) {
      atomicStore(&results[burst.record_at + word - burst.record_first], mask);
    }
    if (mask != 0u) { atomicAdd(&sums[kSpikes], countOneBits(mask)); }
  }
  if (now) { deliver_fired(first_id, lane); }
  workgroupBarrier();
  if (lane == 0u) {
    if (!now) {
      let spikes = atomicLoad(&sums[kSpikes]);
      if (spikes != 0u) { atomicAdd(&results[burst.slot * kQueueCounts + 2u], spikes); }
      let count = atomicLoad(&entries);
      if (count != 0u) { first_entry = atomicAdd(&results[burst.slot * kQueueCounts], count); }
    } else if (group_number == 0u) {
      // the queue of the next burst, whose delivery would have cleared it; nothing reads it now
      for (var i = 0u; i < kQueueCounts; i++) {
        atomicStore(&results[(burst.slot ^ 1u) * kQueueCounts + i], 0u);
      }
    }
  }
  if (lane < kSums) {
    let counted = atomicLoad(&sums[lane]);
    if (counted != 0u) {
      var counter = burst.counters_at + lane;
      if (lane == kNextEvents) { counter = burst.next_counters_at + kEvents; }
      if (lane == kNextInhibitory) { counter = burst.next_counters_at + kInhibitory; }
      atomicAdd(&results[counter + (group_number % kCounterCopies) * kCountersPerCopy], counted);
    }
  }
  if (!now) {
    workgroupBarrier();
    if (listed != 0u) {
      fired[queue + 2u * (first_entry + place)] = word;
      fired[queue + 2u * (first_entry + place) + 1u] = listed;
    }
  }
}
