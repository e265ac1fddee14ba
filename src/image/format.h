// What a picture file says about itself, found before any of it is decoded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace shadenet {

enum class ImageFormat { unknown, png, jpeg, bmp, tga };

struct ImageFacts {
    ImageFormat format = ImageFormat::unknown;
    std::uint64_t width = 0, height = 0;
    bool complete = false;          // nothing the header promises is missing at the end
    bool sixteen_bit = false;       // 16 bits per channel
    const char* refusal = nullptr;  // why the decoder would show wrong colours
    std::vector<std::string> notes{};
};

/// Recognises PNG, JPEG and BMP by their first bytes. TGA has none that tell, so it is looked for only when
/// `may_be_tga`, and taken only with a plausible header.
ImageFacts inspect_image(std::span<const std::uint8_t> bytes, bool may_be_tga);

}  // namespace shadenet
