// SPDX-License-Identifier: Apache-2.0
/// \file
/// Checks of what an error says.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "rheobase/error.h"

namespace rheobase::test {

/// The text of the error that the action throws, or "no error".
template <class Action>
std::string message_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace rheobase::test

/// The action throws an error that contains the text and ends as a sentence.
#define EXPECT_SAYS(action, text)                                                  \
  do {                                                                             \
    const std::string said = ::rheobase::test::message_of([&] { action; });        \
    EXPECT_NE(said.find(text), std::string::npos) << said;                         \
    EXPECT_TRUE(said.ends_with('.') || said.ends_with('?')) << "no end: " << said; \
  } while (false)
