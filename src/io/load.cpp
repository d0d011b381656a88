// SPDX-License-Identifier: Apache-2.0
#include "rheobase/load.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "io/checkpoint/checkpoint.h"
#include "io/genome/area.h"
#include "io/genome/document.h"
#include "io/genome/grow.h"
#include "io/genome/mapping_rule.h"
#include "io/genome/write.h"
#include "io/json_text.h"
#include "io/recipe.h"
#include "io/text_file.h"
#include "io/what_is.h"
#include "platform/interrupt.h"
#include "platform/nearest.h"
#include "platform/output_file.h"
#include "rheobase/checkpoint.h"
#include "rheobase/genome.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

/// Keys below which whole genomes stand, as databases of genomes have them.
std::vector<std::string> genomes_within(const Json& root) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : root.items()) {
    // signatures have a blueprint too, as a text
    const auto holds = [](const Json& tree) {
      return genome::is_genome(tree) && tree["blueprint"].is_object();
    };
    if (holds(value)) {
      keys.push_back(key);
    } else if (value.is_object() && value.contains("properties") && holds(value["properties"])) {
      keys.push_back(key + ".properties");
    }
  }
  return keys;
}

[[noreturn]] void refuse_unknown(const std::string& path, const Json& root) {
  const auto format = root.is_object() ? root.find("format") : root.end();
  if (format != root.end() && *format == "rheobase-run") {
    throw Error(ErrorCode::invalid_file,
                path +
                    ": not a brain (it is the run.json of a run). Run it again with "
                    "`rheobase rerun`.");
  }
  if (root.is_object()) {
    if (const std::vector<std::string> keys = genomes_within(root); !keys.empty()) {
      throw Error(ErrorCode::invalid_file,
                  path + ": holds " + number_text(keys.size()) +
                      (keys.size() == 1 ? " genome" : " genomes") +
                      " below a key, the first below " + quoted_name(keys.front()) +
                      " (a file is one genome). Save one of them in a file of its own.");
    }
    // one letter wrong in the key that tells a genome
    static constexpr std::array<std::string_view, 1> kTelling{"blueprint"};
    for (const auto& [key, value] : root.items()) {
      if (!nearest(key, kTelling).empty()) {
        throw Error(ErrorCode::invalid_file,
                    path + ": not a brain (it has the key " + quoted_name(key) +
                        ", but no \"blueprint\", which a FEAGI genome has). Correct the key.");
      }
    }
  }
  throw Error(ErrorCode::invalid_file,
              path + ": not a brain (it is " + kind_of(root) +
                  " without \"blueprint\", which a FEAGI genome has, and without \"format\": "
                  "\"rheobase-network\"). Name a genome or a network recipe.");
}

std::string extension_of(const std::string& path) {
  std::string extension = std::filesystem::path(path).extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return extension;
}

void check_options(const std::string& path, const LoadOptions& options) {
  if (options.strict && options.skip_broken) {
    throw Error(
        ErrorCode::invalid_argument,
        path +
            ": strict and skip-broken exclude each other (FEAGI leaves nothing out). Choose "
            "one.");
  }
}

/// Reads all areas and mappings, so that a broken genome is refused before anything is written.
void check_genome(const genome::Document& document, const std::string& path) {
  genome::Reading check;
  check.path = path;
  for (const genome::AreaRecord& area : document.areas) {
    (void)genome::read_area(area, check);
    (void)genome::read_mappings(area, document, check);
  }
}

}  // namespace

Brain load(const std::string& path, const LoadOptions& options) {
  const platform::Stoppable stoppable(options.stop);
  check_options(path, options);
  const std::string bytes = read_text_file(path);  // once: it may be a pipe
  if (checkpoint::is_checkpoint(bytes)) {
    if (options.quantum_bits) {
      throw Error(ErrorCode::invalid_argument,
                  path +
                      " is a checkpoint, whose charges are counted (quantum_bits cannot be "
                      "another). Load the brain that it was made from.");
    }
    checkpoint::NetworkAlone read = checkpoint::read_network_alone(bytes, path);
    const std::string burst = number_text(read.burst);
    return {std::move(read.network),
            {"rheobase checkpoint 1",
             "",
             {{ImportNote::Kind::ignored, "state",
               "of burst " + burst + " (only the network was asked for; `rheobase run --resume` " +
                   "goes on from the state)"}}}};
  }
  refuse_other_kinds(path, bytes, FileKind::json, kWantedBrain);
  return load_text(bytes, path, options);
}

Brain load_text(const std::string& bytes, const std::string& path, const LoadOptions& options) {
  const platform::Stoppable stoppable(options.stop);
  check_options(path, options);
  Json root = parse_json(bytes, path);
  if (recipe::is_recipe(root)) {
    return recipe::build(root, path, options);
  }
  if (!genome::is_genome(root)) {
    refuse_unknown(path, root);
  }
  if (options.semantics == Semantics::plain) {
    throw Error(ErrorCode::invalid_argument,
                path +
                    ": a genome cannot be read with the semantics plain (it lacks FEAGI's rules). "
                    "Choose a feagi profile.");
  }
  genome::Reading reading;
  reading.path = path;
  reading.semantics = options.semantics;
  reading.strict = options.strict;
  reading.skip_broken = options.skip_broken;
  const genome::Document document = genome::read_document(std::move(root), reading);
  return genome::grow(document, reading, options);
}

std::string current_genome(const std::string& bytes, const std::string& name) {
  Json root = parse_json(bytes, name);
  if (recipe::is_recipe(root)) {
    throw Error(
        ErrorCode::invalid_file,
        name + " is a network recipe (a FEAGI genome was expected). `rheobase run` takes it.");
  }
  if (!genome::is_genome(root)) {
    refuse_unknown(name, root);
  }
  genome::Reading reading;
  reading.path = name;
  const genome::Document document = genome::read_document(std::move(root), reading);
  check_genome(document, name);
  return json_text(genome::current_form(document, reading));
}

ImportReport convert(const std::string& in, const std::string& out) {
  const std::string extension = extension_of(out);
  Json root = read_json_file(in, kWantedBrain);
  if (recipe::is_recipe(root)) {
    if (extension != ".json") {
      throw Error(ErrorCode::invalid_argument,
                  "cannot write the network recipe " + in + " as " + out +
                      " (recipes are written as .json). Choose that extension.");
    }
    ImportReport report = recipe::check(root, in);
    platform::replace_file(out, json_text(root));
    return report;
  }
  if (!genome::is_genome(root)) {
    refuse_unknown(in, root);
  }
  if (extension != ".genome" && extension != ".json") {
    throw Error(ErrorCode::invalid_argument,
                "cannot write the genome " + in + " as " + out +
                    " (genomes are written as .genome or .json). Choose one of the two.");
  }
  genome::Reading reading;
  reading.path = in;
  const genome::Document document = genome::read_document(std::move(root), reading);
  check_genome(document, in);
  const Json written = genome::current_form(document, reading);
  platform::replace_file(out, json_text(written));
  return {document.format, document.title, reading.notes};
}

}  // namespace rheobase
