#include "suite/filters.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "model/random.h"
#include "targets.h"

namespace shadenet {

namespace {

float quantised(double value) {
    return static_cast<float>(std::floor(std::clamp(value, 0.0, 1.0) * 255 + 0.5)) / 255.0f;
}

struct Rgb {
    double r, g, b;
};

double luma(const Rgb& pixel) {
    return 0.299 * pixel.r + 0.587 * pixel.g + 0.114 * pixel.b;
}

/// colour(Rgb) of every pixel.
template <typename F>
Image recoloured(const Image& picture, F colour) {
    Image result = picture;
    const std::size_t plane = picture.plane();
    for (std::size_t i = 0; i < plane; ++i) {
        const Rgb now =
            colour(Rgb{picture.values[i], picture.values[plane + i], picture.values[2 * plane + i]});
        result.values[i] = quantised(now.r);
        result.values[plane + i] = quantised(now.g);
        result.values[2 * plane + i] = quantised(now.b);
    }
    return result;
}

double tone_curve(double x) {
    return x * x * (3 - 2 * x);
}

Rgb saturated(const Rgb& pixel) {
    const double grey = luma(pixel);
    const auto away = [&](double value) { return grey + 1.6 * (value - grey); };
    return {away(pixel.r), away(pixel.g), away(pixel.b)};
}

Rgb split_toned(const Rgb& pixel) {
    const double grey = luma(pixel);
    const double light = tone_curve(grey), shadow = 1 - light;
    const auto toned = [&](double value, double in_shadow, double in_light) {
        const double dull = grey + 0.75 * (value - grey);
        return 0.05 + 0.9 * (0.6 * dull + 0.4 * tone_curve(std::clamp(dull, 0.0, 1.0))) + in_shadow * shadow +
               in_light * light;
    };
    return {toned(pixel.r, -0.06, 0.08), toned(pixel.g, 0.03, 0.02), toned(pixel.b, 0.09, -0.10)};
}

Rgb sepia_toned(const Rgb& pixel) {
    return {0.393 * pixel.r + 0.769 * pixel.g + 0.189 * pixel.b,
            0.349 * pixel.r + 0.686 * pixel.g + 0.168 * pixel.b,
            0.272 * pixel.r + 0.534 * pixel.g + 0.131 * pixel.b};
}

std::vector<double> gaussian(double deviation) {
    const int radius = static_cast<int>(std::ceil(4 * deviation));
    std::vector<double> taps;
    double sum = 0;
    for (int i = -radius; i <= radius; ++i) {
        taps.push_back(std::exp(-i * i / (2 * deviation * deviation)));
        sum += taps.back();
    }
    for (double& tap : taps) tap /= sum;
    return taps;
}

/// (3, height, width), not rounded.
std::vector<double> blurred(const Image& picture, double deviation) {
    const std::vector<double> taps = gaussian(deviation);
    const auto radius = static_cast<std::int64_t>(taps.size() / 2);
    const std::int64_t width = picture.width, height = picture.height;
    std::vector<double> across(picture.values.size()), result(picture.values.size());
    const auto weighted = [&](const auto& from, std::int64_t line, std::int64_t at, std::int64_t extent,
                              std::int64_t step) {
        double sum = 0;
        for (std::int64_t k = -radius; k <= radius; ++k) {
            const std::int64_t tap = std::clamp<std::int64_t>(at + k, 0, extent - 1);
            sum += taps[static_cast<std::size_t>(k + radius)] *
                   static_cast<double>(from[static_cast<std::size_t>(line + tap * step)]);
        }
        return sum;
    };
    for (std::int64_t row = 0; row < 3 * height; ++row) {
        for (std::int64_t x = 0; x < width; ++x) {
            across[static_cast<std::size_t>(row * width + x)] =
                weighted(picture.values, row * width, x, width, 1);
        }
    }
    for (std::int64_t c = 0; c < 3; ++c) {
        for (std::int64_t y = 0; y < height; ++y) {
            for (std::int64_t x = 0; x < width; ++x) {
                result[static_cast<std::size_t>((c * height + y) * width + x)] =
                    weighted(across, c * height * width + x, y, height, width);
            }
        }
    }
    return result;
}

Image gaussian_blurred(const Image& picture, double deviation) {
    const std::vector<double> blur = blurred(picture, deviation);
    Image result = picture;
    std::ranges::transform(blur, result.values.begin(), quantised);
    return result;
}

Image unsharp_masked(const Image& picture) {
    const std::vector<double> blur = blurred(picture, 2.0);
    Image result = picture;
    for (std::size_t i = 0; i < blur.size(); ++i)
        result.values[i] = quantised(picture.values[i] + 1.5 * (picture.values[i] - blur[i]));
    return result;
}

Image noisy(const Image& picture, std::uint32_t picture_number) {
    constexpr std::uint64_t seed = 25;
    std::mt19937_64 random = random_stream(seed, picture_number);
    Image result = picture;
    for (float& value : result.values) value = quantised(value + 25.0 / 255 * normal(random));
    return result;
}

Image sobel(const Image& picture) {
    const Image grey = grey_target(picture);
    const std::int64_t width = picture.width, height = picture.height;
    Image result = picture;
    const auto at = [&](std::int64_t y, std::int64_t x) {
        const std::int64_t row = std::clamp<std::int64_t>(y, 0, height - 1);
        const std::int64_t column = std::clamp<std::int64_t>(x, 0, width - 1);
        return static_cast<double>(grey.values[static_cast<std::size_t>(row * width + column)]);
    };
    constexpr std::array<double, 3> smooth = {1, 2, 1};
    for (std::int64_t y = 0; y < height; ++y) {
        for (std::int64_t x = 0; x < width; ++x) {
            double across = 0, down = 0;
            for (std::int64_t k = -1; k <= 1; ++k) {
                const double weight = smooth[static_cast<std::size_t>(k + 1)];
                across += weight * (at(y + k, x + 1) - at(y + k, x - 1));
                down += weight * (at(y + 1, x + k) - at(y - 1, x + k));
            }
            const float length = quantised(std::hypot(across, down));
            for (std::uint32_t c = 0; c < 3; ++c)
                result.at(c, static_cast<std::uint32_t>(y), static_cast<std::uint32_t>(x)) = length;
        }
    }
    return result;
}

FilterPair make_negative(const Image& picture, std::uint32_t) {
    return {picture, recoloured(picture, [](const Rgb& p) { return Rgb{1 - p.r, 1 - p.g, 1 - p.b}; })};
}
FilterPair make_contrast(const Image& picture, std::uint32_t) {
    return {picture, recoloured(picture, [](const Rgb& p) {
                return Rgb{tone_curve(p.r), tone_curve(p.g), tone_curve(p.b)};
            })};
}

constexpr SuiteFilter filters[] = {
    {"grey",
     [](const Image& p, std::uint32_t) -> FilterPair {
         return {p, grey_target(p)};
     },
     false},
    {"negative", make_negative, false},
    {"contrast", make_contrast, false},
    {"saturation",
     [](const Image& p, std::uint32_t) -> FilterPair {
         return {p, recoloured(p, saturated)};
     },
     false},
    {"film",
     [](const Image& p, std::uint32_t) -> FilterPair {
         return {p, recoloured(p, split_toned)};
     },
     false},
    {"sepia",
     [](const Image& p, std::uint32_t) -> FilterPair {
         return {p, recoloured(p, sepia_toned)};
     },
     false},
    {"blur",
     [](const Image& p, std::uint32_t) -> FilterPair {
         return {p, gaussian_blurred(p, 1.5)};
     },
     false},
    {"unsharp",
     [](const Image& p, std::uint32_t) -> FilterPair {
         return {p, unsharp_masked(p)};
     },
     false},
    {"deblur",
     [](const Image& p, std::uint32_t) -> FilterPair {
         return {gaussian_blurred(p, 1.5), p};
     },
     true},
    {"denoise",
     [](const Image& p, std::uint32_t n) -> FilterPair {
         return {noisy(p, n), p};
     },
     true},
    {"edges",
     [](const Image& p, std::uint32_t) -> FilterPair {
         return {p, sobel(p)};
     },
     false},
};

}  // namespace

std::span<const SuiteFilter> suite_filters() {
    return filters;
}

}  // namespace shadenet
