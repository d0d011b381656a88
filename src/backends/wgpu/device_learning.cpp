// SPDX-License-Identifier: Apache-2.0
#include "backends/wgpu/device_learning.h"

#include <limits>

#include "backends/wgpu/print_step.h"
#include "engine/backend.h"
#include "model/float_ops.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase::wgpu {
namespace {

static_assert(kRowStretch == ProjectionRows::kStretch && kLongAgo == rheobase::kLongAgo,
              "constants are those of the network");
static_assert(sizeof(Learning) <= 128, "every driver has so many bytes of immediates");

/// Hands out places in a buffer.
class Places {
 public:
  std::uint32_t take(std::uint64_t words) {
    const std::uint64_t at = next_;
    next_ += words;
    if (next_ > std::numeric_limits<std::uint32_t>::max()) {
      throw Error(ErrorCode::out_of_memory,
                  "the synapses that learn are more than a GPU can address (2^32 words). Use the "
                  "cpu backend.");
    }
    return static_cast<std::uint32_t>(at);
  }
  [[nodiscard]] std::uint64_t words() const { return next_; }

 private:
  std::uint64_t next_ = 0;
};

std::string flag(const char* name, bool on) {
  return "const " + std::string(name) + " = " + (on ? "true" : "false") + ";\n";
}

/// A program all of whose parameters are single.
std::string program(const Definition& d, std::size_t number) {
  return print_step(d.step, std::vector<bool>(d.step.parameters, true), number);
}

/// One that puts its results into an array instead.
std::string program_into(const char* array, const Definition& d, std::size_t number) {
  constexpr std::string_view kKeep = "keep_state(at, ";
  std::string text = program(d, number);
  for (std::size_t at = text.find(kKeep); at != std::string::npos; at = text.find(kKeep, at)) {
    text.replace(at, kKeep.size(), "keep_" + std::string(array) + "(");
  }
  return text;
}

/// The function that fills in what the ports of a synapse hold.
std::string ports(const SynapseDefinition& d, const model::StepProgram& step) {
  std::vector<std::string> values;
  std::size_t of_pre = 0;
  std::size_t of_post = 0;
  for (const SynapseDefinition::Trace& t : d.traces) {
    values.push_back(t.of_post ? "post_now[" + number_text(of_post++) + "u]"
                               : "pre_now[" + number_text(of_pre++) + "u]");
  }
  values.emplace_back("since_pre");
  values.emplace_back("since_post");
  values.resize(model::kMostPorts, "0.0");
  std::string list;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool read = reads_port(step, static_cast<std::uint32_t>(i));
    list += (i % 4 == 0 ? (i == 0 ? "vec4<f32>(" : "), vec4<f32>(") : ", ") +
            (read ? values[i] : std::string("0.0"));
  }
  return "fn place_of(synapse: u32, pre: u32, post: u32) -> ModelPlace {\n"
         "  let since_pre = bursts_since(now.pre_spiked_at + 2u * pre);\n"
         "  let since_post = bursts_since(now.post_spiked_at + 2u * post);\n"
         "  _ = step_2(trace_place(now.pre_traces_at, now.pre_count, pre, now.pre_now_at, "
         "since_pre));\n"
         "  _ = step_3(trace_place(now.post_traces_at, now.post_count, post, now.post_now_at, "
         "since_post));\n"
         "  return ModelPlace(now.synapses_at, now.synapses, synapse, now.handler_at, " +
         list + "));\n}\n";
}

std::string text_of(const SynapseDefinition& d, bool arrives) {
  const Definition& handler = arrives ? *d.on_pre : *d.on_post;
  const Definition& spike = arrives ? *d.pre_spike : *d.post_spike;
  const bool changes = arrives ? d.changes_on_pre || !d.sends_weight : d.changes_on_post;
  return flag("kArrives", arrives) + flag("kChanges", changes) +
         flag("kHasTraces", d.traces_of(!arrives) != 0) + program(handler, 0) + program(spike, 1) +
         program_into("pre_now", *d.pre_now, 2) + program_into("post_now", *d.post_now, 3) +
         ports(d, handler.step);
}

void append(std::vector<std::uint32_t>& words, const std::vector<std::uint32_t>& more) {
  words.insert(words.end(), more.begin(), more.end());
}

/// Calls move(first word, column) for each column of 32 bits that a projection keeps.
template <class Projection, class Move>
void for_each_column(const Learning& at, Projection& state, Move move) {
  std::uint64_t word = at.synapses_at;
  const auto columns = [&](auto& list, std::uint64_t first) {
    word = first;
    for (auto& column : list) {
      move(word, column);
      word += column.size();
    }
  };
  columns(state.synapses, at.synapses_at);
  columns(state.pre_traces, at.pre_traces_at);
  columns(state.post_traces, at.post_traces_at);
}

/// The same for the bursts of last spikes, two words each.
template <class Projection, class Move>
void for_each_spiked(const Learning& at, Projection& state, Move move) {
  move(at.pre_spiked_at, state.pre_spiked);
  move(at.post_spiked_at, state.post_spiked);
}

}  // namespace

DeviceLearning::DeviceLearning(Gpu& gpu, const NetworkData& network) {
  Places in_wiring;
  Places in_learned;
  std::vector<std::uint32_t> words;
  const auto put = [&](const std::vector<std::uint32_t>& more) {
    append(words, more);
    return in_wiring.take(more.size());
  };
  const auto put_numbers = [&](const std::vector<float>& numbers) {
    std::vector<std::uint32_t> bits;
    for (const float number : numbers) {
      bits.push_back(model::bits_of(number));
    }
    return put(bits);
  };
  for (const LearningProjection& p : network.projections) {
    const ProjectionRows& rows = *p.rows;
    const SynapseDefinition& d = *p.definition;
    Place place;
    place.projection.delay = p.delay;
    place.projection.delay_in = p.delay_in;
    Learning l;
    l.row_at = put(rows.row_begin);
    const std::uint32_t columns_at = put(rows.column_begin);
    l.post_at = put(rows.post);
    l.column_at = put(rows.column);
    l.owner_at = put(rows.stretch_owner);
    l.synapses = rows.synapses();
    l.synapses_at = in_learned.take(std::uint64_t{l.synapses} * d.state_count());
    l.sent_at = d.sends_weight ? l.synapses_at : in_learned.take(l.synapses);
    l.pre_traces_at = in_learned.take(std::uint64_t{p.pre_count} * d.traces_of(false));
    l.post_traces_at = in_learned.take(std::uint64_t{p.post_count} * d.traces_of(true));
    l.pre_spiked_at = in_learned.take(2U * std::uint64_t{p.pre_count});
    l.post_spiked_at = in_learned.take(2U * std::uint64_t{p.post_count});
    l.pre_count = p.pre_count;
    l.post_count = p.post_count;
    l.target_at = network.target_in(p, 0);
    l.ports = p.post_count > 1 ? network.target_in(p, 1) - l.target_at : 1U;
    l.pre_now_at = put_numbers(p.numbers->pre_now);
    l.post_now_at = put_numbers(p.numbers->post_now);
    place.arriving = place.learning = l;
    place.arriving.first = p.pre_first;
    place.arriving.count = p.pre_count;
    place.arriving.begin_at = l.row_at;
    place.arriving.handler_at = put_numbers(p.numbers->on_pre);
    place.arriving.spike_at = put_numbers(p.numbers->pre_spike);
    place.learning.first = p.post_first;
    place.learning.count = p.post_count;
    place.learning.begin_at = columns_at;
    place.learning.handler_at = put_numbers(p.numbers->on_post);
    place.learning.spike_at = put_numbers(p.numbers->post_spike);
    place.arriving_text = text_of(d, true);
    place.learning_text = text_of(d, false);
    places_.push_back(std::move(place));
  }
  if (places_.empty()) {
    return;
  }
  gpu.require_size("the wiring of synapses that learn", 4U * in_wiring.words());
  gpu.require_size("synapses that learn", 4U * in_learned.words());
  wiring = gpu.storage("the wiring of synapses that learn", 4U * in_wiring.words());
  learned = gpu.storage("synapses that learn", 4U * in_learned.words());
  gpu.write(wiring, 0, words);
  State first;
  first.projections = initial_projections(network);
  write(gpu, first);
}

void DeviceLearning::read(Gpu& gpu, State& state) const {
  for (std::size_t i = 0; i < places_.size(); ++i) {
    ProjectionState& p = state.projections[i];
    for_each_column(places_[i].arriving, p, [&](std::uint64_t word, std::vector<float>& column) {
      gpu.read(learned, 4U * word, column.data(), 4U * column.size());
    });
    for_each_spiked(places_[i].arriving, p,
                    [&](std::uint64_t word, std::vector<std::uint64_t>& bursts) {
                      std::vector<std::uint32_t> halves(2U * bursts.size());
                      gpu.read(learned, 4U * word, halves.data(), 4U * halves.size());
                      for (std::size_t n = 0; n < bursts.size(); ++n) {
                        bursts[n] = halves[2U * n] | (std::uint64_t{halves[2U * n + 1U]} << 32U);
                      }
                    });
  }
}

void DeviceLearning::write(Gpu& gpu, const State& state) const {
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const ProjectionState& p = state.projections[i];
    for_each_column(places_[i].arriving, p,
                    [&](std::uint64_t word, const std::vector<float>& column) {
                      gpu.write(learned, 4U * word, column);
                    });
    for_each_spiked(places_[i].arriving, p,
                    [&](std::uint64_t word, const std::vector<std::uint64_t>& bursts) {
                      std::vector<std::uint32_t> halves;
                      for (const std::uint64_t burst : bursts) {
                        halves.push_back(static_cast<std::uint32_t>(burst));
                        halves.push_back(static_cast<std::uint32_t>(burst >> 32U));
                      }
                      gpu.write(learned, 4U * word, halves);
                    });
  }
}

}  // namespace rheobase::wgpu
