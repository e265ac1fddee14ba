#include "viewer/plot_trace.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "catch.h"

using namespace shadenet;

namespace {

constexpr float missing = std::numeric_limits<float>::quiet_NaN();

/// 100 pixels wide for the epochs 0 to `last`, 100 high for the values 0 to 1, upwards.
PlotFrame frame_to(double last, Axis y = {AxisScale::linear, 0, 1}) {
    return {{0, 0}, {100, 100}, {AxisScale::linear, 0, last}, y};
}

std::vector<std::uint32_t> epochs_from(std::uint32_t first, std::size_t count) {
    std::vector<std::uint32_t> epochs(count);
    std::iota(epochs.begin(), epochs.end(), first);
    return epochs;
}

}  // namespace

TEST_CASE("few values are drawn where they are") {
    const PlotFrame frame = frame_to(4);
    const auto epochs = epochs_from(0, 3);
    const Trace trace = Tracer(frame, epochs, 50).trace(std::vector<float>{0, 0.5f, 1});
    REQUIRE(trace.points.size() == 3);
    CHECK(trace.points[1].x == 25);
    CHECK(trace.points[1].y == 50);
    CHECK(trace.points[2].y == 0);
    CHECK(trace.ends == std::vector<std::size_t>{3});
}

TEST_CASE("a line is interrupted where a value or an epoch is missing") {
    const PlotFrame frame = frame_to(10);
    const std::vector<std::uint32_t> epochs = {0, 1, 2, 3, 7, 8};
    const Trace trace = Tracer(frame, epochs, 50).trace(std::vector<float>{0, missing, 0.5f, 1, 1, 1});
    CHECK(trace.ends == std::vector<std::size_t>{1, 3, 5});
    CHECK(trace.run(0).size() == 1);
    CHECK(trace.run(2).size() == 2);
}

TEST_CASE("values that a log axis cannot show are gaps, in points and in columns") {
    const PlotFrame frame = frame_to(999, {AxisScale::log, 0.01, 1});
    const auto epochs = epochs_from(0, 1000);
    std::vector<float> values(1000, 0.1f);
    for (std::size_t i = 300; i < 400; ++i) values[i] = i % 2 == 0 ? 0.0f : -1.0f;
    for (const std::size_t columns : {20u, 1000u}) {
        const Trace trace = Tracer(frame, epochs, columns).trace(values);
        CHECK(trace.ends.size() == 2);
        for (const ImVec2& point : trace.points) CHECK(point.y == Approx(50));
    }
}

TEST_CASE("columns keep the extremes, and the way a line goes") {
    const PlotFrame frame = frame_to(999);
    const auto epochs = epochs_from(0, 1000);
    std::vector<float> values(1000);
    for (std::size_t i = 0; i < 1000; ++i) values[i] = 0.9f - static_cast<float>(i) * 0.0008f;
    const Trace falling = Tracer(frame, epochs, 10).trace(values);
    CHECK(falling.points.size() == 20);
    for (std::size_t i = 1; i < falling.points.size(); ++i) {
        CHECK(falling.points[i].x > falling.points[i - 1].x);
        CHECK(falling.points[i].y > falling.points[i - 1].y);
    }
    values[555] = 1;
    const Trace peaked = Tracer(frame, epochs, 10).trace(values);
    CHECK(peaked.points.size() == 20);
    CHECK(std::count_if(peaked.points.begin(), peaked.points.end(), [](ImVec2 p) { return p.y == 0; }) == 1);
}

TEST_CASE("a level line needs one point a column") {
    const PlotFrame frame = frame_to(999);
    const auto epochs = epochs_from(0, 1000);
    CHECK(Tracer(frame, epochs, 10).trace(std::vector<float>(1000, 0.5f)).points.size() == 10);
}

TEST_CASE("the distance to a line is that to its nearest part, within reach") {
    const PlotFrame frame = frame_to(1);
    const auto epochs = epochs_from(0, 2);
    const Trace level = Tracer(frame, epochs, 50).trace(std::vector<float>{0.5f, 0.5f});
    CHECK(distance_to(level, {30, 43}, 10) == Approx(7));
    CHECK(distance_to(level, {103, 54}, 10) == Approx(5));
    CHECK(distance_to(level, {200, 50}, 10) > 1000);
    const Trace dot = Tracer(frame, epochs, 50).trace(std::vector<float>{0.5f, missing});
    CHECK(distance_to(dot, {3, 54}, 10) == Approx(5));
    CHECK(distance_to(Trace{}, {0, 0}, 10) > 1000);
}
