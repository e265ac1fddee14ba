#include "image/raw_profile.h"

#include <charconv>
#include <system_error>

#include <fmt/format.h>

#include "image/bytes.h"

namespace shadenet {

namespace {

// The next word, without the white space around it.
std::string_view take_word(std::string_view& text) {
    constexpr std::string_view space = " \t\r\n";
    text.remove_prefix(std::min(text.find_first_not_of(space), text.size()));
    const std::string_view word = text.substr(0, text.find_first_of(space));
    text.remove_prefix(word.size());
    return word;
}

template <class Number>
bool is_number(std::string_view word, Number& value, int base) {
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value, base);
    return error == std::errc() && end == word.data() + word.size();
}

}  // namespace

std::string raw_profile_text(std::string_view name, Bytes bytes) {
    std::string text = fmt::format("\n{}\n{:8}\n", name, bytes.size());
    constexpr std::size_t bytes_in_line = 36;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        text += fmt::format("{:02x}", byte_at(bytes, i));
        if ((i + 1) % bytes_in_line == 0 || i + 1 == bytes.size()) text += '\n';
    }
    return text;
}

std::optional<std::vector<std::byte>> raw_profile_bytes(std::string_view text) {
    take_word(text);  // the profile's name
    std::size_t count = 0;
    if (!is_number(take_word(text), count, 10)) return std::nullopt;
    std::vector<std::byte> bytes;
    for (std::string_view digits = take_word(text); !digits.empty(); digits = take_word(text)) {
        for (std::size_t i = 0; i < digits.size(); i += 2) {
            std::uint8_t value = 0;
            if (i + 2 > digits.size() || !is_number(digits.substr(i, 2), value, 16)) return std::nullopt;
            bytes.push_back(std::byte{value});
        }
    }
    if (bytes.size() != count) return std::nullopt;
    return bytes;
}

}  // namespace shadenet
