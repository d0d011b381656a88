// SPDX-License-Identifier: Apache-2.0
// FEAGI's container and frames, against bytes that FEAGI's engine and its clients sent.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstring>
#include <string>

#include "io/base64.h"
#include "rheobase/error.h"
#include "server/container.h"
#include "server/xyzp.h"

namespace rheobase::server {
namespace {

std::string bytes_of_hex(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  return bytes;
}

const std::string kZeros(96, '0');

/// What FEAGI's SDK sent: two voxels of a proximity sensor.
const std::string kSensory = bytes_of_hex(
    "04000001" + kZeros +
    "340000000b0101006970726f0100000014000000200000000000000001000000000000000000000009000000"
    "000000000000803f0000803f");
/// What FEAGI's engine sent to a motor agent in burst 42: three areas of a servo.
const std::string kMotor = bytes_of_hex(
    "042a0001" + kZeros +
    "940000000b0103006f7073650100000034000000200000006f7073651101000054000000200000006f7073652100"
    "0000740000002000000001000000000000000000000000000000000000000900000000007f4300007f4300000000"
    "010000000000000000000000090000000000000000007f4300007f43000000000100000000000000000000000900"
    "00000000000000007f4300007f43");
/// And in a burst in which nothing fired.
const std::string kEmptyMotor = bytes_of_hex("04260001" + kZeros + "040000000b010000");

std::string reason_of(const std::string& bytes) {
  try {
    const Container container = read_container(bytes);
    for (const Structure& structure : container.structures) {
      static_cast<void>(read_xyzp(structure.body));
    }
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    return error.what();
  }
  return "";
}

TEST(Container, ReadsWhatFeagiSends) {
  const Container container = read_container(kMotor);
  EXPECT_EQ(container.counter, 42);
  EXPECT_EQ(container.session, SessionId{});
  ASSERT_EQ(container.structures.size(), 1U);
  EXPECT_EQ(container.structures[0].type, StructureType::xyzp);
  EXPECT_EQ(kEmptyMotor.size(), 60U);
  EXPECT_TRUE(read_xyzp(read_container(kEmptyMotor).structures.at(0).body).empty());
}

TEST(Container, WritesTheSameBytes) {
  for (const std::string& recorded : {kSensory, kMotor, kEmptyMotor}) {
    const Container container = read_container(recorded);
    const std::string body = xyzp_of(read_xyzp(container.structures.at(0).body));
    EXPECT_EQ(container_of(StructureType::xyzp, body, container.session, container.counter),
              recorded);
  }
}

TEST(Container, ReadsVoxels) {
  const auto areas = read_xyzp(read_container(kSensory).structures.at(0).body);
  ASSERT_EQ(areas.size(), 1U);
  EXPECT_EQ(base64_of({areas[0].area.data(), areas[0].area.size()}), "aXBybwEAAAA=");
  EXPECT_EQ(areas[0].x, (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(areas[0].y, (std::vector<std::uint32_t>{0, 0}));
  EXPECT_EQ(areas[0].z, (std::vector<std::uint32_t>{9, 0}));
  EXPECT_EQ(areas[0].p, (std::vector<float>{1.0F, 1.0F}));
}

TEST(Container, SaysWhatIsWrong) {
  std::string other = kSensory;
  other[0] = 3;
  EXPECT_NE(reason_of(other).find("version 3"), std::string::npos);
  EXPECT_NE(reason_of("hello").find("5 bytes"), std::string::npos);
  EXPECT_NE(reason_of(kSensory.substr(0, kSensory.size() - 1)).find("left"), std::string::npos);
  other = kSensory;
  other[56] = 9;
  EXPECT_NE(reason_of(other).find("type 9"), std::string::npos);
  other = kSensory;
  other[56 + 12] = 2;  // the offset of the area: within the list of areas
  EXPECT_NE(reason_of(other).find("outside"), std::string::npos);
  other = kSensory;
  other[56 + 16] = 3;
  EXPECT_NE(reason_of(other).find("multiple of 16"), std::string::npos);
  other = kMotor;
  other[56 + 4 + 16 + 8] = 0x34;  // the second area where the first one is: fewer bytes are used
  EXPECT_EQ(reason_of(other), "");
  other = kSensory;
  other.replace(other.size() - 4, 4, bytes_of_hex("0000c07f"));
  EXPECT_NE(reason_of(other).find("not a number"), std::string::npos);
}

TEST(Container, AreasMayNotMultiplyBytes) {
  // 1000 areas, each of the whole frame
  std::string body;
  put_u16(body, 1000);
  const std::uint32_t begin = 2 + 2 + 16 * 1000;
  for (int i = 0; i < 1000; ++i) {
    body += "cabcdefg";
    put_u32(body, begin);
    put_u32(body, 16000);
  }
  body.resize(body.size() + 16000);
  EXPECT_NE(reason_of(container_of(StructureType::xyzp, body, {})).find("share"),
            std::string::npos);
}

TEST(Container, AnyFrameComesBack) {
  rc::check([](const std::vector<std::vector<std::array<std::uint32_t, 3>>>& voxels) {
    std::vector<AreaVoxels> areas;
    for (const auto& list : voxels) {
      AreaVoxels& area = areas.emplace_back();
      area.area = {'c', 'a', 'r', 'e', 'a', static_cast<char>(areas.size()), '_', '_'};
      for (const auto& [x, y, z] : list) {
        area.x.push_back(x);
        area.y.push_back(y);
        area.z.push_back(z);
        area.p.push_back(static_cast<float>(x % 97));
      }
    }
    const auto again = read_xyzp(xyzp_of(areas));
    RC_ASSERT(again.size() == areas.size());
    for (std::size_t i = 0; i < areas.size(); ++i) {
      RC_ASSERT(again[i].area == areas[i].area);
      RC_ASSERT(again[i].x == areas[i].x && again[i].y == areas[i].y);
      RC_ASSERT(again[i].z == areas[i].z && again[i].p == areas[i].p);
    }
  });
}

TEST(Container, AnyBytesAreReadOrRefused) {
  rc::check([](const std::string& junk, std::uint16_t at) {
    std::string bytes = kMotor;
    for (std::size_t i = 0; i < junk.size(); ++i) {
      bytes[(at + i) % bytes.size()] = junk[i];
    }
    static_cast<void>(reason_of(bytes));
    static_cast<void>(reason_of(junk));
  });
}

TEST(Base64, IsThatOfTheStandard) {
  EXPECT_EQ(base64_of("ipro\1\0\0\0"), "aXBybwE=");  // ends at the first zero byte
  EXPECT_EQ(base64_of(std::string_view("ipro\1\0\0\0", 8)), "aXBybwEAAAA=");
  EXPECT_EQ(base64_of("___death"), "X19fZGVhdGg=");
  for (const char* bad : {"a", "ab==c", "====", "a===", "ab=c", "abc*", "aXBybwEAAAA"}) {
    EXPECT_FALSE(bytes_of_base64(bad)) << bad;
  }
  rc::check(
      [](const std::string& bytes) { RC_ASSERT(bytes_of_base64(base64_of(bytes)) == bytes); });
}

}  // namespace
}  // namespace rheobase::server
