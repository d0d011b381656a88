// SPDX-License-Identifier: Apache-2.0
#include "server/web.h"

#include <boost/asio.hpp>
#include <boost/beast.hpp>
#include <chrono>
#include <map>
#include <optional>
#include <utility>

#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using asio::ip::tcp;

constexpr auto kIdle = std::chrono::seconds(75);
constexpr std::size_t kThreads = 6;  // bursts, data sockets, and four for requests that take time

Request request_of(const http::request<http::string_body>& from) {
  Request to;
  const auto text = [](auto view) { return std::string(view.data(), view.size()); };
  to.method = text(from.method_string());
  const std::string target = text(from.target());
  const std::size_t mark = target.find('?');
  to.path = unescaped(target.substr(0, mark), false);
  to.query = mark == std::string::npos ? "" : target.substr(mark + 1);
  to.content_type = text(from[http::field::content_type]);
  to.origin = text(from[http::field::origin]);
  to.host = text(from[http::field::host]);
  to.authorization = text(from[http::field::authorization]);
  return to;
}

}  // namespace

struct Web::Self {
  Self(WebSettings s, WebHandlers h) : settings(std::move(s)), handlers(std::move(h)) {}

  enum class Door { http, control, visualisation };
  class Http;
  class Control;
  class Visualiser;

  WebSettings settings;
  WebHandlers handlers;
  std::size_t connections = 0;  // before what counts in it
  asio::io_context io{1};
  asio::thread_pool pool{kThreads};
  std::vector<std::unique_ptr<tcp::acceptor>> doors;
  std::map<std::uint64_t, std::shared_ptr<Visualiser>> visualisers;
  std::uint64_t last_visualiser = 0;

  void listen(std::uint16_t port, Door door);
  void accept(tcp::acceptor& acceptor, Door door);
};

/// Counts a connection while it lives.
struct Counted {
  explicit Counted(std::size_t& to) : count(to) { ++count; }
  ~Counted() { --count; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  std::size_t& count;
};

/// A connection on which requests follow one another.
class Web::Self::Http : public std::enable_shared_from_this<Http> {
 public:
  Http(Self& self, tcp::socket socket)
      : self_(self), counted_(self.connections), stream_(std::move(socket)) {}

  void read() {
    parser_.emplace();
    parser_->body_limit(self_.settings.most_body);
    stream_.expires_after(kIdle);
    http::async_read(
        stream_, buffer_, *parser_,
        [me = shared_from_this()](beast::error_code error, std::size_t) { me->have_read(error); });
  }

 private:
  void have_read(beast::error_code error) {
    if (error == http::error::body_limit) {
      keep_alive_ = false;
      write(error_reply(413, "the request is larger than this server takes (" +
                                 bytes_text(static_cast<double>(self_.settings.most_body)) + ")."));
      return;
    }
    if (error) {
      return;  // closed, too slow, or no HTTP
    }
    http::request<http::string_body> message = parser_->release();
    keep_alive_ = message.keep_alive();
    version_ = message.version();
    auto request = std::make_shared<Request>(request_of(message));
    request->body = std::move(message.body());
    stream_.expires_never();  // for as long as the answer takes
    if (self_.handlers.is_quick(*request)) {
      write(self_.handlers.answer(*request));
      return;
    }
    asio::post(self_.pool, [me = shared_from_this(), request] {
      auto reply = std::make_shared<Reply>(me->self_.handlers.answer(*request));
      asio::post(me->self_.io, [me, reply] { me->write(std::move(*reply)); });
    });
  }

  void write(Reply reply) {
    auto response = std::make_shared<http::response<http::string_body>>(
        static_cast<http::status>(reply.status), version_);
    response->set(http::field::content_type, reply.content_type);
    response->set(http::field::access_control_allow_origin, "*");
    if (!reply.disposition.empty()) {
      response->set(http::field::content_disposition, reply.disposition);
    }
    response->keep_alive(keep_alive_);
    response->body() = std::move(reply.body);
    response->prepare_payload();
    stream_.expires_after(kIdle);
    http::async_write(stream_, *response,
                      [me = shared_from_this(), response](beast::error_code error, std::size_t) {
                        if (error || !me->keep_alive_) {
                          beast::error_code ignored;
                          me->stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
                          return;
                        }
                        me->read();
                      });
  }

  Self& self_;
  Counted counted_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  bool keep_alive_ = true;
  unsigned version_ = 11;
};

/// The socket on which visualisers register.
class Web::Self::Control : public std::enable_shared_from_this<Control> {
 public:
  Control(Self& self, tcp::socket socket)
      : self_(self), counted_(self.connections), stream_(std::move(socket)) {}

  template <class Message>
  void open(const Message& upgrade) {
    stream_.binary(true);
    stream_.read_message_max(self_.settings.most_message);
    stream_.async_accept(upgrade, [me = shared_from_this()](beast::error_code error) {
      if (!error) {
        me->read();
      }
    });
  }

 private:
  void read() {
    stream_.async_read(buffer_, [me = shared_from_this()](beast::error_code error, std::size_t) {
      if (error) {
        return;
      }
      std::string message = beast::buffers_to_string(me->buffer_.data());
      me->buffer_.consume(me->buffer_.size());
      me->self_.handlers.control(std::move(message), [me](std::string answer) {
        asio::post(me->self_.io, [me, text = std::move(answer)] { me->write(text); });
      });
      me->read();
    });
  }

  void write(std::string text) {
    constexpr std::size_t kMostWaiting = 16;
    if (waiting_.size() < kMostWaiting) {
      waiting_.push_back(std::move(text));
    }
    if (!writing_) {
      write_next();
    }
  }

  void write_next() {
    if (waiting_.empty()) {
      return;
    }
    writing_ = true;
    sent_ = std::move(waiting_.front());
    waiting_.erase(waiting_.begin());
    stream_.async_write(asio::buffer(sent_),
                        [me = shared_from_this()](beast::error_code error, std::size_t) {
                          me->writing_ = false;
                          if (!error) {
                            me->write_next();
                          }
                        });
  }

  Self& self_;
  Counted counted_;
  websocket::stream<tcp::socket> stream_;
  beast::flat_buffer buffer_;
  std::vector<std::string> waiting_;
  std::string sent_;
  bool writing_ = false;
};

/// The socket on which one sees what fires.
class Web::Self::Visualiser : public std::enable_shared_from_this<Visualiser> {
 public:
  Visualiser(Self& self, tcp::socket socket)
      : self_(self), counted_(self.connections), stream_(std::move(socket)) {}

  template <class Message>
  void open(const Message& upgrade) {
    stream_.binary(true);
    stream_.read_message_max(4096);  // it has nothing to say
    stream_.async_accept(upgrade, [me = shared_from_this()](beast::error_code error) {
      if (!error) {
        me->came();
      }
    });
  }

  void show(std::shared_ptr<const std::string> frame) {
    next_ = std::move(frame);  // an older one that still waits is lost
    if (sent_ == nullptr) {
      write();
    }
  }

  void close() {
    beast::error_code ignored;
    stream_.next_layer().shutdown(tcp::socket::shutdown_both, ignored);
    stream_.next_layer().close(ignored);
  }
  [[nodiscard]] std::uint64_t number() const { return number_; }

 private:
  void came() {
    number_ = self_.handlers.visualiser_came();
    place_ = ++self_.last_visualiser;
    self_.visualisers[place_] = shared_from_this();
    read();
  }

  void read() {
    stream_.async_read(buffer_, [me = shared_from_this()](beast::error_code error, std::size_t) {
      me->buffer_.consume(me->buffer_.size());
      if (error) {
        if (me->self_.visualisers.erase(me->place_) != 0) {
          me->self_.handlers.visualiser_left(me->number_);
        }
        return;
      }
      me->read();
    });
  }

  void write() {
    sent_ = std::exchange(next_, nullptr);
    if (sent_ == nullptr) {
      return;
    }
    stream_.async_write(asio::buffer(*sent_),
                        [me = shared_from_this()](beast::error_code error, std::size_t) {
                          me->sent_ = nullptr;
                          if (!error) {
                            me->write();
                          }
                        });
  }

  Self& self_;
  Counted counted_;
  websocket::stream<tcp::socket> stream_;
  beast::flat_buffer buffer_;
  std::uint64_t number_ = 0, place_ = 0;
  std::shared_ptr<const std::string> sent_, next_;
};

namespace {

/// Reads the request that asks for a WebSocket, then hands the connection over.
class Upgrade : public std::enable_shared_from_this<Upgrade> {
 public:
  using Take = std::function<void(tcp::socket, const http::request<http::string_body>&)>;
  Upgrade(tcp::socket socket, Take take) : stream_(std::move(socket)), take_(std::move(take)) {}

  void read() {
    parser_.body_limit(4096);
    stream_.expires_after(std::chrono::seconds(10));
    http::async_read(stream_, buffer_, parser_,
                     [me = shared_from_this()](beast::error_code error, std::size_t) {
                       if (!error && websocket::is_upgrade(me->parser_.get())) {
                         me->stream_.expires_never();
                         me->take_(me->stream_.release_socket(), me->parser_.get());
                       }
                     });
  }

 private:
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  http::request_parser<http::string_body> parser_;
  Take take_;
};

}  // namespace

void Web::Self::accept(tcp::acceptor& acceptor, Door door) {
  acceptor.async_accept([this, &acceptor, door](beast::error_code error, tcp::socket socket) {
    if (error == asio::error::operation_aborted) {
      return;
    }
    beast::error_code ignored;
    if (!error && connections < settings.most_connections) {
      socket.set_option(tcp::no_delay(true), ignored);
      if (door == Door::http) {
        std::make_shared<Http>(*this, std::move(socket))->read();
      } else {
        std::make_shared<Upgrade>(std::move(socket), [this, door](tcp::socket taken,
                                                                  const auto& request) {
          if (!handlers.may_connect(request_of(request))) {
            return;
          }
          if (door == Door::control) {
            std::make_shared<Control>(*this, std::move(taken))->open(request);
          } else {
            std::make_shared<Visualiser>(*this, std::move(taken))->open(request);
          }
        })->read();
      }
    }
    accept(acceptor, door);
  });
}

void Web::Self::listen(std::uint16_t port, Door door) {
  beast::error_code error;
  const auto address = asio::ip::make_address(settings.host, error);
  if (error) {
    throw Error(ErrorCode::invalid_argument, "the host " + quoted_name(settings.host) +
                                                 " is no address. Give one such as 0.0.0.0.");
  }
  auto acceptor = std::make_unique<tcp::acceptor>(io);
  acceptor->open(address.is_v6() ? tcp::v6() : tcp::v4(), error);
  if (!error) {
    acceptor->set_option(asio::socket_base::reuse_address(true), error);
    acceptor->bind({address, port}, error);
  }
  if (!error) {
    acceptor->listen(asio::socket_base::max_listen_connections, error);
  }
  if (error) {
    throw Error(ErrorCode::io, "cannot listen on port " + number_text(port) + " of " +
                                   settings.host + " (" + error.message() +
                                   "). Is another server running?");
  }
  doors.push_back(std::move(acceptor));
  accept(*doors.back(), door);
}

Web::Web(WebSettings settings, WebHandlers handlers)
    : self_(std::make_unique<Self>(std::move(settings), std::move(handlers))) {
  self_->listen(self_->settings.http_port, Self::Door::http);
  self_->listen(self_->settings.control_port, Self::Door::control);
  self_->listen(self_->settings.visualisation_port, Self::Door::visualisation);
}

Web::~Web() { join(); }

void Web::later(std::function<void()> work) { asio::post(self_->pool, std::move(work)); }

void Web::join() { self_->pool.join(); }

void Web::run(const std::function<bool()>& stop) {
  asio::steady_timer timer(self_->io);
  std::function<void()> look = [&] {
    if (stop()) {
      self_->io.stop();
      return;
    }
    timer.expires_after(std::chrono::milliseconds(20));
    timer.async_wait([&](beast::error_code error) {
      if (!error) {
        look();
      }
    });
  };
  look();
  for (bool ended = false; !ended;) {
    try {
      self_->io.run();
      ended = true;
    } catch (const std::bad_alloc&) {  // one connection wanted too much; the others go on
    }
  }
  for (const auto& door : self_->doors) {
    beast::error_code ignored;
    door->close(ignored);
  }
}

void Web::show(std::uint64_t number, std::shared_ptr<const std::string> frame) {
  asio::post(self_->io, [this, number, shown = std::move(frame)] {
    for (const auto& [place, visualiser] : self_->visualisers) {
      if (visualiser->number() == number) {
        visualiser->show(shown);
      }
    }
  });
}

void Web::drop_visualisers() {
  asio::post(self_->io, [this] {
    for (const auto& [place, visualiser] : std::exchange(self_->visualisers, {})) {
      visualiser->close();
      self_->handlers.visualiser_left(visualiser->number());
    }
  });
}

}  // namespace rheobase::server
