// SPDX-License-Identifier: Apache-2.0
// Charges of weights that are numbers of their own.

// The word that a synapse adds whose code is a weight.
fn weight_word(code: u32) -> vec2<u32> {
  let size = magnitude_rounded(float_of(code & 0x7FFFFFFFu), params.quantum_bits);
  let charge = select(size, negated(size), (code >> 31u) != 0u);
  return add_wide(shift_left(charge, params.event_bits), vec2<u32>(params.one_event, 0u));
}
