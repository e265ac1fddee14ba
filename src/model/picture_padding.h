// Where the pixels beyond a picture's edges come from.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <span>
#include <vector>

#include "model/network.h"

namespace shadenet {

/// The pixel, 0 to size − 1, that stands at `at` along one axis of a picture of `size` pixels: none outside
/// where that is zero. A mirror image is mirrored again as often as need be; of a single pixel it is that
/// pixel.
inline std::optional<std::uint32_t> continued_pixel(std::int64_t at, std::uint32_t size,
                                                    PicturePadding padding) {
    const std::int64_t last = std::int64_t{size} - 1;
    if (at >= 0 && at <= last) return static_cast<std::uint32_t>(at);
    if (padding == PicturePadding::zero) return {};
    if (padding == PicturePadding::edge || last == 0)
        return static_cast<std::uint32_t>(std::clamp<std::int64_t>(at, 0, last));
    const std::int64_t along = std::abs(at) % (2 * last);
    return static_cast<std::uint32_t>(std::min(along, 2 * last - along));
}

/// A picture [channels][height][width] with `margin` more pixels on every side.
std::vector<float> continued_picture(std::span<const float> values, const Shape& picture,
                                     std::uint32_t margin, PicturePadding padding);

}  // namespace shadenet
