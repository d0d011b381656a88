// SPDX-License-Identifier: Apache-2.0
// What fires is listed, and delivered by deliver_spikes.wgsl.

fn deliver_now() -> bool { return false; }

fn deliver_fired(first_id: u32, lane: u32) {}
