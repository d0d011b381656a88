// SPDX-License-Identifier: Apache-2.0
// The twin of src/model/fixed_point.h: charge as a whole number of quanta 2^-k.

// sum x 2^-k, rounded to nearest even.
fn fixed_to_f32_wide(sum: vec2<u32>, k: u32) -> f32 {
  let negative = (sum.y >> 31u) != 0u;
  return assembled(select(0u, 0x80000000u, negative), select(sum, negated(sum), negative), -i32(k));
}

// The same for a 32-bit sum. Both halves are below 2^16, so that they and their product with 65536
// are exact floats on any device, and the one addition rounds to nearest even.
fn fixed_to_f32(sum: i32, k: u32) -> f32 {
  let word = bitcast<u32>(sum);
  let magnitude = select(word, 0u - word, sum < 0);
  if (integer_arithmetic) {
    return assembled(word & 0x80000000u, vec2<u32>(magnitude, 0u), -i32(k));
  }
  let high = f32(magnitude >> 16u);
  let low = f32(magnitude & 0xFFFFu);
  let whole = guarded(guarded(high * 65536.0) + low);
  let quantum = float_of((127u - k) << 23u);  // 2^-k
  return float_of(bits_of(whole * quantum) | (word & 0x80000000u));
}

// A count as a float, rounded to nearest even on any device.
fn count_to_f32(count: u32) -> f32 {
  return assembled(0u, vec2<u32>(count, 0u), 0);
}

// |x| * 2^k rounded to nearest (half away from zero), for |x| <= 65536 and k <= 40.
fn magnitude_rounded(x: f32, k: u32) -> vec2<u32> {
  let bits = bits_of(x);
  if ((bits & 0x7FFFFFFFu) == 0u) { return vec2<u32>(0u); }
  let mantissa = (bits & 0x7FFFFFu) | 0x800000u;
  let shift = i32((bits >> 23u) & 255u) - 150 + i32(k);
  if (shift < -25) { return vec2<u32>(0u); }
  if (shift >= 0) { return shift_left(vec2<u32>(mantissa, 0u), u32(shift)); }
  return vec2<u32>((mantissa + (1u << u32(-shift - 1))) >> u32(-shift), 0u);
}

const kLargestRoundedPsp = 255.0;
const kLargestDrivenPsp = 65536.0;

// PSP made from the potential at firing, in quanta, divided among n synapses (n = 1: whole).
fn driven_psp(potential: f32, rounded: bool, k: u32, n: u32) -> vec2<u32> {
  let most = select(kLargestDrivenPsp, kLargestRoundedPsp, rounded);
  let clamped = select(select(0.0, potential, potential > 0.0), most, potential > most);
  var whole = magnitude_rounded(clamped, select(k, 0u, rounded));
  if (rounded) { whole = shift_left(whole, k); }
  if (n <= 1u) { return whole; }
  return divide(add_wide(whole, vec2<u32>(n - 1u, 0u)), n);
}

// ceil(weight_numerator * psp * 2^-weight_shift). weight_shift <= 40.
fn driven_charge(weight_numerator: u32, weight_shift: u32, psp: vec2<u32>) -> vec2<u32> {
  let low = multiply(weight_numerator, psp.x);
  let high = add_wide(multiply(weight_numerator, psp.y), vec2<u32>(low.y, 0u));
  let bottom = low.x;  // product = high * 2^32 + bottom
  if (weight_shift == 0u) { return vec2<u32>(bottom, high.x); }
  if (weight_shift >= 32u) {
    let s = weight_shift - 32u;
    let lost = (high.x & ((1u << s) - 1u)) | bottom;
    return add_wide(shift_right(high, s), vec2<u32>(select(0u, 1u, lost != 0u), 0u));
  }
  let lost = bottom & ((1u << weight_shift) - 1u);
  let shifted = shift_left(high, 32u - weight_shift);
  return add_wide(shifted, vec2<u32>((bottom >> weight_shift) + select(0u, 1u, lost != 0u), 0u));
}
