// SPDX-License-Identifier: Apache-2.0
// In the place of models.wgsl where no neuron has a model: a target is a neuron.

const kHasModels = false;

struct Targeted {
  first_target: u32,
  has_model: bool,
  area: u32,
}
struct ModelPlace {
  program: u32,
}

fn target_of(id: u32) -> Targeted { return Targeted(id, false, 0u); }
fn model_place(to: Targeted, id: u32, member: vec4<u32>) -> ModelPlace { return ModelPlace(0u); }
fn step_model(at: ModelPlace) -> bool { return false; }
