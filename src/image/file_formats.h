// The formats of picture files: their names, the endings of their files, and how large a picture each can
// hold.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "image/picture_file.h"

namespace shadenet {

struct FormatFacts {
    const char* name;  ///< "JPEG"
    /// The largest pictures that are written.
    std::uint64_t most_side, most_pixels;
    /// The largest that is read has 2 to the power of this many pixels.
    int most_pixels_read;
};
const FormatFacts& facts_of(FileFormat format);

/// By the extension, in any case; none for other files.
std::optional<FileFormat> format_by_name(const std::filesystem::path& path);

}  // namespace shadenet
