// SPDX-License-Identifier: Apache-2.0
#include "rheobase/load.h"

#include <algorithm>
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
#include "platform/interrupt.h"
#include "platform/output_file.h"
#include "rheobase/checkpoint.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

[[noreturn]] void refuse_unknown(const std::string& path, const Json& root) {
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

/// Reads all areas and mappings, so that a broken genome is refused before anything is written.
void check_genome(const genome::Document& document, const std::string& path) {
  genome::Reading check{
      .path = path, .semantics = Semantics::feagi_0_0_53, .strict = false, .notes = {}};
  for (const genome::AreaRecord& area : document.areas) {
    (void)genome::read_area(area, check);
    (void)genome::read_mappings(area, document, check);
  }
}

}  // namespace

Brain load(const std::string& path, const LoadOptions& options) {
  const platform::Stoppable stoppable(options.stop);
  const std::string bytes = read_text_file(path);  // once: it may be a pipe
  if (checkpoint::is_checkpoint(bytes)) {
    Checkpoint read = read_checkpoint(bytes, path);
    const std::string burst = number_text(read.state.burst);
    return {std::move(read.network),
            {"rheobase checkpoint 1",
             "",
             {{ImportNote::Kind::ignored, "state",
               "of burst " + burst + " (only the network was asked for; `rheobase run --resume` " +
                   "goes on from the state)"}}}};
  }
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
  genome::Reading reading{
      .path = path, .semantics = options.semantics, .strict = options.strict, .notes = {}};
  const genome::Document document = genome::read_document(std::move(root), reading);
  return genome::grow(document, reading, options);
}

ImportReport convert(const std::string& in, const std::string& out) {
  const std::string extension = extension_of(out);
  Json root = parse_json(read_text_file(in), in);
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
  genome::Reading reading{
      .path = in, .semantics = Semantics::feagi_0_0_53, .strict = false, .notes = {}};
  const genome::Document document = genome::read_document(std::move(root), reading);
  check_genome(document, in);
  const Json written = genome::current_form(document, reading);
  platform::replace_file(out, json_text(written));
  return {document.format, document.title, reading.notes};
}

}  // namespace rheobase
