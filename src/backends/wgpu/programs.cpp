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

std::string number(std::uint32_t value) { return "," + std::to_string(value); }

}  // namespace

Programs make_programs(Gpu& gpu, const Variant& v) {
  namespace s = shaders;
  const double integer = v.integer_arithmetic ? 1.0 : 0.0;
  const std::string_view accumulate = !v.wide_sums      ? s::accumulate_i32
                                      : v.int64_atomics ? s::accumulate_i64
                                                        : s::accumulate_pair;
  const bool hash = v.index == Tuning::Index::hash;
  const std::array deliver_constants{
      Constant{"threads", v.deliver_workgroup}, Constant{"integer_arithmetic", integer},
      Constant{"shard_shift", v.shard_shift}, Constant{"one_shard", v.one_shard ? 1.0 : 0.0},
      Constant{"driven", v.driven_rows ? 1.0 : 0.0}};
  const std::array update_constants{Constant{"threads", v.update_workgroup},
                                    Constant{"integer_arithmetic", integer},
                                    Constant{"neurons_per_thread", v.neurons_per_thread},
                                    Constant{"driven", v.drives ? 1.0 : 0.0},
                                    Constant{"rules", v.rules},
                                    Constant{"count_branches", v.count_branches ? 1.0 : 0.0}};
  const std::array integer_constants{Constant{"integer_arithmetic", integer}};

  Programs programs;
  programs.deliver = &gpu.pipeline(
      "deliver" + number(v.wide_sums ? (v.int64_atomics ? 2 : 1) : 0) + number(hash ? 1 : 0) +
          number(v.deliver_workgroup) + number(v.integer_arithmetic ? 1 : 0) +
          number(v.shard_shift) + number(v.one_shard ? 1 : 0) + number(v.driven_rows ? 1 : 0),
      joined({s::layout, s::wide_integer, s::float_ops, s::fixed_point, s::random, accumulate,
              hash ? s::rows_hash : s::rows_dense, s::deliver_spikes}),
      "deliver_spikes", "urrwwrrrr", sizeof(Burst), deliver_constants);
  programs.update = &gpu.pipeline(
      "update" + number(v.wide_sums ? 1 : 0) + number(v.update_workgroup) +
          number(v.integer_arithmetic ? 1 : 0) + number(v.neurons_per_thread) +
          number(v.drives ? 1 : 0) + number(v.rules) + number(v.count_branches ? 1 : 0),
      joined({s::layout, s::wide_integer, s::float_ops, s::fixed_point, s::random, s::neuron_step,
              v.wide_sums ? s::sums_wide : s::sums_narrow, s::update_neurons}),
      "update_neurons", "uwwwrwwwr", sizeof(Burst), update_constants);
  programs.inject =
      &gpu.pipeline("inject", joined({s::layout, s::inject}), "inject", "urw", sizeof(Burst), {});
  programs.sample = &gpu.pipeline("sample" + number(v.integer_arithmetic ? 1 : 0),
                                  joined({s::layout, s::wide_integer, s::float_ops, s::sample}),
                                  "copy_field", "urrrw", sizeof(Sample), integer_constants);
  return programs;
}

const Pipeline& make_probe(Gpu& gpu, bool integer_arithmetic) {
  namespace s = shaders;
  const std::array constants{Constant{"integer_arithmetic", integer_arithmetic ? 1.0 : 0.0}};
  return gpu.pipeline("probe" + number(integer_arithmetic ? 1 : 0),
                      joined({s::layout, s::wide_integer, s::float_ops, s::fixed_point, s::probe}),
                      "probe", "urw", 0, constants);
}

const Pipeline& make_limit(Gpu& gpu, bool wide, std::uint32_t rounds, const char* entry) {
  namespace s = shaders;
  const std::array constants{Constant{"rounds", rounds}};
  const std::string_view accumulate = !wide                           ? s::accumulate_i32
                                      : gpu.facts().has_int64_atomics ? s::accumulate_i64
                                                                      : s::accumulate_pair;
  // the accumulators are binding 4, as in the delivery; what lies between is not used
  return gpu.pipeline(entry + number(wide ? 1 : 0) + number(rounds),
                      joined({s::layout, s::random, s::wide_integer, accumulate, s::limits}), entry,
                      "urrww", 0, constants);
}

const Pipeline& make_step_test(Gpu& gpu, const std::string& key, bool integer_arithmetic,
                               std::string_view neuron_step, std::string_view entry) {
  namespace s = shaders;
  const std::array constants{Constant{"integer_arithmetic", integer_arithmetic ? 1.0 : 0.0}};
  return gpu.pipeline("step_test" + key + number(integer_arithmetic ? 1 : 0),
                      joined({s::layout, s::wide_integer, s::float_ops, s::fixed_point, s::random,
                              neuron_step, entry}),
                      "step_test", "urw", 0, constants);
}

}  // namespace rheobase::wgpu
