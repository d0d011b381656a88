// SPDX-License-Identifier: Apache-2.0
// Where the only delay is one burst: what fires in this burst is delivered for the next one at once, by
// the workgroup whose neurons fired. The accumulators are two sets, which take turns.

fn deliver_now() -> bool {
  // the last burst of a submission lists what fired, for whatever comes next
  return (burst.flags & kDeliverNow) != 0u;
}

fn deliver_fired(first_id: u32, lane: u32) {
  events = 0u;
  inhibitory = 0u;
  for (var w = lane / team; w < threads * neurons_per_thread / 32u; w += threads / team) {
    deliver_word(burst.slot * params.slot_words, first_id + 32u * w, atomicLoad(&masks[w]), 0u,
                 lane % team, burst.next_sums_at);
  }
  if (events != 0u) { atomicAdd(&sums[kNextEvents], events); }
  if (count_branches && inhibitory != 0u) { atomicAdd(&sums[kNextInhibitory], inhibitory); }
}
