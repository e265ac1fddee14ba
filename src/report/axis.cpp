#include "report/axis.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/psnr.h"

namespace shadenet {

namespace {

/// Ends beyond these limits would overflow when they are subtracted or multiplied by a margin.
constexpr double largest_end = 1e300;
constexpr double smallest_log_end = 1e-300;
/// Smaller numbers count as zero: they are too small to be divided into steps.
constexpr double smallest_size = 1e-290;
/// Ends that are closer than this, relative to their size, leave no digits for ticks between them.
constexpr double smallest_relative_length = 1e-9;

/// Moves the ends of a linear axis apart if they are equal or nearly so.
void part(double& low, double& high) {
    const double size = std::max(std::abs(low), std::abs(high));
    if (size > smallest_size && high - low > size * smallest_relative_length) return;
    const double half = size > smallest_size ? size / 2 : 1;
    low -= half;
    high += half;
}

Axis linear_axis(double low, double high, double margin) {
    low = std::clamp(low, -largest_end, largest_end);
    high = std::clamp(high, -largest_end, largest_end);
    part(low, high);
    const double more = margin * (high - low);
    return {AxisScale::linear, low - more, high + more};
}

Axis log_axis(double low, double high, double margin) {
    low = std::log10(std::clamp(low, smallest_log_end, largest_end));
    high = std::log10(std::clamp(high, smallest_log_end, largest_end));
    if (high - low < smallest_relative_length) {
        low -= 0.5;
        high += 0.5;
    }
    const double more = std::min(margin * (high - low), 1.0);
    return {AxisScale::log, std::pow(10.0, low - more), std::pow(10.0, high + more)};
}

/// The smallest of 1, 2, 5, 10 times a power of ten that is not below `step`.
double nice_step(double step) {
    const double power = std::pow(10.0, std::floor(std::log10(step)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        // A step that differs from a nice one only by rounding counts as that one.
        if (step <= factor * power * (1 + 1e-9)) return factor * power;
    }
    return 10 * power;
}

/// "1e-05" as "1e-5".
std::string short_exponent(std::string text) {
    const std::size_t e = text.find('e');
    if (e == std::string::npos) return text;
    std::size_t digits = e + 1;
    if (text[digits] == '+') text.erase(digits, 1);
    if (text[digits] == '-') ++digits;
    while (digits + 1 < text.size() && text[digits] == '0') text.erase(digits, 1);
    return text;
}

/// A label with enough digits to differ from its neighbours, which are `step` away.
std::string linear_label(double value, double step, double largest) {
    const int step_digit = static_cast<int>(std::floor(std::log10(step) + 1e-9));
    if (largest < 1e6 && step_digit >= -6) return fmt::format("{:.{}f}", value, std::max(0, -step_digit));
    if (value == 0) return "0";
    const int first_digit = static_cast<int>(std::floor(std::log10(std::abs(value)) + 1e-9));
    return short_exponent(fmt::format("{:.{}e}", value, std::max(0, first_digit - step_digit)));
}

std::vector<Tick> linear_ticks(const Axis& axis, int wished, double smallest_step) {
    const double step = nice_step(std::max((axis.max - axis.min) / wished, smallest_step));
    const double largest = std::max(std::abs(axis.min), std::abs(axis.max));
    // Ends that differ from a tick only by rounding get that tick.
    const double first = std::ceil(axis.min / step - 1e-6), last = std::floor(axis.max / step + 1e-6);
    std::vector<Tick> ticks;
    for (double i = first; i <= last; ++i) {
        const double value = i * step + 0.0;  // no negative zero
        ticks.push_back({value, linear_label(value, step, largest)});
    }
    return ticks;
}

std::vector<Tick> log_ticks(const Axis& axis, int wished) {
    const double low = std::log10(axis.min), high = std::log10(axis.max);
    const bool few = high - low < wished / 3.0;
    const int every = std::max(1, static_cast<int>(std::ceil((high - low) / wished)));
    std::vector<Tick> ticks;
    for (int decade = static_cast<int>(std::floor(low)); decade <= std::ceil(high); ++decade) {
        if (decade % every != 0) continue;
        for (const double factor : {1.0, 2.0, 5.0}) {
            if (factor > 1 && !few) break;
            const double value = factor * std::pow(10.0, decade);
            const double position = axis.position(value);
            if (position >= -1e-9 && position <= 1 + 1e-9) ticks.push_back({value, short_number(value)});
        }
    }
    return ticks;
}

}  // namespace

void ValueRange::include(double value) {
    if (!std::isfinite(value)) return;
    low_ = std::min(low_, value);
    high_ = std::max(high_, value);
    if (value > 0) smallest_positive_ = std::min(smallest_positive_, value);
}

bool ValueRange::empty(AxisScale scale) const {
    return !std::isfinite(low(scale));
}

bool Axis::can_show(double value) const {
    return std::isfinite(value) && (scale == AxisScale::linear || value > 0);
}

double Axis::position(double value) const {
    if (scale == AxisScale::linear) return (value - min) / (max - min);
    return (std::log10(value) - std::log10(min)) / (std::log10(max) - std::log10(min));
}

double Axis::value_at(double position) const {
    if (scale == AxisScale::linear) return min + position * (max - min);
    const double low = std::log10(min);
    return std::pow(10.0, low + position * (std::log10(max) - low));
}

Axis axis_over(const ValueRange& range, AxisScale scale, double margin) {
    if (range.empty(scale)) return scale == AxisScale::log ? Axis{scale, 0.1, 1} : Axis{scale, 0, 1};
    return scale == AxisScale::log ? log_axis(range.low(scale), range.high(), margin)
                                   : linear_axis(range.low(scale), range.high(), margin);
}

bool wants_log(const ValueRange& range) {
    if (range.empty(AxisScale::linear)) return false;
    const double low = range.low(AxisScale::linear);
    return low > 0 && range.high() / low > 10;
}

std::vector<Tick> axis_ticks(const Axis& axis, int wished, double smallest_step) {
    wished = std::clamp(wished, 1, 1000);
    if (axis.scale == AxisScale::log) {
        std::vector<Tick> ticks = log_ticks(axis, wished);
        // An axis shorter than a decade may have fewer than two such numbers.
        if (ticks.size() >= 2 || axis.max / axis.min > 10) return ticks;
    }
    return linear_ticks(axis, wished, smallest_step);
}

std::string short_loss(double loss, int digits) {
    return with_psnr(short_number(loss, digits), loss);
}

std::string short_number(double value, int digits) {
    if (value == 0) return "0";
    return short_exponent(fmt::format("{:.{}g}", value, digits));
}

}  // namespace shadenet
