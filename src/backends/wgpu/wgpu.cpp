// SPDX-License-Identifier: Apache-2.0
#include "backends/wgpu/wgpu.h"

#include <algorithm>
#include <deque>
#include <future>
#include <map>
#include <utility>

#include "backends/wgpu/burst_encoder.h"
#include "backends/wgpu/function_probe.h"
#include "backends/wgpu/probe.h"
#include "backends/wgpu/self_test.h"
#include "backends/wgpu/staging.h"
#include "model/merged_drives.h"
#include "platform/thread.h"
#include "rheobase/error.h"
#include "rheobase/host.h"
#include "rheobase/text.h"

namespace rheobase {
namespace wgpu {
namespace {

constexpr std::uint64_t kMostResultBytes = std::uint64_t{32} << 20U;  ///< of one submission
constexpr std::uint32_t kMostBurstsPerSubmission = 1024;
constexpr std::uint32_t kMostBurstsProfiled = 16;
constexpr std::uint32_t kEncoders = 4;  ///< threads that encode, unless a number is given
constexpr std::uint32_t kMostEncoders = 16;
constexpr std::size_t kStagingBuffers = 3;

/// Whether the steps of the network's own models, compiled for this GPU, differ from the host's
/// with float arithmetic. Probes of single operations do not see what a compiler makes of a whole
/// step.
bool models_need_integers(const std::shared_ptr<Gpu>& gpu, const Tuning& tuning,
                          const NetworkData& network);

class Wgpu final : public Backend {
 public:
  Wgpu(std::shared_ptr<Gpu> gpu, Tuning tuning, const BackendSetup& setup)
      : gpu_(std::move(gpu)),
        tuning_(tuning),
        network_(setup.network),
        drives_(model::merged_drives(setup.drives)),
        seeds_(setup.seeds),
        encoders_(setup.threads != 0 ? std::min(setup.threads, kMostEncoders)
                                     : std::min(host_info().cores, kEncoders)),
        integer_(tuning.arithmetic == Tuning::Arithmetic::integer ||
                 (tuning.arithmetic == Tuning::Arithmetic::automatic &&
                  needs_integer_arithmetic(*gpu_))) {
    if (tuning.arithmetic == Tuning::Arithmetic::automatic && !integer_ &&
        !(network_->model_areas.empty() && network_->projections.empty())) {
      integer_ = needs_integer_functions(*gpu_) || models_need_integers(gpu_, tuning, *network_);
    }
    make_device_side();
  }

  [[nodiscard]] std::string describe() const override {
    std::string text = "wgpu (" + gpu_->facts().name;
    if (encoder_ == nullptr) {
      return text + ", stopped)";
    }
    if (tuning_.index == Tuning::Index::hash) {
      text += ", " + synapses_->facts();
    }
    const Variant& variant = encoder_->variant();
    if (variant.wide_sums) {
      text += variant.int64_atomics ? ", i64 sums" : ", two-word sums";
    }
    return text + (integer_ ? ", integer arithmetic)" : ")");
  }

  [[nodiscard]] bool is_asynchronous() const override { return true; }
  [[nodiscard]] bool survives_fork() const override { return false; }

  Ticket submit(BurstRequest request) override {
    require_device_side();
    const Ticket ticket = next_ticket_++;
    finished_[ticket];
    if (window_ == nullptr || window_->shared_plan() != request.plan) {
      std::vector<std::uint32_t> columns;
      for (const Probe& probe : request.plan->probes) {
        columns.push_back(
            probe.state.empty() || probe.ids.count == 0
                ? 0U
                : neurons_->models().place_of(*network_, probe.ids.first, probe.state));
      }
      window_ = std::make_shared<const RecordWindow>(request.plan, encoder_->word_count(),
                                                     std::move(columns));
      encoder_->count_branches(request.plan->branches);
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
    State state = neurons_->read_state(*network_, results_, burst_);
    state.projections = initial_projections(*network_);
    learning_->read(*gpu_, state);
    return state;
  }
  void write_state(const State& state) override {
    require_device_side();
    burst_ = state.burst;
    neurons_->write_state(*synapses_, results_, state);
    learning_->write(*gpu_, state);
  }

  void apply(NetworkPointer edited) override {
    require_device_side();
    const bool same_sums = edited->charge.event_bits == network_->charge.event_bits &&
                           edited->charge.quantum_bits == network_->charge.quantum_bits;
    if (same_sums && synapses_->apply(*network_, *edited) &&
        neurons_->apply(*network_, *edited, *synapses_)) {
      network_ = std::move(edited);
      encoder_->take(*network_);
      encoder_->bind_results(results_);
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
    if (encoder_ == nullptr) {
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
    encoder_.reset();
    neurons_.reset();
    learning_.reset();
    synapses_.reset();
    window_.reset();
    DeviceNeurons::check_sizes(*gpu_, *network_);
    synapses_ = std::make_unique<DeviceSynapses>(*gpu_, *network_, tuning_);
    neurons_ = std::make_unique<DeviceNeurons>(*gpu_, *network_, *synapses_, drives_, seeds_);
    learning_ = std::make_unique<DeviceLearning>(*gpu_, *network_);
    encoder_ = std::make_unique<BurstEncoder>(*gpu_, tuning_, integer_, !drives_.empty(), *network_,
                                              *synapses_, *neurons_, *learning_);
    results_ = {};
    make_room_for_results(neurons_->count_words());
    injections_ = gpu_->storage("injections", 8U * 1024U);
    encoder_->bind_injections(injections_);
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
    encoder_->bind_results(results_);
  }

  void upload_injections(const BurstRequest& request) {
    std::vector<std::uint32_t> words;
    words.reserve(2U * request.injection_targets.size());
    for (std::size_t i = 0; i < request.injection_targets.size(); ++i) {
      words.push_back(request.injection_targets[i]);
      words.push_back(model::bits_of(request.injection_values[i]));
    }
    if (4U * words.size() > injections_.bytes) {
      injections_ = gpu_->storage("injections", 8U * words.size());
      encoder_->bind_injections(injections_);
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
      times =
          std::make_unique<Timestamps>(*gpu_, count * encoder_->most_dispatches(window_->plan()));
    }
    // lists of a few bursts each are made side by side: the host needs longer to encode a small
    // burst than the device to run it
    const std::uint32_t lists = request.profile ? 1U : std::clamp(count / 16U, 1U, encoders_);
    const Submission submission{request,
                                first,
                                *window_,
                                layout,
                                encoder_->choose_way(recent_spikes_),
                                results_,
                                staging->buffer(),
                                times.get()};
    const auto encode = [&](std::uint32_t list) {
      return encoder_->encode(
          submission, static_cast<std::uint32_t>(std::uint64_t{count} * list / lists),
          static_cast<std::uint32_t>(std::uint64_t{count} * (list + 1U) / lists));
    };
    std::vector<std::future<CommandBuffer>> made;
    for (std::uint32_t list = 0; list + 1 < lists; ++list) {
      made.push_back(platform::in_background([&encode, list] { return encode(list); }));
    }
    CommandBuffer last = encode(lists - 1U);  // on this thread, while the others are under way
    std::vector<CommandBuffer> commands;
    commands.reserve(lists);
    for (std::future<CommandBuffer>& list : made) {
      commands.push_back(list.get());
    }
    commands.push_back(std::move(last));
    gpu_->submit(commands);
    staging->request(4U * std::uint64_t{layout.words()});
    burst_ += count;
    under_way_.push_back({ticket, std::move(layout), std::move(staging), std::move(times)});
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
  std::vector<std::uint64_t> seeds_;  ///< of the members
  std::uint32_t encoders_;            ///< threads that encode
  bool integer_;
  std::uint64_t burst_ = 0;
  std::uint64_t recent_spikes_ = 0;  ///< of the latest burst whose results are here

  std::unique_ptr<DeviceSynapses> synapses_;
  std::unique_ptr<DeviceNeurons> neurons_;
  std::unique_ptr<DeviceLearning> learning_;
  std::unique_ptr<BurstEncoder> encoder_;
  Buffer injections_, results_;

  std::shared_ptr<const RecordWindow> window_;
  Ticket next_ticket_ = 1;
  std::map<Ticket, RecordBatch> finished_;
  std::deque<UnderWay> under_way_;
  std::vector<std::unique_ptr<Staging>> free_staging_;
};

bool models_need_integers(const std::shared_ptr<Gpu>& gpu, const Tuning& tuning,
                          const NetworkData& network) {
  const NetworkPointer test = self_test_network(network);
  if (test == nullptr) {
    return false;
  }
  Tuning wanted = tuning;
  wanted.delivery = Tuning::Delivery::automatic;
  wanted.arithmetic = Tuning::Arithmetic::native;
  Wgpu native(gpu, wanted, {test, {}});
  if (!differs_from_host(native, *test)) {
    return false;
  }
  wanted.arithmetic = Tuning::Arithmetic::integer;
  Wgpu integer(gpu, wanted, {test, {}});
  if (differs_from_host(integer, *test)) {
    throw Error(ErrorCode::unavailable,
                "the GPU " + quoted_name(gpu->facts().name) +
                    " does not run a model of this network as the host does. Use the cpu backend, "
                    "and update its driver.");
  }
  return true;
}

}  // namespace
}  // namespace wgpu

std::unique_ptr<Backend> make_wgpu_backend(std::string_view selection, const BackendSetup& setup) {
  const wgpu::Selection wanted = wgpu::parse_selection(selection);
  return std::make_unique<wgpu::Wgpu>(wgpu::Gpu::open(wgpu::require_adapter(wanted.adapter)),
                                      wanted.tuning, setup);
}

}  // namespace rheobase
