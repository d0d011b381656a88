// SPDX-License-Identifier: Apache-2.0
#include "network/network_hash.h"

#include <xxhash.h>

#include <bit>
#include <memory>
#include <new>
#include <vector>

#include "model/float_ops.h"

namespace rheobase {
namespace {

/// Little-endian words into xxHash64, so that the number is the same on every machine.
class Hasher {
 public:
  Hasher() : state_(XXH64_createState(), XXH64_freeState) {
    if (state_ == nullptr) {
      throw std::bad_alloc();
    }
    XXH64_reset(state_.get(), 0);
  }

  void put(std::uint64_t word) {
    for (unsigned shift = 0; shift < 64U; shift += 8U) {
      buffer_.push_back(static_cast<unsigned char>((word >> shift) & 255U));
    }
    if (buffer_.size() >= kBuffer) {
      flush();
    }
  }
  void put(float value) { put(std::uint64_t{model::bits_of(value)}); }
  void put(double value) { put(std::bit_cast<std::uint64_t>(value)); }

  std::uint64_t digest() {
    flush();
    return XXH64_digest(state_.get());
  }

 private:
  static constexpr std::size_t kBuffer = 1U << 16U;
  void flush() {
    XXH64_update(state_.get(), buffer_.data(), buffer_.size());
    buffer_.clear();
  }

  std::unique_ptr<XXH64_state_t, decltype(&XXH64_freeState)> state_;
  std::vector<unsigned char> buffer_;
};

}  // namespace

std::uint64_t step_hash(const model::StepProgram& step) {
  Hasher hasher;
  for (const model::Operation& o : step.operations) {
    hasher.put(static_cast<std::uint64_t>(o.op) | (std::uint64_t{o.word} << 32U));
    hasher.put(std::uint64_t{o.a} | (std::uint64_t{o.b} << 21U) | (std::uint64_t{o.c} << 42U));
  }
  for (const std::uint32_t place : step.next) {
    hasher.put(std::uint64_t{place});
  }
  hasher.put(std::uint64_t{step.fires});
  return hasher.digest();
}

std::uint64_t network_hash(const NetworkData& network) {
  Hasher hasher;
  hasher.put(network.dt_ms);
  hasher.put(std::uint64_t{network.step_rules} | (std::uint64_t{network.rules.rounded_psp} << 32U));
  hasher.put(std::uint64_t{network.charge.quantum_bits});
  hasher.put(std::uint64_t{network.neuron_count});
  for (NeuronId id = 0; id < network.neuron_count; ++id) {
    const NeuronParams& p = network.class_params[network.class_of[id]];
    const std::uint32_t flags = network.classes[network.class_of[id]].flags;
    for (const float value :
         {p.v_rest, p.v_reset, p.threshold, p.threshold_limit, p.leak, p.excitability}) {
      hasher.put(value);
    }
    hasher.put(std::uint64_t{p.refractory_period} | (std::uint64_t{p.fire_limit} << 16U) |
               (std::uint64_t{p.snooze_period} << 32U) | (std::uint64_t{flags} << 48U));
    network.for_each_synapse(id, [&](std::uint32_t post, std::uint32_t code, std::uint32_t delay) {
      const SynapseKind kind = network.kind(code);
      hasher.put(std::uint64_t{post} | (std::uint64_t{delay} << 32U));
      hasher.put(std::uint64_t{model::bits_of(kind.weight)} |
                 (std::uint64_t{model::bits_of(kind.psp)} << 32U));
    });
  }
  for (const ModelArea& area : network.model_areas) {
    hasher.put(std::uint64_t{area.first} | (std::uint64_t{area.count} << 32U));
    hasher.put(step_hash(area.definition->step));
    for (const auto* columns : {&area.numbers->parameters, &area.numbers->initial}) {
      for (const std::vector<float>& column : *columns) {
        hasher.put(std::uint64_t{column.size()});
        for (const float number : column) {
          hasher.put(number);
        }
      }
    }
  }
  if (!network.first_potentials.empty()) {
    hasher.put(std::uint64_t{network.first_potentials.size()});
    for (const float potential : network.first_potentials) {
      hasher.put(potential);
    }
  }
  for (const LearningProjection& p : network.projections) {
    hasher.put(std::uint64_t{p.pre_first} | (std::uint64_t{p.pre_count} << 32U));
    hasher.put(std::uint64_t{p.post_first} | (std::uint64_t{p.post_count} << 32U));
    hasher.put(std::uint64_t{p.delay} | (std::uint64_t{p.port} << 32U) |
               (static_cast<std::uint64_t>(p.delay_in) << 56U));
    const SynapseDefinition& d = *p.definition;
    for (const auto& program :
         {d.on_pre, d.on_post, d.pre_now, d.post_now, d.pre_spike, d.post_spike}) {
      hasher.put(step_hash(program->step));
    }
    const ProjectionNumbers& n = *p.numbers;
    for (const auto* numbers :
         {&n.on_pre, &n.on_post, &n.pre_now, &n.post_now, &n.pre_spike, &n.post_spike}) {
      for (const float number : *numbers) {
        hasher.put(number);
      }
    }
    for (const std::vector<float>& column : n.initial) {
      hasher.put(std::uint64_t{column.size()});
      for (const float number : column) {
        hasher.put(number);
      }
    }
    for (const auto* places : {&p.rows->row_begin, &p.rows->post}) {
      for (const std::uint32_t place : *places) {
        hasher.put(std::uint64_t{place});
      }
    }
  }
  for (const Member& member : network.members) {
    hasher.put(std::uint64_t{member.first});
  }
  for (const Drive& d : network.drives) {
    hasher.put(std::uint64_t{d.first} | (std::uint64_t{d.count} << 32U));
    hasher.put(std::uint64_t{model::bits_of(d.amplitude)} |
               (static_cast<std::uint64_t>(d.kind) << 32U));
    hasher.put(d.rate_hz);
    // no port, no word: what it was before there were any
    hasher.put(std::uint64_t{d.stream} | (std::uint64_t{d.port} << 32U));
  }
  return hasher.digest();
}

}  // namespace rheobase
