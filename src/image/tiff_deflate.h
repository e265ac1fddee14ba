// What a TIFF has compressed by Deflate, looked at to its end.
#pragma once

#include <cstdint>
#include <filesystem>

#include "image/tiff_form.h"

namespace shadenet {

/// To be called after strip or tile `part` was decoded: libtiff stops at its last pixel, mostly before the
/// checksum that follows. Throws InputError when Deflate's data do not end, or not with their checksum. Data
/// in another compression pass.
void check_deflate(const TiffFile& file, const TiffForm& form, std::uint32_t part,
                   const std::filesystem::path& name);

}  // namespace shadenet
