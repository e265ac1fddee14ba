#include "image/colour_profile.h"

#include <charconv>
#include <cmath>
#include <system_error>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <utf8proc.h>

#include "base/sha256.h"
#include "image/icc_profile.h"

namespace shadenet {

namespace {

constexpr std::string_view cicp_type = "cICP", gamma_type = "gAMA", primaries_type = "cHRM";

std::optional<Bytes> chunk(const Metadata& metadata, std::string_view type, std::size_t bytes) {
    for (const PngColourChunk& one : metadata.png_colour) {
        if (one.name() == type && one.data.size() >= bytes) return Bytes(one.data).first(bytes);
    }
    return std::nullopt;
}

bool is_shown(utf8proc_int32_t code) {
    const utf8proc_category_t category = utf8proc_category(code);
    // From the separators of lines on, the categories have nothing to show: controls, surrogates, private
    // use.
    return category != UTF8PROC_CATEGORY_CN && category < UTF8PROC_CATEGORY_ZL;
}

/// The part of an untrusted name that can be shown; a byte that is not UTF-8 becomes a question mark.
std::string shown_name(std::string_view name) {
    constexpr std::size_t longest = 80;
    std::string result;
    while (!name.empty() && result.size() < longest) {
        utf8proc_int32_t code = 0;
        const auto* const text = reinterpret_cast<const utf8proc_uint8_t*>(name.data());
        const utf8proc_ssize_t length =
            utf8proc_iterate(text, static_cast<utf8proc_ssize_t>(name.size()), &code);
        if (length <= 0) {
            result += '?';
        } else if (is_shown(code) && code != '"') {
            result += name.substr(0, static_cast<std::size_t>(length));
        }
        name.remove_prefix(length <= 0 ? 1 : static_cast<std::size_t>(length));
    }
    result.erase(0, result.find_first_not_of(' '));
    result.resize(result.find_last_not_of(' ') + 1);
    return result;
}

ColourProfile icc_colours(const Metadata& metadata) {
    const IccProfile icc(metadata.icc);
    if (icc.is_srgb()) return {};
    std::string name = shown_name(icc.description());
    if (name.empty()) name = shown_name(metadata.icc_name);
    if (name.empty()) name = "a profile without a name";
    const std::vector<std::byte> tags = icc.colour_tags();
    return {name, "ICC " + sha256(tags.empty() ? Bytes(metadata.icc) : Bytes(tags))};
}

ColourProfile cicp_colours(Bytes data) {
    const std::array<unsigned, 4> v = {byte_at(data, 0), byte_at(data, 1), byte_at(data, 2),
                                       byte_at(data, 3)};
    const std::string id = fmt::format("{} {}/{}/{}/{}", cicp_type, v[0], v[1], v[2], v[3]);
    const bool full_rgb = v[2] == 0 && v[3] == 1;
    struct Known {
        unsigned primaries, transfer;
        std::string name;
    };
    const std::array<Known, 4> known = {
        {{1, 13, "sRGB"}, {12, 13, "Display P3"}, {9, 16, "Rec. 2100 PQ"}, {9, 18, "Rec. 2100 HLG"}}};
    for (const Known& one : known) {
        if (v[0] != one.primaries || v[1] != one.transfer || !full_rgb) continue;
        return {one.name, one.name == "sRGB" ? "sRGB" : id};
    }
    return {id, id};
}

bool near_to(Bytes data, std::size_t index, std::uint32_t wanted) {
    constexpr std::int64_t tolerance = 500;  // in 1/100,000: programs round to three digits
    return std::abs(static_cast<std::int64_t>(big(data, 4 * index, 4)) - std::int64_t{wanted}) < tolerance;
}

/// The colours by a PNG's gAMA and cHRM, each of which may be missing.
ColourProfile gamma_colours(const std::optional<Bytes>& gamma, const std::optional<Bytes>& primaries) {
    constexpr std::array<std::uint32_t, 8> srgb = {31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000};
    std::vector<std::string> id, name;
    if (gamma && !near_to(*gamma, 0, 45455)) {
        const std::uint64_t value = big(*gamma, 0, 4);
        id.push_back(fmt::format("{} {}", gamma_type, value));
        name.push_back(fmt::format("gamma {:.3g}", 1e5 / static_cast<double>(value)));
    }
    bool other_primaries = false;
    for (std::size_t i = 0; primaries && i < srgb.size(); ++i) {
        other_primaries = other_primaries || !near_to(*primaries, i, srgb.at(i));
    }
    if (other_primaries) {
        std::vector<std::uint64_t> values;
        for (std::size_t i = 0; i < srgb.size(); ++i) values.push_back(big(*primaries, 4 * i, 4));
        id.push_back(fmt::format("{} {}", primaries_type, fmt::join(values, "/")));
        name.emplace_back("primaries of its own");
    }
    if (id.empty()) return {};
    return {fmt::format("{}", fmt::join(name, " and ")), fmt::format("{}", fmt::join(id, " "))};
}

/// The numbers of a text such as "9/16/0/1", each in `bytes` bytes; empty for other texts.
std::vector<std::byte> numbers(std::string_view text, std::size_t bytes) {
    std::vector<std::byte> data;
    while (true) {
        std::uint32_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc()) return {};
        append_big(data, value, bytes);
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        if (text.empty()) return data;
        if (text.front() != '/') return {};
        text.remove_prefix(1);
    }
}

/// The chunks that an id describes.
std::vector<PngColourChunk> chunks_of(std::string_view id) {
    if (id == "sRGB") return {{{'s', 'R', 'G', 'B'}, {std::byte{0}}}};
    std::vector<PngColourChunk> chunks;
    while (id.size() > 5) {
        const std::string_view type = id.substr(0, 4);
        const std::size_t end = std::min(id.find(' ', 5), id.size());
        const bool is_cicp = type == cicp_type;
        const std::size_t wanted = is_cicp ? 4 : type == gamma_type ? 4 : type == primaries_type ? 32 : 0;
        std::vector<std::byte> data = numbers(id.substr(5, end - 5), is_cicp ? 1 : 4);
        if (wanted == 0 || data.size() != wanted) return {};
        PngColourChunk& added = chunks.emplace_back();
        std::copy(type.begin(), type.end(), added.type.begin());
        added.data = std::move(data);
        id.remove_prefix(std::min(end + 1, id.size()));
    }
    return chunks;
}

}  // namespace

ColourProfile colour_profile(const Metadata& metadata) {
    if (const auto cicp = chunk(metadata, cicp_type, 4)) return cicp_colours(*cicp);
    if (!metadata.icc.empty()) return icc_colours(metadata);
    if (chunk(metadata, "sRGB", 1)) return {};
    return gamma_colours(chunk(metadata, gamma_type, 4), chunk(metadata, primaries_type, 32));
}

std::string to_string(const ColourProfile& profile) {
    return profile == ColourProfile{} ? profile.name : fmt::format("\"{}\"", profile.name);
}

bool put_profile(Metadata& metadata, const ColourProfile& profile, std::span<const std::byte> icc,
                 bool grey) {
    metadata.icc.clear();
    metadata.icc_name.clear();
    metadata.png_colour.clear();
    if (icc.empty()) {
        metadata.png_colour = chunks_of(profile.id);
        return !metadata.png_colour.empty();
    }
    if (IccProfile(icc).space() != (grey ? "GRAY" : "RGB ")) return false;
    metadata.icc.assign(icc.begin(), icc.end());
    // A PNG has the profile's name in Latin-1, so only an ASCII name is kept.
    const auto is_ascii = [](char letter) { return static_cast<unsigned char>(letter) < 0x80; };
    if (std::ranges::all_of(profile.name, is_ascii)) metadata.icc_name = profile.name;
    return true;
}

}  // namespace shadenet
