// SPDX-License-Identifier: Apache-2.0
#include "io/checkpoint/synapse_sections.h"

#include <algorithm>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "io/checkpoint/section_values.h"
#include "network/block_writer.h"
#include "network/row_assembler.h"
#include "network/synapse_kinds.h"
#include "platform/arena.h"

namespace rheobase::checkpoint {
namespace {

KindFacts get_kind(SectionReader& in) {
  KindFacts facts;
  facts.weight = get_canonical(in);
  facts.psp = get_canonical(in);
  return facts;
}

void finish_kind(SectionReader& in, KindFacts& facts) {
  facts.divisor = in.get<std::uint32_t>();
  facts.potential_driven = get_flag(in);
  in.require(facts.divisor >= 1, "a kind of synapse is out of range");
}

void read_kinds(SectionReader& in, NetworkData& network) {
  in.begin("charges");
  const auto count = in.get<std::uint32_t>();
  KindTable table(network);
  for (std::uint32_t i = 0; i < count; ++i) {
    KindFacts facts = get_kind(in);
    finish_kind(in, facts);
    in.require(!table.has(facts), "a kind of synapse comes twice");
    table.add(facts);
  }
}

/// Whether neurons of the class may have synapses whose code is a weight.
bool may_have_weights(const NetworkData& network, NeuronId pre) {
  return (network.classes[network.class_of[pre]].flags &
          (model::kDividedPsp | model::kPotentialDriven)) == 0U;
}

template <class Word>
void check_row(const SectionReader& in, const NetworkData& network, NeuronId pre,
               std::span<const Word> part) {
  const bool weights = may_have_weights(network, pre);
  std::uint32_t before = 0;
  for (const Word synapse : part) {
    const std::uint32_t post = post_of(synapse);
    const std::uint32_t code = code_of(synapse);
    in.require(post < network.target_count &&
                   (is_kind(code) ? kind_number(code) < network.kinds.size() : weights),
               "a synapse leaves the network");
    in.require(is_kind(code) || is_canonical(model::float_of(code)), "a weight is out of range");
    in.require(post >= before, "a row is out of order");
    before = post;
  }
}

void read_parts(SectionReader& in, RowBlock& block, std::uint32_t rows) {
  const std::vector<std::uint32_t> counts = in.get_all<std::uint32_t>(rows);
  std::uint64_t synapses = 0;
  for (const std::uint32_t count : counts) {
    block.row_parts.push_back(static_cast<std::uint32_t>(block.parts.size()));
    std::uint32_t before = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto delay = in.get<std::uint32_t>();
      const auto size = in.get<std::uint32_t>();
      in.require(delay > before && delay <= kMostDelay && size != 0, "a row is out of order");
      before = delay;
      block.parts.push_back({static_cast<std::uint32_t>(synapses), delay});
      synapses += size;
      in.require(synapses <= 0xFFFFFFFFU, "a block has too many synapses");
    }
  }
  block.row_parts.push_back(static_cast<std::uint32_t>(block.parts.size()));
  block.parts.push_back({static_cast<std::uint32_t>(synapses), 0});
}

template <class Word>
void check_rows(const SectionReader& in, const NetworkData& network, NeuronId first,
                const RowBlock& block, const platform::ArenaVector<Word>& synapses) {
  for (std::size_t row = 0; row + 1 < block.row_parts.size(); ++row) {
    for (std::uint32_t p = block.row_parts[row]; p < block.row_parts[row + 1U]; ++p) {
      const std::uint32_t begin = block.parts[p].begin;
      check_row(in, network, static_cast<NeuronId>(first + row),
                std::span(synapses).subspan(begin, block.parts[p + 1U].begin - begin));
    }
  }
}

std::shared_ptr<RowBlock> read_block(SectionReader& in, const NetworkData& network, NeuronId first,
                                     std::uint32_t rows,
                                     const std::shared_ptr<platform::Arena>& arena) {
  auto block = std::make_shared<RowBlock>(arena);
  const bool wide = get_flag(in);
  read_parts(in, *block, rows);
  const std::uint32_t synapses = block->parts.back().begin;
  if (wide) {
    in.get_all(block->wide, synapses);
    check_rows(in, network, first, *block, block->wide);
  } else {
    in.get_all(block->compact, synapses);
    check_rows(in, network, first, *block, block->compact);
  }
  return block;
}

/// Kinds and rows as version 1 wrote them: delays stood with the kinds.
class FirstVersion {
 public:
  FirstVersion(SectionReader& in, NetworkData& network) : in_(in), network_(network) {}

  void read_kinds() {
    in_.begin("kinds");
    const auto count = in_.get<std::uint32_t>();
    KindTable table(network_);
    for (std::uint32_t i = 0; i < count; ++i) {
      KindFacts facts = get_kind(in_);
      const auto delay = in_.get<std::uint32_t>();
      finish_kind(in_, facts);
      in_.require(delay >= 1 && delay <= kMostDelay, "a kind of synapse is out of range");
      kinds_.push_back({table.code_of(facts), delay});
    }
  }
  std::shared_ptr<RowBlock> read_block(NeuronId first, std::uint32_t rows,
                                       const std::shared_ptr<platform::Arena>& arena) {
    const bool wide = get_flag(in_);
    const std::vector<std::uint32_t> degrees = in_.get_all<std::uint32_t>(rows);
    BlockWriter writer;
    for (std::uint32_t row = 0; row < rows; ++row) {
      if (wide) {
        for (const std::uint64_t synapse : in_.get_all<std::uint64_t>(degrees[row])) {
          add(writer, first + row, post_of(synapse), code_of(synapse));
        }
      } else {
        for (const std::uint32_t synapse : in_.get_all<std::uint32_t>(degrees[row])) {
          add(writer, first + row, post_of(synapse), kind_of(synapse));
        }
      }
      writer.end_row();
      last_ = {};
    }
    return writer.finish(arena);
  }

 private:
  struct Kind {
    std::uint32_t code = 0, delay = 0;
  };
  struct Place {
    std::uint32_t delay = 0, post = 0;
    auto operator<=>(const Place&) const = default;
  };

  void add(BlockWriter& writer, NeuronId pre, std::uint32_t post, std::uint32_t number) {
    in_.require(post < network_.target_count && number < kinds_.size(),
                "a synapse leaves the network");
    const auto [code, delay] = kinds_[number];
    in_.require(is_kind(code) || may_have_weights(network_, pre), "a synapse leaves the network");
    const Place place{delay, post};
    in_.require(place >= last_, "a row is out of order");
    last_ = place;
    writer.add(post, code, delay);
  }

  SectionReader& in_;
  NetworkData& network_;
  std::vector<Kind> kinds_;
  Place last_;
};

template <class ReadBlock>
void read_blocks(SectionReader& in, NetworkData& network, const char* section,
                 ReadBlock read_block) {
  in.begin(section);
  const std::uint32_t rows = 1U << network.block_shift;
  const auto arena = std::make_shared<platform::Arena>();
  for (std::uint64_t first = 0; first < network.neuron_count; first += rows) {
    auto block = read_block(
        static_cast<NeuronId>(first),
        static_cast<std::uint32_t>(std::min<std::uint64_t>(rows, network.neuron_count - first)),
        arena);
    count_block(network, *block, true);
    network.blocks.edit().push_back(std::move(block));
  }
}

}  // namespace

void write_synapses(SectionWriter& out, const NetworkData& network) {
  out.begin("charges");
  out.put(static_cast<std::uint32_t>(network.kinds.size()));
  for (const SynapseKind& kind : network.kinds) {
    out.put(kind.weight);
    out.put(kind.psp);
    out.put(kind.divisor);
    out.put(std::uint8_t{is_driven(kind)});
  }
  out.begin("rows");
  std::vector<std::uint32_t> words;
  for (const auto& block : network.blocks) {
    words.clear();
    for (std::size_t row = 0; row + 1 < block->row_parts.size(); ++row) {
      words.push_back(block->row_parts[row + 1] - block->row_parts[row]);
    }
    for (std::size_t p = 0; p + 1 < block->parts.size(); ++p) {
      words.push_back(block->parts[p].delay);
      words.push_back(block->parts[p + 1].begin - block->parts[p].begin);
    }
    out.put(std::uint8_t{!block->wide.empty()});
    out.put_all(words);
    out.put_all(block->compact);
    out.put_all(block->wide);
  }
}

void read_synapses(SectionReader& in, NetworkData& network) {
  if (in.next() == "kinds") {
    FirstVersion first_version(in, network);
    first_version.read_kinds();
    read_blocks(in, network, "synapses",
                [&](NeuronId first, std::uint32_t rows, const auto& arena) {
                  return first_version.read_block(first, rows, arena);
                });
    return;
  }
  read_kinds(in, network);
  read_blocks(in, network, "rows", [&](NeuronId first, std::uint32_t rows, const auto& arena) {
    return read_block(in, network, first, rows, arena);
  });
}

}  // namespace rheobase::checkpoint
