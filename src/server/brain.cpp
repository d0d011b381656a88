// SPDX-License-Identifier: Apache-2.0
#include "server/brain.h"

#include <chrono>
#include <utility>

#include "rheobase/error.h"
#include "rheobase/genome.h"
#include "rheobase/text.h"
#include "server/hashes.h"
#include "server/live_edit.h"
#include "server/random_id.h"

namespace rheobase::server {
namespace {

constexpr std::size_t kMostChanges = 1000;

std::int64_t milliseconds_now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// While it lives, the flag is on.
class During {
 public:
  explicit During(std::atomic<bool>& flag) : flag_(flag) { flag_ = true; }
  ~During() { flag_ = false; }
  During(const During&) = delete;
  During& operator=(const During&) = delete;

 private:
  std::atomic<bool>& flag_;
};

/// Before memory is asked for: what an agent or a client wants may be far too much.
void check_size(const Document& document, std::uint64_t most) {
  double neurons = 0.0;
  for (const GenomeArea& area : document.areas()) {
    const Place size = area.size();
    neurons += static_cast<double>(size[0]) * static_cast<double>(size[1]) *
               static_cast<double>(size[2]) * static_cast<double>(area.whole("cx-_n_cnt-i", 1));
  }
  if (neurons > static_cast<double>(most)) {
    throw Error(ErrorCode::out_of_range, "the brain would have " + number_text(neurons) +
                                             " neurons (this server holds at "
                                             "most " +
                                             number_text(most) +
                                             "). Make areas smaller, or raise --max-neurons.");
  }
}

RunningBrain& running(const std::unique_ptr<RunningBrain>& brain) {
  if (brain == nullptr) {
    throw Error(ErrorCode::unavailable, "the brain stands still. Load a genome.");
  }
  return *brain;
}

}  // namespace

Brain::Brain(BrainSettings settings, BurstLoop::Listener listener)
    : settings_(std::move(settings)), loop_(std::move(listener)) {}

std::shared_ptr<const Served> Brain::served() const {
  const std::lock_guard lock(mutex_);
  return served_;
}

std::shared_ptr<Served> Brain::grown(Document document) const {
  check_size(document, settings_.most_neurons);
  rheobase::Brain brain = load_text(document.text(), "the genome", settings_.load);
  AreaIndex index(brain.network, document);
  const Hashes hashes = hashes_of(document);
  return std::make_shared<Served>(
      Served{std::move(document), std::move(brain.network), std::move(index), 0, 0, hashes});
}

void Brain::publish(std::shared_ptr<Served> next) {
  const std::lock_guard lock(mutex_);
  served_ = std::move(next);
}

void Brain::note_change(const Change& change) {
  const std::lock_guard lock(mutex_);
  const std::int64_t now = milliseconds_now();
  const std::string id = random_uuid();
  changes_.push_back({{"sequence", ++sequence_},
                      {"change_id", id},
                      {"group_id", id},
                      {"timestamp_ms", now},
                      {"recorded_at_ms", now},
                      {"origin", "local"},
                      {"replayable", false},
                      {"targets", change.targets},
                      {"operation", change.operation}});
  if (changes_.size() > kMostChanges) {
    changes_.pop_front();
  }
}

std::uint64_t Brain::last_change() const {
  const std::lock_guard lock(mutex_);
  return sequence_;
}

Json Brain::changes_since(std::uint64_t sequence) const {
  const std::lock_guard lock(mutex_);
  Json list = Json::array();
  for (const Json& change : changes_) {
    if (change["sequence"].get<std::uint64_t>() > sequence) {
      list.push_back(change);
    }
  }
  const std::uint64_t oldest = sequence_ - changes_.size() + (changes_.empty() ? 0 : 1);
  return {{"changes", list},
          {"latest_sequence", sequence_},
          {"oldest_available_sequence", oldest},
          {"gap", sequence + 1 < oldest},
          {"has_more", false}};
}

void Brain::begin_load(const std::string& genome, const std::string& name,
                       const std::function<Engine(Served&)>& make) {
  const std::lock_guard lock(changing_);
  const During during(loading_);
  std::shared_ptr<Served> next = grown(Document::read(current_genome(genome, name)));
  auto brain = std::make_unique<RunningBrain>(
      RunningBrain{make(*next), std::make_shared<AreaIndex>(next->index)});
  {
    const std::lock_guard lock_state(mutex_);
    next->genome_number = ++genomes_;
  }
  next->loaded_at = milliseconds_now() / 1000;
  const double seconds = next->document.timestep();
  loop_.set_hz(settings_.hz > 0.0 ? settings_.hz : 1.0 / seconds);
  if (on_load) {
    on_load();  // agents of the former brain are gone before the next one runs
  }
  loop_.forget_all();
  loop_.between([&](std::unique_ptr<RunningBrain>& running) { running = std::move(brain); });
  publish(next);
  note_change({true,
               Json::array({{{"kind", "genome"}, {"id", "current"}}}),
               {{"kind", "genome_loaded"},
                {"genome_id", "current"},
                {"genome_title", next->document.title()}}});
}

void Brain::load(const std::string& genome, const std::string& name) {
  begin_load(genome, name,
             [&](Served& served) { return Engine(served.network, settings_.engine); });
}

void Brain::resume(const std::string& genome, const std::string& name, Checkpoint checkpoint) {
  begin_load(genome, name, [&](Served& served) {
    served.network = checkpoint.network;
    served.index = AreaIndex(served.network, served.document);
    return Engine(std::move(checkpoint), settings_.engine);
  });
}

std::shared_ptr<Served> Brain::beside(Document document, const Served& now) {
  const Hashes hashes = hashes_of(document);
  AreaIndex index(now.network, document);
  return std::make_shared<Served>(Served{std::move(document), now.network, std::move(index),
                                         now.genome_number, now.loaded_at, hashes});
}

bool Brain::edit_running(const Served& now, Served& next) {
  check_size(next.document, settings_.most_neurons);
  const std::optional<NetworkEdit> edit =
      live_edit(now.document, next.document, now.network, settings_.load);
  if (!edit) {
    return false;
  }
  return loop_.between([&](std::unique_ptr<RunningBrain>& brain) {
    Engine& engine = running(brain).engine;
    try {
      engine.edit(*edit);
    } catch (const Error& error) {
      // charges that are finer than the network holds, a name that an area had before
      if (error.code() == ErrorCode::out_of_range || error.code() == ErrorCode::invalid_argument) {
        return false;
      }
      throw;
    }
    next.network = engine.network();
    next.index = AreaIndex(next.network, next.document);
    brain->index = std::make_shared<AreaIndex>(next.index);
    return true;
  });
}

void Brain::replace_running(const Served& next) {
  loop_.between([&](std::unique_ptr<RunningBrain>& brain) {
    Engine& engine = running(brain).engine;
    if (engine.network().data() != next.network.data()) {
      engine = Engine(carried_over(engine.checkpoint(), next.network), settings_.engine);
    }
    brain->index = std::make_shared<AreaIndex>(next.index);
  });
}

void Brain::change(const std::function<Change(Document&)>& edit) {
  const std::lock_guard lock(changing_);
  const std::shared_ptr<const Served> now = served();
  if (now == nullptr) {
    throw Error(ErrorCode::unavailable, "no genome is loaded. Upload one first.");
  }
  Document document = now->document;
  const Change wanted = edit(document);
  std::shared_ptr<Served> next = beside(std::move(document), *now);
  if (!wanted.network) {
    replace_running(*next);
  } else if (!edit_running(*now, *next)) {
    next = grown(std::move(next->document));
    next->genome_number = now->genome_number;
    next->loaded_at = now->loaded_at;
    replace_running(*next);
  }
  publish(next);
  note_change(wanted);
}

void Brain::set_timestep(double seconds) {
  if (!(seconds >= 1e-5 && seconds <= 100.0)) {
    throw Error(ErrorCode::invalid_argument,
                "simulation_timestep must be from 0.00001 to 100 seconds, got " +
                    number_text(seconds) + ".");
  }
  change([&](Document& document) {
    document.set_timestep(seconds);
    return Change{false,
                  Json::array({{{"kind", "genome"}, {"id", "current"}}}),
                  {{"kind", "update_simulation_timestep"}, {"simulation_timestep", seconds}}};
  });
  loop_.set_hz(1.0 / seconds);
}

AreaCounts Brain::counts_of(const Served& served, const std::string& area) {
  const std::lock_guard lock(counting_);
  const Network& network = served.network;
  if (counted_network_ != network.data()) {
    counted_network_ = network.data();
    counts_.assign(network.areas().size(), {});
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      const Area& from = network.areas()[i];
      counts_[i].index = static_cast<std::int64_t>(i);
      counts_[i].neurons = from.count;
      for (NeuronId id = from.first; id - from.first < from.count; ++id) {
        for (const Synapse& synapse : network.outgoing(id)) {
          ++counts_[i].outgoing;
          ++counts_[network.area_of(synapse.post)].incoming;
        }
      }
    }
  }
  const IndexedArea* indexed = served.index.find(area);
  return indexed == nullptr ? AreaCounts{} : counts_[network.area_of(indexed->first)];
}

}  // namespace rheobase::server
