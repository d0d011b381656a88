// SPDX-License-Identifier: Apache-2.0
/// \file
/// How a genome is being read: which FEAGI, how strictly, and what has to be told about it.
#pragma once

#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "io/json_text.h"
#include "platform/nearest.h"
#include "rheobase/error.h"
#include "rheobase/load.h"
#include "rheobase/text.h"

namespace rheobase::genome {

/// A part of a genome that cannot be read, with the place apart from the problem.
struct Refused : Error {
  Refused(const std::string& file, std::string place, std::string what)
      : Error(ErrorCode::invalid_file, file + ": " + (place.empty() ? "" : place + ": ") + what),
        where(std::move(place)),
        problem(std::move(what)) {}
  std::string where, problem;
};

struct Reading {
  std::string path;
  Semantics semantics = Semantics::feagi_0_0_53;
  bool strict = false;
  bool skip_broken = false;
  std::vector<ImportNote> notes;
  /// The values of the document that were asked for, by address: all others are told at the end.
  std::unordered_set<const Json*> asked;

  /// The name that was probably meant; empty if none is like the text. A file of thousands of wrong
  /// keys gets no answer to the later ones.
  std::string_view like(std::string_view text, std::span<const std::string_view> names) {
    return ++suggestions <= 500 ? nearest(text, names) : std::string_view{};
  }
  int suggestions = 0;

  /// Marks a value of the document as read. \return the value; null stays null.
  const Json* ask(const Json* value) {
    if (value != nullptr) {
      asked.insert(value);
    }
    return value;
  }
  /// The value of a key, marked as read; null if it is missing or null.
  const Json* ask(const Json& object, const char* key) {
    const auto it = object.is_object() ? object.find(key) : object.end();
    return it == object.end() || it->is_null() ? nullptr : ask(&*it);
  }

  /// Genomes are read by the rules that FEAGI has had since 0.0.49.
  [[nodiscard]] bool current() const {
    return semantics == Semantics::feagi_0_0_53 || semantics == Semantics::feagi_0_0_49;
  }
  void note(ImportNote::Kind kind, const std::string& where, const std::string& message) {
    notes.push_back({kind, shown(where), shown(message)});
  }
  void changed(const std::string& where, const std::string& message) {
    note(ImportNote::Kind::changed, where, message);
  }
  void ignored(const std::string& where, const std::string& message) {
    note(ImportNote::Kind::ignored, where, message);
  }
  /// \throws Refused "path: where: problem".
  [[noreturn]] void refuse(const std::string& where, const std::string& problem) const {
    throw Refused(path, shown(where), shown(problem));
  }
  /// Reads a part of the genome that the rest can do without. With skip_broken, one that is refused
  /// is left out and reported; otherwise the error says that this could be had.
  /// \return false if it was left out.
  template <typename Part>
  bool attempt(const Part& part) {
    try {
      part();
      return true;
    } catch (const Refused& refused) {
      if (!skip_broken) {
        throw_with_hint(refused);
      }
      ignored(refused.where.empty() ? "genome" : refused.where, "left out: " + refused.problem);
      return false;
    }
  }

 private:
  [[noreturn]] void throw_with_hint(const Refused& refused) const {
    std::string text = refused.problem;
    if (strict || text.find("skip-broken") != std::string::npos) {
      throw refused;
    }
    // the hint follows the reason in brackets, or joins another hint
    const bool hinted = !text.ends_with(").");
    if (hinted && text.ends_with('.')) {
      text.pop_back();
    }
    throw Refused(path, refused.where,
                  text + (hinted ? ", or load with skip-broken to leave it out."
                                 : " Load with skip-broken to leave it out."));
  }
};

}  // namespace rheobase::genome
