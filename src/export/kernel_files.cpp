#include "export/kernel_files.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "export/glsl_text.h"

namespace shadenet {

namespace {

int place_of(std::size_t index, const LinearKernel& kernel) {
    return static_cast<int>(index) - static_cast<int>(kernel.radius);
}

std::string pixel_function(PicturePadding padding) {
    return "vec3 shadenet_pixel(sampler2D picture, ivec2 at) {\n    ivec2 last = textureSize(picture, 0) - "
           "1;\n" +
           glsl_continuation(padding, "vec3(0.0)") + "    return texelFetch(picture, at, 0).rgb;\n}\n";
}

constexpr std::uint32_t weights_side = 80, drawn_gap = 12, response_side = 3 * weights_side + 2 * drawn_gap;

void set_pixel(Picture8& picture, std::size_t y, std::size_t x, const std::array<double, 3>& levels) {
    for (std::size_t c = 0; c < 3; ++c) {
        const double level = std::isfinite(levels[c]) ? std::clamp(levels[c], 0.0, 255.0) : 128.0;
        picture.rgb[(y * picture.width + x) * 3 + c] = static_cast<std::uint8_t>(std::lround(level));
    }
}

void draw_weights(Picture8& picture, const LinearKernel& kernel) {
    double largest = 0;
    for (const double weight : kernel.weights) largest = std::max(largest, std::abs(weight));
    for (std::size_t o = 0; o < 3; ++o) {
        for (std::size_t c = 0; c < 3; ++c) {
            const std::size_t top = drawn_gap + o * (weights_side + drawn_gap);
            const std::size_t left = drawn_gap + c * (weights_side + drawn_gap);
            for (std::size_t y = 0; y < weights_side; ++y) {
                for (std::size_t x = 0; x < weights_side; ++x) {
                    const std::size_t row = y * kernel.side() / weights_side;
                    const double weight = kernel.weight(o, c, row, x * kernel.side() / weights_side);
                    const double level = largest > 0 ? 128 + 127 * weight / largest : 128;
                    set_pixel(picture, top + y, left + x, {level, level, level});
                }
            }
        }
    }
}

void draw_response(Picture8& picture, const LinearKernel& kernel, std::size_t left) {
    const auto frequency = [](std::size_t at) {
        return (static_cast<double>(at) + 0.5) / response_side - 0.5;  // cycles a pixel
    };
    for (std::size_t y = 0; y < response_side; ++y) {
        for (std::size_t x = 0; x < response_side; ++x) {
            std::array<double, 3> levels{};
            for (std::size_t o = 0; o < 3; ++o) levels[o] = 128 * kernel.gain(o, frequency(x), frequency(y));
            set_pixel(picture, drawn_gap + y, left + x, levels);
        }
    }
}

}  // namespace

std::string kernel_csv(const LinearKernel& kernel) {
    std::string text = "output,input,row,column,weight\n";
    for (std::size_t o = 0; o < 3; ++o) {
        text += fmt::format("{},constant,,,{:.9g}\n", kernel_colours[o], kernel.constant[o]);
        for (std::size_t c = 0; c < 3; ++c) {
            for (std::size_t y = 0; y < kernel.side(); ++y) {
                for (std::size_t x = 0; x < kernel.side(); ++x) {
                    text += fmt::format("{},{},{},{},{:.9g}\n", kernel_colours[o], kernel_colours[c],
                                        place_of(y, kernel), place_of(x, kernel), kernel.weight(o, c, y, x));
                }
            }
        }
    }
    return text;
}

std::string kernel_glsl(const LinearKernel& kernel) {
    std::string text = fmt::format(
        "// A filter that shadenet learned, as one sum over {0}x{0} pixels. Pixels and result are red, green "
        "and blue of\n"
        "// 0..1, as picture files have them (no gamma is undone); the result is not clamped.\n",
        kernel.side());
    if (kernel.differs_at_edges) {
        text += fmt::format(
            "// The network pads each of its layers with zeros: within {} pixels of the edges it makes other "
            "values.\n",
            kernel.radius);
    }
    text += "\n// The pixel at that place, in columns and rows from 0, also beyond the picture's edges.\n" +
            pixel_function(kernel.padding);
    text += fmt::format(
        "\n// What the pixel at that place becomes. Each matrix has a column for red, green and blue of the "
        "pixel that it\n"
        "// takes, and in each column what that adds to red, green and blue of the result.\n"
        "vec3 shadenet_filter(sampler2D picture, ivec2 at) {{\n    vec3 sum = vec3({}, {}, {});\n",
        glsl_number(kernel.constant[0]), glsl_number(kernel.constant[1]), glsl_number(kernel.constant[2]));
    for (std::size_t y = 0; y < kernel.side(); ++y) {
        text += fmt::format("    // row {:+}\n", place_of(y, kernel));
        for (std::size_t x = 0; x < kernel.side(); ++x) {
            std::string columns;
            for (std::size_t c = 0; c < 3; ++c) {
                for (std::size_t o = 0; o < 3; ++o) {
                    columns += (c + o == 0 ? ""
                                : o == 0   ? ",  "
                                           : ", ") +
                               glsl_number(kernel.weight(o, c, y, x));
                }
            }
            text += fmt::format("    sum += mat3({}) * shadenet_pixel(picture, at + ivec2({}, {}));\n",
                                columns, place_of(x, kernel), place_of(y, kernel));
        }
    }
    return text + "    return sum;\n}\n";
}

Picture8 kernel_picture(const LinearKernel& kernel) {
    const std::uint32_t left = 2 * drawn_gap + response_side;  // the weights are as wide as the response
    Picture8 picture{left + response_side + drawn_gap, response_side + 2 * drawn_gap, {}};
    picture.rgb.assign(3 * picture.plane(), 255);
    draw_weights(picture, kernel);
    draw_response(picture, kernel, left);
    return picture;
}

}  // namespace shadenet
