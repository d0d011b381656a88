// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/output.h"
#include "rheobase/error.h"
#include "rheobase/model.h"
#include "rheobase/plasticity.h"
#include "rheobase/text.h"

namespace rheobase::cli {
namespace {

/// No more of it than shows that it is too long: it may have no end.
std::string text_of_file(const std::string& path) {
  constexpr std::size_t kMost = std::size_t{1} << 20U;
  std::ifstream file(path, std::ios::binary);
  std::error_code trouble;
  if (!file || std::filesystem::is_directory(path, trouble)) {
    const bool there = std::filesystem::exists(path, trouble);
    throw Error(ErrorCode::io, "cannot read " + quoted_name(path) +
                                   (there ? " (it is a folder, or may not be read)."
                                          : " (there is no such file)."));
  }
  std::string text(kMost, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

void print_items(const char* kind, const std::vector<ModelItem>& items, bool with_value) {
  for (const ModelItem& item : items) {
    std::cout << "  " << kind << " " << item.name;
    if (with_value) {
      std::cout << " = " << number_text(item.value);
    }
    std::cout << (item.unit.empty() ? "" : " " + item.unit)
              << (item.meaning.empty() ? "" : "  " + shown(item.meaning)) << "\n";
  }
}

void print_ends(const Model& model) { print_items("port", model.ports(), false); }
void print_ends(const SynapseModel& synapse) {
  for (const ModelItem& trace : synapse.traces()) {
    std::cout << "  trace " << trace.name << " of " << trace.unit
              << (trace.meaning.empty() ? "" : "  " + shown(trace.meaning)) << "\n";
  }
}

template <class AnyModel>
void print_model(const AnyModel& model) {
  std::cout << model.name() << (model.title().empty() ? "" : ": " + shown(model.title())) << "\n";
  print_items("param", model.params(), true);
  print_items("state", model.states(), false);
  print_ends(model);
}

template <class AnyModel>
void print_list() {
  std::size_t width = 0;
  for (const std::string& each : AnyModel::names()) {
    width = std::max(width, each.size());
  }
  for (const std::string& each : AnyModel::names()) {
    std::cout << each << std::string(width + 2 - each.size(), ' ') << AnyModel::named(each).title()
              << "\n";
  }
}

/// What the help says of a kind of texts.
struct Words {
  const char *command, *about, *example, *show, *check, *file;
};

template <class AnyModel>
void add_texts(CLI::App& program, int& exit_code, const Words& words) {
  CLI::App* command = program.add_subcommand(words.command, words.about);
  command->require_subcommand(0, 1);
  command->footer(words.example);

  auto name = std::make_shared<std::string>();
  CLI::App* show = command->add_subcommand("show", words.show);
  show->add_option("name", *name, std::string("As `rheobase ") + words.command + "` lists it")
      ->required();
  show->callback([name, &exit_code] {
    std::cout << AnyModel::named(*name).text();
    exit_code = kDone;
  });

  auto path = std::make_shared<std::string>();
  CLI::App* check = command->add_subcommand("check", words.check);
  check->add_option("file", *path, words.file)->required();
  check->callback([path, &exit_code] {
    print_model(AnyModel::parse(text_of_file(*path), *path));
    exit_code = kDone;
  });

  command->callback([command, &exit_code] {
    if (command->get_subcommands().empty()) {
      print_list<AnyModel>();
      exit_code = kDone;
    }
  });
}

}  // namespace

void add_models(CLI::App& program, int& exit_code) {
  add_texts<Model>(
      program, exit_code,
      {"models", "Models of neurons that come with Rheobase; read one of your own",
       "Example: rheobase models show izhikevich", "The text of a model, to begin your own with",
       "Reads a model from a file and says what it has", "Text of a model (docs/models.md)"});
  add_texts<SynapseModel>(
      program, exit_code,
      {"synapses", "Rules by which synapses learn that come with Rheobase; read one of your own",
       "Example: rheobase synapses show stdp_additive",
       "The text of a rule, to begin your own with",
       "Reads a rule from a file and says what it has", "Text of a rule (docs/plasticity.md)"});
}

}  // namespace rheobase::cli
