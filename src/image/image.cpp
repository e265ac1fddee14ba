#include "image/image.h"

#include <algorithm>
#include <cmath>
#include <new>

#include <fmt/format.h>

#include "base/error.h"
#include "image/picture_file.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

// Floats are as they should be.
const Image& to_image(const Image& image) {
    return image;
}

// (height, width, 3) integers from 0 to `white` become (3, height, width) values from 0 to 1.
template <class Sample>
Image to_planes(const Picture<Sample>& picture, float white) {
    Image image{picture.width, picture.height, std::vector<float>(picture.rgb.size())};
    const std::size_t plane = image.plane();
    for (std::size_t c = 0; c < 3; ++c) {
        for (std::size_t i = 0; i < plane; ++i) {
            image.values[c * plane + i] = static_cast<float>(picture.rgb[3 * i + c]) / white;
        }
    }
    return image;
}

}  // namespace

Image to_image(const Picture8& picture) {
    return to_planes(picture, 255.0f);
}

Image to_image(const Picture16& picture) {
    return to_planes(picture, 65535.0f);
}

// In double the product with 255 is exact, so only true halves are ties, and they are rounded up.
Picture8 to_picture8(const Image& image) {
    const std::size_t plane = image.plane();
    Picture8 picture{image.width, image.height, std::vector<std::uint8_t>(3 * plane)};
    for (std::size_t c = 0; c < 3; ++c) {
        for (std::size_t i = 0; i < plane; ++i) {
            const float value = image.values[c * plane + i];
            if (!std::isfinite(value)) {
                throw WorkError(fmt::format("the value at channel {}, row {}, column {} is {}", c,
                                            i / image.width, i % image.width, value));
            }
            const double clamped = std::clamp(static_cast<double>(value), 0.0, 1.0);
            picture.rgb[3 * i + c] = static_cast<std::uint8_t>(clamped * 255.0 + 0.5);
        }
    }
    return picture;
}

Image to_image(const FilePicture& picture, const fs::path& name) {
    return std::visit(
        [&](const auto& colour) -> Image {
            try {
                return to_image(colour);
            } catch (const std::bad_alloc&) {
                throw InputError(fmt::format("{}: its {} x {} pixels do not fit in memory; make it smaller",
                                             name.string(), colour.width, colour.height));
            }
        },
        picture.colour);
}

ImageFile read_image(const fs::path& path) {
    PictureReader reader(path);
    return {to_image(reader.decode(), path), reader.facts().notes};
}

std::pair<std::uint32_t, std::uint32_t> image_size(const fs::path& path) {
    const PictureReader reader(path, usual_bytes_at_once);
    return {reader.facts().width, reader.facts().height};
}

namespace {

Picture8 in_8_bits(const fs::path& path, const Image& image) {
    if (image.values.size() != 3 * image.plane()) {
        throw WorkError(fmt::format("{}: not written: {} values are no picture of {} x {} pixels",
                                    path.string(), image.values.size(), image.width, image.height));
    }
    try {
        return to_picture8(image);
    } catch (const WorkError& error) {
        throw WorkError(fmt::format("{}: not written: {}", path.string(), error.what()));
    }
}

}  // namespace

void write_png(const fs::path& path, const Image& image) {
    write_png(path, image, {});
}

void write_png(const fs::path& path, const Image& image, const Metadata& metadata) {
    write_picture(path, {.colour = in_8_bits(path, image), .metadata = metadata}, {});
}

std::vector<std::byte> png_file(const fs::path& path, const Image& image, const Metadata& metadata) {
    std::vector<std::byte> bytes;
    write_picture(path, {.colour = in_8_bits(path, image), .metadata = metadata}, {.to_memory = &bytes});
    return bytes;
}

void write_png(const fs::path& path, const Picture8& picture) {
    write_picture(path, {.colour = picture}, {});
}

}  // namespace shadenet
