// SPDX-License-Identifier: Apache-2.0
#include "server/serve.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <utility>

#include "io/base64.h"
#include "rheobase/checkpoint.h"
#include "rheobase/error.h"
#include "rheobase/program.h"
#include "rheobase/text.h"
#include "server/device_areas.h"
#include "server/routes.h"
#include "server/streams.h"
#include "server/web.h"
#include "server/zmq_sockets.h"

namespace rheobase::server {
namespace {

constexpr auto kPatience = std::chrono::seconds(2);  // for a burst that somebody waits for

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  if (!file || !(bytes << file.rdbuf())) {
    throw Error(ErrorCode::io, "cannot read " + quoted_name(path) + ". Is it there?");
  }
  return std::move(bytes).str();
}

BrainSettings settings_of(const ServeOptions& options, const std::atomic<bool>& ending) {
  BrainSettings settings{options.engine, options.load, options.hz, options.most_neurons};
  settings.load.stop = [&ending] { return ending.load(); };
  return settings;
}

class Server {
 public:
  explicit Server(const ServeOptions& options)
      : options_(options),
        brain_(settings_of(options, ending_),
               [this](const FinishedBurst& burst) { streams_.finished(burst); }),
        agents_({options.most_agents, options.token, 120.0}),
        context_{brain_,
                 agents_,
                 options.host,
                 options.ports,
                 options.genome_folder,
                 options.token,
                 0,
                 {1},
                 {0},
                 {0},
                 {},
                 {},
                 {},
                 Json::array()},
        router_(context_),
        zmq_({options.host, options.ports.control, options.ports.sensory, options.ports.motor,
              options.ports.visualisation}),
        web_({options.host, options.ports.http, options.ports.ws_control,
              options.ports.ws_visualisation, options.most_body},
             handlers()),
        streams_(agents_, zmq_, web_, brain_.loop()) {
    context_.session = std::chrono::duration_cast<std::chrono::milliseconds>(
                           std::chrono::system_clock::now().time_since_epoch())
                           .count();
    context_.fired = [this] { return streams_.next_fired(kPatience); };
    agents_.on_configuration = [this](const Agent& agent, const Json& details) {
      configure(agent, details);
    };
    agents_.on_leave = [this](const Agent& agent) {
      zmq_.close(agent.number);
      brain_.loop().forget(agent.number);
    };
    brain_.on_load = [this] {
      agents_.leave_all();
      web_.drop_visualisers();
    };
    if (!options.log_input.empty()) {
      brain_.loop().log_input(options.log_input);
    }
  }

  void run() {
    std::exception_ptr broken;
    try {
      web_.later([this] { brain_.loop().live(); });
      web_.later([this] { live_sockets(); });
      web_.later([this] { first_genome(); });
      web_.run([this] { return options_.stop() || ending_; });
      ending_ = true;
      save();
    } catch (...) {
      broken = std::current_exception();
    }
    ending_ = true;
    brain_.loop().stop();
    zmq_.stop();
    web_.join();
    for (const std::exception_ptr& problem : {failed_, broken}) {
      if (problem != nullptr) {
        std::rethrow_exception(problem);
      }
    }
  }

 private:
  WebHandlers handlers() {
    WebHandlers h;
    h.is_quick = [this](const Request& request) { return router_.is_quick(request); };
    h.answer = [this](const Request& request) { return router_.answer(request); };
    h.may_connect = [this](const Request& request) { return router_.may_connect(request); };
    h.control = [this](std::string message, std::function<void(std::string)> reply) {
      guarded("a message of a WebSocket", [&] {
        agents_.handle(message, Transport::web_socket, visualisation_, reply, later());
      });
    };
    h.visualiser_came = [this] { return streams_.visualiser_came(); };
    h.visualiser_left = [this](std::uint64_t number) { streams_.visualiser_left(number); };
    visualisation_.url =
        "ws://" + options_.host + ":" + number_text(options_.ports.ws_visualisation);
    return h;
  }

  /// A registration over WebSocket gets the one socket that there is for all.
  struct OneSocket : DataSockets {
    std::string url;
    std::map<std::string, std::string> open(const Agent& agent) override {
      std::map<std::string, std::string> urls;
      if (agent.can("receive_neuron_visualizations")) {
        urls["receive_neuron_visualizations"] = url;
      }
      return urls;
    }
  };

  /// Does something that strangers asked for; what goes wrong is said once.
  template <class Work>
  void guarded(const std::string& what, const Work& work) {
    std::string reason;
    try {
      work();
      return;
    } catch (const std::bad_alloc&) {
      reason = "there is not enough memory for it";
    } catch (const std::exception& error) {
      reason = error.what();
    }
    // so many that they fit into a pipe that nobody reads: strangers shall not make this thread
    // wait
    constexpr std::size_t kMost = 100;
    constexpr std::size_t kLongest = 250;
    const std::lock_guard lock(said_mutex_);
    if (said_.size() < kMost && said_.insert(what + reason).second) {
      options_.say(shown(what + " was not taken: " + reason, kLongest));
    }
  }

  Agents::Later later() {
    return [this](std::function<void()> work) {
      web_.later([this, todo = std::move(work)] { guarded("a device configuration", todo); });
    };
  }

  void live_sockets() {
    zmq_.live(
        [this](std::string_view message, DataSockets& sockets, const Agents::Answer& answer) {
          guarded("a control message",
                  [&] { agents_.handle(message, Transport::zmq, sockets, answer, later()); });
        },
        [this](std::uint64_t agent, std::string_view frame) {
          guarded("a frame of agent " + number_text(agent), [&] { sense(agent, frame); });
        },
        [this] {
          agents_.drop_silent();
          streams_.tick();
          save_if_due();
        });
  }

  void sense(std::uint64_t agent, std::string_view bytes) {
    agents_.heard(agent);
    const Container container = read_container(bytes);
    std::vector<AreaVoxels> frame;
    for (const Structure& structure : container.structures) {
      if (structure.type == StructureType::xyzp) {
        for (AreaVoxels& area : read_xyzp(structure.body)) {
          frame.push_back(std::move(area));
        }
      }
    }
    brain_.loop().sense(agent, std::move(frame));
  }

  void configure(const Agent& agent, const Json& details) {
    const DeviceConfiguration wanted = device_configuration(details);
    for (const std::string& sentence : wanted.refused) {
      guarded("the configuration of agent " + quoted_name(agent.name),
              [&] { throw Error(ErrorCode::invalid_argument, sentence); });
    }
    if (wanted.areas.size() > options_.most_agent_areas) {
      throw Error(ErrorCode::out_of_range,
                  "agent " + quoted_name(agent.name) + " wants " +
                      number_text(wanted.areas.size()) + " areas (at most " +
                      number_text(options_.most_agent_areas) + " are made for one).");
    }
    make_device_areas(brain_, wanted.areas);
    agents_.set_motor_areas(agent.number, output_keys(wanted.areas));
  }

  void first_genome() {
    try {
      if (!options_.resume.empty()) {
        brain_.resume(bytes_of(options_.resume + ".genome"), options_.resume + ".genome",
                      load_checkpoint(options_.resume));
      } else if (!options_.genome.empty()) {
        brain_.load(bytes_of(options_.genome), options_.genome);
      }
      if (const auto now = brain_.served()) {
        options_.say("serving " + quoted_name(now->document.title()) + ": " +
                     number_text(now->network.neuron_count()) + " neurons, " +
                     number_text(now->network.synapse_count()) + " synapses.");
      }
    } catch (...) {
      failed_ = std::current_exception();
      ending_ = true;
    }
  }

  void save() {
    if (options_.checkpoint.empty()) {
      return;
    }
    std::shared_ptr<const Served> now;
    const auto checkpoint = brain_.loop().between(
        [&](std::unique_ptr<RunningBrain>& brain) -> std::optional<Checkpoint> {
          now = brain_.served();
          return brain == nullptr || now == nullptr ? std::nullopt
                                                    : std::optional(brain->engine.checkpoint());
        });
    if (checkpoint) {
      write_file(options_.checkpoint + ".genome", now->document.text());
      save_checkpoint(options_.checkpoint, *checkpoint);
    }
  }

  void save_if_due() {
    const auto now = Clock::now();
    if (options_.checkpoint_seconds <= 0.0 ||
        std::chrono::duration<double>(now - saved_).count() < options_.checkpoint_seconds) {
      return;
    }
    saved_ = now;
    web_.later([this] { guarded("a checkpoint", [&] { save(); }); });
  }

  const ServeOptions& options_;
  std::atomic<bool> ending_{false};
  Brain brain_;
  Agents agents_;
  OneSocket visualisation_;
  Context context_;
  Router router_;
  ZmqSockets zmq_;
  Web web_;
  Streams streams_;
  std::exception_ptr failed_;
  Clock::time_point saved_ = Clock::now();
  std::mutex said_mutex_;
  std::set<std::string> said_;
};

}  // namespace

void serve(const ServeOptions& options) { Server(options).run(); }

}  // namespace rheobase::server
