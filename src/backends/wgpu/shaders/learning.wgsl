// SPDX-License-Identifier: Apache-2.0
// Synapses that learn. A workgroup looks through some neurons of one end of a projection; its threads
// share the synapses of those that fired. Each synapse has one writer, and what a spike makes of its
// neuron's traces comes after all of that neuron's synapses have read them.
//
// Printed beside this (device_learning.cpp): kArrives, kChanges, kSendsWeight, step_0 for a synapse and
// step_1 for its end (print_step.h), step_2 and step_3 for what the traces of its ends are now, and
// place_of, which fills in the ports of a synapse.

override threads: u32 = 64u;

@group(0) @binding(0) var<uniform> params: Params;
// 1: accumulators
@group(0) @binding(5) var<storage, read> fired: array<u32>;
@group(0) @binding(6) var<storage, read_write> results: array<atomic<u32>>;
@group(0) @binding(13) var<storage, read> wiring: array<u32>;
@group(0) @binding(14) var<storage, read_write> learned: array<u32>;

var<immediate> now: Learning;

// What a program works on: a synapse, or the end of one.
struct ModelPlace {
  states_at: u32,  // in `learned`: its first state; those of others follow, then the next state
  count: u32,
  index: u32,
  singles_at: u32,  // in `wiring`
  a: vec4<f32>,  // what its ports hold
  b: vec4<f32>,
}

fn model_state(at: ModelPlace, number: u32) -> f32 {
  return float_of(learned[at.states_at + number * at.count + at.index]);
}
fn keep_state(at: ModelPlace, number: u32, value: f32) {
  learned[at.states_at + number * at.count + at.index] = bits_of(value);
}
// What the traces of both ends of the synapse at hand are now.
var<private> pre_now: array<f32, 6>;
var<private> post_now: array<f32, 6>;

fn keep_pre_now(number: u32, value: f32) { pre_now[number] = value; }
fn keep_post_now(number: u32, value: f32) { post_now[number] = value; }

fn trace_place(traces_at: u32, count: u32, neuron: u32, singles_at: u32, since: f32) -> ModelPlace {
  return ModelPlace(traces_at, count, neuron, singles_at, vec4<f32>(since, 0.0, 0.0, 0.0),
                    vec4<f32>());
}

fn model_single(at: ModelPlace, number: u32) -> f32 {
  return float_of(wiring[at.singles_at + number]);
}
fn model_port(at: ModelPlace, number: u32) -> f32 {
  switch (number) {
    case 0u: { return at.a.x; }
    case 1u: { return at.a.y; }
    case 2u: { return at.a.z; }
    case 3u: { return at.a.w; }
    case 4u: { return at.b.x; }
    case 5u: { return at.b.y; }
    case 6u: { return at.b.z; }
    default: { return at.b.w; }
  }
}
fn model_time(half_steps: u32) -> f32 {
  switch (half_steps) {
    case 0u: { return now.time; }
    case 1u: { return now.time_middle; }
    default: { return now.time_end; }
  }
}
