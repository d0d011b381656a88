// SPDX-License-Identifier: Apache-2.0
// What the device can do at best, for the benchmark to compare with: random atomics of one width, a
// copy, and a dispatch that waits for the one before.

override threads: u32 = 64u;
override rounds: u32 = 64u;  // atomics of each thread

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(2) var<storage, read> copy_from: array<vec4<u32>>;
@group(0) @binding(3) var<storage, read_write> copy_to: array<vec4<u32>>;
// 1: accumulators

@compute @workgroup_size(threads)
fn scatter(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let first = (group.x * threads + lane) * rounds;
  for (var i = 0u; i < rounds; i++) {
    // addends that differ, so that no compiler may add them up first
    let h = pcg(first + i);
    accumulate(h & params.word_count, vec2<u32>(h >> 28u, 0u));
  }
}

@compute @workgroup_size(threads)
fn tiny(@builtin(local_invocation_index) lane: u32) {
  if (lane == 0u) { accumulate(0u, vec2<u32>(1u, 0u)); }
}

@compute @workgroup_size(threads)
fn copy(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let size = arrayLength(&copy_from);
  for (var i = group.x * threads + lane; i < size; i += groups.x * threads) {
    copy_to[i] = copy_from[i];
  }
}
