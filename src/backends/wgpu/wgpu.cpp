// SPDX-License-Identifier: Apache-2.0
#include "backends/wgpu/wgpu.h"

#include <algorithm>
#include <array>
#include <deque>
#include <future>
#include <limits>
#include <map>
#include <utility>

#include "backends/wgpu/device_neurons.h"
#include "backends/wgpu/device_synapses.h"
#include "backends/wgpu/pass_recorder.h"
#include "backends/wgpu/probe.h"
#include "backends/wgpu/programs.h"
#include "backends/wgpu/results.h"
#include "backends/wgpu/staging.h"
#include "backends/wgpu/variant.h"
#include "rheobase/error.h"
#include "rheobase/host.h"

namespace rheobase {
namespace wgpu {
namespace {

constexpr std::uint64_t kMostResultBytes = std::uint64_t{32} << 20U;  ///< of one submission
constexpr std::uint32_t kMostBurstsPerSubmission = 1024;
constexpr std::uint32_t kMostBurstsProfiled = 16;
constexpr std::uint32_t kEncoders = 4;  ///< threads that encode, unless a number is given
constexpr std::uint32_t kMostEncoders = 16;
constexpr std::size_t kStagingBuffers = 3;
constexpr std::uint32_t kMostGroups = 65535;  ///< per dimension of a dispatch

class Wgpu final : public Backend {
 public:
  Wgpu(std::shared_ptr<Gpu> gpu, Tuning tuning, const BackendSetup& setup)
      : gpu_(std::move(gpu)),
        tuning_(tuning),
        network_(setup.network),
        drives_(setup.drives),
        encoders_(setup.threads != 0 ? std::min(setup.threads, kMostEncoders)
                                     : std::min(host_info().cores, kEncoders)),
        integer_(tuning.arithmetic == Tuning::Arithmetic::integer ||
                 (tuning.arithmetic == Tuning::Arithmetic::automatic &&
                  needs_integer_arithmetic(*gpu_))) {
    make_device_side();
  }

  [[nodiscard]] std::string describe() const override {
    std::string text = "wgpu (" + gpu_->facts().name;
    if (tuning_.index == Tuning::Index::hash) {
      text += ", " + synapses_->facts();
    }
    if (variant_.wide_sums) {
      text += variant_.int64_atomics ? ", i64 sums" : ", two-word sums";
    }
    return text + (integer_ ? ", integer arithmetic)" : ")");
  }

  [[nodiscard]] bool is_asynchronous() const override { return true; }

  Ticket submit(BurstRequest request) override {
    require_device_side();
    const Ticket ticket = next_ticket_++;
    finished_[ticket];
    if (window_ == nullptr || window_->shared_plan() != request.plan) {
      window_ = std::make_shared<const RecordWindow>(request.plan, params_.word_count);
      if (variant_.count_branches != request.plan->branches) {
        choose_programs(request.plan->branches);
      }
    }
    const std::uint64_t per_burst = 4U * window_->most_words_per_burst();
    const std::uint64_t most = std::min(kMostResultBytes, gpu_->largest_binding() / 2U);
    const auto at_once = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(
        most / per_burst, 1, request.profile ? kMostBurstsProfiled : kMostBurstsPerSubmission));
    upload_injections(request);
    for (std::uint32_t i = 0; i < request.bursts; i += at_once) {
      run_bursts(request, i, std::min(at_once, request.bursts - i), ticket);
    }
    return ticket;
  }

  RecordBatch poll(Ticket ticket, bool wait) override {
    while (!under_way_.empty() && under_way_.front().ticket <= ticket && collect(wait)) {
    }
    RecordBatch batch = std::move(finished_[ticket]);
    const bool more = std::any_of(under_way_.begin(), under_way_.end(),
                                  [&](const UnderWay& u) { return u.ticket == ticket; });
    if (more) {
      finished_[ticket] = RecordBatch{};
    } else {
      finished_.erase(ticket);
    }
    return batch;
  }

  [[nodiscard]] State read_state() override {
    require_device_side();
    return neurons_->read_state(*network_, results_, burst_);
  }
  void write_state(const State& state) override {
    require_device_side();
    burst_ = state.burst;
    neurons_->write_state(*synapses_, results_, state);
  }

  void apply(NetworkPointer edited) override {
    require_device_side();
    const bool same_sums = edited->charge.event_bits == network_->charge.event_bits &&
                           edited->charge.quantum_bits == network_->charge.quantum_bits;
    if (same_sums && synapses_->apply(*network_, *edited) &&
        neurons_->apply(*network_, *edited, *synapses_)) {
      network_ = std::move(edited);
      write_params();
      choose_programs(variant_.count_branches);
      bind_results();
      return;
    }
    // something outgrew its place: make all anew around the same state
    State state = read_state();
    network_ = std::move(edited);
    adapt_state(state, *network_);
    make_device_side();
    write_state(state);
  }

 private:
  /// Bursts that the device runs, or has run, and whose results were not collected.
  struct UnderWay {
    Ticket ticket;
    ResultLayout layout;
    std::unique_ptr<Staging> staging;
    std::unique_ptr<Timestamps> times;  ///< if a profile was asked for
  };

  /// An edit that outgrew the GPU has taken what was there before it.
  void require_device_side() const {
    if (neurons_ == nullptr) {
      throw Error(ErrorCode::unavailable,
                  "this engine has stopped (an edit made the network larger "
                  "than the GPU). Make a new one on the cpu backend.");
    }
  }

  void make_device_side() {
    while (!under_way_.empty()) {
      collect(true);
    }
    // the old ones first, so that their memory is free
    update_group_ = {};
    update_and_deliver_group_ = {};
    inject_group_ = {};
    deliver_groups_.clear();
    tile_groups_.clear();
    neurons_.reset();
    synapses_.reset();
    window_.reset();
    DeviceNeurons::check_sizes(*gpu_, *network_);
    synapses_ = std::make_unique<DeviceSynapses>(*gpu_, *network_, tuning_);
    neurons_ = std::make_unique<DeviceNeurons>(*gpu_, *network_, *synapses_, drives_);
    choose_programs(false);
    const std::uint32_t seen = shards_seen(tuning_.index);
    const auto dispatches =
        (static_cast<std::uint32_t>(synapses_->shards().size()) + seen - 1U) / seen;
    uniforms_.clear();
    for (std::uint32_t d = 0; d < std::max(dispatches, 1U); ++d) {
      uniforms_.push_back(gpu_->buffer("parameters", sizeof(Params),
                                       WGPUBufferUsage_Uniform | WGPUBufferUsage_CopyDst));
    }
    nothing_ = gpu_->storage("nothing", 16);
    results_ = {};
    write_params();
    make_room_for_results(neurons_->count_words());
    injections_ = gpu_->storage("injections", 8U * 1024U);
    bind_injections();
  }

  void choose_programs(bool count_branches) {
    variant_ = choose_variant(gpu_->facts(), *network_, *synapses_, tuning_, integer_);
    variant_.drives = !drives_.empty();
    variant_.count_branches = count_branches;
    programs_ = make_programs(*gpu_, variant_);
  }

  void write_params() {
    Params p;
    synapses_->describe(p);
    neurons_->describe(p);
    p.quantum_bits = network_->charge.quantum_bits;
    p.event_bits = network_->charge.event_bits;
    p.one_event = network_->counts_candidates ? 1U : 0U;
    p.rounded_psp = network_->rules.rounded_psp ? 1U : 0U;
    p.sweep_from = sweep_from();
    const std::uint64_t seen = std::uint64_t{shards_seen(tuning_.index)}
                               << synapses_->shard_shift();
    for (std::size_t d = 0; d < uniforms_.size(); ++d) {
      p.shard_first = static_cast<std::uint32_t>(d * seen);
      p.shard_last = static_cast<std::uint32_t>(
          std::min<std::uint64_t>((d + 1) * seen, std::uint64_t{1} << 32U) - 1U);
      p.first_dispatch = d == 0 ? 1U : 0U;
      gpu_->write(uniforms_[d], 0, &p, sizeof(p));
    }
    params_ = p;
  }

  [[nodiscard]] std::uint32_t sweep_from() const {
    switch (tuning_.delivery) {
      case Tuning::Delivery::push: return std::numeric_limits<std::uint32_t>::max();
      case Tuning::Delivery::sweep: return 1;
      default: break;
    }
    // where nearly all fire, fixed pieces share the work out better than rows do
    constexpr std::uint32_t kDensePercent = 90;
    return std::max<std::uint32_t>(
        1,
        static_cast<std::uint32_t>(std::uint64_t{network_->neuron_count} * kDensePercent / 100U));
  }

  /// How the bursts of a submission deliver: from lists, at once with the step, or tile by tile.
  enum class Way : std::uint8_t { listed, at_once, tiles };
  /// The one that suits as many spikes as there were lately. Any may follow any other.
  [[nodiscard]] Way choose_way() const {
    if (variant_.tiled && recent_spikes_ >= synapses_->tiles().pay_from()) {
      return Way::tiles;
    }
    return variant_.deliver_now ? Way::at_once : Way::listed;
  }

  /// Results of at least so many words; keeps the head, which counts the fire queues.
  void make_room_for_results(std::uint64_t words) {
    if (results_.bytes >= 4U * words && results_.handle) {
      return;
    }
    Buffer larger = gpu_->storage("results", 4U * (words + words / 4U));
    if (results_.handle) {
      CommandEncoder commands = gpu_->encoder();
      api().CommandEncoderCopyBufferToBuffer(commands.get(), results_.handle.get(), 0,
                                             larger.handle.get(), 0,
                                             4U * std::uint64_t{neurons_->count_words()});
      gpu_->submit(std::move(commands));
    }
    results_ = std::move(larger);
    bind_results();
  }

  // Places in the lists are the numbers of the bindings: see layout.wgsl.

  void bind_results() {
    const DeviceNeurons& n = *neurons_;
    const std::vector<Buffer>& shards = synapses_->shards();
    deliver_groups_.clear();
    tile_groups_.clear();
    for (std::size_t d = 0; d < uniforms_.size(); ++d) {
      std::vector<const Buffer*> buffers{
          &uniforms_[d], &n.accumulators, nullptr,   nullptr,
          nullptr,       &n.fired,        &results_, &synapses_->index()};
      const std::size_t seen = variant_.one_shard ? 1U : shards_seen(tuning_.index);
      for (std::size_t s = d * seen; s < (d + 1U) * seen; ++s) {
        buffers.push_back(s < shards.size() ? &shards[s] : &nothing_);
      }
      for (const Buffer& table : synapses_->hash_table()) {
        buffers.push_back(&table);
      }
      deliver_groups_.push_back(gpu_->bind(*programs_.deliver, buffers));
      if (variant_.tiled) {
        tile_groups_.push_back(gpu_->bind(*programs_.deliver_tile, buffers));
      }
    }
    std::vector<const Buffer*> update{&uniforms_[0], &n.accumulators, &n.states, &n.extras,
                                      &n.neurons,    &n.fired,        &results_};
    update_group_ = gpu_->bind(*programs_.update, update);
    if (variant_.deliver_now) {
      update.push_back(&synapses_->index());
      update.push_back(shards.data());
      update_and_deliver_group_ = gpu_->bind(*programs_.update_and_deliver, update);
    }
    const std::array<const Buffer*, 7> sample{&uniforms_[0], nullptr, &n.states, &n.extras,
                                              &n.neurons,    nullptr, &results_};
    sample_group_ = gpu_->bind(*programs_.sample, sample);
  }

  void bind_injections() {
    std::array<const Buffer*, 13> inject{};
    inject[0] = uniforms_.data();
    inject[3] = &neurons_->extras;
    inject[12] = &injections_;
    inject_group_ = gpu_->bind(*programs_.inject, inject);
  }

  void upload_injections(const BurstRequest& request) {
    std::vector<std::uint32_t> words;
    words.reserve(2U * request.injection_ids.size());
    for (std::size_t i = 0; i < request.injection_ids.size(); ++i) {
      words.push_back(request.injection_ids[i]);
      words.push_back(model::bits_of(request.injection_values[i]));
    }
    if (4U * words.size() > injections_.bytes) {
      injections_ = gpu_->storage("injections", 8U * words.size());
      bind_injections();
    }
    if (!words.empty()) {
      gpu_->write(injections_, 0, words);
    }
  }

  void run_bursts(const BurstRequest& request, std::uint32_t first, std::uint32_t count,
                  Ticket ticket) {
    // earlier results leave the buffer before later ones are written, in the order of the queue
    ResultLayout layout(window_, neurons_->count_words(), burst_ + 1, count);
    make_room_for_results(std::uint64_t{layout.begin()} + layout.words());
    if (under_way_.size() >= kStagingBuffers) {
      collect(true);
    }
    std::unique_ptr<Staging> staging = free_staging(4U * std::uint64_t{layout.words()});

    std::unique_ptr<Timestamps> times;
    if (request.profile) {
      times = std::make_unique<Timestamps>(
          *gpu_,
          count * (static_cast<std::uint32_t>(deliver_groups_.size()) * synapses_->tiles().count() +
                   2U + static_cast<std::uint32_t>(window_->plan().probes.size())));
    }
    // lists of a few bursts each are made side by side: the host needs longer to encode a small
    // burst than the device to run it
    const std::uint32_t lists = request.profile ? 1U : std::clamp(count / 16U, 1U, encoders_);
    const Way way = choose_way();
    std::vector<std::future<CommandBuffer>> made;
    for (std::uint32_t list = 0; list < lists; ++list) {
      const std::uint32_t from = static_cast<std::uint32_t>(std::uint64_t{count} * list / lists);
      const std::uint32_t to =
          static_cast<std::uint32_t>(std::uint64_t{count} * (list + 1U) / lists);
      const auto encode = [&, from, to] {
        return encode_list(request, first, layout, from, to, way, *staging, times.get());
      };
      made.push_back(
          std::async(list + 1 == lists ? std::launch::deferred : std::launch::async, encode));
    }
    std::vector<CommandBuffer> commands;
    commands.reserve(made.size());
    made.back().wait();  // made on this thread, while the others are under way
    for (std::future<CommandBuffer>& list : made) {
      commands.push_back(list.get());
    }
    gpu_->submit(commands);
    staging->request(4U * std::uint64_t{layout.words()});
    burst_ += count;
    under_way_.push_back({ticket, std::move(layout), std::move(staging), std::move(times)});
  }

  /// Bursts from .. to - 1 of those that `layout` describes.
  CommandBuffer encode_list(const BurstRequest& request, std::uint32_t first,
                            const ResultLayout& layout, std::uint32_t from, std::uint32_t to,
                            Way way, const Staging& staging, Timestamps* times) const {
    CommandEncoder commands = gpu_->encoder();
    if (from == 0) {
      api().CommandEncoderClearBuffer(commands.get(), results_.handle.get(),
                                      4U * std::uint64_t{layout.begin()},
                                      4U * std::uint64_t{layout.bursts()} * kCounterWords);
    }
    PassRecorder pass(commands.get(), times);
    for (std::uint32_t i = from; i < to; ++i) {
      encode_burst(pass, request, first + i, layout, i, way);
    }
    pass.end();
    if (times != nullptr) {
      times->resolve(commands.get());
    }
    if (to == layout.bursts()) {
      api().CommandEncoderCopyBufferToBuffer(
          commands.get(), results_.handle.get(), 4U * std::uint64_t{layout.begin()},
          staging.buffer().handle.get(), 0, 4U * std::uint64_t{layout.words()});
    }
    return gpu_->finish(std::move(commands));
  }

  void encode_burst(PassRecorder& pass, const BurstRequest& request, std::uint32_t index,
                    const ResultLayout& layout, std::uint32_t i, Way way) const {
    const std::uint64_t t = layout.first_burst() + i;
    Burst burst;
    burst.low = static_cast<std::uint32_t>(t);
    burst.high = static_cast<std::uint32_t>(t >> 32U);
    burst.slot = neurons_->slot_of(t);
    burst.counters_at = layout.counters_at(i);
    burst.record_at = layout.record_at(i);
    burst.record_first = window_->first_word();
    burst.record_count = window_->words();
    burst.injection_begin = static_cast<std::uint32_t>(request.injection_begin[index]);
    burst.injection_count =
        static_cast<std::uint32_t>(request.injection_begin[index + 1]) - burst.injection_begin;
    burst.flags = (window_->plan().branches ? kCountBranches : 0U) |
                  (burst.injection_count != 0U ? kHasInjections : 0U);
    burst.sums_at = variant_.deliver_now ? neurons_->sums_of(t) : 0U;
    // with delivery at once, the first burst still finds what fired before it listed, and the last
    // one lists what fires, so that an edit or a state may come between
    const bool deliver_now = way == Way::at_once && i + 1U < layout.bursts();
    if (deliver_now) {
      burst.flags |= kDeliverNow;
      burst.next_sums_at = neurons_->sums_of(t + 1U);
      burst.next_counters_at = layout.counters_at(i + 1U);
    }

    if (way == Way::tiles) {
      for (burst.tile = 0; burst.tile < synapses_->tiles().count(); ++burst.tile) {
        encode_delivery(pass, *programs_.deliver_tile, tile_groups_, burst);
      }
    } else if (way == Way::listed || i == 0U) {
      encode_delivery(pass, *programs_.deliver, deliver_groups_, burst);
    }
    if (burst.injection_count != 0U) {
      constexpr std::uint32_t kWorkgroup = 64;
      const std::uint32_t groups = (burst.injection_count + kWorkgroup - 1U) / kWorkgroup;
      pass.dispatch("inject", t, *programs_.inject, inject_group_, burst, std::min(groups, 4096U),
                    1);
    }
    const std::uint32_t per_group = variant_.update_workgroup * variant_.neurons_per_thread;
    const std::uint32_t groups = (network_->neuron_count + per_group - 1U) / per_group;
    const std::uint32_t rows = (groups + kMostGroups - 1U) / kMostGroups;
    if (groups != 0U) {
      pass.dispatch(deliver_now ? "step, deliver" : "step", t,
                    deliver_now ? *programs_.update_and_deliver : *programs_.update,
                    deliver_now ? update_and_deliver_group_ : update_group_, burst,
                    (groups + rows - 1U) / rows, rows);
    }
    for (const ResultLayout::Taken& taken : layout.samples(i)) {
      constexpr std::uint32_t kWorkgroup = 256;
      pass.dispatch("record", t, *programs_.sample, sample_group_, taken.sample,
                    std::min((taken.sample.count + kWorkgroup - 1U) / kWorkgroup, 4096U), 1);
    }
  }

  void encode_delivery(PassRecorder& pass, const Pipeline& program,
                       const std::vector<BindGroup>& groups, const Burst& burst) const {
    const std::uint64_t t = std::uint64_t{burst.high} << 32U | burst.low;
    for (const BindGroup& group : groups) {
      pass.dispatch("deliver", t, program, group, burst, variant_.deliver_groups, 1);
    }
  }

  std::unique_ptr<Staging> free_staging(std::uint64_t bytes) {
    const auto found =
        std::find_if(free_staging_.begin(), free_staging_.end(),
                     [&](const auto& staging) { return staging->buffer().bytes >= bytes; });
    if (found != free_staging_.end()) {
      std::unique_ptr<Staging> taken = std::move(*found);
      free_staging_.erase(found);
      return taken;
    }
    free_staging_.clear();  // all are too small
    return std::make_unique<Staging>(*gpu_, bytes);
  }

  /// Takes the results of the oldest submission. \return false if they are not there and `wait` is
  /// false.
  bool collect(bool wait) {
    UnderWay& oldest = under_way_.front();
    if (!oldest.staging->ready(wait)) {
      return false;
    }
    RecordBatch& batch = finished_[oldest.ticket];
    oldest.layout.decode(oldest.staging->words(), batch);
    recent_spikes_ = batch.bursts.back().spikes;
    oldest.staging->release();
    if (oldest.times != nullptr) {
      batch.spans = oldest.times->read();
    }
    free_staging_.push_back(std::move(oldest.staging));
    under_way_.pop_front();
    return true;
  }

  std::shared_ptr<Gpu> gpu_;
  Tuning tuning_;
  NetworkPointer network_;
  std::vector<model::CompiledDrive> drives_;
  std::uint32_t encoders_;  ///< threads that encode
  bool integer_;
  std::uint64_t burst_ = 0;
  std::uint64_t recent_spikes_ = 0;  ///< of the latest burst whose results are here

  std::unique_ptr<DeviceSynapses> synapses_;
  std::unique_ptr<DeviceNeurons> neurons_;
  Variant variant_;
  Programs programs_;
  Params params_;
  std::vector<Buffer> uniforms_;  ///< one for each dispatch of the delivery
  Buffer injections_, results_, nothing_;
  std::vector<BindGroup> deliver_groups_, tile_groups_;
  BindGroup update_group_, update_and_deliver_group_, inject_group_, sample_group_;

  std::shared_ptr<const RecordWindow> window_;
  Ticket next_ticket_ = 1;
  std::map<Ticket, RecordBatch> finished_;
  std::deque<UnderWay> under_way_;
  std::vector<std::unique_ptr<Staging>> free_staging_;
};

}  // namespace
}  // namespace wgpu

std::unique_ptr<Backend> make_wgpu_backend(std::string_view selection, const BackendSetup& setup) {
  const wgpu::Selection wanted = wgpu::parse_selection(selection);
  return std::make_unique<wgpu::Wgpu>(wgpu::Gpu::open(wgpu::require_adapter(wanted.adapter)),
                                      wanted.tuning, setup);
}

}  // namespace rheobase
