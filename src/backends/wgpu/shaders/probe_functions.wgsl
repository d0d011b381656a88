// SPDX-License-Identifier: Apache-2.0
// Whether this device computes the functions of users' models as the host does.

override threads: u32 = 64u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> operands: array<vec2<u32>>;
@group(0) @binding(2) var<storage, read_write> answers: array<array<u32, 12>>;

@compute @workgroup_size(threads)
fn probe_functions(@builtin(workgroup_id) group: vec3<u32>,
                   @builtin(num_workgroups) groups: vec3<u32>,
                   @builtin(local_invocation_index) lane: u32) {
  for (var i = group.x * threads + lane; i < arrayLength(&operands); i += groups.x * threads) {
    let word = operands[i].x;
    let other = operands[i].y;
    let a = float_of(word);
    let b = float_of(other);
    // in the order of kProbedFunctions
    answers[i] = array<u32, 12>(
        bits_of(div_rn(a, b)), bits_of(sqrt_rn(a)), bits_of(exp_rn(a)), bits_of(log_rn(a)),
        bits_of(tanh_rn(a)), bits_of(sin_rn(a)), bits_of(cos_rn(a)), bits_of(pow_rn(a, b)),
        bits_of(floor_rn(a)), bits_of(uniform_of(word)), bits_of(normal_of(word, other)),
        bits_of(poisson_of(a, other)));
  }
}
