// SPDX-License-Identifier: Apache-2.0
// What the device can do at best, for the benchmark to compare with: random atomics of one width.

override threads: u32 = 64u;
override rounds: u32 = 64u;  // atomics of each thread

@group(0) @binding(0) var<uniform> params: Params;
// 4: accumulators

@compute @workgroup_size(threads)
fn scatter(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let first = (group.x * threads + lane) * rounds;
  for (var i = 0u; i < rounds; i++) {
    accumulate(pcg(first + i) & params.word_count, vec2<u32>(1u, 0u));
  }
}

@compute @workgroup_size(threads)
fn tiny(@builtin(local_invocation_index) lane: u32) {
  if (lane == 0u) { accumulate(0u, vec2<u32>(1u, 0u)); }
}
