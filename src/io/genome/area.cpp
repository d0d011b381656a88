// SPDX-License-Identifier: Apache-2.0
#include "io/genome/area.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "rheobase/text.h"

namespace rheobase::genome {
namespace {

/// Typed access to the genes of one area.
class GeneReader {
 public:
  GeneReader(const AreaRecord& record, Reading& reading)
      : record_(record), reading_(reading), where_(record.where()) {}

  [[nodiscard]] const std::string& where() const { return where_; }
  /// FEAGI knows a gene by one type letter only; `snooze` alone has two in files of its own making.
  [[nodiscard]] const Json* find(std::string_view stem) const {
    return reading_.ask(record_.find(stem, reading_.strict));
  }

  [[nodiscard]] double real(std::string_view stem, double fallback) const {
    const Json* value = find(stem);
    if (value == nullptr) {
      return fallback;
    }
    if (!value->is_number()) {
      wrong(stem, *value, "a number");
      return fallback;
    }
    if (std::fabs(value->get<double>()) > std::numeric_limits<float>::max()) {
      wrong(stem, *value, "a number within 32-bit floating point");
      return fallback;
    }
    return value->get<double>();
  }

  [[nodiscard]] bool flag(std::string_view stem, bool fallback) const {
    const Json* value = find(stem);
    if (value == nullptr) {
      return fallback;
    }
    if (!value->is_boolean()) {
      wrong(stem, *value, "true or false");
      return fallback;
    }
    return value->get<bool>();
  }

  [[nodiscard]] std::string text(std::string_view stem) const {
    const Json* value = find(stem);
    if (value == nullptr) {
      return {};
    }
    if (!value->is_string()) {
      wrong(stem, *value, "text");
      return {};
    }
    return value->get<std::string>();
  }

  /// A whole number >= 0; files write some of them as 4.0, which FEAGI itself refuses.
  [[nodiscard]] std::uint64_t count(std::string_view stem, std::uint64_t fallback) const {
    const Json* value = find(stem);
    if (value == nullptr) {
      return fallback;
    }
    if (value->is_number_unsigned() || (value->is_number_integer() && *value >= 0)) {
      return value->get<std::uint64_t>();
    }
    if (!reading_.strict && value->is_number_float()) {
      const auto number = value->get<double>();
      if (number >= 0 && number < 1e15 && number == std::floor(number)) {
        return static_cast<std::uint64_t>(number);
      }
    }
    wrong(stem, *value, "a whole number of at least 0");
    return fallback;
  }

  /// A counter of 16 bits. FEAGI drops the bits beyond.
  [[nodiscard]] std::uint16_t counter(std::string_view stem) const {
    const std::uint64_t value = count(stem, 0);
    if (value <= 65535) {
      return static_cast<std::uint16_t>(value);
    }
    const auto read = static_cast<std::uint16_t>(reading_.strict ? value & 65535U : 65535U);
    reading_.changed(where_, std::string(stem) + " is " + number_text(value) + "; read as " +
                                 number_text(read) + " (counters have 16 bits)");
    return read;
  }

 private:
  /// With skip_broken the gene has its default.
  void wrong(std::string_view stem, const Json& value, const char* expected) const {
    reading_.attempt([&] {
      reading_.refuse(where_, std::string(stem) + " is " + excerpt_of(value) + " (" + expected +
                                  " was expected). Correct it.");
    });
  }

  const AreaRecord& record_;
  Reading& reading_;
  std::string where_;
};

std::uint32_t axis_size(const GeneReader& genes, const char* stem, char axis, Reading& reading) {
  const std::uint64_t size = genes.count(stem, 1);
  if (size == 0) {
    if (reading.strict && reading.current()) {
      reading.changed(genes.where(), std::string("its size in ") + axis + " is 0; FEAGI reads 1");
      return 1;
    }
    reading.attempt([&] {
      reading.refuse(genes.where(), std::string("its size in ") + axis +
                                        " is 0 (an area has at least one voxel per axis). Give a "
                                        "size.");
    });
    return 1;
  }
  if (size > std::numeric_limits<std::uint32_t>::max()) {
    reading.refuse(genes.where(), std::string("its size in ") + axis + " is " + number_text(size) +
                                      " (more than 2^32 - 1 voxels). Make the area smaller.");
  }
  return static_cast<std::uint32_t>(size);
}

void read_size(AreaSpec& spec, const GeneReader& genes, Reading& reading) {
  spec.size = {axis_size(genes, "___bbx", 'x', reading), axis_size(genes, "___bby", 'y', reading),
               axis_size(genes, "___bbz", 'z', reading)};
  const std::uint64_t copies = genes.count("_n_cnt", 1);
  if (copies == 0) {
    reading.changed(genes.where(), "0 neurons per voxel; read as 1, as FEAGI does");
  }
  spec.neurons_per_voxel = static_cast<std::uint32_t>(
      std::clamp<std::uint64_t>(copies, 1, std::numeric_limits<std::uint32_t>::max()));
  const double neurons =
      static_cast<double>(spec.size.x) * spec.size.y * spec.size.z * spec.neurons_per_voxel;
  if (neurons > 4294967294.0) {
    reading.refuse(genes.where(),
                   "it has " + number_text(spec.size.x) + " x " + number_text(spec.size.y) + " x " +
                       number_text(spec.size.z) +
                       " voxels (a network holds at most 2^32 - 2 neurons). Make it smaller.");
  }
}

float read_leak(const GeneReader& genes, Reading& reading) {
  const double leak = genes.real("leak_c", 0.0);
  if (reading.strict || (leak >= 0.0 && leak <= 1.0)) {
    return static_cast<float>(leak);
  }
  const double clamped = std::clamp(leak, 0.0, 1.0);
  reading.changed(genes.where(), "leak is " + number_text(leak) + "; read as " +
                                     number_text(clamped) +
                                     " (a share of the potential lies in 0..1)");
  return static_cast<float>(clamped);
}

float read_excitability(const GeneReader& genes, const Reading& reading) {
  const double value = genes.real("excite", 1.0);
  if (reading.strict && !reading.current()) {
    return static_cast<float>(value);
  }
  // above 1 it is a percentage
  return static_cast<float>(std::clamp(value > 1.0 ? value / 100.0 : value, 0.0, 1.0));
}

/// FEAGI before 0.0.49 kept PSPs in eight bits.
float eight_bits(double value) {
  return static_cast<float>(std::floor(std::clamp(value, 0.0, 255.0)));
}

float read_psp(const GeneReader& genes, Reading& reading) {
  const double value = genes.real("pstcr_", 1.0);
  if (reading.current()) {
    return static_cast<float>(value);
  }
  const float psp = eight_bits(value);
  if (static_cast<double>(psp) != value) {
    reading.changed(genes.where(), "its PSP is " + number_text(value) + "; read as " +
                                       number_text(psp) + " (eight bits in this FEAGI)");
  }
  return psp;
}

std::string role_of(const CorticalId& id, const std::string& group, bool memory) {
  if (memory) {
    return "memory";
  }
  switch (id[0]) {
    case '_': return "core";
    case 'i': return "input";
    case 'o': return "output";
    default: break;
  }
  if (group == "IPU") {
    return "input";
  }
  return group == "OPU" ? "output" : "custom";
}

/// What FEAGI of October 2025 did not know: it always accumulates and sends the whole PSP.
void as_in_2025(AreaSpec& spec) {
  spec.params.accumulates = true;
  spec.params.threshold_limit = kNoLimit;
  spec.psp = {.uniform = true, .potential_driven = false};
}

}  // namespace

AreaValues read_area(const AreaRecord& record, Reading& reading) {
  const GeneReader genes(record, reading);
  AreaValues values;
  AreaSpec& spec = values.spec;
  const auto core = core_index(record.id);

  // who it is
  spec.file_id = base64_of(record.id);
  spec.name = genes.text("__name");
  if (spec.name.find_first_not_of(" \t") == std::string::npos) {
    if (reading.strict) {
      reading.refuse(genes.where(),
                     "it has no name (FEAGI refuses the file). Load without strict.");
    }
    spec.name = label_of(record.id);
    reading.changed(genes.where(), "it has no name; named after its id");
  }
  values.memory = genes.flag("memory", false) || genes.text("subgrp") == "MEMORY";
  spec.role = role_of(record.id, genes.text("_group"), values.memory);

  // its shape; FEAGI makes one neuron for a core area, whatever the file says
  read_size(spec, genes, reading);
  if (core && reading.strict && (spec.size != Voxel{1, 1, 1} || spec.neurons_per_voxel != 1)) {
    reading.changed(genes.where(), "FEAGI makes one neuron for a core area; its size is not used");
    spec.size = {1, 1, 1};
    spec.neurons_per_voxel = 1;
  }

  // its neurons
  NeuronParams& params = spec.params;
  params.threshold = static_cast<float>(genes.real("fire_t", 1.0));
  spec.threshold_gradient = {static_cast<float>(genes.real("ftincx", 0.0)),
                             static_cast<float>(genes.real("ftincy", 0.0)),
                             static_cast<float>(genes.real("ftincz", 0.0))};
  const double limit = genes.real("fthlim", 0.0);
  params.threshold_limit = limit == 0.0 ? kNoLimit : static_cast<float>(limit);
  params.leak = read_leak(genes, reading);
  params.excitability = read_excitability(genes, reading);
  if (core) {
    params.excitability = std::clamp(params.excitability, 0.0F, 1.0F);
  }
  params.refractory_period = genes.counter("refrac");
  params.fire_limit = genes.counter("c_fr_c");
  if (params.fire_limit == 65535) {
    params.fire_limit = 0;
  }
  params.snooze_period = genes.counter("snooze");
  params.accumulates = genes.flag("mp_acc", false);

  // its charge; power and memory areas send the whole PSP unless the file says otherwise
  const bool whole = reading.current() && ((core && *core == kPowerIndex) || values.memory);
  spec.psp.uniform = genes.flag("pspuni", whole);
  spec.psp.potential_driven = genes.flag("mp_psp", false);
  values.psp = read_psp(genes, reading);
  if (reading.semantics == Semantics::feagi_2025_10) {
    as_in_2025(spec);
  }

  // genes that wait for a part of FEAGI that is not simulated yet
  if (values.memory) {
    reading.ignored(genes.where(),
                    "a memory area: memory is not yet simulated; its voxels are grown "
                    "as ordinary neurons");
  }
  if (genes.real("de_gen", 0.0) != 0.0 && !(core && *core == kPowerIndex)) {
    reading.ignored(genes.where(), "degeneration is not yet simulated");
  }
  if (genes.flag("spktrn", false)) {
    reading.ignored(genes.where(), "spike trains are not yet simulated");
  }
  if (genes.flag("snhold", false)) {
    reading.ignored(genes.where(), "holding the last sensory frame is not yet simulated");
  }
  if (const Json* homeostat = genes.find("hmlk"); homeostat != nullptr && !homeostat->empty()) {
    reading.ignored(genes.where(), "the rate-modulated leak is not yet simulated");
  }
  if (const Json* list = genes.find("modls"); list != nullptr && !list->empty()) {
    reading.ignored(genes.where(), "its modulators are not yet simulated");
  }
  if (const double share = genes.real("synatt", 100.0); share != 100.0) {
    reading.ignored(genes.where(), "its synapse attractivity of " + number_text(share) +
                                       " % (FEAGI follows that of each rule)");
  }
  return values;
}

AreaValues core_template(std::size_t index, const Reading& reading) {
  AreaValues values;
  AreaSpec& spec = values.spec;
  CorticalId id;
  std::copy_n(kCoreAreas[index].bytes.begin(), id.size(), id.begin());
  spec.name = std::string(kCoreAreas[index].name);
  spec.file_id = base64_of(id);
  spec.role = "core";
  spec.params.threshold = 0.1F;
  spec.params.accumulates = false;
  spec.psp.uniform = true;
  values.psp = reading.current() ? 500.0F : eight_bits(500.0);
  if (reading.semantics == Semantics::feagi_2025_10) {
    as_in_2025(spec);
  }
  return values;
}

}  // namespace rheobase::genome
