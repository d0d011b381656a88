// SPDX-License-Identifier: Apache-2.0
/// \file
/// The one exception type of the library.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

#include "rheobase/export.h"
#include "rheobase/text.h"

namespace rheobase {

/// What kind of thing went wrong; the text of the error says the rest.
enum class ErrorCode {
  invalid_argument,  ///< a value that the caller gave is outside its documented range
  invalid_file,      ///< a file is damaged, of another format, or contradicts itself
  io,                ///< the operating system refused to read or write
  out_of_memory,     ///< more memory would be needed than there is
  out_of_range,      ///< a sum, count or size leaves the range the arithmetic can hold
  unavailable,       ///< a backend or feature cannot run on this machine
  device_lost,       ///< a GPU went away while it was in use
  difference,        ///< two backends that must agree did not
  interrupted,       ///< the caller asked to stop
};

/// Every failure of the library. The message reads "problem (reason). Hint." and is complete by
/// itself: it names the file, area, rule or parameter. It is one line that no terminal acts on,
/// whatever bytes a file or a name held that it quotes (`shown`).
class RHEOBASE_API Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message)
      : std::runtime_error(shown(message)), code_(code) {}
  [[nodiscard]] ErrorCode code() const noexcept { return code_; }

 private:
  ErrorCode code_;
};

/// ErrorCode::difference, and where it was.
class RHEOBASE_API Difference : public Error {
 public:
  Difference(const std::string& message, std::uint64_t burst, std::optional<std::uint32_t> neuron)
      : Error(ErrorCode::difference, message), burst_(burst), neuron_(neuron) {}
  [[nodiscard]] std::uint64_t burst() const noexcept { return burst_; }
  /// The first neuron that differs; none if sums over all neurons did.
  [[nodiscard]] std::optional<std::uint32_t> neuron() const noexcept { return neuron_; }

 private:
  std::uint64_t burst_;
  std::optional<std::uint32_t> neuron_;
};

}  // namespace rheobase
