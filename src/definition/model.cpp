// SPDX-License-Identifier: Apache-2.0
#include "rheobase/model.h"

#include "definition/built_in_models.h"
#include "definition/definition.h"
#include "definition/find_built_in.h"

namespace rheobase {

namespace {

const Definition& definition_of(const Model& model) {
  static const Definition none;
  return model.empty() ? none : *model.definition();
}

}  // namespace

Model Model::parse(std::string_view text, std::string_view where) {
  return Model(parse_definition(text, where));
}

Model Model::named(std::string_view name) {
  return parse(language::find_built_in(language::kBuiltInModels, name, "model"),
               "the model " + std::string(name));
}

std::vector<std::string> Model::names() {
  return language::names_of_built_in(language::kBuiltInModels);
}

const std::string& Model::name() const { return definition_of(*this).name; }
const std::string& Model::title() const { return definition_of(*this).title; }
const std::string& Model::text() const { return definition_of(*this).text; }

std::vector<ModelItem> Model::params() const {
  std::vector<ModelItem> items;
  for (const Definition::Parameter& p : definition_of(*this).parameters) {
    items.push_back({p.name, p.unit, p.meaning, p.value, p.lowest, p.highest});
  }
  return items;
}

std::vector<ModelItem> Model::states() const {
  std::vector<ModelItem> items;
  for (const Definition::State& s : definition_of(*this).states) {
    items.push_back({s.name, s.unit, s.meaning, 0.0, s.lowest, s.highest});
  }
  return items;
}

std::vector<ModelItem> Model::ports() const {
  std::vector<ModelItem> items;
  for (const Definition::Port& p : definition_of(*this).ports) {
    items.push_back({p.name, p.unit, p.meaning, 0.0, 0.0, 0.0});
  }
  return items;
}

}  // namespace rheobase
