// SPDX-License-Identifier: Apache-2.0
// Drives of many neurons at once against model::drive_events.
#include "backends/cpu/drive_block.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <bit>
#include <vector>

#include "backends/cpu/unit_counts.h"
#include "model/float_ops.h"
#include "model/merged_drives.h"
#include "network/drive_streams.h"
#include "support/poisson_drive.h"

namespace rheobase::test {
namespace {

using model::CompiledDrive;
using model::merged_drives;

/// What a drive injects into neurons first .. last - 1 of so many ports each, and what it counts.
struct Given {
  std::vector<float> injected;
  std::vector<std::int32_t> words;
  bool operator==(const Given&) const = default;
};

Given by_definition(const CompiledDrive& d, std::uint64_t burst, std::uint32_t first,
                    std::uint32_t last, std::uint32_t stride, Given given) {
  for (std::uint32_t id = first; id < last; ++id) {
    const std::uint32_t events = model::drive_events(d, id, burst);
    if (events != 0) {
      float& sum = given.injected[std::size_t{id - first} * stride];
      std::int32_t& word = given.words[std::size_t{id - first} * stride];
      sum = model::add_rn(sum, model::drive_potential(d, events));
      word += (word & 7) == 0 ? 1 : 0;
    }
  }
  return given;
}

Given by_blocks(const CompiledDrive& d, std::uint64_t burst, std::uint32_t first,
                std::uint32_t last, std::uint32_t stride, Given given) {
  if (is_rare(d)) {
    std::vector<RareEvents> found;
    find_rare_events(d, burst, first, last, found);
    EXPECT_TRUE(std::ranges::is_sorted(found, {}, &RareEvents::id));
    for (const RareEvents& got : found) {
      float& sum = given.injected[std::size_t{got.id - first} * stride];
      std::int32_t& word = given.words[std::size_t{got.id - first} * stride];
      sum = model::add_rn(sum, model::drive_potential(d, got.events));
      word += (word & 7) == 0 ? 1 : 0;
    }
    return given;
  }
  for (std::uint32_t id = first; id < last; id += kDriveBlock) {
    const std::size_t at = std::size_t{id - first} * stride;
    const auto count = std::min(kDriveBlock, last - id);
    drive_block(DriveBlock<std::int32_t>{&d, burst, id, count, stride, &given.injected[at],
                                         &given.words[at], 7, 1});
  }
  return given;
}

TEST(DriveBlock, IsTheDefinition) {
  EXPECT_TRUE(rc::check("blocks give what the definition gives", [] {
    const double mean = *rc::gen::element(0.0, 1e-6, 1e-4, 0.003, 1.0 / 256.0, 0.004, 0.05, 0.25,
                                          2.4, 20.0, 480.0, 700.0, 1900.0);
    CompiledDrive d = poisson_drive(mean);
    d.amplitude = *rc::gen::element(0.1F, -2.5F, 1e-30F, 0x1p-126F, 0.0F, -0x1p99F, 0x1p100F);
    d.seed = *rc::gen::arbitrary<std::uint64_t>();
    d.stream = *rc::gen::inRange(0U, 3U);
    d.origin = *rc::gen::inRange(0U, 300U);
    if (*rc::gen::inRange(0, 8) == 0) {
      d = {};
      d.kind = CompiledDrive::Kind::regular;
      d.amplitude = 0.3F;
      d.step = *rc::gen::inRange<std::uint64_t>(0, 1ULL << 52U);
    }
    const auto burst = *rc::gen::arbitrary<std::uint64_t>();
    const std::uint32_t first = d.origin + *rc::gen::inRange(0U, 9000U);
    const std::uint32_t last = first + *rc::gen::inRange(1U, 3000U);
    const auto stride = *rc::gen::inRange(1U, 4U);
    Given before;
    before.injected.resize(std::size_t{last - first} * stride);
    before.words.resize(before.injected.size());
    for (std::size_t i = 0; i < before.words.size(); ++i) {
      before.injected[i] = static_cast<float>(i % 5) - 2.0F;
      before.words[i] = static_cast<std::int32_t>(i % 9);
    }
    RC_ASSERT(by_blocks(d, burst, first, last, stride, before) ==
              by_definition(d, burst, first, last, stride, before));
  }));
}

/// Every set of instructions that this machine has.
TEST(UnitCounts, AreTheDefinition) {
  using Count = bool (*)(const units::UnitRequest&, units::Counts&);
  std::vector<Count> all{units::count_one_by_one};
  if (std::endian::native == std::endian::little) {
    all.push_back(units::anywhere::count);
  }
#if defined(__x86_64__)
  if (has_avx2()) {
    all.push_back(units::avx2::count);
  }
  if (has_avx512()) {
    all.push_back(units::avx512::count);
  }
#endif
  for (const double mean : {1e-6, 0.003, 0.25, 20.0, 480.0, 1900.0}) {
    const CompiledDrive d = poisson_drive(mean);
    const units::UpperTable table(d.cumulative);
    for (std::uint32_t chunk = 0; chunk < 64; ++chunk) {
      const units::UnitRequest request{&d, &table, chunk * model::kUnitsOfCalls, 77};
      std::uint32_t events = 0;
      for (const Count count : all) {
        units::Counts counts{};
        const bool any = count(request, counts);
        events = 0;
        for (std::uint32_t i = 0; i < counts.size(); ++i) {
          ASSERT_EQ(counts[i], model::unit_events(d, request.first + i, 77)) << mean;
          events += counts[i];
        }
        ASSERT_EQ(any, events != 0);
      }
    }
  }
}

TEST(MergedDrives, EqualNeighboursBecomeOne) {
  CompiledDrive a = poisson_drive(0.5, 10);
  CompiledDrive b = a;
  b.amplitude = -1.0F;
  b.stream = 1;
  std::vector<CompiledDrive> drives;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    a.first = b.first = 10 * i;
    drives.push_back(a);
    drives.push_back(b);
  }
  const std::vector<CompiledDrive> merged = merged_drives(drives);
  ASSERT_EQ(merged.size(), 2U);
  EXPECT_EQ(merged[0].count, 10'000U);
  EXPECT_EQ(merged[1].count, 10'000U);
}

/// Random drives, merged or not, give the same in the same order.
TEST(MergedDrives, GiveTheSame) {
  EXPECT_TRUE(rc::check("merged drives give the same", [] {
    std::vector<CompiledDrive> drives;
    for (int i = *rc::gen::inRange(0, 12); i > 0; --i) {
      CompiledDrive d = poisson_drive(*rc::gen::element(0.5, 0.003), *rc::gen::inRange(0U, 4U));
      d.first = *rc::gen::inRange(0U, 8U);
      d.amplitude = *rc::gen::element(0.1F, 1e8F);
      d.port = *rc::gen::inRange(0U, 2U);
      drives.push_back(d);
    }
    const auto given = [](const std::vector<CompiledDrive>& all, std::uint32_t id) {
      std::vector<std::pair<std::uint32_t, float>> amplitudes;
      for (const CompiledDrive& d : all) {
        if (id - d.first < d.count) {
          amplitudes.emplace_back(d.port, d.amplitude * static_cast<float>(d.unit_shift + 1U));
        }
      }
      return amplitudes;
    };
    const std::vector<CompiledDrive> merged = merged_drives(drives);
    RC_ASSERT(merged.size() <= drives.size());
    for (std::uint32_t id = 0; id < 16; ++id) {
      RC_ASSERT(given(drives, id) == given(merged, id));
    }
  }));
}

TEST(DriveStreams, OfNeuronsInCommonDiffer) {
  EXPECT_TRUE(rc::check("streams differ", [] {
    DriveStreams streams;
    std::vector<Drive> drives;
    for (int i = *rc::gen::inRange(0, 20); i > 0; --i) {
      Drive d{Drive::Kind::poisson, *rc::gen::inRange(0U, 40U), *rc::gen::inRange(0U, 12U)};
      if (*rc::gen::inRange(0, 4) == 0) {  // of a file
        d.stream = *rc::gen::inRange(100U, 103U);
        streams.take(d);
      } else {
        d.stream = streams.choose(d);
        for (const Drive& other : drives) {
          const bool meet = d.first < other.first + other.count &&
                            other.first < d.first + d.count && d.count != 0 && other.count != 0;
          RC_ASSERT(!meet || other.stream != d.stream);
        }
      }
      drives.push_back(d);
    }
  }));
}

TEST(DriveStreams, DrivesApartShareOne) {
  DriveStreams streams;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    const Drive d{Drive::Kind::poisson, 10 * i, 10};
    EXPECT_EQ(streams.choose(d), 0U);
    EXPECT_EQ(streams.choose(d), 1U);
  }
  EXPECT_EQ(streams.choose({Drive::Kind::poisson, 500, 2000}), 2U);
  EXPECT_EQ(streams.choose({Drive::Kind::constant, 500, 2000}), 0U);
}

}  // namespace
}  // namespace rheobase::test
