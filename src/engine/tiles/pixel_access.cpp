#include "engine/tiles/pixel_access.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

namespace shadenet {

namespace {

std::uint32_t level_of(float value, const PixelRange& range, double white) {
    const double clamped = std::clamp(range.out_of(static_cast<double>(value)), 0.0, 1.0);
    return static_cast<std::uint32_t>(clamped * white + 0.5);
}

/// The least float that is rounded to `level` or above.
float least_of(std::uint32_t level, const PixelRange& range, double white) {
    constexpr float infinity = std::numeric_limits<float>::infinity();
    auto value = static_cast<float>(range.into((level - 0.5) / white));
    while (level_of(value, range, white) >= level) value = std::nextafter(value, -infinity);
    while (level_of(value, range, white) < level) value = std::nextafter(value, infinity);
    return value;
}

}  // namespace

std::vector<float> level_table(const PixelRange& range, PixelFormat format) {
    const std::uint32_t white = white_level(format);
    std::vector<float> table = {range.low, static_cast<float>(1 / range.span())};
    for (std::uint32_t level = 0; level <= white; ++level) {
        const float unit = static_cast<float>(level) / static_cast<float>(white);
        table.push_back(static_cast<float>(range.into(static_cast<double>(unit))));
    }
    table.push_back(-std::numeric_limits<float>::infinity());
    for (std::uint32_t level = 1; level <= white; ++level) table.push_back(least_of(level, range, white));
    table.push_back(std::numeric_limits<float>::infinity());
    return table;
}

PixelAccess::PixelAccess(const Device& device, PixelFormat format, const PixelRange& range, bool checked)
    : format_(format),
      other_range_(format != PixelFormat::planes && !range.is_unit()),
      checked_(format != PixelFormat::planes && checked),
      levels_(device, (other_range_ ? 2 * (std::uint64_t{white_level(format)} + 1) + 3 : 1) * sizeof(float),
              "levels of pixels") {
    if (other_range_) levels_.upload(std::span<const float>(level_table(range, format)));
}

std::vector<Constant> PixelAccess::constants() const {
    return {{"FORMAT", static_cast<std::uint32_t>(format_)},
            {"OTHER_RANGE", other_range_},
            {"CHECKED", checked_}};
}

}  // namespace shadenet
