// SPDX-License-Identifier: Apache-2.0
#include "definition/find_built_in.h"

#include "platform/nearest.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase::language {

std::string_view find_built_in(std::span<const BuiltIn> all, std::string_view name,
                               std::string_view kind) {
  std::vector<std::string_view> known;
  std::string list;
  for (const auto& [own, text] : all) {
    if (own == name) {
      return text;
    }
    known.push_back(own);
    list += (list.empty() ? "" : ", ") + std::string(own);
  }
  const std::string_view like = nearest(name, known);
  throw Error(ErrorCode::invalid_argument,
              "no " + std::string(kind) + " is called " + quoted_name(name) + " (there are " +
                  list + "). " +
                  (like.empty() ? "Take one of these, or give the text of your own."
                                : "Did you mean " + quoted_name(like) + "?"));
}

std::vector<std::string> names_of_built_in(std::span<const BuiltIn> all) {
  std::vector<std::string> names;
  for (const auto& [name, text] : all) {
    names.emplace_back(name);
  }
  return names;
}

}  // namespace rheobase::language
