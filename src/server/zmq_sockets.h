// SPDX-License-Identifier: Apache-2.0
/// \file
/// The sockets of FEAGI's agents over ZeroMQ: one that all talk to, and for each agent one for what
/// it senses and one for what it is to do.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "server/agents.h"

namespace rheobase::server {

struct ZmqSettings {
  std::string host = "127.0.0.1";
  std::uint16_t control_port = 30001;
  std::uint16_t sensory_port = 5558,
                motor_port = 5564;  ///< of the first agent; others get free ones
  std::uint16_t visualisation_port = 5588;
  std::int64_t most_message = std::int64_t{64} << 20U;
};

class ZmqSockets : public DataSockets {
 public:
  using Control = std::function<void(std::string_view, DataSockets&, const Agents::Answer&)>;
  using Sensory = std::function<void(std::uint64_t agent, std::string_view)>;

  /// Listens at once. \throws Error io, naming the port that cannot be had.
  explicit ZmqSockets(ZmqSettings settings);
  ~ZmqSockets() override;
  ZmqSockets(const ZmqSockets&) = delete;
  ZmqSockets& operator=(const ZmqSockets&) = delete;

  /// Hands over messages as they come, until `stop`, and calls `tick` about once a second.
  void live(const Control& control, const Sensory& sensory, const std::function<void()>& tick);
  void stop() { stop_ = true; }

  /// On the thread that lives.
  std::map<std::string, std::string> open(const Agent& agent) override;
  /// The agent's sockets, soon. Any thread.
  void close(std::uint64_t agent);

  enum class Stream : std::uint8_t { motor, visualisation };
  /// To an agent, without waiting. One that does not fetch its frames loses the oldest, and hears
  /// of the newest as soon as it fetches again; if several listen to the socket of one agent, each
  /// of them must keep up. Any thread.
  void publish(std::uint64_t agent, Stream stream, std::string_view frame);
  /// True if an agent listens to all neurons.
  [[nodiscard]] bool has_visualisers() const;

 private:
  struct Closer {
    void operator()(void* socket) const;
  };
  using Socket = std::unique_ptr<void, Closer>;
  struct Context;
  /// A socket and the frames that wait for it.
  struct Publisher {
    Socket socket;
    std::deque<std::string> waiting;  ///< the newest at the end
    int listeners = 0;

    void send();
  };

  [[nodiscard]] Socket bound(int type, std::uint16_t wanted, std::string& url) const;
  void read_control(const Control& control);
  void read_sensory(const Sensory& sensory);
  void send_answers();
  void send_waiting();

  ZmqSettings settings_;
  std::unique_ptr<Context> context_;
  Socket control_;
  std::map<std::uint64_t, Socket> sensors_;  ///< of the living thread
  std::atomic<bool> stop_{false};

  mutable std::mutex mutex_;
  std::map<std::pair<std::uint64_t, Stream>, Publisher> publishers_;
  std::vector<std::uint64_t> closed_;
  struct Answer {
    std::vector<std::string> envelope;
    std::string message;
  };
  std::shared_ptr<std::vector<Answer>> answers_ = std::make_shared<std::vector<Answer>>();
  std::shared_ptr<std::mutex> answers_mutex_ = std::make_shared<std::mutex>();
};

}  // namespace rheobase::server
