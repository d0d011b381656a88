// SPDX-License-Identifier: Apache-2.0
// The cortical microcircuit of Potjans and Diesmann, "The cell-type specific cortical
// microcircuit", Cerebral Cortex 24 (2014): numbers of its tables 4 and 5, with the first
// potentials of the authors' later NEST implementation (INM-6/microcircuit-PD14-model).
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>

#include "io/generators.h"
#include "model/quantile.h"

namespace rheobase {
namespace {

constexpr std::size_t kCount = 8;
constexpr std::array<const char*, kCount> kNames{"L23E", "L23I", "L4E", "L4I",
                                                 "L5E",  "L5I",  "L6E", "L6I"};
constexpr std::array<double, kCount> kNeurons{20683, 5834, 21915, 5479, 4850, 1065, 14395, 2948};
constexpr double kAllNeurons = 77169;
/// Probability that at least one synapse joins a pair, by target and source.
constexpr std::array<std::array<double, kCount>, kCount> kProbabilities{{
    {0.1009, 0.1689, 0.0437, 0.0818, 0.0323, 0.0, 0.0076, 0.0},
    {0.1346, 0.1371, 0.0316, 0.0515, 0.0755, 0.0, 0.0042, 0.0},
    {0.0077, 0.0059, 0.0497, 0.135, 0.0067, 0.0003, 0.0453, 0.0},
    {0.0691, 0.0029, 0.0794, 0.1597, 0.0033, 0.0, 0.1057, 0.0},
    {0.1004, 0.0622, 0.0505, 0.0057, 0.0831, 0.3726, 0.0204, 0.0},
    {0.0548, 0.0269, 0.0257, 0.0022, 0.06, 0.3158, 0.0086, 0.0},
    {0.0156, 0.0066, 0.0211, 0.0166, 0.0572, 0.0197, 0.0396, 0.2252},
    {0.0364, 0.001, 0.0034, 0.0005, 0.0277, 0.008, 0.0658, 0.1443},
}};
constexpr std::array<double, kCount> kExternal{1600, 1500, 2100, 1900, 2000, 1900, 2900, 2100};
constexpr double kExternalHz = 8.0;
constexpr std::array<double, kCount> kFirstMean{-68.28, -63.16, -63.33, -63.45,
                                                -63.11, -61.66, -66.72, -61.43};
constexpr std::array<double, kCount> kFirstSd{5.36, 4.57, 4.74, 4.94, 4.94, 4.55, 5.46, 4.48};

/// pA for a postsynaptic potential of 0.15 mV, with tau_m = 10 ms, tau_syn = 0.5 ms, C_m = 250 pF.
constexpr double kCurrent = 87.81;
constexpr double kInhibition = -4.0;
constexpr double kSynapseMs = 0.5;
constexpr std::size_t kL23E = 0, kL4E = 2;

const char* const kModel =
    "model pd14 \"Leaky integrate-and-fire, exponential currents (Potjans & Diesmann 2014)\"\n"
    "param I_e = 0 pA in -1e9..1e9 \"constant current\"\n"
    "state v = -65 mV in -1e6..1e6 \"membrane potential\"\n"
    "port I exp 0.5 ms pA \"synaptic current\"\n"
    "step exact\n"
    "  v' = (-65 - v)/10 + (I + I_e)/250 unless refractory\n"
    "fire v >= -50\n"
    "refractory 2 ms\n"
    "reset v = -65\n";

bool is_inhibitory(std::size_t population) { return population % 2 == 1; }

/// Synapses of a projection at full size: drawn with replacement, so many join a pair with the
/// probability of the table (equation 1 of the paper).
double synapses_of(std::size_t post, std::size_t pre) {
  const double pairs = kNeurons[pre] * kNeurons[post];
  // ln(1 - 1 / pairs), whose argument is too near to 1 for its logarithm
  const double log_missed = -(1.0 + 0.5 / pairs) / pairs;
  return model::log_of_share(1.0 - kProbabilities[post][pre]) / log_missed;
}

/// Ten standard deviations in 88 steps, so that compact synapses tell all weights apart; the steps
/// add 0.1 % to the variance.
Json weight_of(std::size_t post, std::size_t pre) {
  const double factor = is_inhibitory(pre) ? kInhibition : post == kL23E && pre == kL4E ? 2.0 : 1.0;
  const double mean = kCurrent * factor;
  const double sd = std::fabs(mean) * 0.1;
  return {{"normal", {mean, sd}},
          {"within", {mean - 5.0 * sd, mean + 5.0 * sd}},
          {"step", std::fabs(factor)}};
}

Json delay_of(std::size_t pre) {
  const double mean = is_inhibitory(pre) ? 0.75 : 1.5;
  return {{"normal", {mean, 0.5 * mean}}, {"within", {0.1, nullptr}}};
}

Json microcircuit(const GenerateOptions& options, bool constant) {
  const double scale = static_cast<double>(options.neurons) / kAllNeurons;
  std::array<double, kCount> neurons{};
  Json populations = Json::array();
  Json drives = Json::array();
  for (std::size_t i = 0; i < kCount; ++i) {
    neurons[i] = std::max(1.0, std::floor(kNeurons[i] * scale + 0.5));
    Json values = {{"v", {{"normal", {kFirstMean[i], kFirstSd[i]}}}}};
    const double rate = kExternal[i] * kExternalHz;
    if (constant) {
      values["I_e"] = rate / 1000.0 * kSynapseMs * kCurrent;
    } else {
      drives.push_back({{"population", kNames[i]},
                        {"kind", "poisson"},
                        {"rate_hz", rate},
                        {"amplitude", kCurrent}});
    }
    populations.push_back({{"name", kNames[i]},
                           {"count", static_cast<std::uint64_t>(neurons[i])},
                           {"model", kModel},
                           {"values", values}});
  }
  Json connections = Json::array();
  for (std::size_t post = 0; post < kCount; ++post) {
    for (std::size_t pre = 0; pre < kCount; ++pre) {
      // as many into each neuron at every size
      const double synapses =
          std::floor(synapses_of(post, pre) * neurons[post] / kNeurons[post] + 0.5);
      if (synapses >= 1.0) {
        connections.push_back(
            {{"pre", kNames[pre]},
             {"post", kNames[post]},
             {"rule",
              {{"name", "fixed_total_number"}, {"n", static_cast<std::uint64_t>(synapses)}}},
             {"weight", weight_of(post, pre)},
             {"delay_ms", delay_of(pre)}});
      }
    }
  }
  return {{"format", "rheobase-network"},
          {"version", 1},
          {"title", "Cortical microcircuit"},
          {"description",
           "Potjans & Diesmann 2014: eight populations of 1 mm2 of cortex (77,169 neurons at full "
           "size); neurons are scaled, synapses into each neuron are not"},
          {"dt_ms", 0.1},
          {"wiring_seed", options.seed},
          {"populations", populations},
          {"connections", connections},
          {"drives", drives}};
}

}  // namespace

Json generate_microcircuit(const GenerateOptions& options) { return microcircuit(options, false); }
Json generate_microcircuit_dc(const GenerateOptions& options) {
  return microcircuit(options, true);
}

}  // namespace rheobase
