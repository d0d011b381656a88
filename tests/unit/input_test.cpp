// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "rheobase/engine.h"
#include "rheobase/error.h"
#include "support/messages.h"
#include "support/temporary_folder.h"

namespace rheobase::test {
namespace {

Network camera() {
  NetworkBuilder b;
  AreaSpec spec;
  spec.name = "camera";
  spec.size = {4, 3, 1};
  b.add_area(spec);
  return b.build();
}

InputSchedule read(const std::string& text) {
  const TemporaryFolder folder;
  return load_input(folder.write("input.csv", text), camera());
}

std::string message(const std::string& text) {
  try {
    static_cast<void>(read(text));
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(InputCsv, WhateverAFieldHoldsTheMessageIsOneShortLine) {
  std::string bytes = "burst,neuron,potential\n1,2,1.5";
  bytes += std::string(100'000, '\xff') + std::string(3, '\0') + "\x1b[31m\n";
  const std::string said = message(bytes);
  EXPECT_TRUE(said.ends_with("Correct the field.")) << said;
  EXPECT_LT(said.size(), 500U);
  std::string strange = "burst,area,x,y,z,potential\n1,ca";
  strange += std::string(1, '\0') + "m\x1b,0,0,0,1\n";
  const std::string area = message(strange);
  EXPECT_NE(area.find(R"('ca\x00m\x1b')"), std::string::npos) << area;
}

TEST(InputCsv, BothForms) {
  const InputSchedule by_id =
      read("burst,neuron,potential\n2,5,1.5\n1,0,-2\n\n# comment\n2,1,0.5\n");
  EXPECT_EQ(by_id.bursts, (std::vector<std::uint64_t>{1, 2, 2}));
  EXPECT_EQ(by_id.ids, (std::vector<NeuronId>{0, 5, 1}));
  EXPECT_EQ(by_id.potentials, (std::vector<float>{-2.0F, 1.5F, 0.5F}));
  const InputSchedule by_voxel = read("potential,burst,area,x,y,z\n3,1,camera,2,1,0\n");
  EXPECT_EQ(by_voxel.ids, (std::vector<NeuronId>{2 * 3 + 1}));
  EXPECT_EQ(by_voxel.potentials, (std::vector<float>{3.0F}));
}

TEST(InputCsv, PortsByNameOrNumber) {
  NetworkBuilder b;
  b.population("plain", 1, {});
  b.population_of(Model::parse("model two\nport a sum\nport b sum\nfire a + b > 1\n"), "x", 2);
  const Network network = b.build();
  const TemporaryFolder folder;
  const auto ports = [&](const std::string& rows) {
    return load_input(folder.write("input.csv", "burst,neuron,port,potential\n" + rows), network)
        .ports;
  };
  EXPECT_EQ(ports("3,1,b,1\n1,2,1,1\n2,2,a,1\n2,0,,1\n"), (std::vector<std::uint32_t>{1, 0, 0, 1}));
  EXPECT_SAYS(ports("1,1,c,1\n"), ".csv:2");
  EXPECT_SAYS(ports("1,1,c,1\n"), "has no port 'c' (its neurons have a, b)");
}

TEST(InputCsv, EveryFaultNamesFileAndLine) {
  const std::string header = "burst,area,x,y,z,potential\n";
  for (const auto& [text, says] : std::initializer_list<std::pair<std::string, std::string>>{
           {"", ".csv"},
           {"burst,what\n1,2\n", ".csv"},
           {header + "1,camera,0,0,0,1\n0,camera,0,0,0,1\n", ".csv:3"},
           {header + "1,camra,0,0,0,1\n", "camera"},
           {header + "1,camera,4,0,0,1\n", ".csv:2"},
           {header + "1,camera,0,0,0,nan\n", ".csv:2"},
           {header + "1,camera,0,0,0\n", ".csv:2"},
           {header + "1,camera,zero,0,0,1\n", ".csv:2"},
           {header + "99999999999999999999999,camera,0,0,0,1\n", ".csv:2"},
           {"burst,neuron,potential\n1,12,1\n", ".csv:2"}}) {
    EXPECT_NE(message(text).find(says), std::string::npos)
        << "'" << text << "' gave: " << message(text);
  }
  EXPECT_THROW(static_cast<void>(load_input("/nowhere.csv", camera())), Error);
}

}  // namespace
}  // namespace rheobase::test
