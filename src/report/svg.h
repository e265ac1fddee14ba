// What drawings have in common.
#pragma once

#include <iterator>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace shadenet {

/// The font of every drawing, as an attribute.
inline constexpr const char* svg_font =
    "font-family=\"system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif\"";

/// Adds formatted text to a drawing.
template <typename... Values>
void add(std::string& text, fmt::format_string<Values...> format, Values&&... values) {
    fmt::format_to(std::back_inserter(text), format, std::forward<Values>(values)...);
}

}  // namespace shadenet
