// SPDX-License-Identifier: Apache-2.0
/// \file
/// Commands as a person types them, in a folder of their own.
#pragma once

#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "support/temporary_folder.h"

namespace rheobase::test {

inline std::string file_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// A folder for files and for what bash did there.
class Shell {
 public:
  struct Outcome {
    int code = -1;    ///< 128 + the signal that ended the last command
    std::string out;  ///< standard output
    std::string err;
  };

  /// In bash; `$R` is the program.
  [[nodiscard]] Outcome run(const std::string& command) const {
    const std::string script =
        said_.write("script", "export R='" RHEOBASE_PROGRAM "'\ncd '" + (folder_ / "") +
                                  "' || exit 99\n" + command);
    const int status = std::system(
        ("bash '" + script + "' >'" + (said_ / "out") + "' 2>'" + (said_ / "err") + "' </dev/null")
            .c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
            file_text(said_ / "out"), file_text(said_ / "err")};
  }
  [[nodiscard]] std::string operator/(const std::string& name) const { return folder_ / name; }
  [[nodiscard]] bool exists(const std::string& name) const {
    return std::filesystem::exists(folder_ / name);
  }
  void write(const std::string& name, const std::string& text) const { folder_.write(name, text); }
  [[nodiscard]] std::string text_of(const std::string& name) const {
    return file_text(folder_ / name);
  }

 private:
  TemporaryFolder folder_;
  TemporaryFolder said_;
};

/// One sentence of the program on standard error, and nothing else.
inline bool is_one_sentence(const std::string& err) {
  return err.starts_with("rheobase: ") && err.find('\n') == err.size() - 1;
}

}  // namespace rheobase::test
