// SPDX-License-Identifier: Apache-2.0
// Checkpoints of version 1, in which the delay of a synapse stood with its kind, are still read.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "io/checkpoint/section_file.h"
#include "io/text_file.h"
#include "network/network_hash.h"
#include "network/view.h"
#include "rheobase/engine.h"
#include "support/messages.h"
#include "support/random_network.h"
#include "support/temporary_folder.h"

namespace rheobase::test {
namespace {

/// The sections "kinds" and "synapses" as version 1 had them.
class FirstVersionRows {
 public:
  explicit FirstVersionRows(const NetworkData& network) : network_(network) {
    for (NeuronId id = 0; id < network.neuron_count; ++id) {
      network.for_each_synapse(id, [&](std::uint32_t, std::uint32_t code, std::uint32_t delay) {
        numbers_.try_emplace({code, delay}, static_cast<std::uint32_t>(numbers_.size()));
      });
    }
  }
  void write(checkpoint::SectionWriter& out) const {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> kinds(numbers_.size());
    for (const auto& [key, number] : numbers_) {
      kinds[number] = key;
    }
    out.begin("kinds");
    out.put(static_cast<std::uint32_t>(kinds.size()));
    for (const auto& [code, delay] : kinds) {
      const SynapseKind kind = network_.kind(code);
      out.put(kind.weight);
      out.put(kind.psp);
      out.put(delay);
      out.put(kind.divisor);
      out.put(std::uint8_t{is_driven(kind)});
    }
    out.begin("synapses");
    const std::uint32_t rows = 1U << network_.block_shift;
    const bool wide = numbers_.size() > kCompactKinds;
    for (NeuronId first = 0; first < network_.neuron_count; first += rows) {
      out.put(std::uint8_t{wide});
      const NeuronId last = std::min(first + rows, network_.neuron_count);
      for (NeuronId id = first; id < last; ++id) {
        out.put(network_.out_degree(id));
      }
      for (NeuronId id = first; id < last; ++id) {
        network_.for_each_synapse(id,
                                  [&](std::uint32_t post, std::uint32_t code, std::uint32_t delay) {
                                    const std::uint32_t number = numbers_.at({code, delay});
                                    if (wide) {
                                      out.put(post | (std::uint64_t{number} << 32U));
                                    } else {
                                      out.put(post | (number << 24U));
                                    }
                                  });
      }
    }
  }

 private:
  const NetworkData& network_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> numbers_;
};

std::string as_first_version(const std::string& whole, const NetworkData& network) {
  std::string bytes;
  checkpoint::SectionWriter out([&](std::string_view part) { bytes += part; });
  checkpoint::SectionReader in(whole, "whole");
  for (std::string name(in.next()); name != "end"; name = in.next()) {
    std::vector<char> raw(static_cast<std::size_t>(in.raw_bytes(name)));
    in.begin(name);
    in.get_all(raw, raw.size());
    if (name == "charges") {
      FirstVersionRows(network).write(out);
    } else if (name != "rows") {
      out.begin(name);
      out.put_all(raw);
    }
  }
  out.finish();
  bytes[checkpoint::kMagic.size()] = 1;
  return bytes;
}

TEST(FirstVersion, IsReadAndGoesOn) {
  const TemporaryFolder folder;
  std::set<bool> wide;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const RandomCase c = random_case(seed);
    SCOPED_TRACE(c.description);
    Engine engine(c.network, {"cpu", 1, seed, {}});
    engine.schedule(c.input);
    engine.run(20);
    engine.save(folder / "a");
    const std::string old = as_first_version(read_text_file(folder / "a"), *c.network.data());
    const Checkpoint read = read_checkpoint(old, "old");
    EXPECT_EQ(network_hash(*read.network.data()), network_hash(*c.network.data()));
    EXPECT_EQ(read.network.delays(), c.network.delays());
    EXPECT_EQ(read.network.charge().accumulator_bits, c.network.charge().accumulator_bits);
    wide.insert(!read.network.data()->blocks[0]->wide.empty());
    engine.run(20);
    Engine onward(read, {"cpu", 1, 0, {}});
    onward.run(20);
    EXPECT_EQ(onward.signature(), engine.signature());
  }
  EXPECT_EQ(wide.size(), 2U) << "both forms were met";
}

}  // namespace
}  // namespace rheobase::test
