#include "apply/spot_check.h"

#include <cmath>
#include <cstdlib>
#include <limits>
#include <stdexcept>
#include <type_traits>

#include <fmt/format.h>

#include "base/error.h"

namespace shadenet {

namespace {

/// The fewest spread pixels of a picture, and the number of pixels of a large picture for one spread pixel.
constexpr std::size_t fewest_spread = 16, pixels_for_one = 65'536;
/// The most products for the spread pixels of a picture (some milliseconds); but a network that needs more
/// gets the smallest number of pixels below.
constexpr std::uint64_t most_products = 16'000'000;
constexpr std::size_t fewest_of_costly_networks = 4;
/// Networks with more products than this for one pixel, some tenths of a second, are checked at one corner
/// and one spread pixel.
constexpr std::uint64_t products_of_deep_networks = 100'000'000;
/// A constant result is checked in a grid with so many rows and columns of cells.
constexpr std::uint32_t contrast_cells = 8;

/// As the file has it.
template <class Sample>
double raw_value(const Picture<Sample>& picture, std::size_t pixel, std::uint32_t c) {
    return picture.rgb[3 * pixel + c];
}
double raw_value(const Image& picture, std::size_t pixel, std::uint32_t c) {
    return picture.values[c * picture.plane() + pixel];
}

/// The raw value that the network takes for 1.
template <class Sample>
constexpr double white_of(const Picture<Sample>&) {
    return std::numeric_limits<Sample>::max();
}
constexpr double white_of(const Image&) {
    return 1;
}

bool is_constant(const Image& picture) {
    const auto plane = static_cast<std::ptrdiff_t>(picture.plane());
    for (auto at = picture.values.begin(); at != picture.values.end(); at += plane) {
        if (!std::equal(at + 1, at + plane, at)) return false;
    }
    return true;
}

template <class Sample>
bool is_constant(const Picture<Sample>& picture) {
    const auto& rgb = picture.rgb;
    // Every value equals the one three before it.
    return rgb.size() <= 3 || std::equal(rgb.begin() + 3, rgb.end(), rgb.begin());
}

/// The `index`-th of points that fill the unit square evenly, however many there are: fractional parts of
/// multiples of 1/p and 1/p², with p the plastic number.
std::array<double, 2> spread_point(std::size_t index) {
    constexpr double plastic = 1.32471795724474602596;
    double whole = 0;
    const auto n = static_cast<double>(index + 1);
    return {std::modf(n / plastic, &whole), std::modf(n / (plastic * plastic), &whole)};
}

template <class Kind>
double contrast(const Kind& picture, std::uint32_t row, std::uint32_t column) {
    const std::size_t at = std::size_t{row} * picture.width + column;
    double most = 0;
    for (std::uint32_t c = 0; c < 3; ++c) {
        const double value = raw_value(picture, at, c);
        if (column > 0) most = std::max(most, std::abs(value - raw_value(picture, at - 1, c)));
        if (row > 0) most = std::max(most, std::abs(value - raw_value(picture, at - picture.width, c)));
    }
    return most;
}

/// The pixel of each cell that differs most from one of its neighbours.
template <class Kind>
std::vector<std::size_t> contrasting_pixels(const Kind& picture) {
    const std::uint32_t rows = std::min(contrast_cells, picture.height);
    const std::uint32_t columns = std::min(contrast_cells, picture.width);
    struct Found {
        double contrast = -1;
        std::size_t pixel = 0;
    };
    std::vector<Found> cells(std::size_t{rows} * columns);
    for (std::uint32_t y = 0; y < picture.height; ++y) {
        for (std::uint32_t x = 0; x < picture.width; ++x) {
            const std::uint64_t row = std::uint64_t{y} * rows / picture.height;
            const std::uint64_t column = std::uint64_t{x} * columns / picture.width;
            Found& cell = cells[row * columns + column];
            const double here = contrast(picture, y, x);
            if (here > cell.contrast) cell = {here, std::size_t{y} * picture.width + x};
        }
    }
    std::vector<std::size_t> pixels;
    for (const Found& cell : cells) pixels.push_back(cell.pixel);
    return pixels;
}

}  // namespace

SpotCheck::SpotCheck(const Network& network, const Parameters& parameters, float strength)
    : network_(network, parameters), strength_(strength) {}

void SpotCheck::operator()(const Pixels& input, const Pixels& output) const {
    std::visit([&]<class Kind>(const Kind& picture) { check(picture, std::get<Kind>(output)); }, input);
}

std::size_t SpotCheck::spread_pixels(std::size_t pixels) const {
    if (network_.products() > products_of_deep_networks) return 1;
    const std::size_t affordable = most_products / std::max<std::uint64_t>(network_.products(), 1);
    return std::max(std::min(std::max(fewest_spread, pixels / pixels_for_one), affordable),
                    fewest_of_costly_networks);
}

template <class Kind>
void SpotCheck::check(const Kind& input, const Kind& output) const {
    if (input.width != output.width || input.height != output.height)
        throw std::logic_error("a result of another size is checked");
    const std::size_t last = input.plane() - 1;
    for (const std::size_t corner :
         {std::size_t{0}, std::size_t{input.width} - 1, last + 1 - input.width, last}) {
        check_pixel(input, output, corner);
        if (network_.products() > products_of_deep_networks) break;
    }
    const std::size_t count = spread_pixels(input.plane());
    for (std::size_t i = 0; i < count; ++i) {
        const auto [x, y] = spread_point(i);
        const auto row = static_cast<std::size_t>(y * input.height);
        check_pixel(input, output, row * input.width + static_cast<std::size_t>(x * input.width));
    }
    if (!is_constant(output) || is_constant(input)) return;
    for (const std::size_t pixel : contrasting_pixels(input)) check_pixel(input, output, pixel);
}

template <class Kind>
void SpotCheck::check_pixel(const Kind& input, const Kind& output, std::size_t pixel) const {
    // Floats are neither clamped nor rounded, and may be of any size.
    constexpr bool floats = std::is_same_v<Kind, Image>;
    const double white = white_of(input);
    const auto row = static_cast<std::uint32_t>(pixel / input.width);
    const auto column = static_cast<std::uint32_t>(pixel % input.width);
    const auto source = [&](std::uint32_t c, std::uint32_t y, std::uint32_t x) {
        return raw_value(input, std::size_t{y} * input.width + x, c) / white;
    };
    const auto raw = [&](double value) { return floats ? value : std::clamp(value, 0.0, 1.0) * white; };
    const ExactPixel exact = network_.at(source, input.height, input.width, row, column);
    for (std::uint32_t c = 0; c < 3; ++c) {
        const double before = source(c, row, column);
        const double value = (1 - strength_) * before + strength_ * exact.values[c];
        const double size = floats ? std::max(1.0, std::abs(before)) : 1;
        const double error = rounding * (size + strength_ * exact.magnitudes[c]);
        const double half_level = floats ? 0 : 0.5;
        const double found = raw_value(output, pixel, c);
        if (found >= raw(value - error) - half_level && found <= raw(value + error) + half_level) continue;
        throw BadResult(fmt::format(
            "the device makes {} of row {}, column {}, channel {}, where float64 on the processor makes "
            "{:.2f}; check the device with `shadenet doctor`, or choose another with --device",
            found, row, column, c, raw(value)));
    }
}

}  // namespace shadenet
