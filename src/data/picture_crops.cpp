#include "data/picture_crops.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <optional>
#include <stdexcept>
#include <utility>
#include <variant>

#include "model/philox.h"
#include "model/picture_padding.h"

namespace shadenet {

namespace {

constexpr std::uint32_t most = std::numeric_limits<std::uint32_t>::max();

/// How many examples there are of `pairs` pairs.
std::uint32_t examples_of(std::uint32_t pairs, std::uint32_t crops) {
    if (crops == 0 || pairs > most / crops) throw std::invalid_argument("no such number of crops");
    return pairs * crops;
}

std::vector<std::uint32_t> times(std::vector<std::uint32_t> sizes, std::uint32_t crops) {
    for (std::uint32_t& size : sizes) size *= crops;
    return sizes;
}

/// 0 to places − 1 of a random word.
std::uint32_t place(std::uint32_t word, std::uint32_t places) {
    return static_cast<std::uint32_t>(std::uint64_t{word} * places >> 32U);
}

float unit_value(std::uint8_t level) {
    return static_cast<float>(level) / 255.0f;
}

float unit_value(float value) {
    return value;
}

using Places = std::vector<std::optional<std::uint32_t>>;

/// The pixels of one axis of a picture from `first` on; none where a zero stands.
Places places_from(std::int64_t first, std::size_t count, std::uint32_t size, PicturePadding padding) {
    Places places(count);
    for (std::size_t i = 0; i < count; ++i) {
        places[i] = continued_pixel(first + static_cast<std::int64_t>(i), size, padding);
    }
    return places;
}

}  // namespace

PictureCrops::PictureCrops(PictureSet pictures, std::uint32_t side, std::uint32_t crops, bool flip,
                           std::uint64_t seed)
    : Examples(examples_of(pictures.size(), crops), {1, 3, side, side}, {1, 3, side, side},
               times(pictures.domain_sizes(), crops)),
      pictures_(std::move(pictures)),
      crops_(crops),
      flip_(flip),
      seed_(seed) {
    if (side == 0 || side > pictures_.smallest_side()) {
        throw std::invalid_argument("a picture is smaller than the crops of it");
    }
}

Crop PictureCrops::crop(std::uint32_t epoch, std::uint32_t example) const {
    const std::array<std::uint32_t, 4> words =
        philox_4x32_10({example, most, epoch, 0},
                       {static_cast<std::uint32_t>(seed_), static_cast<std::uint32_t>(seed_ >> 32U)});
    const std::uint32_t pair = example / crops_;
    return {pair, place(words[0], pictures_.height(pair) - side() + 1),
            place(words[1], pictures_.width(pair) - side() + 1), flip_ && words[2] >> 31U == 1};
}

std::vector<float> PictureCrops::cut(const PictureSet::Pixels& pixels, const Crop& crop, std::uint32_t margin,
                                     PicturePadding padding) const {
    const std::uint32_t width = pictures_.width(crop.pair), height = pictures_.height(crop.pair);
    const std::size_t wide = side() + 2 * std::size_t{margin};
    const Places rows = places_from(std::int64_t{crop.row} - margin, wide, height, padding);
    Places columns = places_from(std::int64_t{crop.column} - margin, wide, width, padding);
    if (crop.flipped) std::ranges::reverse(columns);
    const PixelRange& range = pictures_.range();
    std::vector<float> values;
    values.reserve(3 * wide * wide);
    const auto take = [&](const auto& stored) {
        for (std::size_t c = 0; c < 3; ++c) {
            for (const auto& row : rows) {
                const std::size_t begin = row ? (c * height + *row) * width : 0;
                for (const auto& column : columns) {
                    const bool is_there = row && column;
                    const float unit =
                        is_there && !stored.empty() ? unit_value(stored[begin + *column]) : 0.0f;
                    values.push_back(is_there ? static_cast<float>(range.into(static_cast<double>(unit)))
                                              : 0.0f);
                }
            }
        }
    };
    std::visit(take, pixels);
    return values;
}

std::vector<float> PictureCrops::input(const Crop& crop, std::uint32_t margin, PicturePadding padding) const {
    return cut(pictures_.input_pixels(crop.pair), crop, margin, padding);
}

std::vector<float> PictureCrops::target(const Crop& crop, std::uint32_t margin,
                                        PicturePadding padding) const {
    return cut(pictures_.target_pixels(crop.pair), crop, margin, padding);
}

Image PictureCrops::input_picture(std::uint32_t index) const {
    Image image{side(), side(), input(index)};
    pictures_.range().bring_out_of(image.values);
    return image;
}

std::vector<float> PictureCrops::input(std::uint32_t index) const {
    return input(crop(0, index), 0, PicturePadding::zero);
}

std::vector<float> PictureCrops::target(std::uint32_t index) const {
    return target(crop(0, index), 0, PicturePadding::zero);
}

}  // namespace shadenet
