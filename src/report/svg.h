// What drawings have in common.
#pragma once

#include <iterator>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "report/html.h"

namespace shadenet {

/// The font of every drawing, as an attribute.
inline constexpr const char* svg_font =
    "font-family=\"system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif\"";

/// Adds formatted text to a drawing.
template <typename... Values>
void add(std::string& text, fmt::format_string<Values...> format, Values&&... values) {
    fmt::format_to(std::back_inserter(text), format, std::forward<Values>(values)...);
}

/// An <svg> for a page, `attributes` among its own.
inline std::string inline_svg(const std::string& title, int width, int height, const std::string& attributes,
                              const std::string& content) {
    return fmt::format(
        "<svg role=\"img\" aria-label=\"{0}\" viewBox=\"0 0 {1} {2}\" {3}><title>{0}</title>{4}</svg>",
        escaped(title), width, height, attributes, content);
}

/// The beginning of a whole SVG file, dark on white; "</svg>" ends it.
inline std::string svg_file_start(const std::string& title, int width, int height) {
    return fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" "
        "font-size=\"12\" {2}><title>{3}</title><path fill=\"#fff\" d=\"M0 0H{0}V{1}H0z\"/>",
        width, height, svg_font, escaped(title));
}

}  // namespace shadenet
