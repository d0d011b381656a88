// SPDX-License-Identifier: Apache-2.0
/// \file
/// The genome beside the running network, in FEAGI's current form: what the server shows, changes
/// and saves. It knows keys and lists, never neurons.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "io/json_text.h"
#include "rheobase/error.h"

namespace rheobase::server {

/// A request names what the genome does not have.
class NoSuch : public Error {
 public:
  explicit NoSuch(const std::string& message) : Error(ErrorCode::invalid_argument, message) {}
};

using Place = std::array<std::int64_t, 3>;

/// An area of the genome.
class GenomeArea {
 public:
  std::string id;               ///< 12 characters of base64
  Json genes = Json::object();  ///< "cx-__name-t" -> value, in the order of the file

  [[nodiscard]] std::string name() const { return text("cx-__name-t"); }
  /// The first letter of the id: `_` core, `c` custom, `m` memory, `i` input, `o` output.
  [[nodiscard]] char kind() const;
  /// "CORE", "CUSTOM", "MEMORY", "IPU", "OPU".
  [[nodiscard]] std::string group() const;
  /// FEAGI's word for it: "core", "custom", "memory", "sensory", "motor".
  [[nodiscard]] std::string type() const;
  [[nodiscard]] Place size() const;
  [[nodiscard]] Place place() const;
  [[nodiscard]] std::array<std::int64_t, 2> place_2d() const;
  void set_size(const Place& size);
  void set_place(const Place& place);
  void set_place_2d(const std::array<std::int64_t, 2>& place);

  /// Values of genes; the fallback if there is none of that type.
  [[nodiscard]] double real(const std::string& gene, double fallback) const;
  [[nodiscard]] std::int64_t whole(const std::string& gene, std::int64_t fallback) const;
  [[nodiscard]] bool flag(const std::string& gene, bool fallback) const;
  [[nodiscard]] std::string text(const std::string& gene) const;
  /// Destination id -> list of rules. Empty if there is none.
  [[nodiscard]] const Json& mappings() const;
  [[nodiscard]] Json& mappings();
};

class Document {
 public:
  /// Of the text that `current_genome` gives. Core areas that FEAGI adds, and regions for areas
  /// that are in none, are added. \throws Error invalid_file.
  [[nodiscard]] static Document read(const std::string& text);
  /// A genome of the core areas alone.
  [[nodiscard]] static Document barebones();

  [[nodiscard]] std::string text() const;
  /// A genome of these areas alone, with the morphologies and the time step of this one.
  [[nodiscard]] Document excerpt(std::vector<GenomeArea> areas) const;

  [[nodiscard]] std::string title() const;
  /// Seconds of a burst.
  [[nodiscard]] double timestep() const;
  void set_timestep(double seconds);

  [[nodiscard]] const std::vector<GenomeArea>& areas() const { return areas_; }
  [[nodiscard]] std::vector<GenomeArea>& areas() { return areas_; }
  [[nodiscard]] const GenomeArea* find(std::string_view id) const;
  [[nodiscard]] GenomeArea* find(std::string_view id);
  /// \throws NoSuch.
  [[nodiscard]] GenomeArea& area(const std::string& id);
  /// A new area of that id in that region. \throws Error invalid_argument if there is one already.
  GenomeArea& add(const std::string& id, const std::string& name, const Place& size,
                  const std::string& region);
  /// With every mapping to it and its place in regions.
  void remove(const std::string& id);

  [[nodiscard]] Json& morphologies() { return root_["neuron_morphologies"]; }
  [[nodiscard]] const Json& morphologies() const { return root_.at("neuron_morphologies"); }
  [[nodiscard]] Json& regions() { return root_["brain_regions"]; }
  [[nodiscard]] const Json& regions() const { return root_.at("brain_regions"); }
  [[nodiscard]] const Json& root() const { return root_; }
  [[nodiscard]] std::string root_region() const;
  [[nodiscard]] std::string region_of(const std::string& area) const;
  /// \throws NoSuch if there is no such region.
  void move_to_region(const std::string& area, const std::string& region);
  /// \return its id.
  std::string add_region(const std::string& title, const std::string& parent);
  [[nodiscard]] static std::string parent_of(const Json& region);
  [[nodiscard]] static std::string title_of(const Json& region);

 private:
  void complete_core_areas();
  void complete_regions();

  Json root_ = Json::object();     ///< all but the blueprint
  Json foreign_ = Json::object();  ///< keys of the blueprint that are of no area
  std::vector<GenomeArea> areas_;
};

}  // namespace rheobase::server
