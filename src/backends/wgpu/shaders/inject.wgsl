// SPDX-License-Identifier: Apache-2.0
// Scatters the injections of a burst, so that each neuron finds its own.

override threads: u32 = 64u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(12) var<storage, read> injections: array<vec2<u32>>;  // target, potential
@group(0) @binding(3) var<storage, read_write> extras: array<u32>;

var<immediate> burst: Burst;

@compute @workgroup_size(threads)
fn inject(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
          @builtin(local_invocation_index) lane: u32) {
  for (var i = group.x * threads + lane; i < burst.injection_count; i += groups.x * threads) {
    let injection = injections[burst.injection_begin + i];
    extras[injection.x] = injection.y;
  }
}
