#include "statistics/picture_quality.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <stdexcept>

#include "statistics/picture_windows.h"

namespace shadenet {

namespace {

void require_alike(const Picture8& one, const Picture8& other) {
    if (one.width != other.width || one.height != other.height || one.plane() == 0) {
        throw std::invalid_argument("pictures are compared that differ in size, or have no pixels");
    }
}

/// A pixel's distance from the nearest edge.
std::uint32_t ring_of(const Picture8& picture, std::uint32_t y, std::uint32_t x) {
    return std::min({y, x, picture.height - 1 - y, picture.width - 1 - x});
}

QualitySums::Place* place_of(QualitySums& sums, std::uint32_t ring) {
    if (ring < ring_count) return &sums.rings[ring];
    return ring < inside_margin ? nullptr : &sums.inside;
}

std::size_t tone_of(const std::uint8_t* rgb) {
    constexpr double third = 256.0 / tone_count;
    return std::min(tone_count - 1, static_cast<std::size_t>(luma(rgb) / third));
}

/// Sums of whole numbers are exact: a picture has fewer than 2^30 pixels, and their squares fit in 53 bits.
void add_pixels(const Picture8& result, const Picture8& target, QualitySums& sums) {
    for (std::uint32_t y = 0; y < target.height; ++y) {
        for (std::uint32_t x = 0; x < target.width; ++x) {
            const std::size_t at = 3 * (std::size_t{y} * target.width + x);
            QualitySums::Tone& tone = sums.tones[tone_of(&target.rgb[at])];
            int absolute = 0, squares = 0, off = 0;
            for (std::size_t c = 0; c < 3; ++c) {
                const int error = result.rgb[at + c] - target.rgb[at + c];
                absolute += std::abs(error);
                squares += error * error;
                off += std::abs(error) > visible_levels ? 1 : 0;
                tone.error[c] += error;
            }
            tone.pixels += 1;
            tone.absolute += absolute;
            sums.squares += squares;
            sums.absolute += absolute;
            sums.off += off;
            if (auto* const place = place_of(sums, ring_of(target, y, x))) {
                place->values += 3;
                place->absolute += absolute;
            }
        }
    }
    sums.pixels += static_cast<double>(target.plane());
}

}  // namespace

QualitySums& QualitySums::operator+=(const QualitySums& other) {
    pixels += other.pixels;
    squares += other.squares;
    absolute += other.absolute;
    off += other.off;
    similarity += other.similarity;
    windows += other.windows;
    for (std::size_t i = 0; i < band_count; ++i) {
        bands[i].result += other.bands[i].result;
        bands[i].target += other.bands[i].target;
        bands[i].both += other.bands[i].both;
    }
    for (std::size_t i = 0; i < tone_count; ++i) {
        tones[i].pixels += other.tones[i].pixels;
        tones[i].absolute += other.tones[i].absolute;
        for (std::size_t c = 0; c < 3; ++c) tones[i].error[c] += other.tones[i].error[c];
    }
    const auto add = [](Place& place, const Place& more) {
        place.values += more.values;
        place.absolute += more.absolute;
    };
    for (std::size_t i = 0; i < ring_count; ++i) add(rings[i], other.rings[i]);
    add(inside, other.inside);
    return *this;
}

QualitySums compare_pictures(const Picture8& result, const Picture8& target) {
    require_alike(result, target);
    QualitySums sums;
    add_pixels(result, target, sums);
    add_similarity(result, target, sums);
    add_bands(result, target, sums);
    return sums;
}

double squared_error(const Picture8& one, const Picture8& other) {
    require_alike(one, other);
    constexpr double white = 255;
    double squares = 0;
    for (std::size_t i = 0; i < one.rgb.size(); ++i) {
        const int error = one.rgb[i] - other.rgb[i];
        squares += error * error;
    }
    return squares / (white * white * static_cast<double>(one.rgb.size()));
}

}  // namespace shadenet
