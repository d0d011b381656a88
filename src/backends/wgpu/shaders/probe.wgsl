// SPDX-License-Identifier: Apache-2.0
// Whether this device computes as the host does: operands in, results out, compared on the host.

override threads: u32 = 64u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> operands: array<vec2<u32>>;
@group(0) @binding(2) var<storage, read_write> answers: array<vec4<u32>>;

@compute @workgroup_size(threads)
fn probe(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
         @builtin(local_invocation_index) lane: u32) {
  for (var i = group.x * threads + lane; i < arrayLength(&operands); i += groups.x * threads) {
    let a = float_of(operands[i].x);
    let b = float_of(operands[i].y);
    let product = mul_rn(a, b);
    // a product and a sum that a compiler would like to fuse
    answers[i] = vec4<u32>(bits_of(add_rn(a, b)), bits_of(product), bits_of(add_rn(product, a)),
                           bits_of(fixed_to_f32(bitcast<i32>(operands[i].x), 7u)));
  }
}
