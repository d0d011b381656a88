// SPDX-License-Identifier: Apache-2.0
// The synapse index as a table: one entry for each neuron and delay.

// (first word of the row, its length and Row bits)
fn row_of(source: u32, k: u32) -> vec2<u32> {
  return index[params.rows_at + source * params.delay_count + k];
}
