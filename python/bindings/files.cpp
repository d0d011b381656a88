// SPDX-License-Identifier: Apache-2.0
// Brains and spikes on disk.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <string>
#include <vector>

#include "arrays.h"
#include "bindings.h"
#include "interruptible.h"
#include "rheobase/engine.h"
#include "rheobase/generate.h"
#include "rheobase/load.h"
#include "rheobase/program.h"

namespace rheobase::python {
namespace {

using namespace nb::literals;

const char* text_of(ImportNote::Kind kind) {
  switch (kind) {
    case ImportNote::Kind::taken: return "taken";
    case ImportNote::Kind::changed: return "changed";
    case ImportNote::Kind::ignored: return "ignored";
  }
  return "taken";
}

/// (format, title, [(kind, where, message)])
Columns report_of(const ImportReport& report) {
  nb::list notes;
  for (const ImportNote& note : report.notes) {
    notes.append(nb::make_tuple(text_of(note.kind), note.where, note.message));
  }
  return nb::make_tuple(report.format, report.title, notes);
}

Columns load_brain(std::string_view path, std::string_view semantics, bool strict,
                   std::uint64_t wiring_seed, std::uint32_t threads, bool skip_broken,
                   std::optional<std::uint32_t> quantum_bits) {
  LoadOptions options{semantics_from_name(semantics), strict, wiring_seed, threads};
  options.skip_broken = skip_broken;
  options.quantum_bits = quantum_bits;
  const Brain brain = interruptible([&](const StopRequest& stop) {
    options.stop = stop;
    return load(std::string(path), options);
  });
  return nb::make_tuple(brain.network, report_of(brain.report));
}

Columns spikes_in(std::string_view path) {
  SpikeTable table = [&] {
    const nb::gil_scoped_release release;
    return read_spikes(std::string(path));
  }();
  return nb::make_tuple(array(std::move(table.bursts)), array(std::move(table.ids)),
                        table.finished);
}

using Bytes = nb::ndarray<const std::uint8_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

/// RecordingFolder as a context: held within it, finished if it ends without an exception.
class HeldFolder {
 public:
  explicit HeldFolder(std::string_view directory) : directory_(directory) {}
  void enter() { folder_ = std::make_unique<RecordingFolder>(directory_); }
  void exit(const nb::object& kind, const nb::object& /*error*/, const nb::object& /*traceback*/) {
    if (kind.is_none()) {
      folder_->finish();
    }
    folder_.reset();
  }

 private:
  std::string directory_;
  std::unique_ptr<RecordingFolder> folder_;
};

/// The parts one after the other, so that large arrays need no copy.
void write_parts(std::string_view path, const ListOf<Bytes>& parts) {
  const std::vector<Bytes> kept = listed(parts);
  std::vector<std::string_view> views;
  for (const Bytes& part : kept) {
    views.emplace_back(reinterpret_cast<const char*>(part.data()), part.size());
  }
  const nb::gil_scoped_release release;
  write_file(std::string(path), views);
}

}  // namespace

void bind_files(nb::module_& m) {
  m.def("load", &load_brain, "path"_a, "semantics"_a, "strict"_a, "wiring_seed"_a, "threads"_a,
        "skip_broken"_a, "quantum_bits"_a.none());
  m.def(
      "convert",
      [](std::string_view in, std::string_view out) {
        return report_of(convert(std::string(in), std::string(out)));
      },
      "source"_a, "target"_a);
  m.def("read_spikes", &spikes_in, "path"_a);
  m.def("write_file", &write_parts, "path"_a, "parts"_a);
  nb::class_<HeldFolder>(m, "RecordingFolder")
      .def(nb::init<std::string_view>(), "directory"_a)
      .def("__enter__", &HeldFolder::enter)
      .def("__exit__", &HeldFolder::exit, "kind"_a.none(), "error"_a.none(), "traceback"_a.none());
  m.def("generator_names", &generator_names);
  m.def(
      "generate",
      [](std::string_view kind, std::uint64_t neurons, std::uint64_t seed) {
        return generate(kind, {neurons, seed});
      },
      "kind"_a, "neurons"_a, "seed"_a);
  m.def(
      "load_input",
      [](std::string_view path, const Network& network) -> Columns {
        InputSchedule input = load_input(std::string(path), network);
        return nb::make_tuple(array(std::move(input.bursts)), array(std::move(input.ids)),
                              array(std::move(input.potentials)));
      },
      "path"_a, "network"_a);
}

}  // namespace rheobase::python
