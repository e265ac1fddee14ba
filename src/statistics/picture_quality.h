// How near a result is to its target, measured on both as files and screens show them: 8 bits a value.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "image/image.h"

namespace shadenet {

/// Shadows, middle tones and lights: thirds of the range of the target's luma.
inline constexpr std::size_t tone_count = 3;
/// Of detail: what a blur of σ 1 pixel takes away, σ 1 to 2, σ 2 to 4, and what is left.
inline constexpr std::size_t band_count = 4;
inline constexpr std::array<double, band_count - 1> band_sigmas = {1, 2, 4};
/// Rings of one pixel around the picture that are looked at by themselves.
inline constexpr std::size_t ring_count = 4;
/// What lies this far from every edge is the inside: beyond the reach of the networks that are usual here.
inline constexpr std::uint32_t inside_margin = 8;
/// Values that are off by more than so many levels are counted: they are seen where an area changes by them.
inline constexpr int visible_levels = 4;

/// Sums over the pixels of one picture, or of several. Levels are 255ths of white. Errors are result −
/// target.
struct QualitySums {
    /// Squares and products of a band of detail, in levels of luma.
    struct Band {
        double result = 0, target = 0, both = 0;
    };
    struct Tone {
        double pixels = 0, absolute = 0;  ///< over values
        std::array<double, 3> error{};    ///< of each colour
    };
    struct Place {
        double values = 0, absolute = 0;
    };

    double pixels = 0;
    double squares = 0;   ///< of the errors of all three colours
    double absolute = 0;  ///< likewise
    double off = 0;       ///< values with an error of more than visible_levels
    double similarity = 0, windows = 0;
    std::array<Band, band_count> bands{};
    std::array<Tone, tone_count> tones{};
    std::array<Place, ring_count> rings{};
    Place inside{};

    QualitySums& operator+=(const QualitySums& other);
};

/// Compares two pictures of one size, in one pass over strips of rows: memory does not grow with their
/// height. The structural similarity is that of Wang, Bovik, Sheikh and Simoncelli (2004), Gaussian windows
/// of 11×11 with σ 1.5, K1 = 0.01, K2 = 0.03 and L = 255, in float64, at all places where a window lies
/// inside the picture. It is of luma, 0.299·R + 0.587·G + 0.114·B, as the authors' is of grey pictures: it is
/// about structure, and errors of colour have figures of their own. In pictures of less than 11 pixels a
/// side, the window is the largest of odd width that fits. Bands continue the picture with its outermost
/// pixels. Throws std::invalid_argument for pictures of different sizes, or without a pixel.
QualitySums compare_pictures(const Picture8& result, const Picture8& target);

/// The mean squared error of values in 0..1. Throws likewise.
double squared_error(const Picture8& one, const Picture8& other);

/// 0.299·R + 0.587·G + 0.114·B of three neighbouring values, in levels.
inline double luma(const std::uint8_t* rgb) {
    return 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2];
}

}  // namespace shadenet
