// In which colours the numbers of a picture are meant.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "image/picture_file.h"

namespace shadenet {

struct ColourProfile {
    std::string name = "sRGB";  ///< for people, on one line: "sRGB", "Adobe RGB (1998)"
    /// Equal for profiles of the same colours, whatever their words: "sRGB", "ICC " and a SHA-256, "cICP
    /// 9/16/0/1", "gAMA 55556" or the like.
    std::string id = "sRGB";
    bool operator==(const ColourProfile& other) const { return id == other.id; }
};

/// By what programs go by, the first that there is: a PNG's cICP, the ICC profile, a PNG's sRGB, its gAMA and
/// cHRM. Without any it is sRGB, and a profile of sRGB's colours is so too. EXIF's words are not looked at.
ColourProfile colour_profile(const Metadata& metadata);

/// "sRGB", and others in quotes.
std::string to_string(const ColourProfile& profile);

/// Puts `profile` in the place of all that says so far in which colours the numbers are: as `icc`, its bytes,
/// where they are not empty, else in a PNG's chunks. False where it cannot be said, because the ICC profile
/// is not one for pictures in grey, or in colour, as `grey` says, or not known: nothing is said then.
bool put_profile(Metadata& metadata, const ColourProfile& profile, std::span<const std::byte> icc, bool grey);

}  // namespace shadenet
