// SPDX-License-Identifier: Apache-2.0
#include "cli/stdio.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "cli/output.h"
#include "cli/stdio_line.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase::cli {
namespace {

using nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

/// Bursts between two looks at the clock.
constexpr std::uint64_t kSlice = 1000;

std::vector<Area> output_areas(const Network& network, std::vector<Area> areas) {
  if (areas.empty()) {
    const auto& all = network.areas();
    std::copy_if(all.begin(), all.end(), std::back_inserter(areas),
                 [](const Area& a) { return a.spec.role == "output"; });
    if (areas.empty()) {
      areas.assign(all.begin(), all.end());
    }
  }
  std::sort(areas.begin(), areas.end(),
            [](const Area& a, const Area& b) { return a.first < b.first; });
  areas.erase(std::unique(areas.begin(), areas.end(),
                          [](const Area& a, const Area& b) { return a.first == b.first; }),
              areas.end());
  return areas;
}

ordered_json greeting(const Engine& engine, const std::vector<Area>& outputs) {
  ordered_json hello = ordered_json::object();
  hello["protocol"] = "rheobase-stdio";
  hello["version"] = 1;
  hello["backend"] = engine.backend();
  hello["dt_ms"] = engine.network().dt_ms();
  hello["burst"] = engine.burst();
  hello["areas"] = ordered_json::array();
  for (const Area& area : engine.network().areas()) {
    const Voxel size = area.spec.size;
    hello["areas"].push_back({{"name", area.spec.name},
                              {"size", {size.x, size.y, size.z}},
                              {"neurons_per_voxel", area.spec.neurons_per_voxel},
                              {"first_neuron", area.first},
                              {"role", area.spec.role}});
  }
  hello["keys"] = {"input", "neurons", "pictures", "bursts", "hold",  "answer",
                   "why",   "fatigue", "quit",     "save",   "reset", "edit"};
  hello["outputs"] = ordered_json::array();
  for (const Area& area : outputs) {
    hello["outputs"].push_back(area.spec.name);
  }
  return hello;
}

/// One burst of a batch.
ordered_json answer(const Network& network, const std::vector<Area>& outputs,
                    const RecordBatch& batch, std::size_t b) {
  ordered_json told = ordered_json::object();
  told["burst"] = batch.bursts[b].burst;
  told["spikes"] = batch.bursts[b].spikes;
  told["fired"] = ordered_json::object();
  auto at = batch.spike_ids.begin() + static_cast<std::ptrdiff_t>(batch.spike_begin[b]);
  const auto end = batch.spike_ids.begin() + static_cast<std::ptrdiff_t>(batch.spike_begin[b + 1]);
  for (const Area& area : outputs) {
    ordered_json voxels = ordered_json::array();
    for (; at != end && *at - area.first < area.count; ++at) {
      const Voxel v = network.voxel_of(*at);
      voxels.push_back({v.x, v.y, v.z});
    }
    told["fired"][area.spec.name] = std::move(voxels);
  }
  return told;
}

/// How often the neurons of the outputs fired in some bursts, and what else is told of them.
class Counted {
 public:
  void add(const RecordBatch& batch) {
    for (const NeuronId id : batch.spike_ids) {
      ++counts_[id];
    }
    for (const BurstCounters& burst : batch.bursts) {
      spikes_ += burst.spikes;
      last_ = burst.burst;
      ++bursts_;
    }
  }
  [[nodiscard]] ordered_json told(const Network& network, const std::vector<Area>& outputs) const {
    ordered_json told = ordered_json::object();
    told["burst"] = last_;
    told["bursts"] = bursts_;
    told["spikes"] = spikes_;
    told["counts"] = ordered_json::object();
    for (const Area& area : outputs) {
      ordered_json voxels = ordered_json::array();
      for (auto at = counts_.lower_bound(area.first);
           at != counts_.end() && at->first - area.first < area.count; ++at) {
        const Voxel v = network.voxel_of(at->first);
        voxels.push_back({v.x, v.y, v.z, at->second});
      }
      told["counts"][area.spec.name] = std::move(voxels);
    }
    return told;
  }

 private:
  std::map<NeuronId, std::uint64_t> counts_;
  std::uint64_t last_ = 0, bursts_ = 0, spikes_ = 0;
};

class Session {
 public:
  Session(Engine& engine, const StdioOptions& options, std::ostream& out)
      : engine_(engine),
        options_(options),
        out_(out),
        outputs_(output_areas(engine.network(), options.outputs)),
        first_state_(engine.state()),
        first_fatigue_(engine.fatigue()),
        saved_burst_(engine.burst()) {
    RecordPlan plan;
    for (const Area& area : outputs_) {
      plan.spikes.push_back({area.first, area.count});
    }
    engine_.record(plan);
    run_options_.stop = &stop_run_;
    run_options_.batch = [this](const RecordBatch& batch) {
      if (wanted_ == Answer::all) {
        for (std::size_t b = 0; b < batch.bursts.size(); ++b) {
          tell(answer(engine_.network(), outputs_, batch, b));
        }
      } else if (wanted_ == Answer::last) {
        last_ = answer(engine_.network(), outputs_, batch, batch.bursts.size() - 1);
      } else {
        counted_.add(batch);
      }
      stop_run_ = must_stop();
    };
  }

  StdioEnd serve(const ByteSource& in) {
    tell(greeting(engine_, outputs_));
    out_.flush();
    LineReader lines(in, kMostLineBytes);
    bool goes_on = true;
    while (goes_on && !must_stop()) {
      std::string line;
      const LineReader::Got got = lines.next(line);
      goes_on = got != LineReader::Got::end;
      if (got == LineReader::Got::line || got == LineReader::Got::too_long) {
        ++number_;
        goes_on = got == LineReader::Got::line ? take(line) : refuse_long_line();
        out_.flush();
      }
      save_if_due();
    }
    options_.save();
    if (!out_) {
      return StdioEnd::unheard;
    }
    tell({{"ended", true},
          {"burst", engine_.burst()},
          {"signature", hex_text(engine_.signature())}});
    out_.flush();
    return stop_asked() ? StdioEnd::stopped : StdioEnd::ended;
  }

 private:
  [[nodiscard]] bool stop_asked() const {
    return options_.stop != nullptr && options_.stop->load();
  }
  [[nodiscard]] bool must_stop() const { return stop_asked() || !out_; }

  void tell(const ordered_json& j) {
    out_ << j.dump(-1, ' ', false, ordered_json::error_handler_t::replace) << "\n";
  }
  void tell_error(const std::string& what) { tell({{"error", what}, {"line", number_}}); }

  bool refuse_long_line() {
    tell_error("the line is longer than 16 MiB, and was passed over. Send its input in parts.");
    return true;
  }

  /// Does what a line says; false if it says quit.
  bool take(const std::string& line) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) {
      return true;
    }
    Wish wish;
    const bool fatigue = engine_.fatigue();
    try {
      wish = read_wish(engine_.network(), line);
      if (does_without_a_burst(wish)) {
        return true;
      }
      if (!wish.quit) {
        if (wish.fatigue.value_or(fatigue) != fatigue) {
          engine_.set_fatigue(!fatigue);
        }
        engine_.inject(wish.ids, wish.potentials, wish.ports);
      }
    } catch (const Error& error) {
      if (engine_.fatigue() != fatigue) {
        engine_.set_fatigue(fatigue);
      }
      tell_error(error.what());
      return true;
    }
    if (!wish.quit) {
      run(wish);
    }
    return !wish.quit;
  }

  /// Lines that run no burst. \throws Error, and then nothing was done.
  bool does_without_a_burst(const Wish& wish) {
    if (!wish.save.empty()) {
      engine_.save(wish.save);
      tell({{"saved", wish.save}, {"burst", engine_.burst()}});
    } else if (wish.reset) {
      engine_.set_state(first_state_);
      if (engine_.fatigue() != first_fatigue_) {
        engine_.set_fatigue(first_fatigue_);
      }
      tell({{"reset", true}, {"burst", engine_.burst()}});
    } else if (wish.edit) {
      engine_.edit(*wish.edit);
      tell({{"edited", wish.edit->operations().size()}, {"burst", engine_.burst()}});
    } else {
      return false;
    }
    return true;
  }

  void run(const Wish& wish) {
    wanted_ = wish.answer;
    counted_ = {};
    last_ = nullptr;
    if (wish.why) {
      const Explanation why = engine_.why(*wish.why);
      tell({{"why", *wish.why},
            {"burst", why.burst},
            {"fired", why.fired},
            {"text", why.text(engine_.network())}});
    }
    for (std::uint64_t left = wish.bursts; left > 0 && !must_stop();) {
      stop_run_ = false;
      const std::uint64_t now = wish.hold ? 1 : std::min(left, kSlice);
      engine_.run(now, run_options_);
      left -= now;
      if (wish.hold && left > 0) {
        engine_.inject(wish.ids, wish.potentials, wish.ports);
      }
      save_if_due();
    }
    if (wanted_ == Answer::counts) {
      tell(counted_.told(engine_.network(), outputs_));
    } else if (!last_.is_null()) {
      tell(last_);
    }
  }

  void save_if_due() {
    if (options_.save_seconds <= 0.0 || engine_.burst() == saved_burst_ ||
        std::chrono::duration<double>(Clock::now() - saved_).count() < options_.save_seconds) {
      return;
    }
    options_.save();
    saved_burst_ = engine_.burst();
    saved_ = Clock::now();
  }

  Engine& engine_;
  const StdioOptions& options_;
  std::ostream& out_;
  std::vector<Area> outputs_;
  State first_state_;
  bool first_fatigue_;
  RunOptions run_options_;
  Answer wanted_ = Answer::all;  ///< of the line at hand
  Counted counted_;
  ordered_json last_;
  std::atomic<bool> stop_run_{false};
  std::uint64_t number_ = 0;  ///< of the line at hand
  std::uint64_t saved_burst_;
  Clock::time_point saved_ = Clock::now();
};

}  // namespace

StdioEnd serve_lines(Engine& engine, const StdioOptions& options, const ByteSource& in,
                     std::ostream& out) {
  return Session(engine, options, out).serve(in);
}

}  // namespace rheobase::cli
