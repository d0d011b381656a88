// SPDX-License-Identifier: Apache-2.0
// Files that are cut off, changed, foreign, or cannot be written: one clear error, nothing lost.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <cstring>
#include <fstream>
#include <set>

#include "io/checkpoint/section_file.h"
#include "io/text_file.h"
#include "platform/output_file.h"
#include "rheobase/engine.h"
#include "rheobase/load.h"
#include "support/messages.h"
#include "support/temporary_folder.h"

namespace rheobase::test {
namespace {

/// A small file with every section.
std::string saved_bytes() {
  const TemporaryFolder folder;
  NetworkBuilder b;
  const AreaId area = b.population("area", 5, {});
  b.connect(area, area, index_pairs({0, 1, 2}, {1, 2, 4}), {1.5F, 1.0F, 2});
  b.connect(area, area, index_pairs({0}, {1}), {0.5F}, {},
            {SynapseModel::parse("synapse s\ntrace x pre sum 5 ms\nstate w = 0 in 0..1\non post\n"
                                 "w += x\n"),
             {}});
  b.drive(area, Drive::Kind::constant, 1.0F);
  EngineOptions options{"cpu", 1, 1, {{Drive::Kind::poisson, 0, 1, 1.0F, 5.0, 0}}};
  options.seeds = {3, 4};
  Engine engine(copies(b.build(), 2), options);
  engine.schedule({{30, 31}, {1, 2}, {0.5F, 0.25F}});
  engine.run(10);
  engine.inject(3, 1.0F);
  engine.save(folder / "a");
  return read_text_file(folder / "a");
}

TEST(DamagedCheckpoints, CutAnywhere) {
  const std::string whole = saved_bytes();
  ASSERT_NO_THROW(static_cast<void>(read_checkpoint(whole, "whole")));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_THROW(static_cast<void>(read_checkpoint({whole.data(), size}, "cut")), Error) << size;
  }
  EXPECT_SAYS(static_cast<void>(read_checkpoint(whole + "x", "long")), "section 'end'");
}

TEST(DamagedCheckpoints, ChangedInAnyByte) {
  std::string bytes = saved_bytes();
  std::set<std::string> sections;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const int flip : {1, 0x80}) {
      bytes[i] = static_cast<char>(bytes[i] ^ flip);
      const std::string said =
          message_of([&] { static_cast<void>(read_checkpoint(bytes, "changed")); });
      EXPECT_NE(said, "no error") << "byte " << i;
      const std::size_t name = said.find("section '");
      if (name != std::string::npos) {
        sections.insert(said.substr(name + 9, said.find('\'', name + 9) - name - 9));
      }
      bytes[i] = static_cast<char>(bytes[i] ^ flip);
    }
  }
  const std::set<std::string> all{"network", "areas",   "classes",  "neurons", "charges", "rows",
                                  "drives",  "members", "state",    "fired",   "engine",  "input",
                                  "seeds",   "end",     "learning", "learned"};
  EXPECT_EQ(sections, all);
}

TEST(DamagedCheckpoints, ForeignFiles) {
  EXPECT_SAYS(static_cast<void>(read_checkpoint("{\"a\": 1}", "x.json")),
              "x.json: not a checkpoint");
  EXPECT_SAYS(static_cast<void>(read_checkpoint("", "empty")), "empty: not a checkpoint");
  std::string newer = saved_bytes();
  newer[8] = 9;
  EXPECT_SAYS(static_cast<void>(read_checkpoint(newer, "newer")), "version 9");
  EXPECT_SAYS(static_cast<void>(load_checkpoint("/no/such/file")), "cannot read /no/such/file");
}

/// A file of sections whose checksums are right, with one number of "network" changed.
std::string with_neurons(std::uint32_t neurons, std::uint64_t synapses) {
  std::string bytes;
  checkpoint::SectionWriter out([&](std::string_view part) { bytes += part; });
  out.begin("network");
  out.put(1.0);
  out.put(std::uint64_t{1});
  for (int i = 0; i < 9; ++i) {
    out.put(std::uint8_t{0});
  }
  out.put(neurons);
  out.put(synapses);
  out.put(std::uint32_t{0});
  out.put(std::uint32_t{0});
  out.finish();
  return bytes;
}

TEST(DamagedCheckpoints, NumbersThatCannotBe) {
  EXPECT_SAYS(static_cast<void>(read_checkpoint(with_neurons(0, 0), "x")), "section 'network'");
  EXPECT_SAYS(static_cast<void>(read_checkpoint(with_neurons(4'000'000'000U, ~0ULL), "x")),
              "4000000000 neurons");
  EXPECT_SAYS(static_cast<void>(read_checkpoint(with_neurons(10, 10), "x")),
              "not those of the sections that follow");
}

/// Sections as they are written, with one number of them put in the place of another.
std::string claiming(std::size_t at, std::uint32_t number, std::string_view section) {
  std::string bytes;
  checkpoint::SectionWriter out([&](std::string_view part) { bytes += part; });
  const std::string whole = saved_bytes();
  checkpoint::SectionReader in(whole, "whole");
  for (std::string name(in.next()); name != "end"; name = in.next()) {
    std::vector<char> raw(static_cast<std::size_t>(in.raw_bytes(name)));
    in.begin(name);
    in.get_all(raw, raw.size());
    if (name == section) {
      std::memcpy(raw.data() + at, &number, sizeof number);
    }
    out.begin(name);
    out.put_all(raw);
  }
  out.finish();
  return bytes;
}

/// Draws of Poisson drives were other ones once: what they began cannot go on, but the network is
/// still to be had.
TEST(EarlierCheckpoints, WithPoissonDrives) {
  constexpr std::uint32_t kEarlierPoisson = 2;  // and the low bytes of the first neuron
  const std::string earlier = claiming(4, kEarlierPoisson, "drives");
  EXPECT_EQ(message_of([&] { static_cast<void>(read_checkpoint(earlier, "a")); }),
            "a: the run cannot go on as it began (its Poisson drives are of an earlier version, "
            "which drew other numbers). Go on with that version, or load the network alone and "
            "begin anew.");
  const TemporaryFolder folder;
  std::ofstream(folder / "a", std::ios::binary) << earlier;
  EXPECT_THROW(static_cast<void>(load_checkpoint(folder / "a")), Error);
  const Network alone = network_of_checkpoint(folder / "a");
  EXPECT_EQ(alone.drives().at(0).kind, Drive::Kind::poisson);
  EXPECT_EQ(load(folder / "a").network.drives().at(0).kind, Drive::Kind::poisson);
}

/// Counts beyond what the file holds are refused before memory is asked for.
TEST(DamagedCheckpoints, ClaimsBeyondTheFile) {
  ASSERT_NO_THROW(static_cast<void>(read_checkpoint(claiming(0, 10, "nowhere"), "x")));
  rusage before{};
  getrusage(RUSAGE_SELF, &before);
  constexpr std::uint32_t kMost = 0xFFFFFFF0U;
  EXPECT_SAYS(static_cast<void>(read_checkpoint(claiming(25, 200'000'000, "network"), "x")),
              "not those of the sections that follow");
  EXPECT_SAYS(static_cast<void>(read_checkpoint(claiming(29, 200'000'000, "network"), "x")),
              "not those of the sections that follow");
  for (const auto& [section, at] : std::vector<std::pair<const char*, std::size_t>>{{"areas", 0},
                                                                                    {"areas", 4},
                                                                                    {"classes", 0},
                                                                                    {"neurons", 0},
                                                                                    {"charges", 0},
                                                                                    {"fired", 0},
                                                                                    {"input", 4}}) {
    EXPECT_SAYS(static_cast<void>(read_checkpoint(claiming(at, kMost, section), "x")),
                "it holds less than it should");
  }
  rusage after{};
  getrusage(RUSAGE_SELF, &after);
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 100'000) << "KB";
}

class ReplacedFiles : public ::testing::Test {
 protected:
  void SetUp() override { write("old"); }
  void write(const std::string& text) const { platform::replace_file(path(), text); }
  [[nodiscard]] std::string path() const { return folder_ / "file"; }
  void expect_old() const {
    EXPECT_EQ(read_text_file(path()), "old");
    EXPECT_FALSE(std::filesystem::exists(path() + ".partial"));
  }
  TemporaryFolder folder_;
};

TEST_F(ReplacedFiles, WithoutCommitNothingChanges) {
  {
    platform::OutputFile file(path());
    file.append("new");
  }
  expect_old();
  write("new");
  EXPECT_EQ(read_text_file(path()), "new");
}

TEST_F(ReplacedFiles, ALeftPartialFileIsWrittenOver) {
  std::ofstream(path() + ".partial") << "something long that a killed process left";
  write("new");
  EXPECT_EQ(read_text_file(path()), "new");
}

TEST_F(ReplacedFiles, ALinkStaysALink) {
  std::filesystem::create_symlink(path(), folder_ / "link");
  platform::replace_file(folder_ / "link", "new");
  EXPECT_TRUE(std::filesystem::is_symlink(folder_ / "link"));
  EXPECT_EQ(read_text_file(path()), "new");
}

TEST_F(ReplacedFiles, NoOrdinaryFile) {
  EXPECT_SAYS(platform::replace_file("/dev/null", "x"), "no ordinary file");
  EXPECT_SAYS(platform::replace_file(folder_ / "", "x"), "no ordinary file");
  EXPECT_SAYS(platform::replace_file(folder_ / "none/file", "x"), "cannot write");
}

TEST_F(ReplacedFiles, TwoAtATime) {
  const platform::OutputFile first(path());
  EXPECT_SAYS(write("new"), "another process is writing it");
}

TEST_F(ReplacedFiles, AFullDisk) {
  // a limit of the size of files is met as a full disk is: write() fails half way
  rlimit former{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &former), 0);
  rlimit small = former;
  small.rlim_cur = 1000;
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const std::string said = message_of([&] { write(std::string(2000, 'x')); });
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &former), 0);
  std::signal(SIGXFSZ, handler);
  EXPECT_NE(said.find("cannot write " + path()), std::string::npos) << said;
  expect_old();
}

TEST_F(ReplacedFiles, NoPermission) {
  const std::string closed = folder_ / "closed";
  std::filesystem::create_directory(closed);
  std::filesystem::permissions(closed, std::filesystem::perms::owner_read);
  // root may write everywhere, so it becomes nobody for a while
  constexpr uid_t kNobody = 65534;
  const uid_t self = geteuid();
  if (self == 0) {
    ASSERT_EQ(seteuid(kNobody), 0);
  }
  const std::string said = message_of([&] { platform::replace_file(closed + "/file", "x"); });
  ASSERT_EQ(seteuid(self), 0);
  std::filesystem::permissions(closed, std::filesystem::perms::owner_all);
  EXPECT_NE(said.find("cannot write " + closed + "/file"), std::string::npos) << said;
}

}  // namespace
}  // namespace rheobase::test
