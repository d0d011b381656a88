// SPDX-License-Identifier: Apache-2.0
#include "backends/wgpu/programs.h"

#include <array>
#include <initializer_list>

#include "backends/wgpu/layout.h"
#include "backends/wgpu/shaders.h"

namespace rheobase::wgpu {
namespace {

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) {
    text += part;
    text += '\n';
  }
  return text;
}

std::string_view accumulate_text(const Variant& v) {
  namespace s = shaders;
  return !v.wide_sums      ? s::accumulate_i32
         : v.int64_atomics ? s::accumulate_i64
                           : s::accumulate_pair;
}

double flag(bool on) { return on ? 1.0 : 0.0; }

}  // namespace

Programs make_programs(Gpu& gpu, const Variant& v) {
  namespace s = shaders;
  const Constant integer{"integer_arithmetic", flag(v.integer_arithmetic)};
  const std::string_view accumulate = accumulate_text(v);
  const std::string_view sums = v.wide_sums ? s::sums_wide : s::sums_narrow;
  const std::string_view shards = v.one_shard ? s::shards_one : s::shards_four;
  const bool hash = v.index == Tuning::Index::hash;

  std::vector<Constant> update{{"threads", v.update_workgroup},
                               integer,
                               {"neurons_per_thread", v.neurons_per_thread},
                               {"driven", flag(v.drives)},
                               {"joined", flag(v.joined)},
                               {"rules", v.rules},
                               {"count_branches", flag(v.count_branches)}};

  const std::string models = v.models.empty()
                                 ? std::string(s::models_none)
                                 : joined({s::ratio, s::functions_device, s::elementary,
                                           s::functions, s::models, v.models});

  Programs programs;
  const auto deliver = [&](bool tiled) {
    const std::uint32_t team = tiled ? v.tile_team : v.deliver_workgroup;
    const std::uint32_t ahead = tiled ? v.ahead : 1U;
    std::vector<Constant> constants{{"threads", v.deliver_workgroup},
                                    integer,
                                    {"driven_rows", flag(v.driven_rows)},
                                    {"team", team},
                                    {"ahead", ahead},
                                    {"tiled", flag(tiled)}};
    if (hash || !v.one_shard) {
      constants.emplace_back("shard_shift", v.shard_shift);
    }
    return &gpu.pipeline(
        joined({s::layout, s::wide_integer, s::float_ops, s::fixed_point, s::random, accumulate,
                s::weight_word, s::deliver_row, hash ? s::rows_hash : s::rows_dense,
                hash ? "" : shards, s::deliver_spikes}),
        "deliver_spikes", hash || !v.one_shard ? "uw---rwrrrrr" : "uw---rwrr", sizeof(Burst),
        constants);
  };
  programs.deliver = deliver(false);
  if (v.tiled) {
    programs.deliver_tile = deliver(true);
  }
  programs.update = &gpu.pipeline(
      joined({s::layout, s::wide_integer, s::float_ops, s::fixed_point, s::random, s::neuron_class,
              s::neuron_step, v.wide_sums ? s::accumulators_wide : s::accumulators_narrow, sums,
              models, s::deliver_later, s::update_neurons}),
      "update_neurons", "uwwwrww", sizeof(Burst), update);
  if (v.deliver_now) {
    update.emplace_back("driven_rows", flag(v.driven_rows));
    update.emplace_back("team", v.team);
    update.emplace_back("ahead", v.ahead);
    programs.update_and_deliver = &gpu.pipeline(
        joined({s::layout, s::wide_integer, s::float_ops, s::fixed_point, s::random,
                s::neuron_class, s::neuron_step, accumulate, sums, models, s::weight_word,
                s::deliver_row, s::rows_dense, s::shards_one, s::deliver_now, s::update_neurons}),
        "update_neurons", "uwwwrwwrr", sizeof(Burst), update);
  }
  const std::array integer_constants{integer};
  programs.inject =
      &gpu.pipeline(joined({s::layout, s::inject}), "inject", "u--w--------r", sizeof(Burst), {});
  programs.sample = &gpu.pipeline(joined({s::layout, s::wide_integer, s::float_ops, s::sample}),
                                  "copy_field", "u-rrr-w", sizeof(Sample), integer_constants);
  return programs;
}

const Pipeline& make_learning(Gpu& gpu, const Variant& v, const std::string& text) {
  namespace s = shaders;
  const std::array constants{Constant{"integer_arithmetic", flag(v.integer_arithmetic)}};
  return gpu.pipeline(joined({s::layout, s::wide_integer, s::float_ops, s::fixed_point, s::ratio,
                              s::functions_device, s::elementary, s::functions, accumulate_text(v),
                              s::weight_word, s::learning, text, s::learn}),
                      "learn", "uw---rw------rw", sizeof(Learning), constants);
}

const Pipeline& make_probe(Gpu& gpu, bool integer_arithmetic) {
  namespace s = shaders;
  const std::array constants{Constant{"integer_arithmetic", flag(integer_arithmetic)}};
  return gpu.pipeline(joined({s::layout, s::wide_integer, s::float_ops, s::fixed_point, s::probe}),
                      "probe", "urw", 0, constants);
}

const Pipeline& make_function_probe(Gpu& gpu, bool integer_arithmetic) {
  namespace s = shaders;
  const std::array constants{Constant{"integer_arithmetic", flag(integer_arithmetic)}};
  return gpu.pipeline(
      joined({s::layout, s::wide_integer, s::float_ops, s::ratio, s::functions_device,
              s::elementary, s::functions, s::probe_functions}),
      "probe_functions", "urw", 0, constants);
}

const Pipeline& make_limit(Gpu& gpu, bool wide, std::uint32_t rounds, const char* entry) {
  namespace s = shaders;
  const std::array constants{Constant{"rounds", rounds}};
  const std::string_view accumulate = !wide                           ? s::accumulate_i32
                                      : gpu.facts().has_int64_atomics ? s::accumulate_i64
                                                                      : s::accumulate_pair;
  return gpu.pipeline(joined({s::layout, s::random, s::wide_integer, accumulate, s::limits}), entry,
                      "uwrw", 0, constants);
}

const Pipeline& make_step_test(Gpu& gpu, bool integer_arithmetic, std::string_view neuron_step,
                               std::string_view entry) {
  namespace s = shaders;
  const std::array constants{Constant{"integer_arithmetic", flag(integer_arithmetic)}};
  return gpu.pipeline(joined({s::layout, s::wide_integer, s::float_ops, s::fixed_point, s::random,
                              s::neuron_class, neuron_step, entry}),
                      "step_test", "urw", 0, constants);
}

}  // namespace rheobase::wgpu
