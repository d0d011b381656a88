// SPDX-License-Identifier: Apache-2.0
// The entry point of learning.wgsl.

// Bursts since the spike whose burst stands at that place; 0: there was none.
fn bursts_since(spiked_at: u32) -> f32 {
  let low = learned[spiked_at];
  let high = learned[spiked_at + 1u];
  let bursts = now.low - low;
  let upper = now.high - high - select(0u, 1u, now.low < low);
  if ((low | high) == 0u || upper != 0u || bursts > kLongAgo) { return f32(kLongAgo); }
  return f32(bursts);
}

// The source of a synapse.
fn pre_of(synapse: u32) -> u32 {
  var source = wiring[now.owner_at + synapse / kRowStretch];
  while (wiring[now.row_at + source + 1u] <= synapse) { source++; }
  return source;
}

var<private> inhibitory: u32;

fn change(synapse: u32, pre: u32) {
  let post = wiring[now.post_at + synapse];
  if (kChanges) {
    _ = step_0(place_of(synapse, pre, post));
  }
  if (kArrives) {
    let word = weight_word(learned[now.sent_at + synapse]);
    accumulate(now.sums_at + now.target_at + post * now.ports, word);
    inhibitory += word.y >> 31u;
  }
}

fn spike(neuron: u32) {
  let spiked_at = select(now.post_spiked_at, now.pre_spiked_at, kArrives) + 2u * neuron;
  if (kHasTraces) {
    let traces_at = select(now.post_traces_at, now.pre_traces_at, kArrives);
    let count = select(now.post_count, now.pre_count, kArrives);
    _ = step_1(trace_place(traces_at, count, neuron, now.spike_at, bursts_since(spiked_at)));
  }
  learned[spiked_at] = now.low;
  learned[spiked_at + 1u] = now.high;
}

var<workgroup> found: array<u32, kLearners>;
var<workgroup> found_count: atomic<u32>;
var<workgroup> list_length: u32;
var<workgroup> inhibitory_sum: atomic<u32>;

@compute @workgroup_size(threads)
fn learn(@builtin(workgroup_id) group: vec3<u32>,
         @builtin(num_workgroups) groups: vec3<u32>,
         @builtin(local_invocation_index) thread: u32) {
  if (thread == 0u) {
    atomicStore(&found_count, 0u);
    atomicStore(&inhibitory_sum, 0u);
  }
  inhibitory = 0u;
  workgroupBarrier();
  let number = group.y * groups.x + group.x;
  for (var i = thread; i < kLearners; i += threads) {
    let neuron = number * kLearners + i;
    if (neuron >= now.count) { continue; }
    let id = now.first + neuron;
    if (((fired[now.mask_at + (id >> 5u)] >> (id & 31u)) & 1u) != 0u) {
      found[atomicAdd(&found_count, 1u)] = neuron;
    }
  }
  workgroupBarrier();
  if (thread == 0u) { list_length = atomicLoad(&found_count); }
  let length = workgroupUniformLoad(&list_length);
  var events = 0u;
  let changes = (kChanges || kArrives) && (now.flags & kNoChanges) == 0u;
  for (var i = 0u; i < length && changes; i++) {
    let neuron = found[i];
    let begin = wiring[now.begin_at + neuron];
    let end = wiring[now.begin_at + neuron + 1u];
    events += end - begin;
    for (var s = begin + thread; s < end; s += threads) {
      if (kArrives) {
        change(s, neuron);
      } else {
        let synapse = wiring[now.column_at + s];
        change(synapse, pre_of(synapse));
      }
    }
  }
  storageBarrier();
  workgroupBarrier();
  let counts = (now.flags & kNoSpikes) == 0u;
  for (var i = thread; i < length && counts; i += threads) { spike(found[i]); }
  if (kArrives) {
    let counters = now.counters_at + (number % kCounterCopies) * kCountersPerCopy;
    if (thread == 0u && events != 0u) { atomicAdd(&results[counters + kEvents], events); }
    if ((now.flags & kCountBranches) != 0u) {
      if (inhibitory != 0u) { atomicAdd(&inhibitory_sum, inhibitory); }
      workgroupBarrier();
      if (thread == 0u) {
        atomicAdd(&results[counters + kInhibitory], atomicLoad(&inhibitory_sum));
      }
    }
  }
}
