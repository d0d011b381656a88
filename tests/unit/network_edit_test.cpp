// SPDX-License-Identifier: Apache-2.0
// Edits: the network after them is the one that would be built from scratch.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>

#include "network/view.h"
#include "rheobase/network.h"
#include "support/messages.h"
#include "support/random_network.h"

namespace rheobase::test {
namespace {

constexpr std::uint32_t kNeurons = 40;  // at first

/// The description of a network, changed side by side with the edits of the real one.
struct Model {
  std::vector<NeuronParams> params = std::vector<NeuronParams>(kNeurons);
  std::vector<PspMode> modes = std::vector<PspMode>(kNeurons);
  std::vector<bool> dead = std::vector<bool>(kNeurons, false);
  std::vector<Synapse> synapses;
  int areas_added = 0;

  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(params.size()); }

  /// Built from scratch; each neuron is an area, so that all parameters can be given.
  [[nodiscard]] Network build() const {
    NetworkOptions options;
    options.quantum_bits = 24;
    NetworkBuilder b(options);
    for (NeuronId id = 0; id < size(); ++id) {
      AreaSpec spec;
      spec.name = std::to_string(id);
      spec.params = params[id];
      spec.psp = modes[id];
      b.add_area(spec);
    }
    b.connect(synapses);
    return b.build();
  }

  /// The first match is in order of delay, then of creation.
  std::vector<Synapse>::iterator first_match(NeuronId pre, NeuronId post) {
    auto best = synapses.end();
    for (auto s = synapses.begin(); s != synapses.end(); ++s) {
      if (s->pre == pre && s->post == post && (best == synapses.end() || s->delay < best->delay)) {
        best = s;
      }
    }
    return best;
  }

  /// One random operation on both.
  void change(Chooser& choose, NetworkEdit& edit) {
    const NeuronId pre = choose.below(size());
    const NeuronId post = choose.below(size());
    switch (choose.below(18)) {
      case 0: delete_neurons(pre, 1 + choose.below(std::min(3U, size() - pre)), edit); break;
      case 1:
      case 2: {
        params[pre].threshold = choose.any_of({1.0F, 2.0F, -3.0F});
        params[pre].refractory_period = choose.any_of<std::uint16_t>({0, 5});
        edit.set_params(pre, params[pre]);
        break;
      }
      case 3:
        set_psp(pre, 1 + choose.below(size() - pre), choose.any_of({2.0F, 7.0F}), edit);
        break;
      case 4: {
        const PspMode mode{choose.one_in(2), choose.one_in(3)};
        const std::uint32_t count = 1 + choose.below(size() - pre);
        std::fill_n(modes.begin() + pre, count, mode);
        edit.set_psp_mode(pre, count, mode);
        break;
      }
      case 5: add_area(choose, edit); break;
      case 6:
      case 7:
      case 8:
      case 9:
        if (!dead[pre] && !dead[post]) {
          synapses.push_back({pre, post, choose.any_of({3.0F, 1.0F}), 1.0F, 1 + choose.below(4)});
          edit.add_synapse(synapses.back());
        }
        break;
      default: change_a_synapse(choose, edit);
    }
  }

 private:
  void delete_neurons(NeuronId first, std::uint32_t count, NetworkEdit& edit) {
    std::fill_n(dead.begin() + first, count, true);
    std::erase_if(synapses, [&](const Synapse& s) { return dead[s.pre] || dead[s.post]; });
    edit.delete_neurons(first, count);
  }
  void add_area(Chooser& choose, NetworkEdit& edit) {
    AreaSpec spec;
    spec.name = "added " + std::to_string(areas_added++);
    spec.size = {1 + choose.below(3), 1 + choose.below(2), 1};
    spec.params.threshold = choose.any_of({1.5F, 4.0F});
    spec.psp = {choose.one_in(2), choose.one_in(3)};
    const std::size_t count = std::size_t{spec.size.x} * spec.size.y;
    params.insert(params.end(), count, spec.params);
    modes.insert(modes.end(), count, spec.psp);
    dead.insert(dead.end(), count, false);
    edit.add_area(spec);
  }
  void set_psp(NeuronId first, std::uint32_t count, float psp_value, NetworkEdit& edit) {
    for (Synapse& s : synapses) {
      s.psp = s.pre >= first && s.pre < first + count ? psp_value : s.psp;
    }
    edit.set_psp(first, count, psp_value);
  }
  void change_a_synapse(Chooser& choose, NetworkEdit& edit) {
    if (synapses.empty()) {
      return;
    }
    const Synapse& any = synapses[choose.below(static_cast<std::uint32_t>(synapses.size()))];
    const auto s = first_match(any.pre, any.post);
    const std::uint32_t what = choose.below(5);
    if (what < 2) {
      edit.remove_synapse(s->pre, s->post);
      synapses.erase(s);
    } else if (what == 2) {
      Synapse later = *s;
      synapses.erase(s);
      later.delay = 1 + choose.below(4);
      edit.set_delay(later.pre, later.post, later.delay);
      synapses.push_back(later);
    } else {
      s->weight = choose.any_of({5.0F, -1.0F, 0.0F});
      edit.set_weight(s->pre, s->post, s->weight);
    }
  }
};

void expect_equal(const Network& edited, const Model& model) {
  const Network fresh = model.build();
  RC_ASSERT(edited.neuron_count() == model.size());
  RC_ASSERT(edited.synapse_count() == fresh.synapse_count());
  RC_ASSERT(edited.data()->potential_driven == fresh.data()->potential_driven);
  RC_ASSERT(edited.data()->in_charge.list() == fresh.data()->in_charge.list());
  RC_ASSERT(edited.data()->in_degree.list() == fresh.data()->in_degree.list());
  RC_ASSERT(edited.delays() == fresh.delays());
  RC_ASSERT(edited.charge().worst_sum == fresh.charge().worst_sum);
  RC_ASSERT(edited.charge().worst_indegree == fresh.charge().worst_indegree);
  RC_ASSERT(edited.charge().accumulator_bits == fresh.charge().accumulator_bits);
  bool all_alive = true;
  for (NeuronId id = 0; id < model.size(); ++id) {
    RC_ASSERT(edited.outgoing(id) == fresh.outgoing(id));
    RC_ASSERT(edited.params(id) == fresh.params(id));
    RC_ASSERT(edited.alive(id) == !model.dead[id]);
    all_alive = all_alive && !model.dead[id];
    // the charges themselves, which outgoing() does not show
    for (const std::uint32_t delay : edited.delays()) {
      const RowSpan a = edited.data()->row(id, delay);
      const RowSpan b = fresh.data()->row(id, delay);
      RC_ASSERT(a.count == b.count);
      for (std::uint32_t i = 0; i < a.count; ++i) {
        const SynapseKind p = edited.data()->kind(a.code(i));
        const SynapseKind q = fresh.data()->kind(b.code(i));
        RC_ASSERT(p.charge == q.charge);
        RC_ASSERT(p.divisor == q.divisor);
        RC_ASSERT(p.weight_numerator == q.weight_numerator);
        RC_ASSERT(p.weight_shift == q.weight_shift);
      }
    }
  }
  // a fresh network knows no deleted neurons
  RC_ASSERT((edited.hash() == fresh.hash()) == all_alive);
}

/// In one edit of many operations or in many edits, one after the other.
TEST(NetworkEdit, EqualsAFreshBuild) {
  EXPECT_TRUE(rc::check("edited equals fresh", [](std::uint64_t seed) {
    Chooser choose(seed);
    Model model;
    model.modes.assign(kNeurons, {choose.one_in(2), choose.one_in(3)});
    for (int i = 0; i < 200; ++i) {
      model.synapses.push_back({choose.below(kNeurons), choose.below(kNeurons),
                                choose.any_of({1.0F, 2.0F, -1.0F}), 1.0F, 1 + choose.below(3)});
    }
    Network network = model.build();
    for (std::uint32_t edits = 1 + choose.below(4); edits > 0; --edits) {
      const std::uint64_t before = network.hash();
      const Network kept = network;
      NetworkEdit edit;
      for (std::uint32_t i = 1 + choose.below(20); i > 0; --i) {
        model.change(choose, edit);
      }
      network = network.edited(edit);
      expect_equal(network, model);
      RC_ASSERT(kept.hash() == before);
    }
  }));
}

Network ring_network(std::uint32_t neurons) {
  NetworkBuilder b;
  b.population("a", neurons, {});
  b.connect(0, 0, fixed_outdegree(20));
  return b.build();
}

TEST(NetworkEdit, AnOperationMeetsTheLeastDelayWhateverCameFirst) {
  NetworkBuilder b;
  b.population("a", 3, {});
  b.connect({{1, 2, 1.0F, 1.0F, 4}});
  NetworkEdit edit;
  edit.set_weight(1, 2, 3.0F);  // of the only one
  edit.add_synapse({1, 2, 5.0F, 1.0F, 3});
  edit.add_synapse({1, 2, 7.0F, 1.0F, 2});
  edit.set_weight(1, 2, 9.0F);  // of the last added
  edit.set_delay(1, 2, 5);      // which now is the last
  edit.remove_synapse(1, 2);    // the one of three bursts
  const std::vector<Synapse> left = b.build().edited(edit).outgoing(1);
  EXPECT_EQ(left, (std::vector<Synapse>{{1, 2, 3.0F, 1.0F, 4}, {1, 2, 9.0F, 1.0F, 5}}));
}

TEST(NetworkEdit, SharesUntouchedBlocks) {
  const Network before = ring_network(5000);
  NetworkEdit edit;
  edit.set_weight(0, before.outgoing(0)[0].post, 2.0F);
  const Network after = before.edited(edit);
  ASSERT_GT(before.data()->blocks.size(), 10U);
  for (std::size_t i = 0; i < before.data()->blocks.size(); ++i) {
    EXPECT_EQ(before.data()->blocks[i] == after.data()->blocks[i], i != 0) << i;
  }
}

TEST(NetworkEdit, The257thKindWidensTheTouchedBlockOnly) {
  const Network before = ring_network(5000);
  NetworkEdit edit;
  for (int i = 0; i < 300; ++i) {
    edit.add_synapse({4999, 7, static_cast<float>(i), 1.0F, 1});
  }
  const Network after = before.edited(edit);
  EXPECT_FALSE(after.data()->block_of(4999).wide.empty());
  EXPECT_TRUE(after.data()->block_of(0).wide.empty());
  EXPECT_EQ(after.outgoing(4999).size(), 320U);
}

TEST(NetworkEdit, GrowsIntoSmallerBlocks) {
  constexpr std::uint32_t kMany = 3000;
  NetworkBuilder b;
  b.population("a", kMany, {});
  Network grown = b.build();
  std::vector<Synapse> all;
  Chooser choose(1);
  for (int edits = 0; edits < 3; ++edits) {
    NetworkEdit edit;
    for (std::uint32_t i = 0; i < kMany * 30; ++i) {
      all.push_back({choose.below(kMany), choose.below(kMany), choose.any_of({1.0F, 2.0F}), 1.0F,
                     1 + choose.below(3)});
      edit.add_synapse(all.back());
    }
    grown = grown.edited(edit);
  }
  b.connect(all);
  const Network fresh = b.build();
  EXPECT_LE(grown.data()->block_shift, fresh.data()->block_shift + 1U);
  EXPECT_EQ(grown.hash(), fresh.hash());
  EXPECT_EQ(grown.synapse_count(), fresh.synapse_count());
  for (NeuronId id = 0; id < kMany; id += 7) {
    EXPECT_EQ(grown.outgoing(id), fresh.outgoing(id));
  }
}

TEST(NetworkEdit, QuantumNeverChanges) {
  const Network whole = ring_network(10);
  NetworkEdit finer;
  finer.add_synapse({0, 1, 0.5F, 1.0F, 1});
  EXPECT_SAYS(static_cast<void>(whole.edited(finer)), "requantize");
  EXPECT_SAYS(static_cast<void>(whole.edited(finer)), "synapse 0 -> 1 with weight 0.5");

  // charges that were accepted with a coarse quantum are no obstacle to other edits
  NetworkOptions coarse;
  coarse.quantum_bits = 2;
  NetworkBuilder b(coarse);
  b.population("a", 3, {});
  b.connect({{0, 1, 0.3F, 1, 1}, {0, 2, 1, 1, 1}});
  NetworkEdit other;
  other.remove_synapse(0, 2);
  const Network after = b.build().edited(other);
  EXPECT_EQ(after.outgoing(0), (std::vector<Synapse>{{0, 1, 0.3F, 1, 1}}));
  NetworkEdit again;
  again.set_weight(0, 1, 0.4F);
  EXPECT_SAYS(static_cast<void>(after.edited(again)), "requantize");
}

TEST(NetworkEdit, WidthOfTheAccumulatorFollows) {
  NetworkBuilder b;
  b.population("a", 3, {});
  b.connect({{0, 2, 0x1p30F, 1, 1}});
  const Network narrow = b.build();
  EXPECT_EQ(narrow.charge().accumulator_bits, 32U);
  NetworkEdit edit;
  edit.add_synapse({1, 2, -0x1p30F, 1, 1});
  EXPECT_EQ(narrow.edited(edit).charge().accumulator_bits, 64U);
  NetworkEdit beyond;
  for (int i = 0; i < 4; ++i) {
    beyond.add_synapse({1, 2, 0x1p60F, 1, 1});
    beyond.add_synapse({0, 2, 0x1p60F, 1, 1});
  }
  EXPECT_SAYS(static_cast<void>(narrow.edited(beyond)), "of 64 bits");
}

/// Two bounds that no accumulator can hold must not add up to nothing.
TEST(NetworkEdit, BoundsOfDrivenChargesDoNotWrap) {
  for (const int synapses : {1, 2, 3, 4}) {
    NetworkBuilder b;
    AreaSpec spec;
    spec.name = "a";
    spec.size = {5, 1, 1};
    spec.psp.potential_driven = true;
    b.add_area(spec);
    std::vector<Synapse> list;
    for (int i = 0; i < synapses; ++i) {
      list.push_back({static_cast<NeuronId>(i), 4, 0x1p31F, 1.0F, 1});
    }
    b.connect(list);
    EXPECT_SAYS(static_cast<void>(b.build()), "of 64 bits");
  }
}

TEST(NetworkEdit, RefusesWhatIsNotThere) {
  const Network n = ring_network(100);
  const auto refused = [&](auto change) {
    NetworkEdit edit;
    change(edit);
    return message_of([&] { static_cast<void>(n.edited(edit)); });
  };
  const std::string there_is_none = "there is no synapse from neuron 99 to neuron 99.";
  EXPECT_EQ(refused([](NetworkEdit& e) { e.set_weight(99, 99, 1); }), there_is_none);
  EXPECT_EQ(refused([](NetworkEdit& e) { e.remove_synapse(99, 99); }), there_is_none);
  EXPECT_EQ(refused([](NetworkEdit& e) { e.set_delay(99, 99, 2); }), there_is_none);
  EXPECT_EQ(refused([](NetworkEdit& e) {
              e.delete_neuron(7);
              e.add_synapse({5, 7, 1, 1, 1});
            }),
            "neuron 7 was deleted (its id is not used again). Leave it out of the edit.");
  AreaSpec again;
  again.name = "a";
  EXPECT_EQ(refused([&](NetworkEdit& e) { e.add_area(again); }),
            "area 'a' exists already. Area names must differ.");
  EXPECT_EQ(refused([](NetworkEdit& e) { e.set_psp(1, 200, 1); }),
            "an edit names neuron 200 (the network has 100).");
  EXPECT_EQ(refused([](NetworkEdit& e) { e.delete_neuron(100); }),
            "an edit names neuron 100 (the network has 100).");
  EXPECT_EQ(refused([](NetworkEdit& e) {
              e.add_synapse({5, 123, 1, 1, 1});
            }),
            "an edit names neuron 123 (the network has 100).");
  EXPECT_EQ(refused([](NetworkEdit&) {}), "no error");
  NeuronParams bad;
  bad.leak = std::nanf("");
  EXPECT_NE(refused([&](NetworkEdit& e) { e.set_params(3, bad); }).find("neuron 3: leak"),
            std::string::npos);
  EXPECT_NE(refused([](NetworkEdit& e) { e.set_psp(0, 1, std::nanf("")); }).find("psp is not"),
            std::string::npos);
  EXPECT_NE(refused([](NetworkEdit& e) {
              e.add_synapse({5, 6, 1, 1, 0});
            }).find("delay of 0"),
            std::string::npos);
}

}  // namespace
}  // namespace rheobase::test
