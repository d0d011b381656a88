// SPDX-License-Identifier: Apache-2.0
#include "io/recipe.h"

#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "io/object_reader.h"
#include "io/recipe_part.h"
#include "io/recipe_rule.h"
#include "io/recipe_values.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase::recipe {
namespace {

constexpr std::uint64_t kMostNeurons = std::numeric_limits<std::uint32_t>::max();

/// Describes a recipe to a builder.
class RecipeReader {
 public:
  RecipeReader(const Json& root, const std::string& path, const LoadOptions& given)
      : path_(path), root_(root, path), options_(read_options(given)), builder_(options_) {
    report_.format = "rheobase network " + number_text(kVersion);
    report_.title = root_.text("title", "");
    (void)root_.text("description", "");
    each("populations", true,
         [&](const Json& entry, const std::string& place) { read_population(entry, place); });
    each("connections", false,
         [&](const Json& entry, const std::string& place) { read_connection(entry, place); });
    each("drives", false,
         [&](const Json& entry, const std::string& place) { read_drive(entry, place); });
    root_.finish();
  }

  NetworkBuilder& builder() { return builder_; }
  [[nodiscard]] const ImportReport& report() const { return report_; }

 private:
  NetworkOptions read_options(const LoadOptions& given) {
    (void)root_.text("format", std::nullopt);
    if (const Json& version = root_.need("version"); version != kVersion) {
      root_.refuse("version is " + excerpt_of(version) + " (the only known version is 1).");
    }
    NetworkOptions options;
    options.dt_ms = root_.real("dt_ms", std::nullopt);
    if (!(options.dt_ms > 0.0)) {
      root_.refuse("dt_ms is " + excerpt_of(root_.need("dt_ms")) + " (it must be above 0).");
    }
    options.wiring_seed =
        root_.count("wiring_seed", given.wiring_seed, 0, std::numeric_limits<std::uint64_t>::max());
    options.threads = given.threads;
    if (const Json* rules = root_.find("rules")) {
      options.rules = read_step_rules(*rules, path_ + ": rules");
    }
    if (root_.has("quantum_bits")) {
      options.quantum_bits =
          static_cast<std::uint32_t>(root_.count("quantum_bits", std::nullopt, 0, 40));
    }
    if (given.quantum_bits) {
      options.quantum_bits = given.quantum_bits;
    }
    return options;
  }

  template <typename Read>
  void each(const char* key, bool needed, Read read) {
    const Json* list = needed ? &root_.need(key) : root_.find(key);
    if (list == nullptr) {
      return;
    }
    if (!list->is_array()) {
      root_.refuse(std::string(key) + " is " + kind_of(*list) + " (an array was expected).");
    }
    for (std::size_t i = 0; i < list->size(); ++i) {
      const std::string place = path_ + ": " + key + "[" + number_text(i) + "]";
      try {
        read((*list)[i], place);
      } catch (const Error& problem) {
        // errors of the builder know no file
        const std::string text = problem.what();
        throw Error(problem.code(), text.starts_with(path_) ? text : place + ": " + text);
      }
    }
  }

  /// A time as a whole number of bursts.
  std::uint64_t bursts_of(const ObjectReader& reader, const char* key, double ms) const {
    const double bursts = ms / options_.dt_ms;
    const double whole = std::floor(bursts + 0.5);
    if (std::fabs(bursts - whole) > 1e-6 || whole < 0 || whole > 65535) {
      reader.refuse(std::string(key) + " is " + Json(ms).dump() + " ms (a multiple of dt_ms = " +
                    Json(options_.dt_ms).dump() + " was expected).");
    }
    return static_cast<std::uint64_t>(whole);
  }

  /// One number for each key is of all neurons; all else is a value of the area.
  void read_neurons(AreaSpec& spec, const Json* lif_object, const Json* params_object,
                    const std::string& place) const {
    constexpr std::array<ValueName, 6> kLif{{{"tau_m_ms", "tau_m_ms"},
                                             {"v_rest_mv", "v_rest"},
                                             {"v_reset_mv", "v_reset"},
                                             {"v_threshold_mv", "threshold"},
                                             {"t_ref_ms", "t_ref_ms"},
                                             {"v_mv", "potential"}}};
    constexpr std::array<ValueName, 10> kParams{{{"v_rest", "v_rest"},
                                                 {"v_reset", "v_reset"},
                                                 {"threshold", "threshold"},
                                                 {"threshold_limit", "threshold_limit"},
                                                 {"leak", "leak"},
                                                 {"excitability", "excitability"},
                                                 {"refractory_period", "refractory_period"},
                                                 {"fire_limit", "fire_limit"},
                                                 {"snooze_period", "snooze_period"},
                                                 {"potential", "potential"}}};
    const bool is_lif = lif_object != nullptr;
    const std::string where = place + (is_lif ? ".lif" : ".params");
    Json plain = is_lif ? *lif_object : *params_object;
    spec.values = is_lif ? take_values(plain, kLif, "v_mv", where)
                         : take_values(plain, kParams, "potential", where);
    spec.params = is_lif ? read_lif(plain, where) : read_params(plain, where);
  }

  NeuronParams read_lif(const Json& object, const std::string& place) const {
    ObjectReader reader(object, place);
    LifParams params;
    params.tau_m_ms = reader.real("tau_m_ms", params.tau_m_ms);
    params.v_rest_mv = reader.real("v_rest_mv", params.v_rest_mv);
    params.v_reset_mv = reader.real("v_reset_mv", params.v_reset_mv);
    params.v_threshold_mv = reader.real("v_threshold_mv", params.v_threshold_mv);
    params.t_ref_ms = reader.real("t_ref_ms", params.t_ref_ms);
    reader.finish();
    return lif(params, options_.dt_ms);
  }

  static NeuronParams read_params(const Json& object, const std::string& place) {
    ObjectReader reader(object, place);
    NeuronParams params;
    params.v_rest = reader.real32("v_rest", params.v_rest);
    params.v_reset = reader.real32("v_reset", params.v_reset);
    params.threshold = reader.real32("threshold", params.threshold);
    params.threshold_limit = reader.real32("threshold_limit", params.threshold_limit);
    params.leak = reader.real32("leak", params.leak);
    params.excitability = reader.real32("excitability", params.excitability);
    params.refractory_period = static_cast<std::uint16_t>(
        reader.count("refractory_period", params.refractory_period, 0, 65535));
    params.fire_limit =
        static_cast<std::uint16_t>(reader.count("fire_limit", params.fire_limit, 0, 65535));
    params.snooze_period =
        static_cast<std::uint16_t>(reader.count("snooze_period", params.snooze_period, 0, 65535));
    params.accumulates = reader.flag("accumulates", params.accumulates);
    reader.finish();
    return params;
  }

  static Voxel read_size(ObjectReader& reader) {
    if (reader.has("count") == reader.has("size")) {
      reader.refuse("it needs either \"count\" or \"size\".");
    }
    if (reader.has("count")) {
      return {static_cast<std::uint32_t>(reader.count("count", std::nullopt, 1, kMostNeurons)), 1,
              1};
    }
    const Json& size = reader.need("size");
    std::array<std::uint32_t, 3> axes{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const auto cells = size.is_array() && size.size() == 3 ? whole_of(size[axis], 1, kMostNeurons)
                                                             : std::nullopt;
      if (!cells) {
        reader.refuse("size is " + excerpt_of(size) +
                      " (three whole numbers of at least 1 were expected).");
      }
      axes[axis] = static_cast<std::uint32_t>(*cells);
    }
    return {axes[0], axes[1], axes[2]};
  }

  /// Of neurons or synapses: by its name, or as text.
  template <class AnyModel>
  static AnyModel model_of(const Json& model, const std::string& key, const std::string& place) {
    if (!model.is_string()) {
      throw Error(ErrorCode::invalid_file, place + ": " + key + " is " + kind_of(model) +
                                               " (a name or the text of a model was expected).");
    }
    const auto text = model.get<std::string>();
    return text.find_first_of(" \n\t") == std::string::npos
               ? AnyModel::named(text)
               : AnyModel::parse(text, place + "." + key);
  }

  /// Values: one number, one for each neuron, or a distribution.
  static void read_model(AreaSpec& spec, const Json& model, const Json* values,
                         const std::string& place) {
    spec.model = model_of<Model>(model, "model", place);
    if (values != nullptr) {
      spec.values = read_values(*values, place);
    }
  }

  /// A number, or a name of the target's model.
  std::uint32_t read_port(ObjectReader& reader, AreaId post) const {
    const Json* port = reader.find("port");
    if (port == nullptr || port->is_number()) {
      return port == nullptr
                 ? 0U
                 : static_cast<std::uint32_t>(reader.count("port", std::nullopt, 0, 255));
    }
    try {
      return port_of(builder_.area(post), reader.text("port", std::nullopt));
    } catch (const Error& error) {
      reader.refuse(error.what());
    }
  }

  void read_population(const Json& entry, const std::string& place) {
    ObjectReader reader(entry, place);
    AreaSpec spec;
    spec.name = reader.text("name", std::nullopt);
    spec.size = read_size(reader);
    spec.neurons_per_voxel =
        static_cast<std::uint32_t>(reader.count("neurons_per_voxel", 1, 1, kMostNeurons));
    spec.role = reader.text("role", spec.role);
    // its neurons, in units of the field or of the step
    const Json* lif_object = reader.find("lif");
    const Json* params_object = reader.find("params");
    const Json* model = reader.find("model");
    const Json* values = reader.find("values");
    if ((lif_object != nullptr ? 1 : 0) + (params_object != nullptr ? 1 : 0) +
            (model != nullptr ? 1 : 0) !=
        1) {
      reader.refuse("it needs one of \"lif\", \"params\" and \"model\".");
    }
    if (model != nullptr) {
      read_model(spec, *model, values, place);
    } else if (values != nullptr) {
      reader.refuse("it has \"values\", which are of a model, but no \"model\".");
    } else {
      read_neurons(spec, lif_object, params_object, place);
    }
    if (const Json* gradient = reader.find("threshold_gradient")) {
      for (std::size_t axis = 0; axis < 3; ++axis) {
        if (!gradient->is_array() || gradient->size() != 3 || !(*gradient)[axis].is_number()) {
          reader.refuse("threshold_gradient is " + excerpt_of(*gradient) +
                        " (three numbers were expected).");
        }
        spec.threshold_gradient[axis] = (*gradient)[axis].get<float>();
      }
    }
    if (const Json* psp = reader.find("psp")) {
      ObjectReader mode(*psp, place + ".psp");
      spec.psp.uniform = mode.flag("uniform", spec.psp.uniform);
      spec.psp.potential_driven = mode.flag("potential_driven", spec.psp.potential_driven);
      mode.finish();
    }
    reader.finish();
    const std::string name = spec.name;
    const std::uint64_t count = static_cast<std::uint64_t>(spec.size.x) * spec.size.y *
                                spec.size.z * spec.neurons_per_voxel;
    populations_[name] = builder_.add_area(std::move(spec));
    report_.notes.push_back({ImportNote::Kind::taken, "population " + name,
                             number_text(count) + (count == 1 ? " neuron" : " neurons")});
  }

  AreaPart part(ObjectReader& reader, const char* key) const {
    return read_part(reader, key,
                     [&](const ObjectReader& at, const char* where, const std::string& name) {
                       const auto it = populations_.find(name);
                       if (it == populations_.end()) {
                         at.refuse(std::string(where) + " is " + quoted_name(name) +
                                   " (the recipe has no such population).");
                       }
                       return it->second;
                     });
  }

  void read_connection(const Json& entry, const std::string& place) {
    ObjectReader reader(entry, place);
    const AreaPart pre = part(reader, "pre");
    const AreaPart post = part(reader, "post");
    const ConnectionRule rule = read_connection_rule(reader.need("rule"), place + ".rule");
    SynapseSpec synapse;
    SynapseDraws draws;
    if (const Json* weight = reader.find("weight"); weight != nullptr && weight->is_object()) {
      draws.weight = read_distribution(*weight, place + ".weight");
    } else {
      synapse.weight = reader.real32("weight", synapse.weight);
    }
    synapse.psp = reader.real32("psp", synapse.psp);
    draws.delay = drawn_delay(reader, place);
    if (!draws.delay) {
      synapse.delay = delay_of(reader);
    }
    synapse.port = read_port(reader, post.area);
    const Plasticity plasticity = read_plasticity(reader, place);
    reader.finish();
    builder_.connect(pre, post, rule, synapse, draws, plasticity);
  }

  static DelayIn delay_in(ObjectReader& reader) {
    const std::string where = reader.text("delay_in", "axon");
    if (where != "axon" && where != "dendrite") {
      reader.refuse("\"delay_in\" is " + quoted_name(where) + " (there are axon and dendrite).");
    }
    return where == "axon" ? DelayIn::axon : DelayIn::dendrite;
  }

  static Plasticity read_plasticity(ObjectReader& reader, const std::string& place) {
    Plasticity plasticity;
    const Json* values = reader.find("plasticity_values");
    if (const Json* model = reader.find("plasticity"); model != nullptr) {
      plasticity.model = model_of<SynapseModel>(*model, "plasticity", place);
      plasticity.delay_in = delay_in(reader);
    } else if (values != nullptr || reader.has("delay_in")) {
      reader.refuse("it has \"plasticity_values\" or \"delay_in\", but no \"plasticity\".");
    }
    if (values != nullptr) {
      plasticity.values = read_values(*values, place + ".plasticity_values");
    }
    return plasticity;
  }

  std::optional<Distribution> drawn_delay(ObjectReader& reader, const std::string& place) const {
    if (reader.has("delay") && reader.has("delay_ms")) {
      reader.refuse("it has both \"delay\" and \"delay_ms\". Keep one.");
    }
    if (const Json* ms = reader.find("delay_ms"); ms != nullptr && ms->is_object()) {
      return read_distribution(*ms, place + ".delay_ms").times(1.0 / options_.dt_ms);
    }
    if (const Json* bursts = reader.find("delay"); bursts != nullptr && bursts->is_object()) {
      return read_distribution(*bursts, place + ".delay");
    }
    return std::nullopt;
  }

  /// Bursts.
  std::uint32_t delay_of(ObjectReader& reader) const {
    std::uint64_t delay = 0;
    if (reader.has("delay_ms")) {
      delay = bursts_of(reader, "delay_ms", reader.real("delay_ms", std::nullopt));
    } else {
      delay = reader.count("delay", 1, 0, kMostNeurons);
    }
    if (delay < 1 || delay > kMostDelay) {
      reader.refuse("the delay is " + number_text(delay) + " bursts (1 to " +
                    number_text(kMostDelay) + " were expected).");
    }
    return static_cast<std::uint32_t>(delay);
  }

  void read_drive(const Json& entry, const std::string& place) {
    ObjectReader reader(entry, place);
    const AreaPart driven = part(reader, "population");
    const std::string kind = reader.text("kind", std::nullopt);
    const float amplitude = reader.real32("amplitude", 1.0F);
    if (kind != "constant" && kind != "regular" && kind != "poisson") {
      reader.refuse("kind is " + quoted_name(kind) +
                    " (constant, regular or poisson was expected).");
    }
    const double rate = kind == "constant" ? 0.0 : reader.real("rate_hz", std::nullopt);
    const std::uint32_t port = read_port(reader, driven.area);
    reader.finish();
    if (rate < 0.0 || rate > 1e9) {
      reader.refuse("rate_hz is " + Json(rate).dump() + " (0 to 1e9 were expected).");
    }
    const Drive::Kind how = kind == "constant"  ? Drive::Kind::constant
                            : kind == "regular" ? Drive::Kind::regular
                                                : Drive::Kind::poisson;
    for (const auto& [first, count] : stretches_of(driven, builder_.area(driven.area))) {
      builder_.drive(Drive{how, first, count, amplitude, rate, 0, port});
    }
  }

  const std::string& path_;
  ObjectReader root_;
  NetworkOptions options_;
  NetworkBuilder builder_;
  std::map<std::string, AreaId> populations_;
  ImportReport report_;
};

}  // namespace

bool is_recipe(const Json& root) {
  const auto it = root.is_object() ? root.find("format") : root.end();
  return root.is_object() && it != root.end() && *it == kFormat;
}

Brain build(const Json& root, const std::string& path, const LoadOptions& options) {
  RecipeReader reader(root, path, options);
  try {
    return {reader.builder().build(), reader.report()};
  } catch (const Error& problem) {
    throw Error(problem.code(), path + ": " + problem.what());
  }
}

ImportReport check(const Json& root, const std::string& path) {
  return RecipeReader(root, path, {}).report();
}

}  // namespace rheobase::recipe
