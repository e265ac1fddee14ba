// Numbers as texts.
#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace shadenet {

/// The number that is the whole text, without blanks or a sign of plus; none for any other text, and for a
/// number that the type does not hold. "nan" and "inf" are numbers here.
template <typename Number>
std::optional<Number> number_in(std::string_view text) {
    Number value{};
    const char* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, value);
    if (error != std::errc() || end != last) return std::nullopt;
    return value;
}

}  // namespace shadenet
