// SPDX-License-Identifier: Apache-2.0
#include <cairo.h>

#include <algorithm>
#include <memory>
#include <new>
#include <string>

#include "cli/activity.h"
#include "rheobase/error.h"
#include "rheobase/program.h"
#include "rheobase/text.h"

namespace rheobase::cli {
namespace {

constexpr double kLeft = 150, kRight = 30, kTop = 20, kBottom = 50, kPlotWidth = 1200;
constexpr double kFontSize = 13;

using Surface = std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)>;
using Context = std::unique_ptr<cairo_t, decltype(&cairo_destroy)>;

/// Takes what cairo writes; cairo is C.
cairo_status_t append_to(void* text, const unsigned char* bytes, unsigned size) {
  try {
    static_cast<std::string*>(text)->append(reinterpret_cast<const char*>(bytes), size);
  } catch (const std::bad_alloc&) {
    return CAIRO_STATUS_NO_MEMORY;
  }
  return CAIRO_STATUS_SUCCESS;
}

/// 1, 2 or 5 times a power of ten, so that about eight ticks fit.
double tick_step(double span) {
  double step = 1e-6;
  for (int i = 0; span / step > 10.0; ++i) {
    step *= i % 3 == 1 ? 2.5 : 2.0;
  }
  return step;
}

void show_text(cairo_t* c, const std::string& text, double x, double y, double align) {
  cairo_text_extents_t extents;
  cairo_text_extents(c, text.c_str(), &extents);
  cairo_move_to(c, x - extents.width * align, y);
  cairo_show_text(c, text.c_str());
}

/// Cells as squares, darker where more spikes fell into one.
void draw_cells(cairo_t* c, const Activity& activity, const AreaActivity& area, double top,
                double height) {
  const double most =
      std::max<std::uint32_t>(*std::max_element(area.cells.begin(), area.cells.end()), 1);
  const double cell_width = kPlotWidth / activity.columns();
  const double cell_height = height / area.rows;
  for (std::uint32_t row = 0; row < area.rows; ++row) {
    for (std::uint32_t column = 0; column < activity.columns(); ++column) {
      const std::uint32_t count = area.cells[std::size_t{row} * activity.columns() + column];
      if (count > 0) {
        cairo_set_source_rgba(c, 0.04, 0.27, 0.46, 0.35 + 0.65 * count / most);
        cairo_rectangle(c, kLeft + column * cell_width, top + row * cell_height,
                        std::max(cell_width, 1.0), std::max(cell_height, 1.0));
        cairo_fill(c);
      }
    }
  }
}

void draw_time_axis(cairo_t* c, const Activity& activity, double bottom) {
  const double begin = static_cast<double>(activity.first_burst() - 1) * activity.dt_ms();
  const double span = static_cast<double>(activity.bursts()) * activity.dt_ms();
  const double step = tick_step(span);
  cairo_set_source_rgb(c, 0, 0, 0);
  cairo_set_line_width(c, 1);
  for (int i = 0; i * step <= span; ++i) {
    const double x = kLeft + kPlotWidth * (i * step) / span;
    cairo_move_to(c, x, bottom);
    cairo_line_to(c, x, bottom + 5);
    cairo_stroke(c);
    show_text(c, rounded_text(begin + i * step), x, bottom + 19, 0.5);
  }
  show_text(c, "time (ms)", kLeft + kPlotWidth / 2, bottom + 40, 0.5);
}

}  // namespace

void write_raster_png(const Activity& activity, const std::string& path) {
  std::vector<const AreaActivity*> areas;
  for (const AreaActivity& area : activity.areas()) {
    if (area.spikes > 0) {
      areas.push_back(&area);
    }
  }
  const double band =
      areas.empty() ? 60.0 : std::clamp(600.0 / static_cast<double>(areas.size()), 16.0, 200.0);
  const double plot_height = band * std::max<double>(1.0, static_cast<double>(areas.size()));
  const Surface surface(
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(kLeft + kPlotWidth + kRight),
                                 static_cast<int>(kTop + plot_height + kBottom)),
      cairo_surface_destroy);
  const Context context(cairo_create(surface.get()), cairo_destroy);
  cairo_t* c = context.get();
  cairo_set_source_rgb(c, 1, 1, 1);
  cairo_paint(c);
  cairo_select_font_face(c, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(c, kFontSize);

  for (std::size_t i = 0; i < areas.size(); ++i) {
    const double top = kTop + band * static_cast<double>(i);
    if (i % 2 == 0) {
      cairo_set_source_rgb(c, 0.955, 0.955, 0.955);
      cairo_rectangle(c, kLeft, top, kPlotWidth, band);
      cairo_fill(c);
    }
    draw_cells(c, activity, *areas[i], top, band);
    // the name, shortened until it fits beside its band
    std::string name = areas[i]->name;
    cairo_text_extents_t extents;
    for (cairo_text_extents(c, name.c_str(), &extents);
         extents.width > kLeft - 16 && name.size() > 1;
         cairo_text_extents(c, name.c_str(), &extents)) {
      name.pop_back();
      while (!name.empty() && (static_cast<unsigned char>(name.back()) & 0xC0U) == 0x80U) {
        name.pop_back();
      }
    }
    cairo_set_source_rgb(c, 0, 0, 0);
    show_text(c, name, kLeft - 8, top + band / 2 + kFontSize / 3, 1.0);
  }
  if (areas.empty()) {
    cairo_set_source_rgb(c, 0, 0, 0);
    show_text(c, "no neuron fired", kLeft + kPlotWidth / 2, kTop + 35, 0.5);
  }
  cairo_set_source_rgb(c, 0, 0, 0);
  cairo_set_line_width(c, 1);
  cairo_rectangle(c, kLeft - 0.5, kTop - 0.5, kPlotWidth + 1, plot_height + 1);
  cairo_stroke(c);
  draw_time_axis(c, activity, kTop + plot_height);

  std::string png;
  const cairo_status_t status = cairo_surface_write_to_png_stream(surface.get(), append_to, &png);
  if (status != CAIRO_STATUS_SUCCESS) {
    throw Error(
        ErrorCode::out_of_memory,
        "cannot draw " + path + " (" + cairo_status_to_string(status) + "). Record fewer areas.");
  }
  write_file(path, png);
}

}  // namespace rheobase::cli
