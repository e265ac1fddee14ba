// The filters of the suite, which scripts/filters.sh learns and scores. Each takes and gives n/255 values, as
// an 8-bit file holds them; beyond a picture's edges lie its outermost pixels.
#pragma once

#include <cstdint>
#include <span>

#include "image/image.h"

namespace shadenet {

/// A filter by example: what is given, and what is wanted of it.
struct FilterPair {
    Image input, target;
};

/// `picture` is the number of the picture in its folder, which begins the noise of a filter that has any.
struct SuiteFilter {
    const char* name;
    FilterPair (*make)(const Image& picture, std::uint32_t picture_number);
    bool own_input;  ///< its input is not the picture itself
};

/// grey        luma of ITU-R BT.601 in all three channels
/// negative    1 - x
/// contrast    the tone curve 3 x^2 - 2 x^3
/// saturation  luma + 1.6 (x - luma)
/// film        split toning: blue-green shadows, orange lights, faded black, duller colours
/// sepia       a colour matrix
/// blur        Gaussian of deviation 1.5 pixels
/// unsharp     x + 1.5 (x - Gaussian of deviation 2)
/// deblur      the picture, from its Gaussian of deviation 1.5
/// denoise     the picture, from the picture with normal noise of deviation 25 levels
/// edges       the length of the luma's Sobel gradient
std::span<const SuiteFilter> suite_filters();

}  // namespace shadenet
