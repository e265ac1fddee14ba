#include "report/html.h"

#include "base/base64.h"
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
    return "data:" + std::string(type) + ";base64," + to_base64(bytes);
}

}  // namespace shadenet
