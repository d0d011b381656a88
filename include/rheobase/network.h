// SPDX-License-Identifier: Apache-2.0
/// \file
/// What is simulated: areas of neurons, their parameters, their connections. Immutable once built.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rheobase/connect.h"
#include "rheobase/export.h"
#include "rheobase/model.h"
#include "rheobase/plasticity.h"
#include "rheobase/rules.h"
#include "rheobase/stop.h"

namespace rheobase {

using NeuronId = std::uint32_t;
/// Index of an area in the order in which areas were added.
using AreaId = std::uint32_t;

/// "No upper limit" of the threshold window.
inline constexpr float kNoLimit = std::numeric_limits<float>::max();

/// Parameters of a neuron, as given. Potentials are in the unit of the model (mV for networks of
/// the field, FEAGI's own unit for genomes), times in bursts. NaN, infinity are refused; denormals
/// and -0 become 0; potentials beyond +-2^100 are clamped.
struct NeuronParams {
  float v_rest = 0.0F;               ///< potential toward which the neuron leaks
  float v_reset = 0.0F;              ///< potential after a spike
  float threshold = 1.0F;            ///< fires when potential >= threshold …
  float threshold_limit = kNoLimit;  ///< … and potential <= threshold_limit
  float leak = 0.0F;          ///< share of (potential - rest) lost per burst; keep = 1 - leak
  float excitability = 1.0F;  ///< probability that a neuron in its window fires; >= 0.999 always
  std::uint16_t refractory_period = 0;  ///< bursts blocked after a spike
  std::uint16_t fire_limit = 0;         ///< consecutive fires after which it pauses; 0 = no limit
  std::uint16_t snooze_period = 0;      ///< extra blocked bursts when the fire limit is reached
  bool accumulates = true;              ///< keeps its potential from burst to burst

  friend bool operator==(const NeuronParams&, const NeuronParams&) = default;
};

/// A leaky integrate-and-fire neuron in the units of the field. \see lif
struct LifParams {
  double tau_m_ms = 20.0;  ///< membrane time constant, > 0
  double v_rest_mv = 0.0;
  double v_reset_mv = 0.0;
  double v_threshold_mv = 20.0;
  double t_ref_ms = 0.0;  ///< a whole number of time steps
};
/// Parameters of an exact LIF at time step dt: leak = 1 - exp(-dt / tau_m).
/// \throws Error invalid_argument if t_ref is off the grid (the nearest values are named).
[[nodiscard]] RHEOBASE_API NeuronParams lif(const LifParams& params, double dt_ms);

/// How the charge of an area's spikes is made.
struct PspMode {
  /// true: each synapse delivers the whole weight x PSP; false: divided by the number of outgoing
  /// synapses of the neuron (FEAGI: psp_uniform_distribution).
  bool uniform = true;
  /// The PSP is the potential at firing, not the synapse's own (FEAGI: mp_driven_psp).
  bool potential_driven = false;
  friend bool operator==(const PspMode&, const PspMode&) = default;
};

/// An area (population) to be added.
struct AreaSpec {
  std::string name;     ///< unique, not empty
  Voxel size{1, 1, 1};  ///< voxels per axis, each >= 1
  std::uint32_t neurons_per_voxel = 1;
  NeuronParams params;
  /// threshold(x,y,z) = ((threshold + x*dx) + y*dy) + z*dz in f32, as FEAGI computes it
  std::array<float, 3> threshold_gradient{0.0F, 0.0F, 0.0F};
  PspMode psp;
  /// The id under which a file knows the area (FEAGI: base64 cortical id); empty otherwise.
  std::string file_id;
  /// "input", "output", "core", "custom", "memory"; free text, for reports.
  std::string role = "custom";
  /// How its neurons behave; empty: as `params` and the rules of the network say. With a model,
  /// `params`, `threshold_gradient` and `psp` stay as they are here.
  Model model{};
  /// Parameters and first states of the model that differ from what its text gives. Without a
  /// model, what differs from `params`: its members by name (of 0 to 1: leak, excitability; whole
  /// numbers: periods and fire_limit), `tau_m_ms` > 0 and `t_ref_ms` in place of leak and
  /// refractory period (\see LifParams), and `potential`, that before the first burst (at rest
  /// unless it is given). Distributions of periods are rounded to whole bursts. A built network
  /// holds numbers only.
  std::vector<ModelValue> values{};
};

/// An area of a built network. Its neurons have the ids first .. first + count - 1, in the order x
/// outermost, then y, then z, innermost the neurons of one voxel.
struct Area {
  AreaSpec spec;
  NeuronId first = 0;
  std::uint32_t count = 0;
};

/// Some neurons of an area, by their indices within it: `count` of them from `first` on, or those
/// of a list, each once, in the order of the list.
struct AreaPart {
  static constexpr std::uint32_t kRest = 0xFFFFFFFFU;  ///< all from `first` on

  AreaId area = 0;
  std::uint32_t first = 0;
  std::uint32_t count = kRest;
  std::vector<std::uint32_t> indices{};  ///< if not empty, these instead
};

/// The number of a port of an area's neurons, by name or as a number in digits.
/// \throws Error invalid_argument naming those that there are.
[[nodiscard]] RHEOBASE_API std::uint32_t port_of(const Area& area, std::string_view name);

/// The longest delay of a synapse, in bursts. The fire queues of so many bursts are kept.
inline constexpr std::uint32_t kMostDelay = 65535;

/// One connection between two areas.
struct SynapseSpec {
  float weight = 1.0F;      ///< negative: inhibitory. Charge of a spike = weight * psp
  float psp = 1.0F;         ///< postsynaptic potential (FEAGI); 1 elsewhere
  std::uint32_t delay = 1;  ///< bursts, 1..kMostDelay
  std::uint32_t port = 0;   ///< where it ends: a number of Model::ports of the target; 0 elsewhere
};

/// What each synapse of a connection draws for itself, in place of the number of SynapseSpec. The
/// draws follow from the wiring seed, the number of the connection, and which of its rule's pairs
/// it is. Synapses of a network that draws any stand by weight where pre, post and delay are equal.
struct SynapseDraws {
  std::optional<Distribution> weight{};
  std::optional<Distribution> delay{};  ///< bursts, rounded to whole ones
};

/// A synapse as a reader sees it.
struct Synapse {
  NeuronId pre = 0, post = 0;
  float weight = 0.0F, psp = 0.0F;
  std::uint32_t delay = 1;
  std::uint32_t port = 0;
  friend bool operator==(const Synapse&, const Synapse&) = default;
};

/// External input that needs no list: every neuron id of [first, first + count) receives it.
struct Drive {
  enum class Kind : std::uint8_t {
    constant,  ///< `amplitude` every burst
    regular,   ///< `amplitude` at rate_hz, all neurons together
    poisson,   ///< `amplitude` x (a Poisson number of mean rate_hz * dt), independent per neuron
  };
  Kind kind = Kind::constant;
  NeuronId first = 0;
  std::uint32_t count = 0;
  float amplitude = 1.0F;
  double rate_hz = 0.0;      ///< 0 .. 1e9; for `regular` and `poisson`
  std::uint32_t stream = 0;  ///< tells the draws of drives apart
  std::uint32_t port =
      0;  ///< where it arrives: a number of Model::ports of the neurons; 0 elsewhere
};

/// Facts about the arithmetic of a network, shown by `info`.
struct ChargeFacts {
  std::uint32_t quantum_bits = 0;       ///< k: charge is a whole number of 2^-k
  std::uint32_t event_bits = 0;         ///< low bits of the accumulator that count events
  std::uint32_t accumulator_bits = 32;  ///< 32 or 64
  NeuronId worst_neuron = 0;            ///< largest possible sum of absolute charges …
  double worst_sum = 0.0;               ///< … in charge units
  std::uint32_t worst_indegree = 0;     ///< most synapses into one neuron
};

class NetworkData;
class NetworkEdit;

/// One of the networks that were joined. Its neurons have the ids first .. first + count - 1, its
/// areas the numbers first_area .. first_area + area_count - 1.
struct Member {
  NeuronId first = 0;
  std::uint32_t count = 0;
  AreaId first_area = 0;
  std::uint32_t area_count = 0;
  std::shared_ptr<const NetworkData> data;  ///< as it is alone
};

/// A built network: a cheap handle to shared, immutable data.
class RHEOBASE_API Network {
 public:
  explicit Network(std::shared_ptr<const NetworkData> data) : data_(std::move(data)) {}

  [[nodiscard]] double dt_ms() const;
  [[nodiscard]] const Rules& rules() const;
  [[nodiscard]] std::uint32_t neuron_count() const;
  [[nodiscard]] std::uint64_t synapse_count() const;
  /// Number of distinct (pre, post) pairs.
  [[nodiscard]] std::uint64_t unique_synapse_count() const;
  [[nodiscard]] const std::vector<Area>& areas() const;
  /// The area of that name or file id. \throws Error invalid_argument naming close matches.
  [[nodiscard]] const Area& area(std::string_view name_or_id) const;
  /// The area that holds the neuron.
  [[nodiscard]] AreaId area_of(NeuronId id) const;
  [[nodiscard]] Voxel voxel_of(NeuronId id) const;
  /// The last neuron of a voxel (the one that receives). \throws Error out_of_range.
  [[nodiscard]] NeuronId neuron_at(const Area& area, Voxel voxel) const;
  [[nodiscard]] NeuronParams params(NeuronId id) const;
  [[nodiscard]] bool alive(NeuronId id) const;
  /// Synapses that leave a neuron, by delay, then post, then in order of creation; behind them
  /// those that learn, projection by projection, with the weights that they begin with.
  [[nodiscard]] std::vector<Synapse> outgoing(NeuronId id) const;
  [[nodiscard]] const std::vector<Drive>& drives() const;
  /// The synapses that learn, in the order of the connections that made them, then by delay.
  [[nodiscard]] std::vector<Projection> projections() const;
  /// \throws Error out_of_range if there is no such projection.
  [[nodiscard]] ProjectionEnds projection_ends(std::size_t projection) const;
  /// Delays in use, ascending.
  [[nodiscard]] std::vector<std::uint32_t> delays() const;
  /// The longest delay in use, at least 1: so many fire queues a `State` holds.
  [[nodiscard]] std::uint32_t max_delay() const;
  [[nodiscard]] const ChargeFacts& charge() const;
  [[nodiscard]] std::uint64_t wiring_seed() const;
  /// Bytes held by the network.
  [[nodiscard]] std::uint64_t memory_bytes() const;
  /// xxHash64 over all that determines spikes: rules, parameters, connections, drives.
  [[nodiscard]] std::uint64_t hash() const;
  /// A network with the edits applied; untouched blocks are shared, ids stay.
  [[nodiscard]] Network edited(const NetworkEdit& edit) const;
  /// The networks that this one was joined from; empty if it was not.
  [[nodiscard]] const std::vector<Member>& members() const;
  [[nodiscard]] const std::shared_ptr<const NetworkData>& data() const { return data_; }

 private:
  std::shared_ptr<const NetworkData> data_;
};

/// Networks that run as one, each with the spikes that it has alone: draws count a neuron from the
/// first one of its member, and every member has a run seed of its own (EngineOptions::seeds).
/// There are no synapses between them. Area E of member 3 is called "3/E".
/// \throws Error invalid_argument if there are none, or if time step, rules or quantum of charge
/// differ; out_of_range, out_of_memory.
[[nodiscard]] RHEOBASE_API Network join(const std::vector<Network>& networks);
/// `count` copies of a network, joined.
[[nodiscard]] RHEOBASE_API Network copies(const Network& network, std::uint32_t count);

/// Changes to a network, in order. \see Network::edited, Engine::edit
class RHEOBASE_API NetworkEdit {
 public:
  void set_params(NeuronId id, const NeuronParams& params);
  /// The same for neurons first .. first + count - 1. Their state stays, unless the network tests
  /// its neurons as candidates (Rules::test, FEAGI's profiles): there a new refractory period does
  /// what `set_refractory_period` says, and with Forget::former_candidate a neuron that no longer
  /// accumulates goes back to rest.
  void set_params(NeuronId first, std::uint32_t count, const NeuronParams& params);
  /// One parameter, as FEAGI sets it for an area of a running brain. Where neurons are tested as
  /// candidates, their run of fires begins anew, though the value be the old one; a running
  /// countdown goes on, and ends at once if `bursts` is 0.
  void set_refractory_period(NeuronId first, std::uint32_t count, std::uint16_t bursts);
  /// The same for `accumulates`. With Forget::former_candidate, off means back to rest at once,
  /// though it be off already.
  void set_accumulates(NeuronId first, std::uint32_t count, bool on);
  /// Parameters as AreaSpec::values, for neurons of one area: one number for all of them, one for
  /// each, or what each draws, which is what it would have drawn when the area was built. Their
  /// states stay; first values of states are no parameters and are refused.
  void set_values(NeuronId first, std::uint32_t count, std::vector<ModelValue> values);
  /// Rewrites the PSP of every synapse that leaves neurons first .. first + count - 1.
  void set_psp(NeuronId first, std::uint32_t count, float psp);
  /// How the spikes of neurons first .. first + count - 1 make their charge.
  void set_psp_mode(NeuronId first, std::uint32_t count, const PspMode& mode);
  void add_synapse(const Synapse& synapse);
  /// The first synapse pre -> post in order of delay and creation; none is an error when applied.
  void remove_synapse(NeuronId pre, NeuronId post);
  void set_weight(NeuronId pre, NeuronId post, float weight);
  /// The synapse comes behind all others of that pair and delay.
  void set_delay(NeuronId pre, NeuronId post, std::uint32_t delay);
  /// An area behind the others; its neurons have the ids that follow. Neurons are added as areas,
  /// since the ids of an area are consecutive. A joined network takes none.
  void add_area(AreaSpec spec);
  /// The neurons never fire again; their synapses are removed; their ids are not reused.
  void delete_neurons(NeuronId first, std::uint32_t count);
  void delete_neuron(NeuronId id) { delete_neurons(id, 1); }

  struct Operation {
    enum class Kind : std::uint8_t {
      set_params,
      set_refractory_period,
      set_accumulates,
      set_psp,
      set_psp_mode,
      set_values,
      add_synapses,
      remove_synapse,
      set_weight,
      set_delay,
      add_area,
      delete_neurons
    };
    Kind kind = Kind::set_params;
    NeuronId first = 0;       ///< neurons first .. first + count - 1; with add_synapses, count of
    std::uint32_t count = 0;  ///< them
    std::size_t at = 0;       ///< in the list that belongs to the kind
    PspMode mode;
  };
  [[nodiscard]] const std::vector<Operation>& operations() const { return operations_; }
  /// Of add_synapses, remove_synapse, set_weight, set_delay and, with the PSP alone, set_psp.
  [[nodiscard]] const std::vector<Synapse>& synapses() const { return synapses_; }
  [[nodiscard]] const std::vector<AreaSpec>& areas() const { return areas_; }
  /// Of set_params; with that parameter alone, of set_refractory_period and set_accumulates.
  [[nodiscard]] const std::vector<NeuronParams>& params() const { return params_; }
  /// Of set_values.
  [[nodiscard]] const std::vector<std::vector<ModelValue>>& values() const { return values_; }

 private:
  void push(Operation::Kind kind, const Synapse& synapse, std::uint32_t count);

  std::vector<Operation> operations_;
  std::vector<Synapse> synapses_;
  std::vector<AreaSpec> areas_;
  std::vector<NeuronParams> params_;
  std::vector<std::vector<ModelValue>> values_;
};

/// Names what one call added to a NetworkBuilder.
using PlanId = std::uint64_t;

struct NetworkOptions {
  double dt_ms = 1.0;             ///< length of a burst, > 0
  std::uint64_t wiring_seed = 1;  ///< seed of random connection rules
  Rules rules{};
  /// Quantum of charge 2^-k. Default: 0 for whole charges, 24 where PSP is divided or driven by the
  /// potential, else the least k for which every charge is within 2^-16 of its value.
  std::optional<std::uint32_t> quantum_bits{};
  /// Threads that build it, at most 1024; 0: one for each core. The network is the same with any
  /// number.
  std::uint32_t threads = 0;
};

/// Builds a network. Calls only describe; `build` makes it. A call that throws changes nothing, and
/// a build that fails leaves the builder as it was.
class RHEOBASE_API NetworkBuilder {
 public:
  explicit NetworkBuilder(NetworkOptions options = {});
  ~NetworkBuilder();
  NetworkBuilder(NetworkBuilder&&) noexcept;
  NetworkBuilder& operator=(NetworkBuilder&&) noexcept;

  /// \throws Error invalid_argument (empty or duplicate name, size 0, a parameter that is not a
  /// number or that the model does not have), out_of_range (more than 2^32 - 2 neurons).
  AreaId add_area(AreaSpec spec);
  /// A population of a model.
  AreaId population_of(Model model, std::string name, std::uint32_t count,
                       std::vector<ModelValue> values = {});
  /// A population without voxels: size {count, 1, 1}.
  AreaId population(std::string name, std::uint32_t count, const NeuronParams& params,
                    std::vector<ModelValue> values = {});
  [[nodiscard]] const Area& area(AreaId id) const;

  /// Connects two areas. Several calls for the same pair make parallel synapses.
  /// With `plasticity` its synapses learn; the source must send undivided charge that its
  /// potential does not drive (\see PspMode), and the PSP be 1.
  /// \throws Error invalid_argument if the rule does not fit the areas, a number is none or a delay
  /// is out of range; out_of_range if no quantum of charge can hold the weight.
  PlanId connect(AreaId pre, AreaId post, const ConnectionRule& rule,
                 const SynapseSpec& synapse = {}, const SynapseDraws& draws = {},
                 const Plasticity& plasticity = {});
  /// Connects parts of areas: to a rule they are as areas that hold these neurons alone (so a
  /// degree counts partners within the part, and index i is the i-th of the part); a neuron that is
  /// in both is still itself where there are to be no autapses. Distances are those of the areas.
  /// Rules between voxels need whole areas.
  /// \throws Error as above, or if a part leaves its area or names a neuron twice.
  PlanId connect(const AreaPart& pre, const AreaPart& post, const ConnectionRule& rule,
                 const SynapseSpec& synapse = {}, const SynapseDraws& draws = {},
                 const Plasticity& plasticity = {});
  /// Explicit synapses between any neurons. \throws Error as the other.
  PlanId connect(std::vector<Synapse> synapses);

  /// External input to an area, part of the network. `stream` is assigned in order.
  /// \throws Error invalid_argument if the rate or the amplitude is out of range.
  PlanId drive(AreaId area, Drive::Kind kind, float amplitude, double rate_hz = 0.0,
               std::uint32_t port = 0);
  /// External input to one range of ids (FEAGI's power neuron).
  PlanId drive(Drive drive);

  /// Takes back what one call of `connect` or `drive` added, as if it had never been made.
  /// \throws Error invalid_argument if there is no such thing (any more).
  void take_back(PlanId id);
  /// Takes back an area with all that connects or drives it. The areas and neurons behind it move
  /// up.
  void remove_area(AreaId id);

  /// \throws Error out_of_memory, out_of_range with the numbers, invalid_argument; interrupted if
  /// `stop` says so, after which the builder is as before.
  [[nodiscard]] Network build(const StopRequest& stop = {});

 private:
  struct Plan;
  std::unique_ptr<Plan> plan_;
};

}  // namespace rheobase
