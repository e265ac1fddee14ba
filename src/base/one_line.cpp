#include "base/one_line.h"

#include <fmt/format.h>
#include <utf8proc.h>

namespace shadenet {

namespace {

/// Invisible marks that change the direction of writing; no letter needs them.
bool turns_direction(int code) {
    return code == 0x061c || code == 0x200e || code == 0x200f || (code >= 0x202a && code <= 0x202e) ||
           (code >= 0x2066 && code <= 0x2069);
}

bool is_plain(int code) {
    const utf8proc_category_t category = utf8proc_category(code);
    const bool moves = category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_ZL ||
                       category == UTF8PROC_CATEGORY_ZP;
    return !moves && !turns_direction(code);
}

std::string escape_text(std::string_view bytes, int code) {
    if (code == '\n') return "\\n";
    if (code == '\r') return "\\r";
    if (code == '\t') return "\\t";
    return code < 0x80 ? fmt::format("\\x{:02x}", static_cast<unsigned char>(bytes.front()))
                       : fmt::format("\\u{:04x}", code);
}

}  // namespace

std::string with_escapes(std::string_view text,
                         const std::function<std::string(std::string_view bytes, int code)>& escape) {
    std::string result;
    while (!text.empty()) {
        utf8proc_int32_t code = -1;
        const auto* const bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
        const auto known = utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(text.size()), &code);
        const std::string_view character = text.substr(0, known < 1 ? 1 : static_cast<std::size_t>(known));
        if (code >= 0 && is_plain(code)) {
            result += character;
        } else {
            result += escape(character, code);
        }
        text.remove_prefix(character.size());
    }
    return result;
}

bool has_controls(std::string_view text) {
    bool found = false;
    with_escapes(text, [&](std::string_view, int code) {
        found |= code >= 0;
        return std::string();
    });
    return found;
}

std::string on_one_line(std::string_view text) {
    return with_escapes(text, escape_text);
}

std::string in_utf8(std::string_view text) {
    return with_escapes(text, [](std::string_view bytes, int code) {
        return code < 0 ? escape_text(bytes, code) : std::string(bytes);
    });
}

std::string without_controls(std::string_view text) {
    return with_escapes(text, [](std::string_view bytes, int code) {
        return code == '\n' ? std::string("\n") : escape_text(bytes, code);
    });
}

}  // namespace shadenet
