// In which colours the pictures were that a model learned from.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace shadenet {

/// A colour profile by its name, for people, and an id that is equal for equal colours (colour_profile.h).
struct ProfileName {
    std::string name, id;
    bool operator==(const ProfileName&) const = default;
};

struct ModelColours {
    std::optional<ProfileName> input, target;  ///< none where not known, or not the same of all pictures
    /// The profiles of a pair differ: results are in the target's colours, and not in their picture's.
    bool converts = false;
    /// Where it converts: the ICC profile of the targets; empty where they have none, and where it is larger
    /// than most_profile_bytes.
    std::vector<std::byte> target_icc{};
    bool operator==(const ModelColours&) const = default;
};

/// Profiles of printers, with their tables, have up to some MB; those of pictures seldom 4 KB.
inline constexpr std::size_t most_profile_bytes = std::size_t{1} << 20;

/// Adds a model file's entries `input_profile`, `input_profile_id`, `target_profile`, `target_profile_id`,
/// `profiles_differ` (true) and `target_profile_icc` (Base64), those that there are.
void append_colours(std::map<std::string, std::string>& metadata, const ModelColours& colours);
/// Throws InputError "<source>: ..." for what append_colours() does not write.
ModelColours colours_from(const std::map<std::string, std::string>& metadata, const std::string& source);

}  // namespace shadenet
