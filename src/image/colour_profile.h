// The colour space of a picture's numbers.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "image/picture_file.h"

namespace shadenet {

struct ColourProfile {
    std::string name = "sRGB";  ///< for people, on one line: "sRGB", "Adobe RGB (1998)"
    /// Equal for profiles of the same colours, whatever their texts: "sRGB", "ICC " and a SHA-256, "cICP
    /// 9/16/0/1", "gAMA 55556" or the like.
    std::string id = "sRGB";
    bool operator==(const ColourProfile& other) const { return id == other.id; }
};

/// The profile by the first source that exists: a PNG's cICP, the ICC profile, a PNG's sRGB, its gAMA and
/// cHRM. It is sRGB without any source, and for a source with sRGB's colours. EXIF is not considered.
ColourProfile colour_profile(const Metadata& metadata);

/// sRGB without quotes, other names in quotes.
std::string to_string(const ColourProfile& profile);

/// Replaces everything that tells the colour space by `profile`: by its bytes `icc` if there are any, else by
/// a PNG's chunks. False when the ICC profile does not fit (`grey`: the picture is grey, not in colour), or
/// no chunk can express the profile: then the metadata tell no colour space.
bool put_profile(Metadata& metadata, const ColourProfile& profile, std::span<const std::byte> icc, bool grey);

}  // namespace shadenet
