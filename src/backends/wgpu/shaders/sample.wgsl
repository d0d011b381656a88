// SPDX-License-Identifier: Apache-2.0
// Copies a state field of a range of neurons into the results, for a probe.

override threads: u32 = 256u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(2) var<storage, read> states: array<vec2<u32>>;
@group(0) @binding(3) var<storage, read> extras: array<u32>;
@group(0) @binding(4) var<storage, read> neurons: array<vec4<u32>>;
@group(0) @binding(6) var<storage, read_write> results: array<u32>;

var<immediate> sample: Sample;

const kPotential = 0u;
const kRefractoryCountdown = 1u;
const kFireCount = 2u;

@compute @workgroup_size(threads)
fn copy_field(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
              @builtin(local_invocation_index) lane: u32) {
  for (var i = group.x * threads + lane; i < sample.count; i += groups.x * threads) {
    let id = sample.first + i;
    var value = 0.0;
    switch (sample.field) {
      case kPotential: {
        let number = neurons[params.class_vectors + id / 4u][id % 4u] & 0x7FFFFFFFu;
        value = add_rn(float_of(states[id].x), float_of(neurons[2u * number + 1u].x));
      }
      case kRefractoryCountdown: { value = f32(states[id].y & 0xFFFFu); }
      case kFireCount: { value = f32(states[id].y >> 16u); }
      case kColumn: { value = float_of(extras[id]); }
      default: {
        if (params.rarer_at != 0u) { value = f32(extras[params.rarer_at + id] & 0xFFFFu); }
      }
    }
    results[sample.to + i] = bits_of(value);
  }
}
