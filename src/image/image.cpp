#include "image/image.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <new>
#include <span>
#include <utility>

#include <fmt/format.h>
#include <stb/stb_image.h>
#include <stb/stb_image_write.h>

#include "base/error.h"
#include "base/file.h"
#include "image/format.h"
#include "image/pairs.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t most_side = std::uint64_t{1} << 24,
                        most_pixels = std::uint64_t{1} << 28;               // stb takes no more
constexpr std::uint64_t most_file_bytes = std::numeric_limits<int>::max();  // stb counts in int
constexpr std::uint64_t most_png_bytes = std::uint64_t{1} << 30;            // stb's buffer doubles, in int

struct FreePixels {
    void operator()(void* pixels) const { stbi_image_free(pixels); }
};

// A file that has been looked at as far as its header and its end.
struct CheckedFile {
    std::vector<std::byte> bytes;
    ImageFacts facts;
    std::uint32_t width = 0, height = 0;
    const stbi_uc* data() const { return reinterpret_cast<const stbi_uc*>(bytes.data()); }
    int size() const { return static_cast<int>(bytes.size()); }
};

[[noreturn]] void refuse(const fs::path& path, const char* reason) {
    throw InputError(fmt::format("{}: is not a picture this program reads (PNG, JPEG, BMP or TGA): {}",
                                 path.string(), reason));
}

CheckedFile check_file(const fs::path& path) {
    CheckedFile file;
    file.bytes = read_file(path, most_file_bytes);
    if (file.bytes.empty()) throw InputError(fmt::format("{}: is empty", path.string()));
    const bool may_be_tga = lower_extension(path) == ".tga";
    file.facts = inspect_image(std::span(file.data(), file.bytes.size()), may_be_tga);
    if (file.facts.format == ImageFormat::unknown) refuse(path, "its first bytes are those of none of them");
    if (!file.facts.complete) throw InputError(fmt::format("{}: is truncated; copy it again", path.string()));
    if (file.facts.refusal != nullptr) {
        throw InputError(fmt::format("{}: {}", path.string(), file.facts.refusal));
    }
    const auto [width, height] = std::pair{file.facts.width, file.facts.height};
    if (width > most_side || height > most_side || width * height > most_pixels) {
        throw InputError(fmt::format("{}: has {} x {} pixels, and at most 2^28 are accepted; make it smaller",
                                     path.string(), width, height));
    }
    int decoded_width = 0, decoded_height = 0, channels = 0;
    if (stbi_info_from_memory(file.data(), file.size(), &decoded_width, &decoded_height, &channels) == 0) {
        refuse(path, stbi_failure_reason());
    }
    if (decoded_width <= 0 || decoded_height <= 0) refuse(path, "it has no pixels");
    file.width = static_cast<std::uint32_t>(decoded_width);
    file.height = static_cast<std::uint32_t>(decoded_height);
    return file;
}

// (height, width, 3) integers from 0 to `white` become (3, height, width) values from 0 to 1.
template <typename T>
Image to_planes(const T* pixels, std::uint32_t width, std::uint32_t height, float white) {
    Image image{width, height, std::vector<float>(std::size_t{3} * width * height)};
    const std::size_t plane = image.plane();
    for (std::size_t c = 0; c < 3; ++c) {
        for (std::size_t i = 0; i < plane; ++i) {
            image.values[c * plane + i] = static_cast<float>(pixels[3 * i + c]) / white;
        }
    }
    return image;
}

std::variant<Image, Picture8> decode(const fs::path& path, const CheckedFile& file) {
    int width = 0, height = 0, channels = 0;
    const auto check = [&](const void* pixels) {
        if (pixels == nullptr) refuse(path, stbi_failure_reason());
        if (static_cast<std::uint32_t>(width) != file.width ||
            static_cast<std::uint32_t>(height) != file.height) {
            refuse(path, "it has two different sizes");
        }
    };
    if (file.facts.sixteen_bit) {
        const std::unique_ptr<stbi_us, FreePixels> pixels(
            stbi_load_16_from_memory(file.data(), file.size(), &width, &height, &channels, 3));
        check(pixels.get());
        return to_planes(pixels.get(), file.width, file.height, 65535.0f);
    }
    const std::unique_ptr<stbi_uc, FreePixels> pixels(
        stbi_load_from_memory(file.data(), file.size(), &width, &height, &channels, 3));
    check(pixels.get());
    const std::size_t bytes = 3 * std::size_t{file.width} * file.height;
    return Picture8{file.width, file.height, {pixels.get(), pixels.get() + bytes}};
}

// `read`, with too little memory for it as the user's error.
template <class Read>
auto or_too_large(const fs::path& path, const CheckedFile& file, const Read& read) {
    try {
        return read();
    } catch (const std::bad_alloc&) {
        throw InputError(fmt::format("{}: its {} x {} pixels do not fit in memory; make it smaller",
                                     path.string(), file.width, file.height));
    }
}

void check_writable(const fs::path& path, std::uint32_t width, std::uint32_t height, std::size_t values) {
    if (values == 0 || values != 3 * std::size_t{width} * height) {
        throw WorkError(fmt::format("{}: not written: {} values are no picture of {} x {} pixels",
                                    path.string(), values, width, height));
    }
    if ((3 * std::uint64_t{width} + 1) * height > most_png_bytes) {
        throw WorkError(
            fmt::format("{}: not written: {} x {} pixels are too many for one PNG; make it smaller",
                        path.string(), width, height));
    }
}

void append(void* context, void* data, int size) {
    auto& bytes = *static_cast<std::vector<std::byte>*>(context);
    const auto* begin = static_cast<const std::byte*>(data);
    bytes.insert(bytes.end(), begin, begin + size);
}

}  // namespace

Image blank_like(const Image& image) {
    return {image.width, image.height, std::vector<float>(image.values.size())};
}

Picture8 blank_like(const Picture8& picture) {
    return {picture.width, picture.height, std::vector<std::uint8_t>(picture.rgb.size())};
}

Image to_image(const Picture8& picture) {
    return to_planes(picture.rgb.data(), picture.width, picture.height, 255.0f);
}

// In double the product with 255 is exact, so a half is the only tie, and it goes up.
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

PictureFile read_picture(const fs::path& path) {
    CheckedFile file = check_file(path);
    return or_too_large(path, file, [&] {
        return PictureFile{decode(path, file), std::move(file.facts.notes)};
    });
}

ImageFile read_image(const fs::path& path) {
    CheckedFile file = check_file(path);
    return or_too_large(path, file, [&] {
        std::variant<Image, Picture8> picture = decode(path, file);
        auto* image = std::get_if<Image>(&picture);
        return ImageFile{image != nullptr ? std::move(*image) : to_image(std::get<Picture8>(picture)),
                         std::move(file.facts.notes)};
    });
}

std::pair<std::uint32_t, std::uint32_t> image_size(const fs::path& path) {
    const CheckedFile file = check_file(path);
    return {file.width, file.height};
}

void write_png(const fs::path& path, const Image& image) {
    check_writable(path, image.width, image.height, image.values.size());
    const Picture8 picture = [&] {
        try {
            return to_picture8(image);
        } catch (const WorkError& error) {
            throw WorkError(fmt::format("{}: not written: {}", path.string(), error.what()));
        }
    }();
    write_png(path, picture);
}

void write_png(const fs::path& path, const Picture8& picture) {
    check_writable(path, picture.width, picture.height, picture.rgb.size());
    const int width = static_cast<int>(picture.width), height = static_cast<int>(picture.height);
    std::vector<std::byte> png;
    if (stbi_write_png_to_func(append, &png, width, height, 3, picture.rgb.data(), 3 * width) == 0) {
        throw WorkError(
            fmt::format("{}: cannot be encoded as PNG; there may be too little memory", path.string()));
    }
    write_file_atomically(path, png);
}

}  // namespace shadenet
