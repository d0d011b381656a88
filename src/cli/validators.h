// SPDX-License-Identifier: Apache-2.0
/// \file
/// Checks of options that say what is wrong in a few words.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "rheobase/text.h"

namespace rheobase::cli {

/// Of a number, or of each of a list.
inline CLI::Validator above_zero() {
  return {[](std::string& text) {
            double value = 0.0;
            const bool fine = CLI::detail::lexical_cast(text, value) && value > 0.0;
            return fine ? std::string() : quoted_name(text) + " is not a number above 0";
          },
          "ABOVE 0", "above zero"};
}

}  // namespace rheobase::cli
