// SPDX-License-Identifier: Apache-2.0
// Files that were taken for another kind are named for what they are, wherever one is asked for.
#include "io/what_is.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "rheobase/checkpoint.h"
#include "rheobase/input.h"
#include "rheobase/load.h"
#include "rheobase/record.h"
#include "support/messages.h"
#include "support/temporary_folder.h"

namespace rheobase::test {
namespace {

using namespace std::string_literals;

struct Foreign {
  std::string bytes, name;
};

/// `text` in units of two or four bytes.
std::string wide(const std::string& text, std::size_t bytes, bool little) {
  std::string result;
  for (const char c : text) {
    std::string unit(bytes, '\0');
    unit[little ? 0 : bytes - 1] = c;
    result += unit;
  }
  return result;
}

std::vector<Foreign> foreign_files() {
  const std::string json = "{\"blueprint\": {}}";
  return {
      {"\x1f\x8b\x08\0\0\0\0\0"s, "a gzip file"},
      {"PK\x03\x04\x14\0"s, "a zip archive"},
      {"BZh91AY"s, "a bzip2 file"},
      {"\xfd"
       "7zXZ\0\0"s,
       "an xz file"},
      {"\x28\xb5\x2f\xfd\x04"s, "a zstd file"},
      {std::string(257, 'x') + "ustar", "a tar archive"},
      {"\x89PNG\r\n\x1a\n\0"s, "a PNG picture"},
      {"\xff\xd8\xff\xe0"s, "a JPEG picture"},
      {"%PDF-1.4\n", "a PDF document"},
      {"\xff\xfe" + wide(json, 2, true), "text in UTF-16"},
      {"\xfe\xff" + wide(json, 2, false), "text in UTF-16"},
      {wide(json, 2, true), "text in UTF-16"},
      {wide(json, 2, false), "text in UTF-16"},
      {"\xff\xfe\0\0"s + wide(json, 4, true), "text in UTF-32"},
      {"\0\0\xfe\xff"s + wide(json, 4, false), "text in UTF-32"},
      {wide(json, 4, true), "text in UTF-32"},
      {wide(json, 4, false), "text in UTF-32"},
      {"#!/usr/bin/env python3\nprint(1)\n", "a Python program"},
      {"# a comment\n\nimport json\n", "a Python program"},
      {"from brian2 import *\n", "a Python program"},
      {"\"\"\"What it does.\"\"\"\n", "a Python program"},
      {"  <!DOCTYPE html><html></html>", "an HTML page"},
      {"<HTML><body>404</body>", "an HTML page"},
      {"\xef\xbb\xbf<html>", "an HTML page"},
      {"<?xml version=\"1.0\"?>", "an XML file"},
      {"version https://git-lfs.github.com/spec/v1\n", "a pointer of Git LFS"},
      {"\x7f"
       "ELF\x02\x01",
       "a program or library"},
      {"\x01\x02\0\x03"s, "a binary file of an unknown kind"},
  };
}

/// Every reader of the library says the same of the same file.
TEST(WhatIs, EveryReaderNamesWhatItWasGiven) {
  const TemporaryFolder folder;
  NetworkBuilder b;
  b.population("a", 3, {});
  const Network network = b.build();
  const std::vector<std::pair<std::string, std::function<void(const std::string&)>>> readers{
      {"a brain was expected", [](const std::string& path) { (void)load(path); }},
      {"a brain was expected",
       [](const std::string& path) { (void)convert(path, path + ".out.json"); }},
      {"a checkpoint was expected", [](const std::string& path) { (void)load_checkpoint(path); }},
      {"input as CSV was expected",
       [&](const std::string& path) { (void)load_input(path, network); }},
      {"a recording of spikes was expected",
       [](const std::string& path) { (void)read_spikes(path); }},
  };
  for (const Foreign& foreign : foreign_files()) {
    // whatever the file is called
    for (const char* ending : {"", ".csv", ".npy", ".h5", ".json"}) {
      const std::string path = folder.write("file"s + ending, foreign.bytes);
      for (const auto& [wanted, read] : readers) {
        const std::string said = message_of([&, &read = read] { read(path); });
        EXPECT_EQ(said.find(path + " is " + foreign.name + " (" + wanted + "). "), 0U) << said;
        EXPECT_TRUE(said.ends_with('.')) << said;
      }
    }
  }
}

TEST(WhatIs, OurOwnFilesAreToldFromEachOther) {
  const TemporaryFolder folder;
  NetworkBuilder b;
  b.population("a", 3, {});
  const Network network = b.build();
  const std::string table = folder.write("t.json", "burst,neuron,potential\n1,2,1\n");
  EXPECT_SAYS((void)load(table), "is a table of comma-separated values (a brain was expected)");
  const std::string brain = folder.write("b.csv", "{\"blueprint\": {}}");
  EXPECT_SAYS((void)load_input(brain, network), "is a JSON file (input as CSV was expected)");
  EXPECT_SAYS((void)read_spikes(brain), "is a JSON file (a recording of spikes was expected)");
  const std::string array = folder.write("a.genome", "\x93NUMPY\x01\0v"s);
  EXPECT_SAYS((void)load(array), "is a NumPy array (a brain was expected)");
  const std::string run = folder.write("r.json", "{\"format\": \"rheobase-run\"}");
  EXPECT_SAYS((void)load(run), "it is the run.json of a run");
  EXPECT_SAYS((void)load(folder.write("e.json", " \n")), "is empty (a brain was expected)");
}

TEST(WhatIs, AMarkOfUtf8IsNoFault) {
  const TemporaryFolder folder;
  NetworkBuilder b;
  b.population("a", 3, {});
  const Network network = b.build();
  const std::string path = folder.write("i.csv",
                                        "\xef\xbb\xbf"
                                        "burst,neuron,potential\n1,2,1\n");
  EXPECT_EQ(load_input(path, network).ids, std::vector<NeuronId>{2});
  const std::string brain =
      folder.write("b.json",
                   "\xef\xbb\xbf{\"format\": \"rheobase-network\", \"version\": 1, \"dt_ms\": 1, "
                   "\"populations\": [{\"name\": \"a\", \"count\": 2, \"params\": {}}]}");
  EXPECT_EQ(load(brain).network.neuron_count(), 2U);
}

TEST(WhatIs, FoldersAndStandardInputAreNotRead) {
  const TemporaryFolder folder;
  NetworkBuilder b;
  b.population("a", 3, {});
  const Network network = b.build();
  const std::string here = folder / ".";
  for (const std::string& path : {here, "-"s}) {
    const char* reason = path == "-" ? "it means standard input" : "it is a folder";
    EXPECT_SAYS((void)load(path), reason);
    EXPECT_SAYS((void)convert(path, folder / "x.json"), reason);
    EXPECT_SAYS((void)load_checkpoint(path), reason);
    EXPECT_SAYS((void)load_input(path, network), reason);
    EXPECT_SAYS((void)read_spikes(path), reason);
  }
}

}  // namespace
}  // namespace rheobase::test
