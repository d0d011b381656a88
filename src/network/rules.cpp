// SPDX-License-Identifier: Apache-2.0
#include "rheobase/rules.h"

#include <array>

#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

constexpr std::array kAll{Semantics::plain, Semantics::feagi_0_0_53, Semantics::feagi_0_0_49,
                          Semantics::feagi_2026_02, Semantics::feagi_2025_10};

}  // namespace

Rules rules_of(Semantics semantics) {
  Rules rules;
  if (semantics == Semantics::plain) {
    return rules;
  }
  rules.test = Rules::When::as_candidate;
  switch (semantics) {
    case Semantics::plain:
    case Semantics::feagi_0_0_53:
      rules.leak = Rules::Leak::every_burst;
      rules.leak_in_refractory = true;
      rules.forget = Rules::Forget::former_candidate;
      rules.floor_negative = true;
      rules.saturating_count = true;
      break;
    case Semantics::feagi_0_0_49:
      rules.leak = Rules::Leak::after_miss;
      rules.forget = Rules::Forget::former_candidate;
      rules.floor_negative = true;
      rules.saturating_count = true;
      break;
    case Semantics::feagi_2026_02:
      rules.leak = Rules::Leak::after_miss;
      rules.countdown = Rules::When::as_candidate;
      rules.saturating_count = true;
      rules.rounded_psp = true;
      break;
    case Semantics::feagi_2025_10:
      rules.leak = Rules::Leak::after_miss;
      rules.countdown = Rules::When::as_candidate;
      rules.separate_snooze = true;
      rules.rounded_psp = true;
      break;
  }
  return rules;
}

std::string_view name_of(Semantics semantics) {
  switch (semantics) {
    case Semantics::plain: return "plain";
    case Semantics::feagi_0_0_53: return "feagi-0.0.53";
    case Semantics::feagi_0_0_49: return "feagi-0.0.49";
    case Semantics::feagi_2026_02: return "feagi-2026-02";
    case Semantics::feagi_2025_10: return "feagi-2025-10";
  }
  return "plain";
}

Semantics semantics_from_name(std::string_view name) {
  std::string known;
  for (const Semantics semantics : kAll) {
    if (name_of(semantics) == name) {
      return semantics;
    }
    known += (known.empty() ? "" : ", ") + std::string(name_of(semantics));
  }
  throw Error(ErrorCode::invalid_argument,
              "no semantics is called " + quoted_name(name) + " (known: " + known + ").");
}

}  // namespace rheobase
