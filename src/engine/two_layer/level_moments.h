// Moments of the patches of small 8-bit pictures, by whole numbers: exact, and fast enough for crops that are
// drawn anew in every step.
#pragma once

#include <cstdint>
#include <span>

#include "engine/two_layer/patch_moments.h"

namespace shadenet {

/// What patch_moments() finds for PatchesOf::inner_pixels of a picture [channels][height][width] with the
/// values level/255, but for its rounding. The levels are 0..255; other ones give wrong sums. Throws
/// std::invalid_argument as patch_moments() does.
PatchMoments level_patch_moments(std::span<const std::int16_t> levels, std::uint32_t channels,
                                 std::uint32_t height, std::uint32_t width, std::uint32_t kernel);

}  // namespace shadenet
