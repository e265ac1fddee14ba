#include "statistics/picture_windows.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace shadenet {

namespace {

/// Rows that are worked on at once: enough that those read twice at the strips' ends are few.
constexpr std::uint32_t strip_rows = 64;

/// Weights of −radius..radius, whose sum is 1.
template <class Real>
std::vector<Real> gaussian(double sigma, std::uint32_t radius) {
    std::vector<double> weights;
    double sum = 0;
    for (std::uint32_t i = 0; i <= 2 * radius; ++i) {
        const double distance = static_cast<double>(i) - radius;
        weights.push_back(std::exp(-distance * distance / (2 * sigma * sigma)));
        sum += weights.back();
    }
    std::vector<Real> scaled;
    for (const double weight : weights) scaled.push_back(static_cast<Real>(weight / sum));
    return scaled;
}

/// Some rows of one width.
template <class Real>
struct Rows {
    std::size_t width = 0;
    std::vector<Real> values{};
    Rows(std::size_t count, std::size_t columns) : width(columns), values(count * columns) {}
    Real* row(std::size_t y) { return values.data() + y * width; }
    const Real* row(std::size_t y) const { return values.data() + y * width; }
    std::size_t count() const { return values.size() / width; }
};

/// to[x] = Σ weights[k]·from[x + k]: where the weights' window begins at x.
template <class Real>
void add_weighted(const std::vector<Real>& weights, const Real* from, std::size_t step, Real* to,
                  std::size_t width) {
    std::fill_n(to, width, Real{0});
    for (std::size_t k = 0; k < weights.size(); ++k) {
        const Real weight = weights[k];
        const Real* const values = from + k * step;
        for (std::size_t x = 0; x < width; ++x) to[x] += weight * values[x];
    }
}

/// As many rows and columns fewer than `from` as the window has beside its first.
template <class Real>
Rows<Real> filtered(const Rows<Real>& from, const std::vector<Real>& weights) {
    const std::size_t rest = weights.size() - 1, width = from.width - rest;
    Rows<Real> across(from.count(), width), both(from.count() - rest, width);
    for (std::size_t y = 0; y < from.count(); ++y)
        add_weighted(weights, from.row(y), 1, across.row(y), width);
    for (std::size_t y = 0; y < both.count(); ++y) {
        add_weighted(weights, across.row(y), width, both.row(y), width);
    }
    return both;
}

/// The luma of `count` rows, of `margin` more on either side of them, and where `continued` of as many more
/// columns. Beyond the picture its outermost pixels are repeated.
template <class Real>
Rows<Real> luma_rows(const Picture8& picture, std::uint32_t first, std::uint32_t count, std::uint32_t margin,
                     bool continued) {
    const std::uint32_t aside = continued ? margin : 0;
    Rows<Real> rows(count + 2 * margin, picture.width + 2 * aside);
    const auto inside = [](std::int64_t at, std::uint32_t size) {
        return static_cast<std::size_t>(std::clamp<std::int64_t>(at, 0, std::int64_t{size} - 1));
    };
    for (std::uint32_t y = 0; y < rows.count(); ++y) {
        const std::size_t from = inside(std::int64_t{first} + y - margin, picture.height) * picture.width;
        for (std::uint32_t x = 0; x < rows.width; ++x) {
            const std::size_t at = from + inside(std::int64_t{x} - aside, picture.width);
            rows.row(y)[x] = static_cast<Real>(luma(&picture.rgb[3 * at]));
        }
    }
    return rows;
}

using Doubles = Rows<double>;

Doubles product(const Doubles& a, const Doubles& b) {
    Doubles rows = a;
    for (std::size_t i = 0; i < rows.values.size(); ++i) rows.values[i] *= b.values[i];
    return rows;
}

/// SSIM of the windows whose first rows these are.
double similarity_of(const Doubles& x, const Doubles& y, const std::vector<double>& weights) {
    constexpr double white = 255, c1 = 0.01 * white * (0.01 * white), c2 = 0.03 * white * (0.03 * white);
    const Doubles mean_x = filtered(x, weights), mean_y = filtered(y, weights);
    const Doubles xx = filtered(product(x, x), weights), yy = filtered(product(y, y), weights);
    const Doubles xy = filtered(product(x, y), weights);
    double sum = 0;
    for (std::size_t i = 0; i < xy.values.size(); ++i) {
        const double mx = mean_x.values[i], my = mean_y.values[i];
        const double variance_x = xx.values[i] - mx * mx, variance_y = yy.values[i] - my * my;
        const double covariance = xy.values[i] - mx * my;
        sum += (2 * mx * my + c1) * (2 * covariance + c2) /
               ((mx * mx + my * my + c1) * (variance_x + variance_y + c2));
    }
    return sum;
}

using Floats = Rows<float>;

/// The part of `rows` that lies `margin` from each edge.
Floats without_margin(const Floats& rows, std::uint32_t margin) {
    Floats inner(rows.count() - 2 * margin, rows.width - 2 * margin);
    for (std::size_t y = 0; y < inner.count(); ++y) {
        std::copy_n(rows.row(y + margin) + margin, inner.width, inner.row(y));
    }
    return inner;
}

void add_band(const Floats& result, const Floats& target, QualitySums::Band& band) {
    for (std::size_t i = 0; i < result.values.size(); ++i) {
        const double r = result.values[i], t = target.values[i];
        band.result += r * r;
        band.target += t * t;
        band.both += r * t;
    }
}

/// Takes from the sharper rows what the softer ones have too, and returns the softer ones.
Floats split(Floats& sharper, Floats softer) {
    for (std::size_t i = 0; i < sharper.values.size(); ++i) sharper.values[i] -= softer.values[i];
    return softer;
}

}  // namespace

void add_similarity(const Picture8& result, const Picture8& target, QualitySums& sums) {
    constexpr std::uint32_t full_radius = 5;
    constexpr double sigma = 1.5;
    const std::uint32_t side = std::min(target.width, target.height);
    const std::uint32_t radius = std::min(full_radius, (side - 1) / 2);
    const std::vector<double> weights = gaussian<double>(sigma, radius);
    const std::uint32_t places = target.height - 2 * radius;
    for (std::uint32_t first = 0; first < places; first += strip_rows) {
        const std::uint32_t rows = std::min(strip_rows, places - first);
        sums.similarity +=
            similarity_of(luma_rows<double>(result, first + radius, rows, radius, false),
                          luma_rows<double>(target, first + radius, rows, radius, false), weights);
    }
    sums.windows += static_cast<double>(places) * (target.width - 2 * radius);
}

void add_bands(const Picture8& result, const Picture8& target, QualitySums& sums) {
    constexpr double deviations = 3;  // beyond them a blur's weights are below a hundredth of the largest
    const auto radius_of = [](double sigma) { return static_cast<std::uint32_t>(deviations * sigma); };
    const std::uint32_t margin = radius_of(band_sigmas.back());
    for (std::uint32_t first = 0; first < target.height; first += strip_rows) {
        const std::uint32_t rows = std::min(strip_rows, target.height - first);
        const Floats wide_result = luma_rows<float>(result, first, rows, margin, true);
        const Floats wide_target = luma_rows<float>(target, first, rows, margin, true);
        Floats left_of_result = without_margin(wide_result, margin),
               left_of_target = without_margin(wide_target, margin);
        for (std::size_t i = 0; i < band_sigmas.size(); ++i) {
            const std::uint32_t radius = radius_of(band_sigmas[i]);
            const std::vector<float> weights = gaussian<float>(band_sigmas[i], radius);
            const auto blurred = [&](const Floats& wide) {
                return filtered(without_margin(wide, margin - radius), weights);
            };
            Floats softer_result = split(left_of_result, blurred(wide_result));
            Floats softer_target = split(left_of_target, blurred(wide_target));
            add_band(left_of_result, left_of_target, sums.bands[i]);
            left_of_result = std::move(softer_result);
            left_of_target = std::move(softer_target);
        }
        add_band(left_of_result, left_of_target, sums.bands[band_count - 1]);
    }
}

}  // namespace shadenet
