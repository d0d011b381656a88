// SPDX-License-Identifier: Apache-2.0
#include "network/checked_area.h"

#include "network/canonical.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {

Area checked_area(AreaSpec spec, std::uint64_t neurons,
                  const std::function<bool(const std::string&)>& is_taken) {
  if (spec.name.empty()) {
    throw Error(ErrorCode::invalid_argument, "an area has no name. Give every area a name.");
  }
  const std::string where = "area " + quoted_name(spec.name);
  if (is_taken(spec.name)) {
    throw Error(ErrorCode::invalid_argument, where + " exists already. Area names must differ.");
  }
  if (spec.size.x == 0 || spec.size.y == 0 || spec.size.z == 0 || spec.neurons_per_voxel == 0) {
    throw Error(ErrorCode::invalid_argument,
                where + " has no neurons (size " + number_text(spec.size.x) + " x " +
                    number_text(spec.size.y) + " x " + number_text(spec.size.z) + ", " +
                    number_text(spec.neurons_per_voxel) +
                    " per voxel). Every axis must be at least 1.");
  }
  // sizes multiply in floating point first, so that nothing wraps
  constexpr double kMostNeurons = 4294967294.0;
  const double count =
      static_cast<double>(spec.size.x) * spec.size.y * spec.size.z * spec.neurons_per_voxel;
  if (count + static_cast<double>(neurons) > kMostNeurons) {
    throw Error(ErrorCode::out_of_range,
                where + " brings the network to more than 4294967294 neurons (" +
                    fixed_text(count, 0) + " in this area). Make it smaller.");
  }
  spec.params = canonical_params(spec.params, where);
  for (float& step : spec.threshold_gradient) {
    step = canonical_number(step, where + ": threshold gradient");
  }
  if (!spec.model.empty() &&
      (spec.threshold_gradient != std::array{0.0F, 0.0F, 0.0F} || !(spec.psp == PspMode{}))) {
    throw Error(ErrorCode::invalid_argument,
                where +
                    " has a model and a threshold gradient or a PSP mode of its own. Those are "
                    "of areas without a model.");
  }
  return {std::move(spec), static_cast<NeuronId>(neurons), static_cast<std::uint32_t>(count)};
}

}  // namespace rheobase
