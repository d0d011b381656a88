// SPDX-License-Identifier: Apache-2.0
#include "definition/built_in_synapses.h"
#include "definition/find_built_in.h"
#include "definition/synapse_definition.h"
#include "rheobase/plasticity.h"

namespace rheobase {

namespace {

const SynapseDefinition& definition_of(const SynapseModel& model) {
  static const SynapseDefinition none;
  return model.empty() ? none : *model.definition();
}

}  // namespace

SynapseModel SynapseModel::parse(std::string_view text, std::string_view where) {
  return SynapseModel(parse_synapse(text, where));
}

SynapseModel SynapseModel::named(std::string_view name) {
  return parse(language::find_built_in(language::kBuiltInSynapses, name, "synapse"),
               "the synapse " + std::string(name));
}

std::vector<std::string> SynapseModel::names() {
  return language::names_of_built_in(language::kBuiltInSynapses);
}

const std::string& SynapseModel::name() const { return definition_of(*this).name; }
const std::string& SynapseModel::title() const { return definition_of(*this).title; }
const std::string& SynapseModel::text() const { return definition_of(*this).text; }

std::vector<ModelItem> SynapseModel::params() const {
  std::vector<ModelItem> items;
  for (std::size_t i = 0; !empty() && i < definition_->parameters().size(); ++i) {
    const Definition::Parameter& p = definition_->parameters()[i];
    items.push_back({p.name, p.unit, p.meaning, p.value, p.lowest, p.highest});
  }
  return items;
}

std::vector<ModelItem> SynapseModel::states() const {
  std::vector<ModelItem> items;
  for (std::size_t i = 0; !empty() && i < definition_->state_count(); ++i) {
    const Definition::State& s = definition_->on_post->states[i];
    items.push_back({s.name, s.unit, s.meaning, 0.0, s.lowest, s.highest});
  }
  return items;
}

std::vector<ModelItem> SynapseModel::traces() const {
  std::vector<ModelItem> items;
  for (const SynapseDefinition::Trace& t : definition_of(*this).traces) {
    items.push_back({t.name, t.of_post ? "post" : "pre", t.meaning, 0.0, 0.0, kLongAgo});
  }
  return items;
}

}  // namespace rheobase
