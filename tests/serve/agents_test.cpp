// SPDX-License-Identifier: Apache-2.0
#include "server/agents.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rheobase::server {
namespace {

/// Looks, as another thread may, while the sockets of an agent are being opened.
struct Looker : DataSockets {
  const Agents* agents = nullptr;
  std::uint64_t seen = 0;
  std::size_t listed = 0;
  std::map<std::string, std::string> open(const Agent& /*agent*/) override {
    seen = agents->change_number();
    listed = agents->list().size();
    return {};
  }
};

TEST(Agents, WhoLooksDuringARegistrationLooksAgainAfterIt) {
  Agents agents({});
  Looker looker;
  looker.agents = &agents;
  const Json request = {{"agent_descriptor", {{"agent_name", "robot"}}},
                        {"auth_token", {{"value", std::vector<unsigned>(32, 0U)}}},
                        {"connection_protocol", "Zmq"},
                        {"requested_capabilities", {"receive_motor_data"}}};
  const Json message = {{"agent_registration", {{"client_request_registration", request}}}};
  std::string answer;
  agents.handle(
      container_of(StructureType::json, message.dump(), {}), Transport::zmq, looker,
      [&](const std::string& text) { answer = text; }, [](const auto& work) { work(); });
  EXPECT_NE(answer.find("success"), std::string::npos);
  ASSERT_EQ(agents.list().size(), 1U);
  EXPECT_EQ(looker.listed, 0U);
  EXPECT_NE(agents.change_number(), looker.seen);
}

}  // namespace
}  // namespace rheobase::server
