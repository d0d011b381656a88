// SPDX-License-Identifier: Apache-2.0
/// \file
/// What host and device must agree on; cmake/print_wgsl.py prints it as layout.wgsl.
///
/// Bindings have one number in all programs of a burst: 0 params, 1 accumulators, 2 states,
/// 3 extras, 4 neurons, 5 fired, 6 results, 7 index, 8 to 11 synapses (with the hash table 9 keys,
/// 10 starts, 11 counts), 12 injections, 13 wiring and 14 learned: of synapses that learn.
#pragma once

#include <cstdint>

namespace rheobase::wgpu {

// wgsl begin

struct Params {
  std::uint32_t zero = 0;  ///< 0, but no compiler can know: see guarded
  std::uint32_t neuron_count = 0;
  std::uint32_t word_count = 0;  ///< words of a mask with one bit per neuron
  std::uint32_t quantum_bits = 0;
  std::uint32_t event_bits = 0;
  std::uint32_t one_event = 0;  ///< 1 where candidates are counted
  std::uint32_t rounded_psp = 0;
  std::uint32_t slots = 0;       ///< fire queues kept: the longest delay, and the one being written
  std::uint32_t slot_words = 0;  ///< words of one fire queue
  std::uint32_t long_at = 0;     ///< in a fire queue: where the ids of neurons with long rows begin
  std::uint32_t mask_at = 0;     ///< and the mask of all that fired
  std::uint32_t potentials_at = 0;  ///< and the potentials at firing, if any are needed
  std::uint32_t class_vectors = 0;  ///< vec4s of the class table; the neurons' classes follow
  std::uint32_t delay_count = 0;
  std::uint32_t delays_at =
      0;  ///< in the index: delays in use, kinds of driven synapses, pieces, rows
  std::uint32_t driven_at = 0;
  std::uint32_t pieces_at = 0;
  std::uint32_t rows_at = 0;
  std::uint32_t piece_count = 0;
  std::uint32_t long_row = 0;     ///< longer rows are cut into pieces of so many synapses
  std::uint32_t most_pieces = 0;  ///< pieces of the longest row
  std::uint32_t sweep_from =
      0;  ///< so many fired neurons and more: by-synapse sweep instead of push
  std::uint32_t hash_mask = 0;
  std::uint32_t member_count = 0;  ///< of a joined network; else 1
  std::uint32_t members_at = 0;    ///< in the neurons, in vec4s
  std::uint32_t rarer_at = 0;      ///< in the extras: snooze countdowns and forget marks; 0: none
  std::uint32_t shard_first = 0;   ///< first word of the synapses that this dispatch sees
  std::uint32_t shard_last = 0;    ///< and the last
  std::uint32_t writes_potentials = 0;
  std::uint32_t first_dispatch = 0;  ///< of the delivery of a burst
  std::uint32_t drives_at = 0;       ///< in the neurons, in vec4s, behind the members
  std::uint32_t tiles_at =
      0;  ///< in the index: for each edge between tiles, where it cuts each row
  std::uint32_t tile_count = 0;
  std::uint32_t rows_per_edge = 0;  ///< a multiple of 4
  std::uint32_t member_size = 1;    ///< neurons of a member if all have as many, at least 1
  std::uint32_t model_count = 0;    ///< areas whose neurons have a model
  std::uint32_t models_at = 0;      ///< in the neurons, in vec4s
};

/// What changes from burst to burst; small enough to travel with the command.
struct Burst {
  std::uint32_t low = 0;  ///< the burst's number
  std::uint32_t high = 0;
  std::uint32_t slot = 0;          ///< its fire queue
  std::uint32_t counters_at = 0;   ///< in `results`: its counters
  std::uint32_t record_at = 0;     ///< and its recorded masks
  std::uint32_t record_first = 0;  ///< words of the mask that are recorded
  std::uint32_t record_count = 0;
  std::uint32_t flags = 0;  ///< kCountBranches, kHasInjections, kDeliverNow
  std::uint32_t injection_begin = 0;
  std::uint32_t injection_count = 0;
  std::uint32_t sums_at = 0;  ///< the set of accumulators that this burst takes
  std::uint32_t next_sums_at =
      0;  ///< and the one after it, with its counters, where deliveries are at once
  std::uint32_t next_counters_at = 0;
  std::uint32_t tile = 0;  ///< the one that this dispatch of the delivery is for
  float time = 0.0F;       ///< at its beginning, in its middle, at its end: model::time_of
  float time_middle = 0.0F;
  float time_end = 0.0F;
};

/// What happens to the synapses of a projection when some of the neurons of one end have fired.
struct Learning {
  std::uint32_t low = 0;  ///< the burst's number
  std::uint32_t high = 0;
  float time = 0.0F;  ///< as in Burst
  float time_middle = 0.0F;
  float time_end = 0.0F;
  std::uint32_t mask_at = 0;  ///< in `fired`: the mask of those that fired
  std::uint32_t first = 0;    ///< neurons of the end
  std::uint32_t count = 0;
  std::uint32_t begin_at = 0;    ///< in `wiring`: where the rows or columns of its neurons begin
  std::uint32_t column_at = 0;   ///< the synapses of columns
  std::uint32_t post_at = 0;     ///< the targets of synapses
  std::uint32_t owner_at = 0;    ///< the source of every kRowStretch-th synapse
  std::uint32_t row_at = 0;      ///< where the rows of sources begin
  std::uint32_t handler_at = 0;  ///< parameters of what is done to a synapse, and to its end
  std::uint32_t spike_at = 0;
  std::uint32_t pre_now_at = 0;  ///< and of what traces are now
  std::uint32_t post_now_at = 0;
  std::uint32_t synapses = 0;
  std::uint32_t synapses_at = 0;  ///< in `learned`: states of synapses, traces, last spikes
  std::uint32_t sent_at = 0;      ///< what a spike carries
  std::uint32_t pre_traces_at = 0;
  std::uint32_t post_traces_at = 0;
  std::uint32_t pre_spiked_at = 0;
  std::uint32_t post_spiked_at = 0;
  std::uint32_t pre_count = 0;
  std::uint32_t post_count = 0;
  std::uint32_t target_at = 0;  ///< of the first neuron of the target area
  std::uint32_t ports = 1;      ///< from a neuron's target to that of the next
  std::uint32_t sums_at = 0;    ///< as in Burst
  std::uint32_t counters_at = 0;
  std::uint32_t flags = 0;
};

/// What a probe takes: a state field of a range of neurons.
struct Sample {
  std::uint32_t field = 0;  ///< rheobase::Field, or kColumn: `first` is a word of the extras then
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  std::uint32_t to = 0;  ///< first word in the results
};

/// Flags of a burst.
enum BurstFlag : std::uint32_t {
  kCountBranches = 1U,
  kHasInjections = 2U,
  kDeliverNow = 4U,
  kNoChanges = 8U,  ///< of Learning: spikes are counted, but change no synapse
  kNoSpikes = 16U,  ///< they change synapses, but are not counted
};

inline constexpr std::uint32_t kCounterCopies = 16;  // so that workgroups do not queue for one
inline constexpr std::uint32_t kCountersPerCopy = 16;
inline constexpr std::uint32_t kCounterWords = kCounterCopies * kCountersPerCopy;

/// Words of one copy of the counters.
enum Counter : std::uint32_t {
  kSpikes = 0U,
  kEvents = 1U,
  kSignatureA = 2U,
  kSignatureB = 3U,
  kInhibitory = 4U,
  kBranches = 5U,
};

/// Of each fire queue, at the head of `results`: entries of the list, long rows, neurons.
inline constexpr std::uint32_t kQueueCounts = 4;

inline constexpr std::uint32_t kDriveNeurons = 256;  // have a list of drives together

inline constexpr std::uint32_t kColumn = 255;  // of a sample: a state of a model

inline constexpr std::uint32_t kNotInjected = 0x80000000U;  // -0, which no injection can be
inline constexpr std::uint32_t kLongRows = 0x80000000U;     // bit of a neuron's class
inline constexpr std::uint32_t kNoKey = 0xFFFFFFFFU;        // of the hash table

// Bits of a row's length.
inline constexpr std::uint32_t kRowWide = 0x80000000U;
inline constexpr std::uint32_t kRowDriven = 0x40000000U;
inline constexpr std::uint32_t kRowDivided = 0x20000000U;
inline constexpr std::uint32_t kRowLength = 0x1FFFFFFFU;

inline constexpr std::uint32_t kRowStretch = 64;     // synapses; ProjectionRows
inline constexpr std::uint32_t kLongAgo = 16777216;  // bursts; synapse_definition.h
inline constexpr std::uint32_t kLearners = 32;       // neurons that a workgroup looks through

inline constexpr std::uint32_t kFirstKind = 0xFF800000U;  // of codes; network/view.h

// wgsl end

}  // namespace rheobase::wgpu
