// The parts of an ICC profile by which pictures are compared.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "image/bytes.h"

namespace shadenet {

/// The tags of a profile. Any bytes are accepted; tags that they do not hold are empty.
class IccProfile {
  public:
    /// `bytes` must outlive the object.
    explicit IccProfile(Bytes bytes) : bytes_(bytes) {}

    /// The space of the picture's numbers: "RGB ", "GRAY" or another; empty if the bytes are no profile.
    std::string space() const;
    /// The description in UTF-8, in English if there are several; may be empty, or any text.
    std::string description() const;
    /// Whether numbers mean the same as in sRGB (IEC 61966-2-1), up to rounding: the same curve and, for
    /// colours, the same primaries. Names are not considered.
    bool is_srgb() const;
    /// All tags that colours are computed from, in a fixed order: equal for profiles that differ only in
    /// texts and dates.
    std::vector<std::byte> colour_tags() const;

  private:
    Bytes tag(std::string_view name) const;
    std::string multi_language_text(Bytes text) const;
    std::optional<std::array<double, 3>> xyz(std::string_view name) const;

    Bytes bytes_;
};

}  // namespace shadenet
