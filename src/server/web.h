// SPDX-License-Identifier: Apache-2.0
/// \file
/// HTTP and WebSocket, and the threads of the server. web.cpp alone sees Boost.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "server/request.h"

namespace rheobase::server {

struct WebSettings {
  std::string host = "127.0.0.1";
  std::uint16_t http_port = 8000, control_port = 9053, visualisation_port = 8080;
  std::size_t most_body = std::size_t{128} << 20U;    ///< bytes of a request
  std::size_t most_message = std::size_t{16} << 20U;  ///< bytes of a WebSocket message
  std::size_t most_connections = 256;
};

struct WebHandlers {
  /// True if `answer` needs no time: it is then called on the thread that serves all connections.
  std::function<bool(const Request&)> is_quick;
  std::function<Reply(const Request&)> answer;
  /// False if a page of another origin may not open a WebSocket.
  std::function<bool(const Request&)> may_connect;
  /// A message of the control socket; `reply` may be called from any thread, later too.
  std::function<void(std::string message, std::function<void(std::string)> reply)> control;
  /// A visualiser came (its number) and went.
  std::function<std::uint64_t()> visualiser_came;
  std::function<void(std::uint64_t)> visualiser_left;
};

class Web {
 public:
  /// Listens at once. \throws Error io, naming the port that cannot be had.
  Web(WebSettings settings, WebHandlers handlers);
  ~Web();
  Web(const Web&) = delete;
  Web& operator=(const Web&) = delete;

  /// Does `work` on a thread of its own or in turn with others of its kind.
  void later(std::function<void()> work);

  /// Serves until `stop` says so, asked some fifty times a second; then closes all connections.
  void run(const std::function<bool()>& stop);
  /// Waits for all work that was given to `later`.
  void join();

  /// A frame to every visualiser; one that does not keep up loses older ones. Any thread.
  void show(std::uint64_t number, std::shared_ptr<const std::string> frame);
  /// Closes their sockets: they come again by themselves.
  void drop_visualisers();

 private:
  struct Self;
  std::unique_ptr<Self> self_;
};

}  // namespace rheobase::server
