// SPDX-License-Identifier: Apache-2.0
// What a camera's picture onto an area costs in C++: turned into input, injected, run; ms of
// processor time, medians.
// cmake --build --preset tests --target rheobase_picture_bench &&
// build/tests/rheobase_picture_bench
#include "rheobase/picture.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <vector>

#include "rheobase/engine.h"
#include "rheobase/network.h"

using namespace rheobase;

namespace {

/// Processor time, so that other programs do not count.
double ms_since(std::clock_t start) {
  return 1000.0 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

template <class Pixel>
void measure(Engine& engine, Picture::Type type, const char* name, bool dark) {
  constexpr std::size_t kHeight = 480;
  constexpr std::size_t kWidth = 640;
  std::vector<Pixel> pixels(kHeight * kWidth);
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    pixels[i] = static_cast<Pixel>(dark && i % 10 != 0 ? 0 : i % 251 + 1);
  }
  Picture picture{pixels.data(), type, kHeight, kWidth};
  picture.row_stride = kWidth * sizeof(Pixel);
  picture.column_stride = sizeof(Pixel);
  picture.scale = 1.0F / 256;
  PictureInput input;
  std::vector<double> turned;
  std::vector<double> injected;
  std::vector<double> run;
  for (int i = 0; i < 200; ++i) {
    const std::clock_t start = std::clock();
    picture_input(engine.network().areas()[0], picture, input);
    turned.push_back(ms_since(start));
    engine.inject(input.ids, input.potentials);
    injected.push_back(ms_since(start));
    engine.run(1);
    run.push_back(ms_since(start));
  }
  const auto median = [](std::vector<double>& times) {
    std::nth_element(times.begin(), times.begin() + 100, times.end());
    return times[100];
  };
  std::printf("%-4s %-9s turned %.2f ms, and injected %.2f ms, and a burst run %.2f ms\n", name,
              dark ? "1 in 10" : "all", median(turned), median(injected), median(run));
}

}  // namespace

int main() {
  NetworkBuilder builder;
  AreaSpec camera;
  camera.name = "camera";
  camera.size = {640, 480, 1};
  camera.params.threshold = 10.0F;
  builder.add_area(camera);
  Engine engine(builder.build(), {.backend = "cpu", .threads = 1, .drives = {}});
  for (const bool dark : {false, true}) {
    measure<std::uint8_t>(engine, Picture::Type::u8, "u8", dark);
    measure<std::uint16_t>(engine, Picture::Type::u16, "u16", dark);
    measure<float>(engine, Picture::Type::f32, "f32", dark);
    measure<double>(engine, Picture::Type::f64, "f64", dark);
  }
}
