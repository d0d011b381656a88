// SPDX-License-Identifier: Apache-2.0
#include "network/canonical.h"

#include "model/float_ops.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {

float canonical_number(float value, const std::string& what) {
  if ((model::bits_of(value) & 0x7F800000U) == 0x7F800000U) {
    throw Error(ErrorCode::invalid_argument,
                what + " is not a number (NaN or infinity). Give a finite value.");
  }
  return model::canonical(value);
}

bool is_canonical(float value) {
  return (model::bits_of(value) & 0x7F800000U) != 0x7F800000U &&
         model::bits_of(model::canonical(value)) == model::bits_of(value);
}

NeuronParams canonical_params(const NeuronParams& given, const std::string& where) {
  constexpr float kLargestLeak = 0x1p20F;
  NeuronParams p = given;
  p.v_rest = canonical_number(p.v_rest, where + ": v_rest");
  p.v_reset = canonical_number(p.v_reset, where + ": v_reset");
  // "never" and "no limit" are the largest float; they stay as they are
  if (p.threshold != kNoLimit) {
    p.threshold = canonical_number(p.threshold, where + ": threshold");
  }
  if (p.threshold_limit != kNoLimit) {
    p.threshold_limit = canonical_number(p.threshold_limit, where + ": threshold_limit");
  }
  p.leak = canonical_number(p.leak, where + ": leak");
  p.leak = p.leak > kLargestLeak ? kLargestLeak : (p.leak < -kLargestLeak ? -kLargestLeak : p.leak);
  p.excitability = canonical_number(p.excitability, where + ": excitability");
  return p;
}

SynapseSpec canonical_synapse(const SynapseSpec& given, const std::string& where) {
  SynapseSpec s = given;
  s.weight = canonical_number(s.weight, where + ": weight");
  s.psp = canonical_number(s.psp, where + ": psp");
  if (s.delay < 1 || s.delay > kMostDelay) {
    throw Error(ErrorCode::invalid_argument, where + ": a delay of " + number_text(s.delay) +
                                                 " bursts cannot be (delays are 1 to " +
                                                 number_text(kMostDelay) +
                                                 " bursts). Choose another dt or delay.");
  }
  return s;
}

}  // namespace rheobase
