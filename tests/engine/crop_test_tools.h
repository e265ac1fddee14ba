// Pictures of unequal, odd sizes, and crops of them.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "data/picture_crops.h"
#include "model/picture_padding.h"
#include "model/random.h"

namespace shadenet::test {

/// Three pairs of random pictures; `levels`: of whole 255ths.
inline PictureSet random_set(std::uint64_t seed, bool levels = true,
                             std::vector<PictureSize> sizes = {{9, 6}, {5, 11}, {13, 5}}) {
    std::mt19937_64 random = random_stream(seed, 0);
    std::vector<std::string> stems;
    for (std::size_t i = 0; i < sizes.size(); ++i) stems.push_back("picture" + std::to_string(i));
    PictureSet set(stems, sizes);
    const auto picture = [&](const PictureSize& size) {
        Image image{size.width, size.height, std::vector<float>(std::size_t{3} * size.width * size.height)};
        for (float& value : image.values) {
            value =
                levels ? static_cast<float>(random() % 256) / 255.0f : static_cast<float>(uniform(random));
        }
        return image;
    };
    for (std::uint32_t i = 0; i < set.size(); ++i) {
        const Image input = picture(sizes[i]);
        set.set(i, input, picture(sizes[i]));
    }
    return set;
}

/// The four corners of a picture, and one of them flipped.
inline std::vector<Crop> corner_crops(const PictureCrops& crops, std::uint32_t pair) {
    const std::uint32_t last_row = crops.pictures().height(pair) - crops.side(),
                        last_column = crops.pictures().width(pair) - crops.side();
    return {{pair, 0, 0, false},
            {pair, 0, last_column, true},
            {pair, last_row, 0, false},
            {pair, last_row, last_column, false},
            {pair, last_row, last_column, true}};
}

/// What is to stand in a batch: [3, side + 2 margin, side + 2 margin].
inline std::vector<float> crop_with_margin(const PictureCrops& crops, const Crop& crop, bool target,
                                           std::uint32_t margin, PicturePadding padding) {
    const bool alone = padding == PicturePadding::zero;
    const std::uint32_t own = alone ? 0 : margin;
    const std::vector<float> values =
        target ? crops.target(crop, own, padding) : crops.input(crop, own, padding);
    return alone ? continued_picture(values, crops.input_shape(), margin, padding) : values;
}

}  // namespace shadenet::test
