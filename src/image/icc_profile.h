// What an ICC profile says of itself and of colours, as far as pictures are compared by it.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "image/bytes.h"

namespace shadenet {

/// The tags of a profile. Any bytes will do: what they do not hold is not there.
class IccProfile {
  public:
    /// `bytes` must outlive it.
    explicit IccProfile(Bytes bytes) : bytes_(bytes) {}

    /// "RGB ", "GRAY" or another space that the picture's numbers are in; empty where the bytes are no
    /// profile.
    std::string space() const;
    /// Its description, in English where there are several, in UTF-8; may be empty, or anything at all.
    std::string description() const;
    /// Numbers mean what they mean in sRGB (IEC 61966-2-1), up to rounding: its curve, and for colours its
    /// primaries. By what the profile says of colours; names are not looked at.
    bool is_srgb() const;
    /// All that colours are computed from, in one order: equal for profiles that differ only in words and
    /// dates.
    std::vector<std::byte> colour_tags() const;

  private:
    Bytes tag(std::string_view name) const;
    std::string multi_language_text(Bytes text) const;
    std::optional<std::array<double, 3>> xyz(std::string_view name) const;

    Bytes bytes_;
};

}  // namespace shadenet
