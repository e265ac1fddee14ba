#include "viewer/plot_trace.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace shadenet {

namespace {

float dot(ImVec2 a, ImVec2 b) {
    return a.x * b.x + a.y * b.y;
}

ImVec2 difference(ImVec2 a, ImVec2 b) {
    return {a.x - b.x, a.y - b.y};
}

float distance_to_segment(ImVec2 a, ImVec2 b, ImVec2 point) {
    const ImVec2 along = difference(b, a), from = difference(point, a);
    const float length = dot(along, along);
    const float part = length > 0 ? std::clamp(dot(from, along) / length, 0.0f, 1.0f) : 0.0f;
    return std::hypot(from.x - part * along.x, from.y - part * along.y);
}

void end_run(Trace& trace) {
    const std::size_t begin = trace.ends.empty() ? 0 : trace.ends.back();
    if (trace.points.size() > begin) trace.ends.push_back(trace.points.size());
}

/// Dear ImGui draws long spikes at sharp corners, so a run is drawn in pieces without such corners.
void draw_run(ImDrawList& list, std::span<const ImVec2> points, ImU32 colour, float thickness) {
    std::size_t begin = 0;
    for (std::size_t i = 1; i < points.size(); ++i) {
        const bool last = i + 1 == points.size();
        const bool sharp =
            !last && dot(difference(points[i], points[i - 1]), difference(points[i + 1], points[i])) <= 0;
        if (!last && !sharp) continue;
        list.AddPolyline(&points[begin], static_cast<int>(i - begin + 1), colour, 0, thickness);
        begin = i;
    }
}

}  // namespace

float PlotFrame::screen_x(double epoch) const {
    return min.x + static_cast<float>(x.position(epoch)) * (max.x - min.x);
}

float PlotFrame::screen_y(double value) const {
    return max.y - static_cast<float>(y.position(value)) * (max.y - min.y);
}

std::span<const ImVec2> Trace::run(std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : ends[i - 1];
    return std::span(points).subspan(begin, ends[i] - begin);
}

Tracer::Tracer(const PlotFrame& frame, std::span<const std::uint32_t> epochs, std::size_t columns)
    : frame_(frame), epochs_(epochs) {
    columns = std::max<std::size_t>(columns, 1);
    if (epochs.size() <= columns) return;
    column_width_ = (frame.max.x - frame.min.x) / static_cast<float>(columns);
    const auto column_of = [&](std::uint32_t epoch) {
        const double column = frame.x.position(epoch) * static_cast<double>(columns);
        return std::clamp(std::floor(column), 0.0, static_cast<double>(columns - 1));
    };
    for (std::size_t begin = 0; begin < epochs.size();) {
        const double column = column_of(epochs[begin]);
        std::size_t end = begin + 1;
        while (end < epochs.size() && column_of(epochs[end]) == column) ++end;
        columns_.push_back({begin, end, frame.min.x + static_cast<float>(column) * column_width_});
        begin = end;
    }
}

Trace Tracer::trace(std::span<const float> values) const {
    values = values.first(std::min(values.size(), epochs_.size()));
    Trace result = columns_.empty() ? trace_points(values) : trace_columns(values);
    end_run(result);
    return result;
}

Trace Tracer::trace_points(std::span<const float> values) const {
    Trace trace;
    trace.points.reserve(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const bool shown = frame_.y.can_show(values[i]);
        if (!shown || (i > 0 && epochs_[i] != epochs_[i - 1] + 1)) end_run(trace);
        if (shown) trace.points.push_back({frame_.screen_x(epochs_[i]), frame_.screen_y(values[i])});
    }
    return trace;
}

Tracer::Extent Tracer::extent(const Column& column, std::span<const float> values) const {
    constexpr float infinity = std::numeric_limits<float>::infinity();
    const float lowest = frame_.y.scale == AxisScale::log ? std::numeric_limits<float>::denorm_min()
                                                          : std::numeric_limits<float>::lowest();
    Extent extent{infinity, -infinity};
    const std::size_t end = std::min(column.end, values.size());
    for (std::size_t i = column.begin; i < end; ++i) {
        const float value = values[i];
        // False for NaN, and without a branch: this runs for every value of a run in every frame.
        const bool shown = (value >= lowest) & (value < infinity);
        extent.low = std::min(extent.low, shown ? value : infinity);
        extent.high = std::max(extent.high, shown ? value : -infinity);
    }
    return extent;
}

Trace Tracer::trace_columns(std::span<const float> values) const {
    Trace trace;
    trace.points.reserve(2 * columns_.size());
    for (std::size_t c = 0; c < columns_.size(); ++c) {
        const Column& column = columns_[c];
        const auto [low, high] = extent(column, values);
        const bool missing = c > 0 && epochs_[column.begin] != epochs_[column.begin - 1] + 1;
        if (low > high || missing) end_run(trace);
        if (low > high) continue;
        float first = frame_.screen_y(low), second = frame_.screen_y(high);
        const float start = values[column.begin];
        const float before = !trace.points.empty()      ? trace.points.back().y
                             : frame_.y.can_show(start) ? frame_.screen_y(start)
                                                        : first;
        if (std::abs(before - second) < std::abs(before - first)) std::swap(first, second);
        // Values that differ by less than half a pixel are one point. Two points get different places in the
        // column, because a line that only rises or falls must not look like stairs in wide columns.
        const bool two = std::abs(first - second) >= 0.5f;
        trace.points.push_back({column.left + column_width_ * (two ? 0.25f : 0.5f), first});
        if (two) trace.points.push_back({column.left + column_width_ * 0.75f, second});
    }
    return trace;
}

void Tracer::draw_scatter(ImDrawList& list, std::span<const float> values, ImU32 colour) const {
    values = values.first(std::min(values.size(), epochs_.size()));
    if (columns_.empty()) {
        for (const ImVec2& point : trace_points(values).points) {
            list.AddRectFilled({point.x - 1.5f, point.y - 1.5f}, {point.x + 1.5f, point.y + 1.5f}, colour);
        }
        return;
    }
    for (const Column& column : columns_) {
        const auto [low, high] = extent(column, values);
        if (low > high) continue;
        const float top = frame_.screen_y(high), bottom = std::max(frame_.screen_y(low), top + 1);
        list.AddRectFilled({column.left, top}, {column.left + column_width_, bottom}, colour);
    }
}

float distance_to(const Trace& trace, ImVec2 point, float nearby) {
    float nearest = std::numeric_limits<float>::max();
    for (std::size_t r = 0; r < trace.ends.size(); ++r) {
        const std::span<const ImVec2> run = trace.run(r);
        for (std::size_t i = run.size() > 1 ? 1 : 0; i < run.size(); ++i) {
            const ImVec2 a = run[i > 0 ? i - 1 : 0], b = run[i];
            if (a.x > point.x + nearby || b.x < point.x - nearby) continue;
            nearest = std::min(nearest, distance_to_segment(a, b, point));
        }
    }
    return nearest;
}

void draw_trace(ImDrawList& list, const Trace& trace, ImU32 colour, float thickness) {
    for (std::size_t r = 0; r < trace.ends.size(); ++r) {
        const std::span<const ImVec2> run = trace.run(r);
        if (run.size() == 1) list.AddCircleFilled(run[0], thickness + 1.5f, colour, 12);
        if (run.size() > 1) draw_run(list, run, colour, thickness);
    }
}

}  // namespace shadenet
