// SPDX-License-Identifier: Apache-2.0
// docs/state.md is what the code says. `make docs` writes it anew (RHEOBASE_WRITE_DOCS=1).
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "rheobase/fields.h"
#include "rheobase/state.h"

namespace rheobase {
namespace {

TEST(StateDoc, IsUpToDate) {
  const std::string path = std::string(RHEOBASE_SOURCE_DIR) + "/docs/state.md";
  if (std::getenv("RHEOBASE_WRITE_DOCS") != nullptr) {
    std::ofstream(path) << fields_markdown();
  }
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  EXPECT_EQ(text.str(), fields_markdown()) << "run `make docs`";
}

TEST(StateDoc, NamesEveryProbeField) {
  std::set<std::string_view> names;
  for (const FieldInfo& field : fields()) {
    EXPECT_TRUE(names.insert(field.name).second || field.group == "Rules of the step")
        << field.name;
    EXPECT_FALSE(field.meaning.empty()) << field.name;
  }
  for (const Field field : {Field::potential, Field::refractory_countdown, Field::fire_count,
                            Field::snooze_countdown}) {
    EXPECT_TRUE(names.contains(name_of(field))) << name_of(field);
  }
}

}  // namespace
}  // namespace rheobase
