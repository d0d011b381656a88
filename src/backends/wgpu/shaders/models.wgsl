// SPDX-License-Identifier: Apache-2.0
// Areas whose neurons have a model: where their numbers lie. Printed steps follow (print_step.h).

const kHasModels = true;

// A neuron with a model, and where what it needs lies.
struct ModelPlace {
  program: u32,
  count: u32,       // neurons of its area
  index: u32,       // of the neuron in its area
  first_target: u32,      // its first port
  states_at: u32,   // in `extras`
  singles_at: u32,  // in `neurons`, in words
  each_at: u32,
  seed: vec2<u32>,
  draws_by: u32,
  id: u32,
  member: vec4<u32>,
}

struct Targeted {
  first_target: u32,       // the first of the neuron
  has_model: bool,
  area: u32,         // in the table, if it has
}

// The last area with a model that begins at or before the neuron says which targets it has.
fn target_of(id: u32) -> Targeted {
  var low = 0u;
  var high = params.model_count;
  while (low < high) {
    let middle = (low + high) / 2u;
    if (neurons[params.models_at + 3u * middle].x <= id) {
      low = middle + 1u;
    } else {
      high = middle;
    }
  }
  if (low == 0u) { return Targeted(id, false, 0u); }
  let area = neurons[params.models_at + 3u * (low - 1u)];  // first, neurons, first target, ports
  let index = id - area.x;
  if (index < area.y) { return Targeted(area.z + index * area.w, true, low - 1u); }
  return Targeted(area.z + area.y * area.w + (index - area.y), false, 0u);
}

fn model_place(to: Targeted, id: u32, member: vec4<u32>) -> ModelPlace {
  let a = neurons[params.models_at + 3u * to.area];
  let b = neurons[params.models_at + 3u * to.area + 1u];
  let c = neurons[params.models_at + 3u * to.area + 2u];
  return ModelPlace(b.w, a.y, id - a.x, to.first_target, b.x, b.y, b.z, c.xy, id - c.z, id, member);
}

fn word_of_neurons(word: u32) -> u32 { return neurons[word / 4u][word % 4u]; }

fn model_state(at: ModelPlace, number: u32) -> f32 {
  return float_of(extras[at.states_at + number * at.count + at.index]);
}
fn keep_state(at: ModelPlace, number: u32, value: f32) {
  extras[at.states_at + number * at.count + at.index] = bits_of(value);
}
fn model_single(at: ModelPlace, number: u32) -> f32 {
  return float_of(word_of_neurons(at.singles_at + number));
}
fn model_each(at: ModelPlace, number: u32) -> f32 {
  return float_of(word_of_neurons(at.each_at + number * at.count + at.index));
}
// What arrived in this burst. The twin of at_port in src/model/run_step.h.
fn model_port(at: ModelPlace, number: u32) -> f32 {
  let to_target = at.first_target + number;
  let injected = injection_of(at.id, to_target, number, at.member).potential;
  let arrived = take_sum(burst.sums_at + to_target).synaptic;
  return clamp(add_rn(injected, arrived), -0x1p+63f, 0x1p+63f);
}
// The host computes it; half_steps is a constant.
fn model_time(half_steps: u32) -> f32 {
  switch (half_steps) {
    case 0u: { return burst.time; }
    case 1u: { return burst.time_middle; }
    default: { return burst.time_end; }
  }
}
fn model_draw(at: ModelPlace, site: u32) -> vec4<u32> {
  return draw4(at.seed, kPurposeModel, site, at.draws_by, vec2<u32>(burst.low, burst.high));
}
