// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "io/base64.h"
#include "server/document.h"

namespace rheobase::server {

char GenomeArea::kind() const {
  const auto bytes = bytes_of_base64(id);
  return bytes && !bytes->empty() ? bytes->front() : '\0';
}

std::string GenomeArea::group() const {
  switch (kind()) {
    case '_': return "CORE";
    case 'm': return "MEMORY";
    case 'i': return "IPU";
    case 'o': return "OPU";
    default: return "CUSTOM";
  }
}

std::string GenomeArea::type() const {
  switch (kind()) {
    case '_': return "core";
    case 'm': return "memory";
    case 'i': return "sensory";
    case 'o': return "motor";
    default: return "custom";
  }
}

Place GenomeArea::size() const {
  return {whole("cx-___bbx-i", 1), whole("cx-___bby-i", 1), whole("cx-___bbz-i", 1)};
}
Place GenomeArea::place() const {
  return {whole("cx-rcordx-i", 0), whole("cx-rcordy-i", 0), whole("cx-rcordz-i", 0)};
}
std::array<std::int64_t, 2> GenomeArea::place_2d() const {
  return {whole("cx-2dcorx-i", 0), whole("cx-2dcory-i", 0)};
}
void GenomeArea::set_size(const Place& size) {
  genes["cx-___bbx-i"] = size[0];
  genes["cx-___bby-i"] = size[1];
  genes["cx-___bbz-i"] = size[2];
}
void GenomeArea::set_place(const Place& place) {
  genes["cx-rcordx-i"] = place[0];
  genes["cx-rcordy-i"] = place[1];
  genes["cx-rcordz-i"] = place[2];
}
void GenomeArea::set_place_2d(const std::array<std::int64_t, 2>& place) {
  genes["cx-2dcorx-i"] = place[0];
  genes["cx-2dcory-i"] = place[1];
}

double GenomeArea::real(const std::string& gene, double fallback) const {
  const auto it = genes.find(gene);
  return it != genes.end() && it->is_number() ? it->get<double>() : fallback;
}

std::int64_t GenomeArea::whole(const std::string& gene, std::int64_t fallback) const {
  const auto it = genes.find(gene);
  if (it == genes.end() || !it->is_number()) {
    return fallback;
  }
  if (it->is_number_integer()) {
    return it->get<std::int64_t>();
  }
  constexpr double kMost = 1e15;
  const auto value = it->get<double>();
  return value > -kMost && value < kMost ? static_cast<std::int64_t>(value) : fallback;
}

bool GenomeArea::flag(const std::string& gene, bool fallback) const {
  const auto it = genes.find(gene);
  return it != genes.end() && it->is_boolean() ? it->get<bool>() : fallback;
}

std::string GenomeArea::text(const std::string& gene) const {
  const auto it = genes.find(gene);
  return it != genes.end() && it->is_string() ? it->get<std::string>() : "";
}

const Json& GenomeArea::mappings() const {
  static const Json kNone = Json::object();
  const auto it = genes.find("cx-dstmap-d");
  return it != genes.end() && it->is_object() ? *it : kNone;
}

Json& GenomeArea::mappings() {
  Json& table = genes["cx-dstmap-d"];
  if (!table.is_object()) {
    table = Json::object();
  }
  return table;
}

}  // namespace rheobase::server
