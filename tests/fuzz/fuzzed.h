// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the fuzzers share.
#pragma once

#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <new>
#include <string>

#include "rheobase/engine.h"
#include "rheobase/error.h"

namespace rheobase::test {

/// The bytes as a file, always the same one of an ending.
inline std::string file_of(const std::uint8_t* data, std::size_t size,
                           const std::string& ending = "") {
  static const std::string stem = (access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp") +
                                  std::string("/rheobase-fuzz-") + std::to_string(getpid());
  const std::string path = stem + ending;
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  return path;
}

/// Runs it; an Error must read as sentences, anything else that is thrown is a finding.
template <class Work>
void only_errors(Work work) {
  try {
    work();
  } catch (const Error& error) {
    const std::string said = error.what();
    if (said.size() < 10 || (said.back() != '.' && said.back() != '?')) {
      std::cerr << "no sentence: " << said << "\n";
      std::abort();
    }
  }
}

/// Whatever was accepted must run.
inline void run_a_little(Engine& engine) {
  if (engine.network().neuron_count() < 5000 && engine.network().synapse_count() < 50000) {
    engine.run(4);
  }
}

}  // namespace rheobase::test
