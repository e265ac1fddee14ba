#include "report/axis.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>

#include "catch.h"

using namespace shadenet;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

ValueRange range_of(std::initializer_list<double> values) {
    ValueRange range;
    for (const double value : values) range.include(value);
    return range;
}

std::vector<std::string> labels(const Axis& axis, int wished, double smallest_step = 0) {
    std::vector<std::string> texts;
    for (const Tick& tick : axis_ticks(axis, wished, smallest_step)) texts.push_back(tick.label);
    return texts;
}

using Labels = std::vector<std::string>;

}  // namespace

TEST_CASE("linear ticks are 1, 2 or 5 times a power of ten") {
    CHECK(labels({AxisScale::linear, 0, 10}, 5) == Labels{"0", "2", "4", "6", "8", "10"});
    CHECK(labels({AxisScale::linear, -0.13, 0.31}, 5) == Labels{"-0.1", "0.0", "0.1", "0.2", "0.3"});
    CHECK(labels({AxisScale::linear, 0.2, 1.3}, 3) == Labels{"0.5", "1.0"});
    CHECK(labels({AxisScale::linear, 17, 1033}, 6) == Labels{"200", "400", "600", "800", "1000"});
}

TEST_CASE("an end that is a tick is not lost to rounding") {
    CHECK(labels({AxisScale::linear, 0.1, 0.3}, 2) == Labels{"0.1", "0.2", "0.3"});
    CHECK(labels({AxisScale::log, 0.001, 0.1}, 3) == Labels{"0.001", "0.01", "0.1"});
}

TEST_CASE("things that are counted have no ticks between the whole numbers") {
    CHECK(labels({AxisScale::linear, 0, 3}, 8, 1) == Labels{"0", "1", "2", "3"});
    CHECK(labels({AxisScale::linear, 0, 1}, 8, 1) == Labels{"0", "1"});
}

TEST_CASE("very large and very small ticks are written with exponents that tell them apart") {
    CHECK(labels({AxisScale::linear, 0, 4e7}, 4) == Labels{"0", "1e7", "2e7", "3e7", "4e7"});
    CHECK(labels({AxisScale::linear, 9e-9, 1.1e-8}, 4) ==
          Labels{"9.0e-9", "9.5e-9", "1.00e-8", "1.05e-8", "1.10e-8"});
}

TEST_CASE("a log axis has its decades, with 2 and 5 where they are few") {
    CHECK(labels({AxisScale::log, 0.02, 30}, 6) == Labels{"0.1", "1", "10"});
    CHECK(labels({AxisScale::log, 0.015, 0.3}, 6) == Labels{"0.02", "0.05", "0.1", "0.2"});
    CHECK(labels({AxisScale::log, 1e-12, 1}, 4) == Labels{"1e-12", "1e-9", "1e-6", "0.001", "1"});
}

TEST_CASE("a log axis over less than an octave falls back to even steps") {
    const std::vector<Tick> ticks = axis_ticks({AxisScale::log, 0.21, 0.29}, 4);
    REQUIRE(ticks.size() >= 3);
    CHECK(ticks.front().label == "0.22");
}

TEST_CASE("every axis has a bounded number of ascending ticks within its ends") {
    for (const Axis& axis : {Axis{AxisScale::linear, -1e300, 1e300}, Axis{AxisScale::linear, 1, 1 + 1e-8},
                             Axis{AxisScale::linear, 3e-290, 4e-290}, Axis{AxisScale::log, 1e-300, 1e300},
                             Axis{AxisScale::log, 0.99, 1.01}, Axis{AxisScale::linear, 0, 10000}}) {
        for (const int wished : {-1, 1, 2, 5, 20}) {
            const std::vector<Tick> ticks = axis_ticks(axis, wished);
            CAPTURE(axis.min, axis.max, wished, ticks.size());
            CHECK(ticks.size() <= static_cast<std::size_t>(3 * std::max(wished, 1) + 3));
            for (std::size_t i = 0; i < ticks.size(); ++i) {
                CHECK(axis.position(ticks[i].value) > -1e-6);
                CHECK(axis.position(ticks[i].value) < 1 + 1e-6);
                if (i > 0) CHECK(ticks[i].value > ticks[i - 1].value);
                if (i > 0) CHECK(ticks[i].label != ticks[i - 1].label);
            }
            if (wished >= 5) CHECK(ticks.size() >= 2);
        }
    }
}

TEST_CASE("values are mapped to positions and back") {
    const Axis linear{AxisScale::linear, -2, 6};
    CHECK(linear.position(-2) == 0);
    CHECK(linear.position(6) == 1);
    CHECK(linear.position(0) == 0.25);
    CHECK(linear.value_at(0.25) == 0);
    const Axis log{AxisScale::log, 0.01, 100};
    CHECK(log.position(0.01) == Approx(0).margin(1e-12));
    CHECK(log.position(1) == Approx(0.5));
    CHECK(log.value_at(0.75) == Approx(10));
}

TEST_CASE("what is not finite, or not above zero on a log axis, cannot be shown") {
    const Axis linear, log{AxisScale::log, 0.1, 1};
    for (const double value : {not_a_number, infinity, -infinity}) {
        CHECK_FALSE(linear.can_show(value));
        CHECK_FALSE(log.can_show(value));
    }
    for (const double value : {0.0, -1.0}) {
        CHECK(linear.can_show(value));
        CHECK_FALSE(log.can_show(value));
    }
}

TEST_CASE("an axis covers its values and the margin, and passes over the rest") {
    const Axis linear = axis_over(range_of({3, not_a_number, -1, infinity}), AxisScale::linear, 0.25);
    CHECK(linear.min == -2);
    CHECK(linear.max == 4);
    const Axis log = axis_over(range_of({0, -5, 0.1, 10, not_a_number}), AxisScale::log, 0.5);
    CHECK(log.min == Approx(0.01));
    CHECK(log.max == Approx(100));
}

TEST_CASE("equal values stand in the middle of their axis") {
    for (const double value : {0.0, 5.0, -3e-20, 5e-324, 2e299, std::numeric_limits<double>::max()}) {
        const Axis axis = axis_over(range_of({value}), AxisScale::linear, 0.05);
        CAPTURE(value, axis.min, axis.max);
        CHECK(axis.min < axis.max);
        CHECK(std::isfinite(axis.max - axis.min));
        if (value < 1e300) CHECK(axis.position(value) == Approx(0.5));
    }
    const Axis log = axis_over(range_of({0.02, 0.02}), AxisScale::log);
    CHECK(log.min < log.max);
    CHECK(log.position(0.02) == Approx(0.5));
}

TEST_CASE("no value at all still makes an axis") {
    for (const AxisScale scale : {AxisScale::linear, AxisScale::log}) {
        const ValueRange range = range_of({not_a_number, infinity});
        CHECK(range.empty(scale));
        const Axis axis = axis_over(range, scale, 0.05);
        CHECK(axis.min < axis.max);
        CHECK(axis_ticks(axis, 5).size() >= 2);
    }
    CHECK(range_of({-1, 0}).empty(AxisScale::log));
    CHECK_FALSE(range_of({-1, 0}).empty(AxisScale::linear));
}

TEST_CASE("a range of more than a decade wants a log axis, if all of it can be shown") {
    CHECK(wants_log(range_of({0.1, 2})));
    CHECK_FALSE(wants_log(range_of({0.5, 2})));
    CHECK_FALSE(wants_log(range_of({0, 0.1, 2})));
    CHECK_FALSE(wants_log(ValueRange{}));
}

TEST_CASE("numbers are written shortly") {
    CHECK(short_number(0) == "0");
    CHECK(short_number(-0.0) == "0");
    CHECK(short_number(0.0123456) == "0.01235");
    CHECK(short_number(1.5e-7) == "1.5e-7");
    CHECK(short_number(-2e20, 3) == "-2e20");
    CHECK(short_number(1e-100) == "1e-100");
    CHECK(short_number(not_a_number) == "nan");
}
