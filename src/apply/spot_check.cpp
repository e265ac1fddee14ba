#include "apply/spot_check.h"

#include <cmath>
#include <cstdlib>
#include <limits>
#include <stdexcept>

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

template <class Sample>
int contrast(const Picture<Sample>& picture, std::uint32_t row, std::uint32_t column) {
    const std::size_t at = 3 * (std::size_t{row} * picture.width + column);
    int most = 0;
    for (std::size_t c = at; c < at + 3; ++c) {
        const int value = picture.rgb[c];
        if (column > 0) most = std::max(most, std::abs(value - picture.rgb[c - 3]));
        if (row > 0) most = std::max(most, std::abs(value - picture.rgb[c - 3 * std::size_t{picture.width}]));
    }
    return most;
}

/// The pixel of each cell that differs most from one of its neighbours.
template <class Sample>
std::vector<std::size_t> contrasting_pixels(const Picture<Sample>& picture) {
    const std::uint32_t rows = std::min(contrast_cells, picture.height);
    const std::uint32_t columns = std::min(contrast_cells, picture.width);
    struct Found {
        int contrast = -1;
        std::size_t pixel = 0;
    };
    std::vector<Found> cells(std::size_t{rows} * columns);
    for (std::uint32_t y = 0; y < picture.height; ++y) {
        for (std::uint32_t x = 0; x < picture.width; ++x) {
            const std::uint64_t row = std::uint64_t{y} * rows / picture.height;
            const std::uint64_t column = std::uint64_t{x} * columns / picture.width;
            Found& cell = cells[row * columns + column];
            const int here = contrast(picture, y, x);
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

template <class Sample>
void SpotCheck::check(const Picture<Sample>& input, const Picture<Sample>& output) const {
    if (input.rgb.size() != output.rgb.size()) throw std::logic_error("a result of another size is checked");
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

template <class Sample>
void SpotCheck::check_pixel(const Picture<Sample>& input, const Picture<Sample>& output,
                            std::size_t pixel) const {
    constexpr double white = std::numeric_limits<Sample>::max();
    const auto row = static_cast<std::uint32_t>(pixel / input.width);
    const auto column = static_cast<std::uint32_t>(pixel % input.width);
    const auto source = [&](std::uint32_t c, std::uint32_t y, std::uint32_t x) {
        return input.rgb[3 * (std::size_t{y} * input.width + x) + c] / white;
    };
    const ExactPixel exact = network_.at(source, input.height, input.width, row, column);
    for (std::uint32_t c = 0; c < 3; ++c) {
        const double value = (1 - strength_) * source(c, row, column) + strength_ * exact.values[c];
        const double error = rounding * (1 + strength_ * exact.magnitudes[c]);
        const double least = std::clamp(value - error, 0.0, 1.0) * white - 0.5;
        const double most = std::clamp(value + error, 0.0, 1.0) * white + 0.5;
        const double found = output.rgb[3 * pixel + c];
        if (found >= least && found <= most) continue;
        throw BadResult(fmt::format(
            "the device makes {} of row {}, column {}, channel {}, where float64 on the processor makes "
            "{:.2f}; check the device with `shadenet doctor`, or choose another with --device",
            found, row, column, c, std::clamp(value, 0.0, 1.0) * white));
    }
}

}  // namespace shadenet
