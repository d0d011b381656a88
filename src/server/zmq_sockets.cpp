// SPDX-License-Identifier: Apache-2.0
#include "server/zmq_sockets.h"

#include <zmq.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase::server {
namespace {

constexpr std::size_t kMostParts = 16;
constexpr int kMostAtOnce = 64;  ///< messages of one socket before the others have their turn
constexpr std::size_t kMostWaiting = 16;  ///< frames for an agent that does not fetch them

/// One part of a message.
class Part {
 public:
  Part() { zmq_msg_init(&message_); }
  ~Part() { zmq_msg_close(&message_); }
  Part(const Part&) = delete;
  Part& operator=(const Part&) = delete;

  /// False if nothing came.
  bool receive(void* socket) { return zmq_msg_recv(&message_, socket, ZMQ_DONTWAIT) >= 0; }
  [[nodiscard]] bool more() { return zmq_msg_more(&message_) != 0; }
  [[nodiscard]] std::string_view bytes() {
    return {static_cast<const char*>(zmq_msg_data(&message_)), zmq_msg_size(&message_)};
  }

 private:
  zmq_msg_t message_{};
};

void set(void* socket, int option, int value) {
  zmq_setsockopt(socket, option, &value, sizeof value);
}

}  // namespace

struct ZmqSockets::Context {
  void* context = zmq_ctx_new();
  Context() = default;
  ~Context() { zmq_ctx_term(context); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
};

void ZmqSockets::Closer::operator()(void* socket) const { zmq_close(socket); }

ZmqSockets::Socket ZmqSockets::bound(int type, std::uint16_t wanted, std::string& url) const {
  constexpr int kQueue = 16;
  constexpr int kBytes = 1 << 18;  // that the system holds for a motor agent that does not read
  Socket socket(zmq_socket(context_->context, type));
  if (socket == nullptr) {
    throw Error(ErrorCode::unavailable,
                std::string("no socket can be had (") + zmq_strerror(zmq_errno()) + ").");
  }
  set(socket.get(), ZMQ_LINGER, 0);
  if (type == ZMQ_XPUB) {
    set(socket.get(), ZMQ_SNDHWM, kQueue / 2);  // the rest waits where the oldest can be taken out
    set(socket.get(), ZMQ_SNDBUF, kBytes);
    set(socket.get(), ZMQ_XPUB_NODROP, 1);
    set(socket.get(), ZMQ_XPUB_VERBOSER, 1);  // tells of every listener that comes and goes
  } else {
    set(socket.get(), ZMQ_SNDHWM, type == ZMQ_ROUTER ? 1000 : kQueue);
  }
  set(socket.get(), ZMQ_RCVHWM, type == ZMQ_ROUTER ? 1000 : kQueue);
  set(socket.get(), ZMQ_IPV6, settings_.host.find(':') != std::string::npos ? 1 : 0);
  zmq_setsockopt(socket.get(), ZMQ_MAXMSGSIZE, &settings_.most_message,
                 sizeof settings_.most_message);
  const std::string head = "tcp://" + settings_.host + ":";
  // the port that clients expect, if no other agent has it
  if (zmq_bind(socket.get(), (head + number_text(wanted)).c_str()) != 0 &&
      (type == ZMQ_ROUTER || zmq_bind(socket.get(), (head + "*").c_str()) != 0)) {
    throw Error(ErrorCode::io, "cannot listen on port " + number_text(wanted) + " of " +
                                   settings_.host + " (" + zmq_strerror(zmq_errno()) +
                                   "). Is another server running?");
  }
  std::array<char, 256> text{};
  std::size_t size = text.size();
  zmq_getsockopt(socket.get(), ZMQ_LAST_ENDPOINT, text.data(), &size);
  url = text.data();
  return socket;
}

ZmqSockets::ZmqSockets(ZmqSettings settings)
    : settings_(std::move(settings)), context_(std::make_unique<Context>()) {
  std::string url;
  control_ = bound(ZMQ_ROUTER, settings_.control_port, url);
}

ZmqSockets::~ZmqSockets() = default;

std::map<std::string, std::string> ZmqSockets::open(const Agent& agent) {
  std::map<std::string, std::string> urls;
  if (agent.can("send_sensor_data")) {
    sensors_[agent.number] = bound(ZMQ_PULL, settings_.sensory_port, urls["send_sensor_data"]);
  }
  const std::lock_guard lock(mutex_);
  if (agent.can("receive_motor_data")) {
    publishers_[{agent.number, Stream::motor}].socket =
        bound(ZMQ_XPUB, settings_.motor_port, urls["receive_motor_data"]);
  }
  if (agent.can("receive_neuron_visualizations")) {
    publishers_[{agent.number, Stream::visualisation}].socket =
        bound(ZMQ_XPUB, settings_.visualisation_port, urls["receive_neuron_visualizations"]);
  }
  return urls;
}

void ZmqSockets::close(std::uint64_t agent) {
  const std::lock_guard lock(mutex_);
  publishers_.erase({agent, Stream::motor});
  publishers_.erase({agent, Stream::visualisation});
  closed_.push_back(agent);
}

void ZmqSockets::publish(std::uint64_t agent, Stream stream, std::string_view frame) {
  const std::lock_guard lock(mutex_);
  if (const auto it = publishers_.find({agent, stream}); it != publishers_.end()) {
    std::deque<std::string>& waiting = it->second.waiting;
    waiting.emplace_back(frame);
    it->second.send();
    if (waiting.size() > kMostWaiting) {
      waiting.pop_front();
    }
  }
}

void ZmqSockets::Publisher::send() {
  // Of a socket with one listener nothing is lost but what is taken out here. With several, one
  // that sleeps would hold up the others: there the socket itself drops what it does not take.
  const int before = listeners;
  Part part;
  for (int i = 0; i < kMostAtOnce && part.receive(socket.get()); ++i) {
    const std::string_view bytes = part.bytes();
    if (!bytes.empty() && (bytes[0] == 0 || bytes[0] == 1)) {
      listeners += bytes[0] == 1 ? 1 : -1;
    }
  }
  if (listeners != before) {
    set(socket.get(), ZMQ_XPUB_NODROP, listeners > 1 ? 0 : 1);
  }
  while (!waiting.empty() && zmq_send(socket.get(), waiting.front().data(), waiting.front().size(),
                                      ZMQ_DONTWAIT) >= 0) {
    waiting.pop_front();
  }
}

void ZmqSockets::send_waiting() {
  const std::lock_guard lock(mutex_);
  for (auto& [key, publisher] : publishers_) {
    if (!publisher.waiting.empty()) {
      publisher.send();
    }
  }
}

bool ZmqSockets::has_visualisers() const {
  const std::lock_guard lock(mutex_);
  return std::any_of(publishers_.begin(), publishers_.end(),
                     [](const auto& entry) { return entry.first.second == Stream::visualisation; });
}

void ZmqSockets::read_control(const Control& control) {
  for (int i = 0; i < kMostAtOnce; ++i) {
    std::vector<std::string> parts;
    bool more = true;
    while (more) {
      Part part;
      if (!part.receive(control_.get())) {
        return;
      }
      if (parts.size() < kMostParts) {
        parts.emplace_back(part.bytes());
      }
      more = part.more();
    }
    // identity, mostly an empty part, the message
    if (parts.size() < 2) {
      continue;
    }
    const std::string message = std::move(parts.back());
    parts.pop_back();
    control(message, *this,
            [envelope = parts, answers = answers_, mutex = answers_mutex_](std::string text) {
              const std::lock_guard lock(*mutex);
              answers->push_back({envelope, std::move(text)});
            });
  }
}

void ZmqSockets::read_sensory(const Sensory& sensory) {
  for (const auto& [agent, socket] : sensors_) {
    // only the newest frame counts
    std::string newest;
    Part part;
    for (int i = 0; i < kMostAtOnce && part.receive(socket.get()); ++i) {
      newest = part.bytes();
    }
    if (!newest.empty()) {
      sensory(agent, newest);
    }
  }
}

void ZmqSockets::send_answers() {
  std::vector<Answer> todo;
  {
    const std::lock_guard lock(*answers_mutex_);
    todo.swap(*answers_);
  }
  for (const Answer& answer : todo) {
    for (const std::string& part : answer.envelope) {
      zmq_send(control_.get(), part.data(), part.size(), ZMQ_SNDMORE | ZMQ_DONTWAIT);
    }
    zmq_send(control_.get(), answer.message.data(), answer.message.size(), ZMQ_DONTWAIT);
  }
}

void ZmqSockets::live(const Control& control, const Sensory& sensory,
                      const std::function<void()>& tick) {
  constexpr long kLook = 5;  // ms: answers come from other threads, which do not wake this one
  using Clock = std::chrono::steady_clock;
  Clock::time_point ticked = Clock::now();
  while (!stop_) {
    std::vector<std::uint64_t> closed;
    {
      const std::lock_guard lock(mutex_);
      closed.swap(closed_);
    }
    for (const std::uint64_t agent : closed) {
      sensors_.erase(agent);
    }
    std::vector<zmq_pollitem_t> items{{control_.get(), 0, ZMQ_POLLIN, 0}};
    for (const auto& [agent, socket] : sensors_) {
      items.push_back({socket.get(), 0, ZMQ_POLLIN, 0});
    }
    zmq_poll(items.data(), static_cast<int>(items.size()), kLook);
    read_control(control);
    read_sensory(sensory);
    send_answers();
    send_waiting();
    if (Clock::now() - ticked >= std::chrono::seconds(1)) {
      ticked = Clock::now();
      tick();
    }
  }
}

}  // namespace rheobase::server
