// SPDX-License-Identifier: Apache-2.0
// Runs the step on states that the host made: four vec4 in, two out for each.

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> cases: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read_write> answers: array<vec4<u32>>;

@compute @workgroup_size(64)
fn step_test(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
             @builtin(local_invocation_index) lane: u32) {
  for (var i = group.x * 64u + lane; i < arrayLength(&cases) / 4u; i += groups.x * 64u) {
    let a = cases[4u * i];
    let b = cases[4u * i + 1u];
    let c = cases[4u * i + 2u];
    let d = cases[4u * i + 3u];
    var p: NeuronClass;
    p.threshold = float_of(a.x);
    p.threshold_limit = float_of(a.y);
    p.keep = float_of(a.z);
    p.reset = float_of(a.w);
    p.rest = float_of(b.x);
    p.draw_below = b.y;
    p.refractory_period = b.z & 0xFFFFu;
    p.fire_limit = b.z >> 16u;
    p.snooze_period = b.w & 0xFFFFu;
    p.flags = b.w >> 16u;
    var s: NeuronState;
    s.u = float_of(c.x);
    s.refractory_countdown = c.y & 0xFFFFu;
    s.fire_count = c.y >> 16u;
    s.snooze_countdown = c.z & 0xFFFFu;
    s.forget = (c.z >> 16u) & 1u;
    var in: StepInput;
    in.candidate = (c.w >> 31u) != 0u;
    in.injected = float_of(d.x);
    in.synaptic = float_of(d.y);
    in.id = d.z;
    in.burst_low = d.w;
    let out = neuron_step(c.w & 0xFFu, p, s, in);
    answers[2u * i] = vec4<u32>(bits_of(out.state.u), out.state.refractory_countdown,
                                out.state.fire_count, out.state.snooze_countdown);
    answers[2u * i + 1u] = vec4<u32>(out.state.forget, bits_of(out.potential_at_firing),
                                     select(0u, 1u, out.fired), out.branches);
  }
}
