// A line of a plot as points on the screen, but no more points than can be seen.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <imgui.h>

#include "report/axis.h"

namespace shadenet {

/// The plot's place on the screen, and the axes that its edges belong to.
struct PlotFrame {
    ImVec2 min, max;
    Axis x, y;

    float screen_x(double epoch) const;
    float screen_y(double value) const;
};

/// The points of a line in runs; the line is interrupted between runs.
struct Trace {
    std::vector<ImVec2> points;
    std::vector<std::size_t> ends;  ///< one past the last point of each run

    std::span<const ImVec2> run(std::size_t i) const;
};

/// Turns lines over the same epochs into points. If there are more epochs than `columns`, each column gets
/// the line's smallest and largest value, so that no peak is lost.
class Tracer {
  public:
    /// `epochs` ascend; they and `frame` must outlive the tracer.
    Tracer(const PlotFrame& frame, std::span<const std::uint32_t> epochs, std::size_t columns);

    /// values[i] belongs to epochs[i]. The line is interrupted where the axis cannot show a value or an epoch
    /// is missing.
    Trace trace(std::span<const float> values) const;

    /// Draws the values as dots or, if there are more epochs than columns, as bars from the smallest to the
    /// largest.
    void draw_scatter(ImDrawList& list, std::span<const float> values, ImU32 colour) const;

  private:
    struct Column {
        std::size_t begin, end;  ///< range of epochs
        float left;              ///< left edge on the screen
    };
    struct Extent {
        float low, high;  ///< low > high if there is no value
    };
    Extent extent(const Column& column, std::span<const float> values) const;
    Trace trace_points(std::span<const float> values) const;
    Trace trace_columns(std::span<const float> values) const;

    const PlotFrame& frame_;
    std::span<const std::uint32_t> epochs_;
    std::vector<Column> columns_;  ///< empty if every epoch is drawn
    float column_width_ = 0;
};

/// The distance of `point` from the nearest part of the line; a large number if no part is nearby.
float distance_to(const Trace& trace, ImVec2 point, float nearby);

/// Single points as dots.
void draw_trace(ImDrawList& list, const Trace& trace, ImU32 colour, float thickness);

}  // namespace shadenet
