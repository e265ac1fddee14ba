// Reading and writing whole files in tests.
#pragma once

#include "image/picture_file.h"
#include "picture_files.h"

namespace shadenet::test {

inline std::vector<std::byte> as_bytes(const Bytes& bytes) {
    const auto* begin = reinterpret_cast<const std::byte*>(bytes.data());
    return {begin, begin + bytes.size()};
}

inline FilePicture decode(const Bytes& bytes, const std::string& name = "cat.png") {
    return PictureReader(as_bytes(bytes), name).decode();
}

inline FilePicture write_and_read(const FilePicture& picture, const WriteOptions& options) {
    const TemporaryFolder folder;
    write_picture(folder / "cat.tga", picture, options);
    return PictureReader(folder / "cat.tga").decode();
}

inline FilePicture write_and_read(const FilePicture& picture, FileFormat format) {
    WriteOptions options;
    options.format = format;
    return write_and_read(picture, options);
}

inline std::vector<std::string> notes_of_writing(const FilePicture& picture, const WriteOptions& options) {
    const TemporaryFolder folder;
    return write_picture(folder / "cat", picture, options).notes;
}

inline const std::vector<std::uint8_t>& rgb8(const FilePicture& picture) {
    return std::get<Picture8>(picture.colour).rgb;
}

inline const std::vector<std::uint16_t>& rgb16(const FilePicture& picture) {
    return std::get<Picture16>(picture.colour).rgb;
}

/// Numbers without pattern, always the same.
inline Bytes scattered(std::size_t count, std::uint32_t state = 12345) {
    Bytes bytes(count);
    for (std::uint8_t& byte : bytes) {
        state = state * 1664525u + 1013904223u;
        byte = static_cast<std::uint8_t>(state >> 24);
    }
    return bytes;
}

/// A soft picture, such as JPEG is made for.
inline Picture8 soft_picture(std::uint32_t width, std::uint32_t height) {
    Picture8 picture{width, height, {}};
    for (std::uint32_t y = 0; y < height; ++y) {
        for (std::uint32_t x = 0; x < width; ++x) {
            picture.rgb.push_back(static_cast<std::uint8_t>(40 + 150 * x / width));
            picture.rgb.push_back(static_cast<std::uint8_t>(200 - 150 * y / height));
            picture.rgb.push_back(static_cast<std::uint8_t>(60 + 120 * (x + y) / (width + height)));
        }
    }
    return picture;
}

}  // namespace shadenet::test
