#include "report/colour.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>

#include <fmt/format.h>

namespace shadenet {

namespace {

/// Oklab's lightness and chroma: a contrast of about 4 to white and 5 to black in every hue.
constexpr double lightness = 0.6, chroma = 0.14;
/// Blue comes first, so a single line is blue.
constexpr double first_hue = 250;

double cube(double x) {
    return x * x * x;
}

/// The curve of sRGB, in 0..255.
std::uint32_t level(double linear) {
    linear = std::clamp(linear, 0.0, 1.0);
    const double curved = linear <= 0.0031308 ? 12.92 * linear : 1.055 * std::pow(linear, 1 / 2.4) - 0.055;
    return static_cast<std::uint32_t>(std::lround(255 * curved));
}

}  // namespace

std::string line_colour(std::size_t index, std::size_t count) {
    const double turn = static_cast<double>(index) / static_cast<double>(std::max<std::size_t>(count, 1));
    const double hue = (first_hue / 360 + turn) * 2 * std::numbers::pi;
    const double a = chroma * std::cos(hue), b = chroma * std::sin(hue);
    const double l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b);
    const double m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b);
    const double s = cube(lightness - 0.0894841775 * a - 1.2914855480 * b);
    const std::array<double, 3> rgb = {4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
                                       -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
                                       -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s};
    return fmt::format("#{:02x}{:02x}{:02x}", level(rgb[0]), level(rgb[1]), level(rgb[2]));
}

}  // namespace shadenet
