// SPDX-License-Identifier: Apache-2.0
#include "support/shrink.h"

#include <algorithm>
#include <cstdlib>

#include "rheobase/error.h"

namespace rheobase::test {
namespace {

using Predicate = std::function<bool(const PlainCase&)>;

/// Whether a change keeps the failure; then it stays. A case that cannot be built does not fail.
bool keeps(PlainCase& c, const PlainCase& changed, const Predicate& fails) {
  bool still = false;
  try {
    still = fails(changed);
  } catch (const Error&) {
  }
  if (still) {
    c = changed;
  }
  return still;
}

/// Leaves out as many of `count` things as possible, in ever smaller stretches; `without` is the
/// case less the things first .. last - 1.
template <class Count, class Without>
bool leave_out(PlainCase& c, const Predicate& fails, Count count, Without without) {
  bool changed = false;
  for (std::size_t stretch = std::max<std::size_t>(count(c) / 2, 1);; stretch /= 2) {
    for (std::size_t first = 0; first < count(c);) {
      const std::size_t last = std::min(first + stretch, count(c));
      if (keeps(c, without(c, first, last), fails)) {
        changed = true;
      } else {
        first = last;
      }
    }
    if (stretch <= 1) {
      return changed;
    }
  }
}

template <class T>
void cut(std::vector<T>& list, std::size_t first, std::size_t last) {
  list.erase(list.begin() + static_cast<std::ptrdiff_t>(first),
             list.begin() + static_cast<std::ptrdiff_t>(last));
}

PlainCase without_inputs(PlainCase c, std::size_t first, std::size_t last) {
  cut(c.input.bursts, first, last);
  cut(c.input.ids, first, last);
  cut(c.input.potentials, first, last);
  return c;
}
PlainCase without_synapses(PlainCase c, std::size_t first, std::size_t last) {
  cut(c.synapses, first, last);
  return c;
}
PlainCase without_drives(PlainCase c, std::size_t first, std::size_t last) {
  cut(c.drives, first, last);
  return c;
}

/// Ids move up, so that draws change: the failure may vanish.
PlainCase without_neurons(PlainCase c, std::size_t first, std::size_t last) {
  const auto gone = [&](NeuronId id) { return id >= first && id < last; };
  const auto moved = [&](NeuronId id) {
    return id < first ? id : id - static_cast<NeuronId>(last - first);
  };
  cut(c.params, first, last);
  cut(c.modes, first, last);
  std::erase_if(c.synapses, [&](const Synapse& s) { return gone(s.pre) || gone(s.post); });
  for (Synapse& s : c.synapses) {
    s.pre = moved(s.pre);
    s.post = moved(s.post);
  }
  InputSchedule kept;
  for (std::size_t i = 0; i < c.input.ids.size(); ++i) {
    if (!gone(c.input.ids[i])) {
      kept.bursts.push_back(c.input.bursts[i]);
      kept.ids.push_back(moved(c.input.ids[i]));
      kept.potentials.push_back(c.input.potentials[i]);
    }
  }
  c.input = kept;
  for (Drive& drive : c.drives) {
    const std::uint64_t end = std::uint64_t{drive.first} + drive.count;
    const auto lost = std::min<std::uint64_t>(end, last) -
                      std::min<std::uint64_t>(end, std::max<std::uint64_t>(drive.first, first));
    const std::uint64_t before =
        drive.first > first ? std::min<std::uint64_t>(drive.first, last) - first : 0;
    drive.first -= static_cast<NeuronId>(before);
    drive.count -= drive.first + before >= last ? 0U : static_cast<std::uint32_t>(lost);
  }
  return c;
}

bool fewer_bursts(PlainCase& c, const Predicate& fails) {
  bool changed = false;
  for (std::uint64_t step = c.bursts / 2; step > 0; step /= 2) {
    while (c.bursts > step) {
      PlainCase shorter = c;
      shorter.bursts -= step;
      if (!keeps(c, shorter, fails)) {
        break;
      }
      changed = true;
    }
  }
  // what comes late may come earlier
  if (!c.input.bursts.empty() && c.input.bursts.front() > 1) {
    PlainCase earlier = c;
    const std::uint64_t wait = c.input.bursts.front() - 1;
    for (std::uint64_t& burst : earlier.input.bursts) {
      burst -= wait;
    }
    changed |= keeps(c, earlier, fails);
  }
  return changed;
}

/// Each parameter as a plain neuron has it, where that keeps the failure.
bool plainer(PlainCase& c, const Predicate& fails) {
  bool changed = false;
  const NeuronParams plain;
  for (std::size_t id = 0; id < c.params.size(); ++id) {
    const auto set = [&](auto member) {
      if (c.params[id].*member != plain.*member) {
        PlainCase simpler = c;
        simpler.params[id].*member = plain.*member;
        changed = keeps(c, simpler, fails) || changed;
      }
    };
    set(&NeuronParams::v_rest);
    set(&NeuronParams::v_reset);
    set(&NeuronParams::threshold);
    set(&NeuronParams::threshold_limit);
    set(&NeuronParams::leak);
    set(&NeuronParams::excitability);
    set(&NeuronParams::refractory_period);
    set(&NeuronParams::fire_limit);
    set(&NeuronParams::snooze_period);
    set(&NeuronParams::accumulates);
    if (!(c.modes[id] == PspMode{})) {
      PlainCase simpler = c;
      simpler.modes[id] = {};
      changed = keeps(c, simpler, fails) || changed;
    }
  }
  return changed;
}

}  // namespace

Network PlainCase::build() const {
  NetworkBuilder b(options);
  for (std::size_t id = 0; id < params.size(); ++id) {
    AreaSpec spec;
    spec.name = "n" + std::to_string(id);
    spec.params = params[id];
    spec.psp = modes[id];
    b.add_area(spec);
  }
  b.connect(synapses);
  for (const Drive& drive : drives) {
    b.drive(drive);
  }
  return b.build();
}

Checkpoint PlainCase::checkpoint() const {
  Engine engine(build(), {"reference", 1, 1, {}});
  engine.schedule(input);
  Checkpoint made = engine.checkpoint();
  made.last_burst = bursts;
  return made;
}

PlainCase written_out(const RandomCase& random) {
  const Network& network = random.network;
  PlainCase c;
  c.options.dt_ms = network.dt_ms();
  c.options.wiring_seed = network.wiring_seed();
  c.options.rules = network.rules();
  c.options.quantum_bits = network.charge().quantum_bits;
  for (const Area& area : network.areas()) {
    c.modes.insert(c.modes.end(), area.count, area.spec.psp);
  }
  for (NeuronId id = 0; id < network.neuron_count(); ++id) {
    c.params.push_back(network.params(id));
    const std::vector<Synapse> row = network.outgoing(id);
    c.synapses.insert(c.synapses.end(), row.begin(), row.end());
  }
  c.drives = network.drives();
  c.input = random.input;
  c.bursts = random.bursts;
  return c;
}

PlainCase shrunk(PlainCase c, const Predicate& fails) {
  for (bool changed = true; changed;) {
    changed = fewer_bursts(c, fails);
    changed |= leave_out(
        c, fails, [](const PlainCase& p) { return p.drives.size(); }, without_drives);
    changed |= leave_out(
        c, fails, [](const PlainCase& p) { return p.synapses.size(); }, without_synapses);
    changed |= leave_out(
        c, fails, [](const PlainCase& p) { return p.input.ids.size(); }, without_inputs);
    changed |= leave_out(
        c, fails, [](const PlainCase& p) { return p.params.size(); }, without_neurons);
    changed |= plainer(c, fails);
  }
  return c;
}

bool differs(const PlainCase& c, const std::string& backend, std::uint32_t threads) {
  const Network network = c.build();  // what cannot be built does not differ
  try {
    Engine engine(network, {"check:" + backend + ",reference", threads, 1, {}});
    RecordPlan plan;
    plan.branches = true;
    engine.record(plan);
    engine.schedule(c.input);
    engine.run(c.bursts);
  } catch (const Error&) {
    return true;
  }
  return false;
}

std::string shrink_and_save(const RandomCase& random, const std::string& backend,
                            std::uint32_t threads) {
  const auto fails = [&](const PlainCase& c) { return differs(c, backend, threads); };
  const PlainCase whole = written_out(random);
  if (!fails(whole)) {
    return "written out neuron by neuron it does not differ, so it was not made smaller.";
  }
  const PlainCase small = shrunk(whole, fails);
  const char* folder = std::getenv("RHEOBASE_FINDINGS");
  const std::string seed = random.description.substr(5, random.description.find(':') - 5);
  const std::string path = (folder != nullptr ? folder + std::string("/") : std::string()) +
                           "difference-" + seed + ".checkpoint";
  save_checkpoint(path, small.checkpoint());
  return "made as small as possible (" + std::to_string(small.params.size()) + " neurons, " +
         std::to_string(small.synapses.size()) + " synapses, " +
         std::to_string(small.input.ids.size()) + " inputs, " + std::to_string(small.bursts) +
         " bursts): rheobase run --resume " + path + " --backend check:" + backend +
         ",reference --threads " + std::to_string(threads);
}

}  // namespace rheobase::test
