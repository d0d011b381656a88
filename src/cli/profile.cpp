// SPDX-License-Identifier: Apache-2.0
#include "cli/profile.h"

#include <fmt/printf.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

namespace rheobase::cli {
namespace {

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

std::string profile_table(const std::vector<ProfileSpan>& spans) {
  if (spans.empty()) {
    return "this backend makes no profile; name one that runs by itself (not check)\n";
  }
  // of each part and burst, the time of the slowest lane
  std::vector<std::string> order;
  std::map<std::string, std::map<std::uint64_t, std::map<std::uint32_t, double>>> times;
  for (const ProfileSpan& span : spans) {
    if (!times.contains(span.name)) {
      order.push_back(span.name);
    }
    times[span.name][span.burst][span.lane] += span.us;
  }
  std::string text = "part       median us   share\n";
  std::vector<double> medians;
  double all = 0.0;
  for (const std::string& name : order) {
    std::vector<double> slowest;
    for (const auto& [burst, lanes] : times[name]) {
      double most = 0.0;
      for (const auto& [lane, us] : lanes) {
        most = std::max(most, us);
      }
      slowest.push_back(most);
    }
    medians.push_back(median(slowest));
    all += medians.back();
  }
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::string line = fmt::sprintf("%-8s %11.1f  %5.1f %%\n", order[i].c_str(), medians[i],
                                          100.0 * medians[i] / std::max(all, 1e-9));
    text += line;
  }
  return text;
}

std::string chrome_trace(const std::vector<ProfileSpan>& spans, const std::string& device) {
  double first = 0.0;
  if (!spans.empty()) {
    first = std::min_element(
                spans.begin(), spans.end(),
                [](const ProfileSpan& a, const ProfileSpan& b) { return a.begin_us < b.begin_us; })
                ->begin_us;
  }
  nlohmann::ordered_json events = nlohmann::ordered_json::array();
  events.push_back(
      {{"name", "process_name"}, {"ph", "M"}, {"pid", 1}, {"args", {{"name", device}}}});
  for (const ProfileSpan& span : spans) {
    events.push_back({{"name", span.name},
                      {"ph", "X"},
                      {"ts", span.begin_us - first},
                      {"dur", span.us},
                      {"pid", 1},
                      {"tid", span.lane},
                      {"args", {{"burst", span.burst}}}});
  }
  return nlohmann::ordered_json{{"displayTimeUnit", "ns"}, {"traceEvents", std::move(events)}}.dump(
             1) +
         "\n";
}

}  // namespace rheobase::cli
