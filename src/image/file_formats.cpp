#include "image/file_formats.h"

#include <algorithm>
#include <string_view>

#include "image/pairs.h"

namespace shadenet {

namespace {

constexpr std::uint64_t two_to(int exponent) {
    return std::uint64_t{1} << exponent;
}

struct KnownExtension {
    std::string_view text;
    FileFormat format;
};

constexpr KnownExtension extensions[] = {{".png", FileFormat::png},   {".jpg", FileFormat::jpeg},
                                         {".jpeg", FileFormat::jpeg}, {".bmp", FileFormat::bmp},
                                         {".tga", FileFormat::tga},   {".tif", FileFormat::tiff},
                                         {".tiff", FileFormat::tiff}, {".webp", FileFormat::webp}};

}  // namespace

const FormatFacts& facts_of(FileFormat format) {
    constexpr std::uint64_t most_signed = 0x7fffffff;
    // By FileFormat. A TIFF also holds no more than 4 GiB, which only its compressed strips tell.
    static constexpr FormatFacts facts[] = {
        {"PNG", most_signed, two_to(32), 30},  {"JPEG", 65500, two_to(32), 30},
        {"BMP", most_signed, two_to(28), 28},  {"TGA", 65535, two_to(28), 28},
        {"TIFF", most_signed, two_to(30), 30}, {"WebP", 16383, two_to(28), 28}};
    return facts[static_cast<std::size_t>(format)];
}

std::optional<FileFormat> format_by_name(const std::filesystem::path& path) {
    const auto found = std::ranges::find(extensions, lower_extension(path), &KnownExtension::text);
    if (found == std::end(extensions)) return std::nullopt;
    return found->format;
}

}  // namespace shadenet
