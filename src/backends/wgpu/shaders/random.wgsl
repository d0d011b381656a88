// SPDX-License-Identifier: Apache-2.0
// The twin of src/model/random.h.

const kPcgFactor = 747796405u;
const kPcgSummand = 2891336453u;

// The output permutation of PCG-RXS-M-XS-32.
fn pcg_output(state: u32) -> u32 {
  let word = ((state >> ((state >> 28u) + 4u)) ^ state) * 277803737u;
  return (word >> 22u) ^ word;
}

// As FEAGI applies it to a seed, with FEAGI's constants.
fn pcg(seed: u32) -> u32 {
  return pcg_output(seed * kPcgFactor + kPcgSummand);
}

// FEAGI's draw for a neuron in a burst: pcg(id * 2654435761 + burst_low * 1597334677), multiplied
// out. WGSL refuses constants that overflow, so the products stand here modulo 2^32.
fn excitability_hash(id: u32, burst_low: u32) -> u32 {
  return pcg_output(id * 2042384677u +
                    (burst_low * 461070425u + kPcgSummand));
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

fn turned(x: u32, by: u32) -> u32 { return (x << by) | (x >> (32u - by)); }

// Two rounds of Threefry.
fn two_rounds(a: vec4<u32>, turns: vec4<u32>) -> vec4<u32> {
  let b = one_round(a, turns.x, turns.y);
  let x = b.x + b.w;
  let z = b.z + b.y;
  return vec4<u32>(x, turned(b.y, turns.w) ^ z, z, turned(b.w, turns.z) ^ x);
}
fn one_round(a: vec4<u32>, first: u32, second: u32) -> vec4<u32> {
  let x = a.x + a.y;
  let z = a.z + a.w;
  return vec4<u32>(x, turned(a.y, first) ^ x, z, turned(a.w, second) ^ z);
}

// Threefry-4x32-13.
fn threefry(counter: vec4<u32>, k: vec4<u32>) -> vec4<u32> {
  let fifth = 0x1BD11BDAu ^ k.x ^ k.y ^ k.z ^ k.w;
  var x = counter + k;
  x = two_rounds(x, vec4<u32>(10u, 26u, 11u, 21u));
  x = two_rounds(x, vec4<u32>(13u, 27u, 23u, 5u));
  x += vec4<u32>(k.y, k.z, k.w, fifth + 1u);
  x = two_rounds(x, vec4<u32>(6u, 20u, 17u, 11u));
  x = two_rounds(x, vec4<u32>(25u, 10u, 18u, 20u));
  x += vec4<u32>(k.z, k.w, fifth, k.x + 2u);
  x = two_rounds(x, vec4<u32>(10u, 26u, 11u, 21u));
  x = two_rounds(x, vec4<u32>(13u, 27u, 23u, 5u));
  x += vec4<u32>(k.w, fifth, k.x, k.y + 3u);
  return one_round(x, 6u, 20u);
}

const kPurposeDrive = 2u;
const kPurposeModel = 3u;

// Four words for (seed, purpose, stream) at (index, step).
fn draw4(seed: vec2<u32>, purpose: u32, stream: u32, index: u32, step: vec2<u32>) -> vec4<u32> {
  return philox(vec4<u32>(index, step.x, step.y, purpose),
                vec2<u32>(seed.x ^ (stream * 0x85EBCA6Bu), seed.y + stream));
}
