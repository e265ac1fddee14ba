#include "data/pair_profiles.h"

#include <fmt/format.h>

#include "base/counted.h"
#include "base/imagemagick.h"

namespace shadenet {

namespace {

constexpr const char* remedy = "e.g. by ImageMagick's `" SHADENET_CONVERT
                               " IN.png -profile sRGB.icc OUT.png`, with a profile file as "
                               "Debian's icc-profiles-free has";

}  // namespace

void PairProfiles::Side::add(const ColourProfile& profile) {
    Found& found = profiles[profile.id];
    found.profile = profile;
    ++found.pictures;
}

std::optional<ProfileName> PairProfiles::Side::only() const {
    if (profiles.size() != 1) return std::nullopt;
    const ColourProfile& profile = profiles.begin()->second.profile;
    return ProfileName{profile.name, profile.id};
}

/// "3 in sRGB, 2 in "Display P3""
std::string PairProfiles::Side::counts() const {
    std::string text;
    for (const auto& [id, found] : profiles) {
        text += fmt::format("{}{} in {}", text.empty() ? "" : ", ", found.pictures, to_string(found.profile));
    }
    return text;
}

void PairProfiles::add(const std::string& name, const ColourProfile& before, const ColourProfile& after,
                       std::span<const std::byte> target_icc) {
    if (target_icc_.empty()) target_icc_.assign(target_icc.begin(), target_icc.end());
    inputs_.add(before);
    targets_.add(after);
    if (before == after) return;
    if (++differing_ > 1) return;
    example_ = fmt::format("{}: {} before and {} after", name, to_string(before), to_string(after));
}

std::vector<std::string> PairProfiles::lines(const char* which) const {
    std::vector<std::string> lines;
    if (differing_ > 0) {
        lines.push_back(fmt::format(
            "{} {} in other colours before and after (colour profiles; {}): the filter learns that too; "
            "convert one side, {}",
            counted(differing_, fmt::format("{}pair", which)), differing_ == 1 ? "is" : "are", example_,
            remedy));
    }
    if (target_icc_.size() > most_profile_bytes && differing_ > 0) {
        lines.push_back(
            fmt::format("the colour profile after the filter has {} KiB, and a model keeps up to "
                        "{}: results will be without it",
                        target_icc_.size() >> 10, most_profile_bytes >> 10));
    }
    const auto add_mixed = [&](const Side& side, const char* when) {
        if (side.profiles.size() < 2) return;
        lines.push_back(
            fmt::format("the {}pictures {} the filter are in several colours ({}): equal numbers "
                        "mean different colours in them; convert them to one, {}",
                        which, when, side.counts(), remedy));
    };
    add_mixed(inputs_, "before");
    add_mixed(targets_, "after");
    return lines;
}

ModelColours PairProfiles::colours() const {
    ModelColours colours{inputs_.only(), targets_.only()};
    colours.converts = differing_ > 0 && colours.target.has_value();
    const bool fits = target_icc_.size() <= most_profile_bytes;
    if (colours.converts && fits) colours.target_icc = target_icc_;
    return colours;
}

Metadata PairProfiles::of_results() const {
    Metadata metadata;
    if (targets_.profiles.size() != 1) return metadata;
    const ColourProfile& profile = targets_.profiles.begin()->second.profile;
    if (!(profile == ColourProfile{})) put_profile(metadata, profile, target_icc_, false);
    return metadata;
}

}  // namespace shadenet
