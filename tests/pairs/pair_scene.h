// Pairs for the tests: sample pictures, filters for their targets, and what can be wrong with a target.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "image/image.h"
#include "image/pairs.h"
#include "pairs/pair_findings.h"
#include "places.h"

namespace shadenet::test {

using Filter = std::function<Image(const Image&)>;

inline float rounded(float value) {
    return std::round(255 * std::clamp(value, 0.0f, 1.0f)) / 255;
}

/// The picture with every value, at colour c, row y and column x, from a function.
inline Image drawn(std::uint32_t width, std::uint32_t height,
                   const std::function<float(std::uint32_t, std::int64_t, std::int64_t)>& value) {
    Image image{width, height, std::vector<float>(std::size_t{3} * width * height)};
    for (std::uint32_t c = 0; c < 3; ++c) {
        for (std::uint32_t y = 0; y < height; ++y) {
            for (std::uint32_t x = 0; x < width; ++x) image.at(c, y, x) = rounded(value(c, y, x));
        }
    }
    return image;
}

/// With the outermost pixels beyond the edges.
inline float pixel(const Image& image, std::uint32_t c, std::int64_t y, std::int64_t x) {
    return image.at(c, static_cast<std::uint32_t>(std::clamp<std::int64_t>(y, 0, image.height - 1)),
                    static_cast<std::uint32_t>(std::clamp<std::int64_t>(x, 0, image.width - 1)));
}

inline Image shifted(const Image& image, std::int64_t dx, std::int64_t dy) {
    return drawn(image.width, image.height, [&](std::uint32_t c, std::int64_t y, std::int64_t x) {
        return pixel(image, c, y - dy, x - dx);
    });
}

inline Image each_value(const Image& image, const std::function<float(float)>& curve) {
    return drawn(image.width, image.height, [&](std::uint32_t c, std::int64_t y, std::int64_t x) {
        return curve(pixel(image, c, y, x));
    });
}

inline Image negative(const Image& image) {
    return each_value(image, [](float value) { return 1 - value; });
}

/// 3x3 means.
inline Image blurred(const Image& image) {
    return drawn(image.width, image.height, [&](std::uint32_t c, std::int64_t y, std::int64_t x) {
        float sum = 0;
        for (std::int64_t i = 0; i < 9; ++i) sum += pixel(image, c, y + i / 3 - 1, x + i % 3 - 1);
        return sum / 9;
    });
}

inline Image curved(const Image& image) {
    return each_value(image, [](float value) { return value * value * (3 - 2 * value); });
}

inline Image mirrored(const Image& image) {
    return drawn(image.width, image.height, [&](std::uint32_t c, std::int64_t y, std::int64_t x) {
        return pixel(image, c, y, image.width - 1 - x);
    });
}

/// A quarter turn clockwise.
inline Image turned_image(const Image& image) {
    return drawn(image.height, image.width, [&](std::uint32_t c, std::int64_t y, std::int64_t x) {
        return pixel(image, c, image.height - 1 - x, y);
    });
}

/// The middle `share` of the picture, in its own size.
inline Image cropped(const Image& image, double share) {
    const auto inner = [&](std::uint32_t length) {
        return static_cast<std::uint32_t>(std::lround(share * length));
    };
    const std::uint32_t width = inner(image.width), height = inner(image.height);
    const Image middle = drawn(width, height, [&](std::uint32_t c, std::int64_t y, std::int64_t x) {
        return pixel(image, c, y + (image.height - height) / 2, x + (image.width - width) / 2);
    });
    return resize(middle, image.width, image.height);
}

/// Sobel's gradients, the least like their inputs.
inline Image edges(const Image& image) {
    return drawn(image.width, image.height, [&](std::uint32_t c, std::int64_t y, std::int64_t x) {
        const auto at = [&](std::int64_t dy, std::int64_t dx) { return pixel(image, c, y + dy, x + dx); };
        const float across = at(-1, 1) + 2 * at(0, 1) + at(1, 1) - at(-1, -1) - 2 * at(0, -1) - at(1, -1);
        const float along = at(1, -1) + 2 * at(1, 0) + at(1, 1) - at(-1, -1) - 2 * at(-1, 0) - at(-1, 1);
        return std::hypot(across, along);
    });
}

struct LookedPairs {
    std::vector<PairLook> looks;
    LookedFor about{{}, 959};
    void add(const std::string& name, const Image& input, const Image& target) {
        looks.push_back(look_at_pair(input, target));
        about.names.push_back(name);
    }
    std::vector<PairFinding> findings() const { return findings_of(looks, about); }
};

struct Sample {
    std::string name;
    Image image;
};

/// The seven sample pictures of a folder below assets/, or their middle parts of 256 x 256.
inline std::vector<Sample> sample_pictures(const std::string& folder = "pairs/input", bool whole = false) {
    std::vector<Sample> samples;
    for (const auto& path : list_images(std::filesystem::path(source_folder()) / "assets" / folder)) {
        Image image = read_image(path).image;
        constexpr std::uint32_t side = 256;
        if (!whole) {
            image = drawn(side, side, [&](std::uint32_t c, std::int64_t y, std::int64_t x) {
                return pixel(image, c, y + (image.height - side) / 2, x + (image.width - side) / 2);
            });
        }
        samples.push_back({path.stem().string(), std::move(image)});
    }
    return samples;
}

/// The samples with targets by `filter`, and those of the pairs in `odd` by another.
inline LookedPairs looked(const Filter& filter, const std::vector<std::size_t>& odd = {},
                          const Filter& other = {}) {
    LookedPairs pairs;
    const std::vector<Sample> all = sample_pictures();
    for (std::size_t i = 0; i < all.size(); ++i) {
        const bool is_odd = std::ranges::find(odd, i) != odd.end();
        pairs.add(all[i].name, all[i].image, (is_odd ? other : filter)(all[i].image));
    }
    return pairs;
}

}  // namespace shadenet::test
