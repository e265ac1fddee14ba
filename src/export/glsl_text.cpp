#include "export/glsl_text.h"

#include <fmt/format.h>

namespace shadenet {

std::string glsl_number(double value) {
    const std::string text = fmt::format("{:.9g}", value);
    return text.find_first_of(".e") == text.npos ? text + ".0" : text;
}

std::string glsl_continuation(PicturePadding padding, const char* nothing) {
    switch (padding) {
        case PicturePadding::zero:
            return fmt::format(
                "    if (any(lessThan(at, ivec2(0))) || any(greaterThan(at, last))) return {};\n", nothing);
        case PicturePadding::edge:
            return "    at = clamp(at, ivec2(0), last);\n";
        case PicturePadding::reflect:
            return "    ivec2 period = max(2 * last, ivec2(1));  // mirrored at the outermost pixels\n"
                   "    at = abs(at) % period;\n"
                   "    at = min(at, period - at);\n";
    }
    return "";
}

}  // namespace shadenet
