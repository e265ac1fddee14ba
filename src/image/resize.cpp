#include <fmt/format.h>

#if __has_include(<stb/stb_image_resize2.h>)
#include <stb/stb_image_resize2.h>
#define SHADENET_STB_RESIZE2 1
#else
#include <stb/stb_image_resize.h>
#define SHADENET_STB_RESIZE2 0
#endif

#include <algorithm>
#include <limits>

#include "base/error.h"
#include "image/image.h"

namespace shadenet {

namespace {

struct PlaneSize {
    int width, height;
};

// One plane, (height, width). Both versions of stb's library by default shrink with Mitchell and enlarge with
// Catmull-Rom, per axis. False when there is too little memory.
bool resize_plane(const float* from, PlaneSize from_size, float* to, PlaneSize to_size) {
#if SHADENET_STB_RESIZE2
    return stbir_resize(from, from_size.width, from_size.height, 0, to, to_size.width, to_size.height, 0,
                        STBIR_1CHANNEL, STBIR_TYPE_FLOAT, STBIR_EDGE_CLAMP, STBIR_FILTER_DEFAULT) != nullptr;
#else
    return stbir_resize_float_generic(from, from_size.width, from_size.height, 0, to, to_size.width,
                                      to_size.height, 0, 1, STBIR_ALPHA_CHANNEL_NONE, 0, STBIR_EDGE_CLAMP,
                                      STBIR_FILTER_DEFAULT, STBIR_COLORSPACE_LINEAR, nullptr) != 0;
#endif
}

// The library counts a plane's bytes in int.
bool is_resizable(std::uint32_t width, std::uint32_t height) {
    constexpr std::uint64_t most = std::numeric_limits<int>::max() / sizeof(float);
    const std::uint64_t pixels = std::uint64_t{width} * height;
    return pixels > 0 && pixels <= most;
}

}  // namespace

Image resize(const Image& image, std::uint32_t width, std::uint32_t height) {
    if (image.width == width && image.height == height) return image;
    if (!is_resizable(image.width, image.height) || !is_resizable(width, height)) {
        throw InputError(
            fmt::format("cannot resize a picture of {} x {} pixels to {} x {}; use a smaller --size",
                        image.width, image.height, width, height));
    }
    Image result{width, height, std::vector<float>(3 * std::size_t{width} * height)};
    const PlaneSize from_size{static_cast<int>(image.width), static_cast<int>(image.height)};
    const PlaneSize to_size{static_cast<int>(width), static_cast<int>(height)};
    for (std::size_t c = 0; c < 3; ++c) {
        const float* from = image.values.data() + c * image.plane();
        if (!resize_plane(from, from_size, result.values.data() + c * result.plane(), to_size)) {
            throw WorkError(
                fmt::format("cannot resize a picture to {} x {} pixels: too little memory", width, height));
        }
    }
    // Only what the filter overshoots is taken away, and nothing of a picture of floats.
    const auto [least, most] = std::ranges::minmax(image.values);
    for (float& value : result.values) value = std::clamp(value, std::min(least, 0.0f), std::max(most, 1.0f));
    return result;
}

}  // namespace shadenet
