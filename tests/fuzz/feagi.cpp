// SPDX-License-Identifier: Apache-2.0
// What strangers send to `serve`: containers with frames of voxels, control messages with device
// configurations, and requests whose body is JSON. The first byte says which.
#include "fuzz/fuzzed.h"
#include "server/agents.h"
#include "server/area_properties.h"
#include "server/container.h"
#include "server/request.h"
#include "server/serve.h"
#include "server/units.h"
#include "server/xyzp.h"

using namespace rheobase;
using namespace rheobase::server;

namespace {

struct NoSockets : DataSockets {
  std::map<std::string, std::string> open(const Agent& /*agent*/) override { return {}; }
};

/// A frame that was read is written as the same voxels.
void read_frames(std::string_view bytes) {
  for (const Structure& structure : read_container(bytes).structures) {
    const std::vector<AreaVoxels> areas = read_xyzp(structure.body);
    if (read_xyzp(xyzp_of(areas)).size() != areas.size()) {
      std::abort();
    }
  }
}

void handle_message(std::string_view bytes) {
  static Agents agents({4, "", 1e9});
  agents.on_configuration = [](const Agent&, const Json& details) {
    static_cast<void>(device_configuration(details));
  };
  NoSockets sockets;
  agents.handle(
      bytes, Transport::zmq, sockets,
      [](const std::string& answer) { static_cast<void>(read_container(answer)); },
      [](const std::function<void()>& work) { work(); });
}

void change_an_area(const std::string& text) {
  static const Document kBare = Document::barebones();
  Document document = kBare;
  Request request;
  request.body = text;
  const Json wanted = request.json();
  if (wanted.is_object()) {
    static_cast<void>(set_properties(document, "X19fcG93ZXI=", wanted));
    static_cast<void>(Document::read(document.text()));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  test::only_errors([&] {
    switch (data[0] % 5) {
      case 0: read_frames(text); break;
      case 1: handle_message(text); break;
      case 2: {  // the JSON of a control message, which the fuzzer need not put into a container
        handle_message(container_of(StructureType::json, text, {}));
        break;
      }
      case 3: change_an_area(text); break;
      default: {
        ServeOptions options;
        take_configuration(text, "a configuration", options);
        break;
      }
    }
  });
  return 0;
}
