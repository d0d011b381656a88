// SPDX-License-Identifier: Apache-2.0
#include "support/misspelt.h"

#include <algorithm>

#include "rheobase/error.h"
#include "rheobase/text.h"
#include "support/shared_data.h"

namespace rheobase::test {
namespace {

void collect(const GenomeJson& tree, std::vector<std::string>& path, std::vector<KeyPlace>& out) {
  if (!tree.is_structured()) {
    return;
  }
  for (const auto& [key, value] : tree.items()) {
    path.push_back(key);
    if (tree.is_object()) {
      out.push_back({path});
    }
    collect(value, path, out);
    path.pop_back();
  }
}

std::string misspelt(const std::string& key, std::uint32_t seed) {
  std::string text = key;
  const std::size_t at = key.empty() ? 0 : (seed / 4) % key.size();
  switch (seed % 4) {
    case 0: return text.insert(at, "q");
    case 1: return key.size() < 2 ? key + "q" : text.erase(at, 1);
    case 2: return key.empty() ? "q" : text.insert(at, 1, key[at]);
    default: break;
  }
  if (!key.empty()) {
    text[at] = text[at] == 'w' ? 'v' : 'w';
  }
  return text;
}

/// A number that no other file of this process has.
std::string wrong_number() {
  static std::uint32_t number = 0;
  return number_text(++number);
}

}  // namespace

std::vector<std::filesystem::path> genome_files() {
  std::vector<std::filesystem::path> files;
  if (const auto folder = genome_folder()) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(*folder)) {
      if (entry.path().extension() == ".json" || entry.path().extension() == ".genome") {
        files.push_back(entry.path());
      }
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<KeyPlace> key_places(const GenomeJson& tree) {
  std::vector<KeyPlace> places;
  std::vector<std::string> path;
  collect(tree, path, places);
  return places;
}

std::string misspell(GenomeJson& tree, const KeyPlace& place, std::uint32_t seed) {
  GenomeJson* object = &tree;
  for (std::size_t i = 0; i + 1 < place.path.size(); ++i) {
    object = object->is_array() ? &(*object)[std::stoul(place.path[i])] : &(*object)[place.path[i]];
  }
  const std::string& key = place.path.back();
  std::string wrong = misspelt(key, seed);
  if (wrong == key || object->contains(wrong)) {
    return "";
  }
  for (auto& [name, value] : object->get_ref<GenomeJson::object_t&>()) {
    if (name == key) {
      const_cast<std::string&>(name) = wrong;
      break;
    }
  }
  return wrong;
}

std::string unnamed_key(const GenomeJson& genome, const KeyPlace& place, std::uint32_t seed,
                        const TemporaryFolder& folder) {
  GenomeJson broken = genome;
  const std::string wrong = misspell(broken, place, seed);
  if (wrong.empty()) {
    return "";
  }
  // a file of its own each time: to write over one that exists waits for the disk
  const std::string path = folder.write("misspelt_" + wrong_number() + ".json", broken.dump());
  std::string told;
  try {
    const ImportReport report = load(path, {.threads = 1}).report;
    for (const ImportNote& note : report.notes) {
      told += note.where + ": " + note.message + "\n";
    }
  } catch (const Error& problem) {
    told = problem.what();
  }
  std::filesystem::remove(path);
  // long keys are shown by their first 80 characters
  const std::string expected = shown(wrong).substr(0, 70);
  return told.find(expected) == std::string::npos ? wrong : "";
}

}  // namespace rheobase::test
