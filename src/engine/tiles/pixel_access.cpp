#include "engine/tiles/pixel_access.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>

namespace shadenet {

namespace {

std::uint32_t level_of(float value, const PixelRange& range, double white) {
    const double clamped = std::clamp(range.out_of(static_cast<double>(value)), 0.0, 1.0);
    return static_cast<std::uint32_t>(clamped * white + 0.5);
}

/// Floats counted from 0 in their order, and back.
std::int64_t rank_of(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(std::abs(value));
    return value < 0 ? -std::int64_t{bits} : std::int64_t{bits};
}
float float_at(std::int64_t rank) {
    const auto value = std::bit_cast<float>(static_cast<std::uint32_t>(std::abs(rank)));
    return rank < 0 ? -value : value;
}

/// The least float that is rounded to `level`, above 0, or a higher one. Levels rise with values, so halving
/// the range finds it; next to 0 there are too many floats to try them one by one.
float least_of(std::uint32_t level, const PixelRange& range, double white) {
    std::int64_t below = rank_of(range.low), least = rank_of(range.high);
    while (least - below > 1) {
        const std::int64_t middle = below + (least - below) / 2;
        (level_of(float_at(middle), range, white) < level ? below : least) = middle;
    }
    return float_at(least);
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
