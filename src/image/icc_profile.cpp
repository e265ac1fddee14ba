#include "image/icc_profile.h"

#include <cmath>

#include <utf8proc.h>

namespace shadenet {

namespace {

constexpr std::size_t header_bytes = 128, entry_bytes = 12;
constexpr std::size_t most_tags = 1024;  // profiles have a dozen or two

/// A part of the bytes; empty if it is not within them.
Bytes part(Bytes bytes, std::uint64_t offset, std::uint64_t size) {
    if (offset > bytes.size() || size > bytes.size() - offset) return {};
    return bytes.subspan(offset, size);
}

double fixed(Bytes bytes, std::size_t at) {
    return static_cast<double>(static_cast<std::int32_t>(big(bytes, at, 4))) / 65536;
}

void append_utf8(std::string& text, std::uint32_t code) {
    if (!utf8proc_codepoint_valid(static_cast<utf8proc_int32_t>(code))) code = 0xfffd;
    std::array<utf8proc_uint8_t, 4> bytes{};
    const auto length = utf8proc_encode_char(static_cast<utf8proc_int32_t>(code), bytes.data());
    text.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(length));
}

std::string from_utf16(Bytes text) {
    std::string result;
    for (std::size_t at = 0; at + 2 <= text.size(); at += 2) {
        auto code = static_cast<std::uint32_t>(big(text, at, 2));
        const bool leads = code >= 0xd800 && code < 0xdc00 && at + 4 <= text.size();
        const auto next = leads ? static_cast<std::uint32_t>(big(text, at + 2, 2)) : 0;
        if (next >= 0xdc00 && next < 0xe000) {
            code = 0x10000 + ((code - 0xd800) << 10) + (next - 0xdc00);
            at += 2;
        }
        if (code == 0) break;
        append_utf8(result, code);
    }
    return result;
}

/// The value at x of a curve of type 'curv' or 'para', both in 0..1. NaN for other curves.
double curve_at(Bytes curve, double x) {
    if (starts_with(curve, "curv") && curve.size() >= 12) {
        const std::uint64_t count = big(curve, 8, 4);
        if (count == 0) return x;
        if (count > (curve.size() - 12) / 2) return NAN;
        if (count == 1) return std::pow(x, static_cast<double>(big(curve, 12, 2)) / 256);
        const double place = x * static_cast<double>(count - 1);
        const auto below = std::min(static_cast<std::uint64_t>(place), count - 2);
        const auto value = [&](std::uint64_t i) {
            return static_cast<double>(big(curve, 12 + 2 * i, 2)) / 65535;
        };
        return value(below) + (value(below + 1) - value(below)) * (place - static_cast<double>(below));
    }
    if (!starts_with(curve, "para") || curve.size() < 12) return NAN;
    constexpr std::array<std::size_t, 5> counts = {1, 3, 4, 5, 7};
    const std::uint64_t kind = big(curve, 8, 2);
    if (kind >= counts.size() || curve.size() < 12 + 4 * counts.at(kind)) return NAN;
    std::array<double, 7> p{};  // g, a, b, c, d, e, f
    for (std::size_t i = 0; i < counts.at(kind); ++i) p.at(i) = fixed(curve, 12 + 4 * i);
    const auto [g, a, b, c, d, e, f] = p;
    switch (kind) {
        case 0:
            return std::pow(x, g);
        case 1:
            return a * x + b >= 0 ? std::pow(a * x + b, g) : 0;
        case 2:
            return a * x + b >= 0 ? std::pow(a * x + b, g) + c : c;
        case 3:
            return x >= d ? std::pow(a * x + b, g) : c * x;
        default:
            return x >= d ? std::pow(a * x + b, g) + e : c * x + f;
    }
}

double srgb_at(double x) {
    return x <= 0.04045 ? x / 12.92 : std::pow((x + 0.055) / 1.055, 2.4);
}

/// Tables of 1024 entries differ from the curve by less than this tolerance, a power of 2.2 by more.
bool is_srgb_curve(Bytes curve) {
    constexpr double tolerance = 0.001;
    for (const double x : {0.02, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1.0}) {
        if (!(std::abs(curve_at(curve, x) - srgb_at(x)) < tolerance)) return false;
    }
    return true;
}

}  // namespace

std::string IccProfile::space() const {
    const bool is_profile = bytes_.size() >= header_bytes + 4 && as_text(bytes_.subspan(36, 4)) == "acsp";
    return is_profile ? std::string(as_text(bytes_.subspan(16, 4))) : "";
}

Bytes IccProfile::tag(std::string_view name) const {
    if (space().empty()) return {};
    const std::uint64_t count = std::min<std::uint64_t>(big(bytes_, header_bytes, 4), most_tags);
    for (std::uint64_t i = 0; i < count; ++i) {
        const Bytes entry = part(bytes_, header_bytes + 4 + i * entry_bytes, entry_bytes);
        if (entry.empty()) return {};
        if (starts_with(entry, name)) return part(bytes_, big(entry, 4, 4), big(entry, 8, 4));
    }
    return {};
}

std::string IccProfile::description() const {
    const Bytes text = tag("desc");
    if (starts_with(text, "mluc")) return multi_language_text(text);
    if (!starts_with(text, "desc") || text.size() < 12) return "";
    const std::string_view words = as_text(text.subspan(12));
    return std::string(words.substr(0, std::min<std::size_t>(words.find('\0'), big(text, 8, 4))));
}

std::string IccProfile::multi_language_text(Bytes text) const {
    constexpr std::size_t first_record = 16;
    if (text.size() < first_record) return "";
    const std::uint64_t count = std::min<std::uint64_t>(big(text, 8, 4), most_tags);
    const std::uint64_t record_bytes = big(text, 12, 4);
    Bytes found;
    for (std::uint64_t i = 0; i < count; ++i) {
        const Bytes record = part(text, first_record + i * record_bytes, entry_bytes);
        if (record.empty()) break;
        if (i > 0 && !starts_with(record, "en")) continue;
        found = part(text, big(record, 8, 4), big(record, 4, 4));
        if (starts_with(record, "en")) break;
    }
    return from_utf16(found);
}

std::optional<std::array<double, 3>> IccProfile::xyz(std::string_view name) const {
    const Bytes value = tag(name);
    if (!starts_with(value, "XYZ ") || value.size() < 20) return std::nullopt;
    return {{fixed(value, 8), fixed(value, 12), fixed(value, 16)}};
}

bool IccProfile::is_srgb() const {
    // Programs use such a table instead of primaries and curves.
    if (!tag("A2B0").empty()) return false;
    if (space() == "GRAY") return is_srgb_curve(tag("kTRC"));
    if (space() != "RGB " || as_text(bytes_.subspan(20, 4)) != "XYZ ") return false;
    struct Primary {
        const char *xyz, *curve;
        std::array<double, 3> srgb;  // adapted to D50
    };
    const std::array<Primary, 3> primaries = {{{"rXYZ", "rTRC", {0.4360, 0.2225, 0.0139}},
                                               {"gXYZ", "gTRC", {0.3851, 0.7169, 0.0971}},
                                               {"bXYZ", "bTRC", {0.1431, 0.0606, 0.7141}}}};
    constexpr double tolerance = 0.002;  // older profiles are rounded this much
    for (const Primary& primary : primaries) {
        const auto found = xyz(primary.xyz);
        if (!found || !is_srgb_curve(tag(primary.curve))) return false;
        for (std::size_t i = 0; i < 3; ++i) {
            if (!(std::abs(found->at(i) - primary.srgb.at(i)) < tolerance)) return false;
        }
    }
    return true;
}

std::vector<std::byte> IccProfile::colour_tags() const {
    std::vector<std::byte> all;
    if (space().empty()) return all;
    append(all, bytes_.subspan(12, 12));  // class, and the spaces of both sides
    for (const char* name : {"rXYZ", "gXYZ", "bXYZ", "rTRC", "gTRC", "bTRC", "kTRC", "A2B0", "A2B1", "A2B2",
                             "D2B0", "D2B1", "D2B2", "D2B3", "cicp"}) {
        const Bytes value = tag(name);
        append(all, as_bytes(name));
        append_big(all, value.size(), 4);
        append(all, value);
    }
    return all;
}

}  // namespace shadenet
