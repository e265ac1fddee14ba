// Pictures on the host: reading, writing and resizing. No GPU is involved.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace shadenet {

/// RGB, planar (3, height, width), row-major, 0..1. The network's input.
struct Image {
    std::uint32_t width = 0, height = 0;
    std::vector<float> values;
    std::size_t plane() const { return std::size_t{width} * height; }
    float& at(std::uint32_t c, std::uint32_t y, std::uint32_t x) {
        return values[(c * std::size_t{height} + y) * width + x];
    }
    float at(std::uint32_t c, std::uint32_t y, std::uint32_t x) const {
        return values[(c * std::size_t{height} + y) * width + x];
    }
};

/// RGB, interleaved (height, width, 3), as files keep it: 0..255 or 0..65535.
template <class Sample>
struct Picture {
    std::uint32_t width = 0, height = 0;
    std::vector<Sample> rgb;
    std::size_t plane() const { return std::size_t{width} * height; }
};
using Picture8 = Picture<std::uint8_t>;
using Picture16 = Picture<std::uint16_t>;

/// 8-bit values are divided by 255, 16-bit values by 65535.
Image to_image(const Picture8& picture);
Image to_image(const Picture16& picture);
/// Clamped to 0..1 and rounded to nearest, a half upwards. Throws WorkError, which names the value and its
/// place, when one is not finite.
Picture8 to_picture8(const Image& image);

/// A picture, and notes on all that is not plain 8-bit RGB: "16-bit", "32-bit float", "grey", "palette",
/// "alpha (ignored)", "CMYK", "animation (its first picture)", "without an end marker".
struct ImageFile {
    Image image;
    std::vector<std::string> notes;
};

/// Reads PNG, JPEG, BMP, TGA, TIFF or WebP. 8-bit values are divided by 255, 16-bit ones by 65535, floats are
/// as they are; grey is repeated, palettes are expanded, alpha is dropped, EXIF's orientation is applied.
/// Throws InputError "<path>: ..." when there is no such file, it is empty, truncated, damaged, not an image,
/// has too many pixels (2^30 in a PNG, JPEG or TIFF, 2^28 in the others), or does not fit in memory.
ImageFile read_image(const std::filesystem::path& path);

/// Width and height, with every check of read_image but no decoding. Throws as read_image.
std::pair<std::uint32_t, std::uint32_t> image_size(const std::filesystem::path& path);

/// 8-bit RGB PNG: clamped to 0..1 and rounded to nearest. Written atomically; throws WorkError.
/// Throws WorkError too, and writes nothing, when a value is not finite.
void write_png(const std::filesystem::path& path, const Image& image);
void write_png(const std::filesystem::path& path, const Picture8& picture);

/// A plain JPEG without metadata, in memory, for pages that contain their pictures; `quality` is 1 to 100.
/// The picture has 1 to 65,500 pixels a side. The same picture gives the same bytes. Throws WorkError, or
/// std::bad_alloc, when the encoder fails.
std::vector<std::byte> jpeg_bytes(const Picture8& picture, int quality);

/// Antialiased resize of the values without gamma: shrinking averages (Mitchell), enlarging interpolates
/// (Catmull-Rom), edges are clamped, the result is clamped to 0..1, or to the values that are beyond that in
/// `image`. The same size returns a copy. Throws InputError when either size has no pixels, or 2^29 or more.
Image resize(const Image& image, std::uint32_t width, std::uint32_t height);

}  // namespace shadenet
