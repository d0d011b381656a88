// SPDX-License-Identifier: Apache-2.0
// The twin of src/model/random.h.

// The output permutation of PCG-RXS-M-XS-32, as FEAGI applies it to a seed.
fn pcg(seed: u32) -> u32 {
  let state = seed * 747796405u + 2891336453u;
  let word = ((state >> ((state >> 28u) + 4u)) ^ state) * 277803737u;
  return (word >> 22u) ^ word;
}

// FEAGI's draw for a neuron in a burst.
fn excitability_hash(id: u32, burst_low: u32) -> u32 {
  return pcg(id * 2654435761u + burst_low * 1597334677u);
}

// A fired id's part in the signature of a burst.
fn signature_a(id: u32, burst_low: u32) -> u32 { return pcg(id ^ (burst_low * 0x9E3779B9u)); }
fn signature_b(id: u32, burst_low: u32) -> u32 { return pcg(pcg(id) + burst_low); }

// Philox-4x32-10.
fn philox(counter_in: vec4<u32>, key_in: vec2<u32>) -> vec4<u32> {
  var counter = counter_in;
  var key = key_in;
  for (var round = 0u; round < 10u; round++) {
    let p0 = multiply(0xD2511F53u, counter.x);
    let p1 = multiply(0xCD9E8D57u, counter.z);
    counter = vec4<u32>(p1.y ^ counter.y ^ key.x, p1.x, p0.y ^ counter.w ^ key.y, p0.x);
    key += vec2<u32>(0x9E3779B9u, 0xBB67AE85u);
  }
  return counter;
}

const kPurposeDrive = 2u;

// Four words for (seed, purpose, stream) at (index, step).
fn draw4(seed: vec2<u32>, purpose: u32, stream: u32, index: u32, step: vec2<u32>) -> vec4<u32> {
  return philox(vec4<u32>(index, step.x, step.y, purpose),
                vec2<u32>(seed.x ^ (stream * 0x85EBCA6Bu), seed.y + stream));
}
