// SPDX-License-Identifier: Apache-2.0
#include "io/checkpoint/synapse_sections.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "io/checkpoint/section_values.h"
#include "network/row_assembler.h"
#include "network/synapse_kinds.h"
#include "platform/arena.h"

namespace rheobase::checkpoint {
namespace {

void read_kinds(SectionReader& in, NetworkData& network) {
  in.begin("kinds");
  const auto count = in.get<std::uint32_t>();
  KindTable table(network);
  for (std::uint32_t i = 0; i < count; ++i) {
    const float weight = get_canonical(in);
    const float psp = get_canonical(in);
    const auto delay = in.get<std::uint32_t>();
    const auto divisor = in.get<std::uint32_t>();
    const bool driven = get_flag(in);
    in.require(delay >= 1 && delay <= kMostDelay && divisor >= 1,
               "a kind of synapse is out of range");
    in.require(table.find_or_add({weight, psp, delay}, divisor, driven) == i,
               "a kind of synapse comes twice");
  }
}

template <class Word>
void check_synapses(const SectionReader& in, const NetworkData& network,
                    const platform::ArenaVector<Word>& synapses) {
  for (const Word synapse : synapses) {
    in.require(post_of(synapse) < network.target_count && kind_of(synapse) < network.kinds.size(),
               "a synapse leaves the network");
  }
}

void read_block(SectionReader& in, NetworkData& network, std::uint32_t rows,
                const std::shared_ptr<platform::Arena>& arena) {
  auto block = std::make_shared<RowBlock>(arena);
  const bool wide = get_flag(in);
  std::vector<std::uint32_t> ends = in.get_all<std::uint32_t>(rows);
  std::uint64_t synapses = 0;
  for (std::uint32_t& end : ends) {
    synapses += end;
    in.require(synapses <= 0xFFFFFFFFU, "a block has too many synapses");
    end = static_cast<std::uint32_t>(synapses);
  }
  if (wide) {
    in.get_all(block->wide, synapses);
    check_synapses(in, network, block->wide);
  } else {
    in.get_all(block->compact, synapses);
    check_synapses(in, network, block->compact);
  }
  arrange_block(*block, ends, network.kinds.list());
  count_block(network, *block, true);
  network.blocks.edit().push_back(std::move(block));
}

}  // namespace

void write_synapses(SectionWriter& out, const NetworkData& network) {
  out.begin("kinds");
  out.put(static_cast<std::uint32_t>(network.kinds.size()));
  for (const SynapseKind& kind : network.kinds) {
    out.put(kind.weight);
    out.put(kind.psp);
    out.put(kind.delay);
    out.put(kind.divisor);
    out.put(std::uint8_t{is_driven(kind)});
  }
  out.begin("synapses");
  std::vector<std::uint32_t> degrees;
  for (const auto& block : network.blocks) {
    degrees.clear();
    for (std::size_t row = 0; row + 1 < block->row_parts.size(); ++row) {
      degrees.push_back(block->parts[block->row_parts[row + 1]].begin -
                        block->parts[block->row_parts[row]].begin);
    }
    out.put(std::uint8_t{!block->wide.empty()});
    out.put_all(degrees);
    out.put_all(block->compact);
    out.put_all(block->wide);
  }
}

void read_synapses(SectionReader& in, NetworkData& network) {
  read_kinds(in, network);
  in.begin("synapses");
  const std::uint32_t rows = 1U << network.block_shift;
  const auto arena = std::make_shared<platform::Arena>();
  for (std::uint64_t first = 0; first < network.neuron_count; first += rows) {
    read_block(
        in, network,
        static_cast<std::uint32_t>(std::min<std::uint64_t>(rows, network.neuron_count - first)),
        arena);
  }
}

}  // namespace rheobase::checkpoint
