// A line of a plot as points on the screen, no more of them than can be seen.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <imgui.h>

#include "report/axis.h"

namespace shadenet {

/// Where the plot lies, and what its edges stand for.
struct PlotFrame {
    ImVec2 min, max;
    Axis x, y;

    float screen_x(double epoch) const;
    float screen_y(double value) const;
};

/// The points of a line, in runs: between them it is interrupted.
struct Trace {
    std::vector<ImVec2> points;
    std::vector<std::size_t> ends;  ///< one past the last point of each run

    std::span<const ImVec2> run(std::size_t i) const;
};

/// Draws lines over the same epochs into points. Where there are more epochs than `columns`, each column gets
/// a line's smallest and largest value, so that no peak is lost.
class Tracer {
  public:
    /// `epochs` ascend; they and `frame` must outlive the tracer.
    Tracer(const PlotFrame& frame, std::span<const std::uint32_t> epochs, std::size_t columns);

    /// values[i] belongs to epochs[i]. Where the axis cannot show a value, or an epoch is missing, the line
    /// is interrupted.
    Trace trace(std::span<const float> values) const;

    /// The values as dots; where there are more epochs than columns, as bars from the smallest to the
    /// largest.
    void draw_scatter(ImDrawList& list, std::span<const float> values, ImU32 colour) const;

  private:
    struct Column {
        std::size_t begin, end;  ///< of the epochs
        float left;              ///< on the screen
    };
    struct Extent {
        float low, high;  ///< low > high where there is no value
    };
    Extent extent(const Column& column, std::span<const float> values) const;
    Trace trace_points(std::span<const float> values) const;
    Trace trace_columns(std::span<const float> values) const;

    const PlotFrame& frame_;
    std::span<const std::uint32_t> epochs_;
    std::vector<Column> columns_;  ///< empty where every epoch is drawn
    float column_width_ = 0;
};

/// How far `point` is from the nearest part of the line; a large number where it has no part nearby.
float distance_to(const Trace& trace, ImVec2 point, float nearby);

/// Single points as dots.
void draw_trace(ImDrawList& list, const Trace& trace, ImU32 colour, float thickness);

}  // namespace shadenet
