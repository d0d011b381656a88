// SPDX-License-Identifier: Apache-2.0
// 64-bit integers as two words, the low one first: not every device has them.

fn shift_left(v: vec2<u32>, n: u32) -> vec2<u32> {  // n < 64
  if (n == 0u) { return v; }
  if (n >= 32u) { return vec2<u32>(0u, v.x << (n - 32u)); }
  return vec2<u32>(v.x << n, (v.y << n) | (v.x >> (32u - n)));
}

fn shift_right(v: vec2<u32>, n: u32) -> vec2<u32> {  // n < 64
  if (n == 0u) { return v; }
  if (n >= 32u) { return vec2<u32>(v.y >> (n - 32u), 0u); }
  return vec2<u32>((v.x >> n) | (v.y << (32u - n)), v.y >> n);
}

fn shift_right_signed(v: vec2<u32>, n: u32) -> vec2<u32> {  // n < 64
  let high = bitcast<i32>(v.y);
  if (n == 0u) { return v; }
  if (n >= 32u) { return vec2<u32>(bitcast<u32>(high >> (n - 32u)), bitcast<u32>(high >> 31u)); }
  return vec2<u32>((v.x >> n) | (v.y << (32u - n)), bitcast<u32>(high >> n));
}

fn add_wide(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  let low = a.x + b.x;
  return vec2<u32>(low, a.y + b.y + select(0u, 1u, low < a.x));
}

fn negated(v: vec2<u32>) -> vec2<u32> {
  return add_wide(~v, vec2<u32>(1u, 0u));
}

fn multiply(a: u32, b: u32) -> vec2<u32> {
  let a0 = a & 0xFFFFu;
  let a1 = a >> 16u;
  let b0 = b & 0xFFFFu;
  let b1 = b >> 16u;
  let low = a0 * b0;
  let middle = a1 * b0 + (low >> 16u);           // cannot overflow
  let other = a0 * b1 + (middle & 0xFFFFu);      // nor this
  return vec2<u32>((other << 16u) | (low & 0xFFFFu), a1 * b1 + (middle >> 16u) + (other >> 16u));
}

fn leading_zeros(v: vec2<u32>) -> u32 {
  return select(countLeadingZeros(v.y), 32u + countLeadingZeros(v.x), v.y == 0u);
}

fn divide(v: vec2<u32>, n: u32) -> vec2<u32> {  // n > 0
  if (v.y == 0u) { return vec2<u32>(v.x / n, 0u); }
  var quotient = vec2<u32>(0u, v.y / n);
  var rest = v.y % n;
  for (var bit = 0u; bit < 32u; bit++) {
    let carry = rest >> 31u;  // rest < n, so rest * 2 may need 33 bits
    rest = (rest << 1u) | ((v.x >> (31u - bit)) & 1u);
    if (carry != 0u || rest >= n) {
      rest -= n;
      quotient.x |= 1u << (31u - bit);
    }
  }
  return quotient;
}
