// SPDX-License-Identifier: Apache-2.0
#include "backends/wgpu/tuning.h"

#include <charconv>
#include <limits>

#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase::wgpu {
namespace {

[[noreturn]] void refuse(std::string_view option, const std::string& possible) {
  throw Error(ErrorCode::invalid_argument,
              "option " + quoted_name(option) +
                  " of backend wgpu is not known (possible: " + possible + ").");
}

std::uint32_t number(std::string_view option, std::string_view text, std::uint32_t least,
                     std::uint32_t most, std::uint32_t step) {
  std::uint32_t value = 0;
  const auto [end, trouble] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (trouble != std::errc{} || end != text.data() + text.size() || value < least || value > most ||
      value % step != 0) {
    refuse(option, "a multiple of " + number_text(step) + " from " + number_text(least) + " to " +
                       number_text(most));
  }
  return value;
}

void set(Tuning& t, std::string_view option) {
  const std::size_t sign = option.find('=');
  const std::string_view key = option.substr(0, sign);
  const std::string_view value =
      sign == std::string_view::npos ? std::string_view{} : option.substr(sign + 1);
  if (key == "index") {
    if (value != "dense" && value != "hash") {
      refuse(option, "index=dense, index=hash");
    }
    t.index = value == "hash" ? Tuning::Index::hash : Tuning::Index::dense;
  } else if (key == "delivery") {
    if (value != "push" && value != "sweep") {
      refuse(option, "delivery=push, delivery=sweep");
    }
    t.delivery = value == "push" ? Tuning::Delivery::push : Tuning::Delivery::sweep;
  } else if (key == "sum") {
    if (value != "i64" && value != "pair") {
      refuse(option, "sum=i64, sum=pair");
    }
    t.sum = value == "i64" ? Tuning::Sum::i64 : Tuning::Sum::pair;
  } else if (key == "arithmetic") {
    if (value != "native" && value != "integer") {
      refuse(option, "arithmetic=native, arithmetic=integer");
    }
    t.arithmetic = value == "native" ? Tuning::Arithmetic::native : Tuning::Arithmetic::integer;
  } else if (key == "deliver_workgroup") {
    t.deliver_workgroup = number(option, value, 1, 256, 1);
  } else if (key == "deliver_groups") {
    t.deliver_groups = number(option, value, 1, 65535, 1);
  } else if (key == "update_workgroup") {
    t.update_workgroup = number(option, value, 32, 256, 32);
  } else if (key == "neurons_per_thread") {
    t.neurons_per_thread = number(option, value, 1, 4, 1);
  } else if (key == "team") {
    t.team = number(option, value, 8, 256, 8);
  } else if (key == "ahead") {
    if (value != "1" && value != "4") {
      refuse(option, "ahead=1, ahead=4");
    }
    t.ahead = value == "1" ? 1U : 4U;
  } else if (key == "long_row") {
    t.long_row = number(option, value, 1, 1U << 28U, 1);
  } else if (key == "shard_shift") {
    t.shard_shift = number(option, value, 4, 29, 1);
  } else if (key == "tile") {
    t.tile = number(option, value, 1, std::numeric_limits<std::uint32_t>::max(), 1);
  } else {
    refuse(option,
           "index, delivery, sum, arithmetic, deliver_workgroup, deliver_groups, "
           "update_workgroup, neurons_per_thread, team, ahead, long_row, shard_shift, tile");
  }
}

}  // namespace

Selection parse_selection(std::string_view text) {
  Selection selection;
  std::string_view adapter = text.substr(0, text.find('+'));
  std::string_view options =
      adapter.size() == text.size() ? std::string_view{} : text.substr(adapter.size() + 1);
  if (adapter.starts_with(':')) {
    adapter.remove_prefix(1);
  }
  selection.adapter = adapter;
  while (!options.empty()) {
    const std::string_view option = options.substr(0, options.find('+'));
    set(selection.tuning, option);
    options.remove_prefix(std::min(option.size() + 1, options.size()));
  }
  if (selection.tuning.tile != 0 && selection.tuning.delivery == Tuning::Delivery::sweep) {
    throw Error(ErrorCode::invalid_argument,
                "backend wgpu cannot deliver with tile= and delivery=sweep (a sweep takes all "
                "targets at once). Leave one of them out.");
  }
  return selection;
}

}  // namespace rheobase::wgpu
