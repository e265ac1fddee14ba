#include "pairs/plane.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace shadenet {

namespace {

constexpr float red_share = 0.299f, green_share = 0.587f, blue_share = 0.114f;

/// 0 at both ends, 1 in the middle.
std::vector<float> hann(std::uint32_t length) {
    std::vector<float> window(length);
    for (std::uint32_t i = 0; i < length; ++i) {
        const double phase = 2 * std::numbers::pi * (i + 0.5) / length;
        window[i] = static_cast<float>(0.5 - 0.5 * std::cos(phase));
    }
    return window;
}

}  // namespace

Plane luma_of(const Image& image, const Part& part) {
    Plane luma{part.width, part.height, std::vector<float>(std::size_t{part.width} * part.height)};
    for (std::uint32_t y = 0; y < part.height; ++y) {
        for (std::uint32_t x = 0; x < part.width; ++x) {
            const std::uint32_t row = part.y + y, column = part.x + x;
            luma.at(y, x) = red_share * image.at(0, row, column) + green_share * image.at(1, row, column) +
                            blue_share * image.at(2, row, column);
        }
    }
    return luma;
}

Plane reduced_luma(const Image& image, std::uint32_t factor) {
    const std::uint32_t width = image.width / factor, height = image.height / factor;
    Plane reduced{width, height, std::vector<float>(std::size_t{width} * height)};
    constexpr float shares[] = {red_share, green_share, blue_share};
    const float all = 1.0f / (static_cast<float>(factor) * static_cast<float>(factor));
    for (std::uint32_t c = 0; c < 3; ++c) {
        for (std::uint32_t y = 0; y < height * factor; ++y) {
            const float* from = &image.values[(c * std::size_t{image.height} + y) * image.width];
            float* const to = &reduced.values[std::size_t{y / factor} * width];
            for (std::uint32_t x = 0; x < width; ++x) {
                float sum = 0;
                for (std::uint32_t i = 0; i < factor; ++i) sum += *from++;
                to[x] += shares[c] * all * sum;
            }
        }
    }
    return reduced;
}

Plane middle_of(const Plane& plane, std::uint32_t width, std::uint32_t height) {
    Plane middle{std::min(width, plane.width), std::min(height, plane.height), {}};
    const std::uint32_t left = (plane.width - middle.width) / 2, top = (plane.height - middle.height) / 2;
    for (std::uint32_t y = 0; y < middle.height; ++y) {
        const float* const from = &plane.values[std::size_t{top + y} * plane.width + left];
        middle.values.insert(middle.values.end(), from, from + middle.width);
    }
    return middle;
}

Plane halved(const Plane& plane) {
    Plane half{plane.width / 2, plane.height / 2, {}};
    half.values.reserve(std::size_t{half.width} * half.height);
    for (std::uint32_t y = 0; y < half.height; ++y) {
        for (std::uint32_t x = 0; x < half.width; ++x) {
            const float above = plane.at(2 * y, 2 * x) + plane.at(2 * y, 2 * x + 1);
            half.values.push_back((above + plane.at(2 * y + 1, 2 * x) + plane.at(2 * y + 1, 2 * x + 1)) / 4);
        }
    }
    return half;
}

Plane enlarged(const Plane& plane, double factor) {
    const auto scaled = [&](std::uint32_t length) {
        return std::max(1u, static_cast<std::uint32_t>(std::lround(length * factor)));
    };
    Plane result{scaled(plane.width), scaled(plane.height), {}};
    result.values.resize(std::size_t{result.width} * result.height);
    const auto place = [&](std::uint32_t i, std::uint32_t length, std::uint32_t from) {
        const double middle = (i + 0.5 - 0.5 * length) / factor + 0.5 * from - 0.5;
        return std::clamp(middle, 0.0, from - 1.0);
    };
    for (std::uint32_t y = 0; y < result.height; ++y) {
        const double row = place(y, result.height, plane.height);
        const auto top = static_cast<std::uint32_t>(row), bottom = std::min(top + 1, plane.height - 1);
        const auto down = static_cast<float>(row - top);
        for (std::uint32_t x = 0; x < result.width; ++x) {
            const double column = place(x, result.width, plane.width);
            const auto left = static_cast<std::uint32_t>(column), right = std::min(left + 1, plane.width - 1);
            const auto across = static_cast<float>(column - left);
            const float above = plane.at(top, left) * (1 - across) + plane.at(top, right) * across;
            const float below = plane.at(bottom, left) * (1 - across) + plane.at(bottom, right) * across;
            result.at(y, x) = above * (1 - down) + below * down;
        }
    }
    return result;
}

Plane turned(const Plane& plane, unsigned quarters, bool mirrored) {
    const bool sideways = quarters % 2 == 1;
    Plane result{sideways ? plane.height : plane.width, sideways ? plane.width : plane.height, {}};
    result.values.resize(plane.values.size());
    for (std::uint32_t y = 0; y < plane.height; ++y) {
        for (std::uint32_t x = 0; x < plane.width; ++x) {
            const std::uint32_t column = mirrored ? plane.width - 1 - x : x;
            const std::uint32_t last_x = plane.width - 1, last_y = plane.height - 1;
            float& to = quarters == 0   ? result.at(y, column)
                        : quarters == 1 ? result.at(column, last_y - y)
                        : quarters == 2 ? result.at(last_y - y, last_x - column)
                                        : result.at(last_x - column, y);
            to = plane.at(y, x);
        }
    }
    return result;
}

Structure structure_of(const Plane& luma) {
    Structure structure{{luma.width, luma.height, std::vector<float>(luma.values.size())}};
    std::vector<float>& values = structure.plane.values;
    double sum = 0;
    for (std::uint32_t y = 0; y < luma.height; ++y) {
        const std::uint32_t up = y > 0 ? y - 1 : 0, down = std::min(y + 1, luma.height - 1);
        for (std::uint32_t x = 0; x < luma.width; ++x) {
            const std::uint32_t left = x > 0 ? x - 1 : 0, right = std::min(x + 1, luma.width - 1);
            const float across = (luma.at(y, right) - luma.at(y, left)) / 2;
            const float along = (luma.at(down, x) - luma.at(up, x)) / 2;
            structure.plane.at(y, x) = std::sqrt(across * across + along * along);
            sum += structure.plane.at(y, x);
        }
    }
    structure.steepness = sum / static_cast<double>(values.size());
    const auto mean = static_cast<float>(std::max(structure.steepness, 1e-9));
    double structure_sum = 0, squares = 0;
    for (float& value : values) {
        value /= value + mean;
        structure_sum += value;
        squares += static_cast<double>(value) * value;
    }
    const double exact_mean = structure_sum / static_cast<double>(values.size());
    const double variance = squares / static_cast<double>(values.size()) - exact_mean * exact_mean;
    structure.contrast = std::sqrt(std::max(0.0, variance));
    const auto structure_mean = static_cast<float>(exact_mean);
    const std::vector<float> across = hann(luma.width), along = hann(luma.height);
    for (std::uint32_t y = 0; y < luma.height; ++y) {
        for (std::uint32_t x = 0; x < luma.width; ++x) {
            float& value = structure.plane.at(y, x);
            value = (value - structure_mean) * across[x] * along[y];
        }
    }
    return structure;
}

}  // namespace shadenet
