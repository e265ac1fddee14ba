#include "image/float_picture.h"

#include <cmath>
#include <limits>
#include <new>

#include <fmt/format.h>

#include "base/counted.h"
#include "base/error.h"

namespace shadenet {

namespace {

bool is_level(float value) {
    return value >= 0 && value <= 1;
}

template <class Sample>
Sample level_of(float value) {
    constexpr double white = std::numeric_limits<Sample>::max();
    return static_cast<Sample>(std::clamp(static_cast<double>(value), 0.0, 1.0) * white + 0.5);
}

template <class Sample>
void take_levels(const Image& from, const std::vector<float>& alpha, FilePicture& to) {
    Picture<Sample> colour{from.width, from.height, std::vector<Sample>(from.values.size())};
    const std::size_t plane = from.plane();
    for (std::size_t c = 0; c < 3; ++c) {
        for (std::size_t i = 0; i < plane; ++i)
            colour.rgb[3 * i + c] = level_of<Sample>(from.values[c * plane + i]);
    }
    to.colour = std::move(colour);
    for (const float value : alpha) to.alpha.push_back(level_of<Sample>(value));
}

/// Pixels with a value that no level stands for.
std::size_t clamped_pixels(const Image& image, const std::filesystem::path& path) {
    const std::size_t plane = image.plane();
    std::size_t count = 0;
    for (std::size_t i = 0; i < plane; ++i) {
        const float r = image.values[i], g = image.values[plane + i], b = image.values[2 * plane + i];
        if (!std::isfinite(r) || !std::isfinite(g) || !std::isfinite(b)) {
            throw WorkError(fmt::format("{}: not written: a value of row {}, column {} is no number",
                                        path.string(), i / image.width, i % image.width));
        }
        count += is_level(r) && is_level(g) && is_level(b) ? 0 : 1;
    }
    return count;
}

}  // namespace

FilePicture in_levels(const FilePicture& picture, const std::filesystem::path& path, bool sixteen_bits) {
    try {
        const Image& colour = std::get<Image>(picture.colour);
        FilePicture result{.grey = picture.grey,
                           .lossy = picture.lossy,
                           .format = picture.format,
                           .metadata = picture.metadata,
                           .losses = picture.losses};
        result.losses.emplace_back(sixteen_bits ? "floats became 16 bits" : "floats became 8 bits");
        if (const std::size_t clamped = clamped_pixels(colour, path); clamped > 0) {
            result.losses.push_back(fmt::format("{} had values below 0 or above 1, which were clamped",
                                                counted(clamped, "pixel")));
        }
        if (sixteen_bits) {
            take_levels<std::uint16_t>(colour, picture.float_alpha, result);
        } else {
            take_levels<std::uint8_t>(colour, picture.float_alpha, result);
        }
        return result;
    } catch (const std::bad_alloc&) {
        throw WorkError(fmt::format("{}: not written: there is too little memory", path.string()));
    }
}

}  // namespace shadenet
