#include "report/html.h"

#include <algorithm>
#include <cstdint>

#include "base/one_line.h"

namespace shadenet {

namespace {

std::string_view entity(char letter) {
    switch (letter) {
        case '&':
            return "&amp;";
        case '<':
            return "&lt;";
        case '>':
            return "&gt;";
        case '"':
            return "&quot;";
        case '\'':
            return "&#39;";
        default:
            return "";
    }
}

}  // namespace

std::string escaped(std::string_view text) {
    std::string result;
    for (const char letter : on_one_line(text)) {
        const std::string_view name = entity(letter);
        result += name.empty() ? std::string_view(&letter, 1) : name;
    }
    return result;
}

std::string data_uri(std::string_view type, std::span<const std::byte> bytes) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string uri = "data:" + std::string(type) + ";base64,";
    uri.reserve(uri.size() + (bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t three = 0;
        for (std::size_t j = 0; j < 3; ++j) {
            three = three << 8 | (j < count ? std::to_integer<std::uint32_t>(bytes[i + j]) : 0);
        }
        for (std::size_t j = 0; j < 4; ++j) {
            uri += j <= count ? digits[three >> (18 - 6 * j) & 63] : '=';
        }
    }
    return uri;
}

}  // namespace shadenet
