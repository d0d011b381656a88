// SPDX-License-Identifier: Apache-2.0
// The twin of src/model/float_ops.h: same names, same order, same bits.

override integer_arithmetic: bool = false;  // for devices whose floats round otherwise

fn bits_of(x: f32) -> u32 { return bitcast<u32>(x); }
fn float_of(bits: u32) -> f32 { return bitcast<f32>(bits); }

// Nothing may be fused or reassociated across it.
fn guarded(x: f32) -> f32 { return float_of(bits_of(x) ^ params.zero); }

// Results at or below the least normal number become +0, so that flushing modes do not show and
// -0 cannot arise.
fn flushed(x: f32) -> f32 {
  return select(x, 0.0, (bits_of(x) & 0x7FFFFFFFu) <= 0x00800000u);
}

fn add_rn(a: f32, b: f32) -> f32 {
  if (integer_arithmetic) { return add_rn_integer(a, b); }
  return flushed(guarded(a + b));
}
fn mul_rn(a: f32, b: f32) -> f32 {
  if (integer_arithmetic) { return mul_rn_integer(a, b); }
  return flushed(guarded(a * b));
}

// The same without the flush, for results that cannot be tiny, or are then only added to something
// so much larger that they do not show.
fn plus(a: f32, b: f32) -> f32 {
  if (integer_arithmetic) { return add_rn_integer(a, b); }
  return guarded(a + b);
}
fn times(a: f32, b: f32) -> f32 {
  if (integer_arithmetic) { return mul_rn_integer(a, b); }
  return guarded(a * b);
}

// `mantissa` x 2^exponent rounded to nearest even, flushed as above; mantissa < 2^63, `sign` is
// bit 31.
fn assembled(sign: u32, mantissa: vec2<u32>, exponent: i32) -> f32 {
  if ((mantissa.x | mantissa.y) == 0u) { return 0.0; }
  let shift = leading_zeros(mantissa);
  let norm = shift_left(mantissa, shift);
  let top = norm.y >> 8u;
  let rest = norm.y & 0xFFu;  // with norm.x below it
  let above_half = rest > 0x80u || (rest == 0x80u && norm.x != 0u);
  let half = rest == 0x80u && norm.x == 0u;
  let up = select(0u, 1u, above_half || (half && (top & 1u) != 0u));
  let biased = exponent + 63 - i32(shift) + 126;  // the leading one of `top` adds the missing 1
  if (biased < 0) { return 0.0; }
  return flushed(float_of(sign | ((u32(biased) << 23u) + top + up)));
}

// add_rn in integers alone.
fn add_rn_integer(a: f32, b: f32) -> f32 {
  var big = bits_of(a);
  var small = bits_of(b);
  if ((big & 0x7FFFFFFFu) < (small & 0x7FFFFFFFu)) {
    let swap = big;
    big = small;
    small = swap;
  }
  if ((small & 0x7FFFFFFFu) == 0u) { return flushed(float_of(big)); }
  let exponent_big = (big >> 23u) & 255u;
  let distance = exponent_big - ((small >> 23u) & 255u);
  // 36 bits below the leading one; what falls out is kept as one sticky bit
  let m_big = shift_left(vec2<u32>((big & 0x7FFFFFu) | 0x800000u, 0u), 36u);
  var m_small = shift_left(vec2<u32>((small & 0x7FFFFFu) | 0x800000u, 0u), 36u);
  if (distance > 60u) {
    m_small = vec2<u32>(1u, 0u);
  } else {
    let kept = shift_right(m_small, distance);
    let lost = any(shift_left(kept, distance) != m_small);
    m_small = vec2<u32>(kept.x | select(0u, 1u, lost), kept.y);
  }
  let differ = ((big ^ small) >> 31u) != 0u;
  let sum = add_wide(m_big, select(m_small, negated(m_small), differ));
  return assembled(big & 0x80000000u, sum, i32(exponent_big) - 150 - 36);
}

// mul_rn in integers alone.
fn mul_rn_integer(a: f32, b: f32) -> f32 {
  let x = bits_of(a);
  let y = bits_of(b);
  if ((x & 0x7FFFFFFFu) == 0u || (y & 0x7FFFFFFFu) == 0u) { return 0.0; }
  let product = multiply((x & 0x7FFFFFu) | 0x800000u, (y & 0x7FFFFFu) | 0x800000u);
  let exponent = i32((x >> 23u) & 255u) + i32((y >> 23u) & 255u) - 300;
  return assembled((x ^ y) & 0x80000000u, product, exponent);
}

const kLeastNormal: f32 = 0x1p-126f;
const kLargestPotential: f32 = 0x1p+100f;

// The one exit of the step: within +-2^100, no denormal, no -0.
fn canonical(u: f32) -> f32 {
  let below = select(u, kLargestPotential, u > kLargestPotential);
  let within = select(below, -kLargestPotential, below < -kLargestPotential);
  return select(within, 0.0, (bits_of(within) & 0x7FFFFFFFu) < 0x00800000u);
}
