// SPDX-License-Identifier: Apache-2.0
#include "io/json_text.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "io/text_file.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

constexpr std::size_t kDeepest = 200;

/// Builds the tree from the parser's events. Keys are checked against a set per open object, so
/// that a large object costs linear time.
class TreeBuilder final : public nlohmann::json_sax<Json> {
 public:
  TreeBuilder(const std::string& text, const std::string& path) : text_(text), path_(path) {}

  Json take() { return std::move(root_); }

  bool null() override { return place(nullptr); }
  bool boolean(bool value) override { return place(value); }
  bool number_integer(number_integer_t value) override { return place(value); }
  bool number_unsigned(number_unsigned_t value) override { return place(value); }
  bool number_float(number_float_t value, const string_t&) override { return place(value); }
  bool string(string_t& value) override { return place(std::move(value)); }
  bool binary(binary_t&) override { return false; }

  bool start_object(std::size_t) override { return open(Json::object()); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_array() override { return close(); }

  bool key(string_t& value) override {
    if (!open_.back().keys.insert(value).second) {
      throw Error(ErrorCode::invalid_file,
                  path_ + ": the key " + quoted_name(value) + " stands twice" +
                      (open_.size() > 1 ? " in " + quoted_name(label())
                                        : std::string(" at the top level")) +
                      " (only one of the two values could be meant). Remove one.");
    }
    open_.back().key = value;
    return true;
  }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception& problem) override {
    // line and column of the byte at which the parser gave up
    const std::size_t end = std::min(position > 0 ? position - 1 : 0, text_.size());
    const std::string_view before = std::string_view(text_).substr(0, end);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const std::size_t line_start = before.rfind('\n');
    const std::size_t column =
        end - (line_start == std::string_view::npos ? 0 : line_start + 1) + 1;
    const std::string where =
        path_ + ", line " + number_text(line) + ", column " + number_text(column);
    if (text_.find_first_not_of(" \t\r\n") == std::string::npos) {
      throw Error(ErrorCode::invalid_file, path_ + " is empty (a JSON object was expected).");
    }
    if (problem.id == 406) {
      throw Error(
          ErrorCode::invalid_file,
          path_ + ": a number is too large (it lies beyond 64-bit floating point). Correct it.");
    }
    if (end >= text_.find_last_not_of(" \t\r\n") + 1) {
      throw Error(ErrorCode::invalid_file,
                  where + ": it ends too early (truncated JSON). Get a complete copy.");
    }
    throw Error(ErrorCode::invalid_file, where + ": not valid JSON (near " + near(end) +
                                             "). JSON knows no NaN, comments or "
                                             "trailing commas.");
  }

 private:
  struct Open {
    Json value;
    std::string key;
    std::unordered_set<std::string> keys;
  };

  bool place(Json value) {
    if (open_.empty()) {
      root_ = std::move(value);
      return true;
    }
    Open& parent = open_.back();
    if (parent.value.is_object()) {
      // the key is known to be new, so it need not be looked for
      parent.value.get_ref<Json::object_t&>().emplace_back(parent.key, std::move(value));
    } else {
      parent.value.push_back(std::move(value));
    }
    return true;
  }

  bool open(Json container) {
    if (open_.size() == kDeepest) {
      throw Error(ErrorCode::invalid_file,
                  path_ + ": values are nested deeper than " + number_text(kDeepest) + " levels.");
    }
    open_.push_back({std::move(container), {}, {}});
    return true;
  }

  bool close() {
    Json done = std::move(open_.back().value);
    open_.pop_back();
    return place(std::move(done));
  }

  /// Keys that lead to the open object, joined by dots.
  [[nodiscard]] std::string label() const {
    std::string path;
    for (std::size_t i = 0; i + 1 < open_.size(); ++i) {
      if (!open_[i].key.empty()) {
        path += (path.empty() ? "" : ".") + open_[i].key;
      }
    }
    return path;
  }

  [[nodiscard]] std::string near(std::size_t end) const {
    return quoted_name(std::string_view(text_).substr(end, 16));
  }

  const std::string& text_;
  const std::string& path_;
  Json root_;
  std::vector<Open> open_;
};

}  // namespace

Json parse_json(const std::string& text, const std::string& path) {
  TreeBuilder builder(text, path);
  if (!Json::sax_parse(text, &builder)) {
    throw Error(ErrorCode::invalid_file, path + ": not valid JSON.");
  }
  return builder.take();
}

Json read_json_file(const std::string& path, const WantedFile& wanted) {
  const std::string bytes = read_text_file(path);
  refuse_other_kinds(path, bytes, FileKind::json, wanted);
  return parse_json(bytes, path);
}

std::string json_text(const Json& tree) {
  return tree.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::optional<std::uint64_t> whole_of(const Json& value, std::uint64_t least, std::uint64_t most) {
  std::uint64_t number = 0;
  if (value.is_number_unsigned()) {
    number = value.get<std::uint64_t>();
  } else if (value.is_number_float()) {
    const auto real = value.get<double>();
    if (!(real >= 0.0 && real < 0x1p64) || real != std::floor(real)) {
      return std::nullopt;
    }
    number = static_cast<std::uint64_t>(real);
  } else {
    return std::nullopt;
  }
  return number >= least && number <= most ? std::optional(number) : std::nullopt;
}

std::optional<std::int32_t> int32_of(const Json& value) {
  constexpr std::int64_t kFarthest = std::numeric_limits<std::int32_t>::max();
  // a comparison of the values themselves would turn integers above 2^63 negative
  if (!value.is_number_integer() ||
      (value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t{kFarthest})) {
    return std::nullopt;
  }
  const auto number = value.get<std::int64_t>();
  return number < -kFarthest ? std::nullopt : std::optional(static_cast<std::int32_t>(number));
}

std::string kind_of(const Json& value) {
  switch (value.type()) {
    case Json::value_t::null: return "null";
    case Json::value_t::boolean: return "true or false";
    case Json::value_t::string: return "text";
    case Json::value_t::array: return "an array";
    case Json::value_t::object: return "an object";
    case Json::value_t::number_float: return "a fraction";
    default: return "an integer";
  }
}

std::string excerpt_of(const Json& value) {
  return shown(value.dump(-1, ' ', false, Json::error_handler_t::replace), 60);
}

}  // namespace rheobase
