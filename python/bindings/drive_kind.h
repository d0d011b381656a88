// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "rheobase/network.h"

namespace rheobase::python {

/// "poisson", "regular" or "constant".
inline Drive::Kind drive_kind(std::string_view name) {
  if (name == "poisson") {
    return Drive::Kind::poisson;
  }
  if (name == "regular") {
    return Drive::Kind::regular;
  }
  return Drive::Kind::constant;
}

inline std::string drive_name(Drive::Kind kind) {
  switch (kind) {
    case Drive::Kind::poisson: return "poisson";
    case Drive::Kind::regular: return "regular";
    case Drive::Kind::constant: break;
  }
  return "constant";
}

}  // namespace rheobase::python
