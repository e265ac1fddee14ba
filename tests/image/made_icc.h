// ICC profiles of our own making, with the tags that say something of colours.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace shadenet::test {

using IccBytes = std::vector<std::byte>;

inline void put_big(IccBytes& to, std::uint64_t value, std::size_t count) {
    for (std::size_t i = count; i-- > 0;) to.push_back(static_cast<std::byte>(value >> (8 * i)));
}

inline void put_text(IccBytes& to, const std::string& text) {
    for (const char letter : text) to.push_back(static_cast<std::byte>(letter));
}

inline void put_fixed(IccBytes& to, double value) {
    put_big(to,
            static_cast<std::uint32_t>(static_cast<std::int32_t>(value * 65536 + (value < 0 ? -0.5 : 0.5))),
            4);
}

using IccTag = std::pair<std::string, IccBytes>;

inline IccBytes description_tag(const std::string& words) {
    IccBytes data;
    put_text(data, std::string("desc\0\0\0\0", 8));
    put_big(data, words.size() + 1, 4);
    put_text(data, words);
    data.resize(data.size() + 1 + 78);
    return data;
}

/// In UTF-16, one record for each language ("enUS").
inline IccBytes languages_tag(const std::vector<std::pair<std::string, std::u16string>>& texts) {
    IccBytes data, words;
    put_text(data, std::string("mluc\0\0\0\0", 8));
    put_big(data, texts.size(), 4);
    put_big(data, 12, 4);
    for (const auto& [language, text] : texts) {
        put_text(data, language);
        put_big(data, 2 * text.size(), 4);
        put_big(data, 16 + 12 * texts.size() + words.size(), 4);
        for (const char16_t unit : text) put_big(words, unit, 2);
    }
    data.insert(data.end(), words.begin(), words.end());
    return data;
}

inline IccBytes xyz_tag(const std::array<double, 3>& xyz) {
    IccBytes data;
    put_text(data, std::string("XYZ \0\0\0\0", 8));
    for (const double value : xyz) put_fixed(data, value);
    return data;
}

inline IccBytes gamma_tag(double gamma) {
    IccBytes data;
    put_text(data, std::string("curv\0\0\0\0", 8));
    put_big(data, 1, 4);
    put_big(data, static_cast<std::uint64_t>(gamma * 256 + 0.5), 2);
    return data;
}

/// sRGB's curve as a formula.
inline IccBytes srgb_curve_tag() {
    IccBytes data;
    put_text(data, std::string("para\0\0\0\0", 8));
    put_big(data, 3, 2);
    put_big(data, 0, 2);
    for (const double value : {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045}) put_fixed(data, value);
    return data;
}

inline IccBytes icc_profile(const std::string& space, const std::vector<IccTag>& tags) {
    IccBytes table, data;
    put_big(table, tags.size(), 4);
    for (const auto& [name, value] : tags) {
        put_text(table, name);
        put_big(table, 128 + 4 + 12 * tags.size() + data.size(), 4);
        put_big(table, value.size(), 4);
        data.insert(data.end(), value.begin(), value.end());
    }
    IccBytes profile;
    put_big(profile, 128 + table.size() + data.size(), 4);
    put_text(profile, "test");
    put_big(profile, 0x02400000, 4);
    put_text(profile, "mntr" + space + "XYZ ");
    profile.resize(36);
    put_text(profile, "acsp");
    profile.resize(128);
    profile.insert(profile.end(), table.begin(), table.end());
    profile.insert(profile.end(), data.begin(), data.end());
    return profile;
}

using Primaries = std::array<std::array<double, 3>, 3>;
inline constexpr Primaries srgb_primaries = {
    {{0.43607, 0.22249, 0.01392}, {0.38515, 0.71687, 0.09708}, {0.14307, 0.06061, 0.71410}}};
inline constexpr Primaries adobe_primaries = {
    {{0.60974, 0.31111, 0.01947}, {0.20528, 0.62567, 0.06087}, {0.14919, 0.06322, 0.74457}}};

inline IccBytes rgb_profile(const IccBytes& description, const Primaries& primaries, const IccBytes& curve) {
    return icc_profile("RGB ", {{"desc", description},
                                {"rXYZ", xyz_tag(primaries[0])},
                                {"gXYZ", xyz_tag(primaries[1])},
                                {"bXYZ", xyz_tag(primaries[2])},
                                {"rTRC", curve},
                                {"gTRC", curve},
                                {"bTRC", curve}});
}

/// As Adobe RGB, under any name.
inline IccBytes wide_profile(const std::string& name, double gamma = 2.19921875) {
    return rgb_profile(description_tag(name), adobe_primaries, gamma_tag(gamma));
}

}  // namespace shadenet::test
