// SPDX-License-Identifier: Apache-2.0
#include "rheobase/record.h"

#include <string>

#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

constexpr std::array<std::string_view, 4> kFields{"potential", "refractory_countdown", "fire_count",
                                                  "snooze_countdown"};
constexpr std::array<std::string_view, kBranchCount> kBranches{
    "candidate", "cancelled", "refractory", "snoozed", "limited", "above_limit",
    "vetoed",    "floored",   "forgot",     "clamped", "fired"};

}  // namespace

std::string_view name_of(Field field) { return kFields[static_cast<std::size_t>(field)]; }
std::string_view name_of(Branch branch) { return kBranches[static_cast<std::size_t>(branch)]; }

Field field_from_name(std::string_view name) {
  std::string known;
  for (std::size_t i = 0; i < kFields.size(); ++i) {
    if (kFields[i] == name) {
      return static_cast<Field>(i);
    }
    known += (known.empty() ? "" : ", ") + std::string(kFields[i]);
  }
  throw Error(ErrorCode::invalid_argument,
              "no state field is called " + quoted_name(name) + " (known: " + known + ").");
}

void MemorySink::write(const RecordBatch& batch) {
  all_.bursts.insert(all_.bursts.end(), batch.bursts.begin(), batch.bursts.end());
  const std::uint64_t offset = all_.spike_ids.size();
  all_.spike_ids.insert(all_.spike_ids.end(), batch.spike_ids.begin(), batch.spike_ids.end());
  for (std::size_t i = 1; i < batch.spike_begin.size(); ++i) {
    all_.spike_begin.push_back(offset + batch.spike_begin[i]);
  }
  if (all_.probes.size() < batch.probes.size()) {
    all_.probes.resize(batch.probes.size());
  }
  for (std::size_t i = 0; i < batch.probes.size(); ++i) {
    all_.probes[i].bursts.insert(all_.probes[i].bursts.end(), batch.probes[i].bursts.begin(),
                                 batch.probes[i].bursts.end());
    all_.probes[i].values.insert(all_.probes[i].values.end(), batch.probes[i].values.begin(),
                                 batch.probes[i].values.end());
  }
}

}  // namespace rheobase
