// One number for each pixel: a picture's lightness, and its structure, which a filter leaves in place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "image/image.h"

namespace shadenet {

/// (height, width), row by row.
struct Plane {
    std::uint32_t width = 0, height = 0;
    std::vector<float> values;
    float& at(std::uint32_t y, std::uint32_t x) { return values[std::size_t{y} * width + x]; }
    float at(std::uint32_t y, std::uint32_t x) const { return values[std::size_t{y} * width + x]; }
};

/// A rectangle of a picture, in pixels.
struct Part {
    std::uint32_t x = 0, y = 0, width = 0, height = 0;
};

/// Luma by Rec. 601, 0..1, of a part that lies inside the picture.
Plane luma_of(const Image& image, const Part& part);
/// Luma of the whole picture, a value for each square of `factor` pixels a side: its mean. What is left over
/// at the right and at the bottom has no value.
Plane reduced_luma(const Image& image, std::uint32_t factor);

/// The middle of a plane, of at most `width` x `height` values.
Plane middle_of(const Plane& plane, std::uint32_t width, std::uint32_t height);
/// Half as large: the means of 2 x 2 values; what is left over at the right and at the bottom has none.
Plane halved(const Plane& plane);
/// `factor` times as large, between values linearly; its middle stays in the middle.
Plane enlarged(const Plane& plane, double factor);
/// Turned by `quarters` quarter turns clockwise, after it was mirrored left to right if `mirrored`.
Plane turned(const Plane& plane, unsigned quarters, bool mirrored);

/// Where something is to be seen, whatever its colours are: the steepness g of the lightness, as g / (g + its
/// mean), so that a few strong edges do not outweigh all others; less its mean, and fading to 0 at the
/// borders (Hann). It is the same of a picture and of its negative, of darker and of brighter copies.
struct Structure {
    Plane plane;
    double steepness = 0;  ///< mean of g, in lightness 0..1 a pixel: near 0 there is nothing to be seen
    double contrast = 0;   ///< deviation of the values before they fade: near 0 all of it is alike, as a ramp
};
Structure structure_of(const Plane& luma);

}  // namespace shadenet
