// SPDX-License-Identifier: Apache-2.0
/// \file
/// How work deep inside a call hears that it is to stop.
#pragma once

#include <atomic>
#include <cstdint>

#include "rheobase/stop.h"

namespace rheobase::platform {

/// While it lives, `check_stop` on this thread asks `request`, which must outlive it.
class Stoppable {
 public:
  explicit Stoppable(const StopRequest& request);
  ~Stoppable();
  Stoppable(const Stoppable&) = delete;
  Stoppable& operator=(const Stoppable&) = delete;

 private:
  const StopRequest* former_;
};

/// While it lives, `check_stop` on this thread also looks at `flag`: so threads that share work
/// stop together.
class StopsWith {
 public:
  explicit StopsWith(const std::atomic<bool>& flag);
  ~StopsWith();
  StopsWith(const StopsWith&) = delete;
  StopsWith& operator=(const StopsWith&) = delete;

 private:
  const std::atomic<bool>* former_;
};

/// Called often by work that may take long; next to free where nobody may stop it. `work`: done
/// since the last call, in units of some nanoseconds; small ones do not look at the clock each
/// time. \throws Error interrupted, or what the request threw.
void check_stop(std::uint64_t work = ~std::uint64_t{0});

}  // namespace rheobase::platform
