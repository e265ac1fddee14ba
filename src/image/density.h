// A picture's resolution in the unit that PNG and BMP use.
#pragma once

#include <cmath>
#include <optional>

#include "image/picture_file.h"

namespace shadenet {

struct MetricDensity {
    std::uint32_t x = 0, y = 0;
};

/// Whole pixels per metre, or a ratio of whole numbers without a unit; none when not in 1..2^31-1.
inline std::optional<MetricDensity> metric_density(const Density& density) {
    double scale = 1;
    if (density.unit == Density::Unit::inch) scale = 1 / 0.0254;
    if (density.unit == Density::Unit::centimetre) scale = 100;
    const double x = std::round(density.x * scale), y = std::round(density.y * scale);
    constexpr double most = 0x7fffffff;
    if (!(x >= 1 && x <= most && y >= 1 && y <= most)) return std::nullopt;
    return MetricDensity{static_cast<std::uint32_t>(x), static_cast<std::uint32_t>(y)};
}

/// The density for a BMP, which has no ratio without a unit.
inline std::optional<MetricDensity> bmp_density(const Density& density) {
    if (density.unit == Density::Unit::none) return std::nullopt;
    return metric_density(density);
}

}  // namespace shadenet
