// SPDX-License-Identifier: Apache-2.0
// What the functions printed from src/model/elementary.h need of a device. Its own quotient and root
// are guesses, a few units of the last place off.

fn ratio_rn(a: f32, b: f32) -> f32 {
  if (integer_arithmetic) { return ratio_integer(a, b); }
  return ratio_from(a, b, a / b);
}

fn root_rn(x: f32) -> f32 {
  if (integer_arithmetic) { return root_integer(x); }
  return root_from(x, sqrt(x));
}

// The upper half of a product.
fn product_high(a: u32, b: u32) -> u32 { return multiply(a, b).y; }
