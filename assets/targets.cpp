#include "targets.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace shadenet {

namespace {

float quantised(double value) {
    return static_cast<float>(std::floor(std::clamp(value, 0.0, 1.0) * 255 + 0.5)) / 255.0f;
}

int level(float value) {
    return static_cast<int>(value * 255.0f + 0.5f);
}

double s_curve(double value) {
    const double t = std::clamp(value, 0.0, 1.0);
    return t + 0.35 * t * (1 - t) * (2 * t - 1);
}

}  // namespace

Image grey_target(const Image& input) {
    Image result = input;
    const std::size_t plane = input.plane();
    for (std::size_t i = 0; i < plane; ++i) {
        const int r = level(input.values[i]), g = level(input.values[plane + i]);
        const int b = level(input.values[2 * plane + i]);
        // In whole thousandths, so that no rounding comes before the one that is meant.
        const int luma = (299 * r + 587 * g + 114 * b + 500) / 1000;
        for (std::size_t c = 0; c < 3; ++c) result.values[c * plane + i] = static_cast<float>(luma) / 255.0f;
    }
    return result;
}

Image sharpen_target(const Image& input) {
    Image result = input;
    const int width = static_cast<int>(input.width), height = static_cast<int>(input.height);
    constexpr std::array<int, 3> tent = {1, 2, 1};
    for (std::uint32_t c = 0; c < 3; ++c) {
        const auto level_at = [&](int y, int x) {
            return level(input.at(c, static_cast<std::uint32_t>(std::clamp(y, 0, height - 1)),
                                  static_cast<std::uint32_t>(std::clamp(x, 0, width - 1))));
        };
        for (int y = 0; y < height; ++y) {
            for (int x = 0; x < width; ++x) {
                int blur = 0;  // in sixteenths of a level
                for (int tap = 0; tap < 9; ++tap) {
                    const auto i = static_cast<std::size_t>(tap / 3), j = static_cast<std::size_t>(tap % 3);
                    blur += tent[i] * tent[j] * level_at(y + tap / 3 - 1, x + tap % 3 - 1);
                }
                result.at(c, static_cast<std::uint32_t>(y), static_cast<std::uint32_t>(x)) =
                    quantised((32.0 * level_at(y, x) - blur) / (16 * 255));
            }
        }
    }
    return result;
}

Image warm_target(const Image& input) {
    constexpr std::array<std::array<double, 4>, 3> grade = {
        {{1.06, 0.05, -0.03, 0.020}, {0.02, 0.98, 0.01, 0.005}, {0.01, 0.06, 0.80, 0.010}}};
    Image result = input;
    const std::size_t plane = input.plane();
    for (std::size_t i = 0; i < plane; ++i) {
        const double r = input.values[i], g = input.values[plane + i], b = input.values[2 * plane + i];
        for (std::size_t c = 0; c < 3; ++c) {
            const auto& row = grade[c];
            result.values[c * plane + i] = quantised(s_curve(row[0] * r + row[1] * g + row[2] * b + row[3]));
        }
    }
    return result;
}

}  // namespace shadenet
