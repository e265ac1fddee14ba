#include "report/colour.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

namespace shadenet {

namespace {

double cube(double x) {
    return x * x * x;
}

/// The curve of sRGB.
double curved(double linear) {
    linear = std::clamp(linear, 0.0, 1.0);
    return linear <= 0.0031308 ? 12.92 * linear : 1.055 * std::pow(linear, 1 / 2.4) - 0.055;
}

}  // namespace

std::array<double, 3> oklch(double lightness, double chroma, double turns) {
    const double hue = turns * 2 * std::numbers::pi;
    const double a = chroma * std::cos(hue), b = chroma * std::sin(hue);
    const double l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b);
    const double m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b);
    const double s = cube(lightness - 0.0894841775 * a - 1.2914855480 * b);
    return {curved(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
            curved(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
            curved(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s)};
}

std::string line_colour(std::size_t index, std::size_t count) {
    const double turn = static_cast<double>(index) / static_cast<double>(std::max<std::size_t>(count, 1));
    // A contrast of about 4 to white and 5 to black in every hue; blue comes first, so a single line is blue.
    const std::array<double, 3> rgb = oklch(0.6, 0.14, 250.0 / 360 + turn);
    const auto level = [](double value) { return std::lround(255 * value); };
    return fmt::format("#{:02x}{:02x}{:02x}", level(rgb[0]), level(rgb[1]), level(rgb[2]));
}

}  // namespace shadenet
