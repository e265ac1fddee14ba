#include "data/picture_crops.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>
#include <stdexcept>
#include <utility>
#include <variant>

#include "data/drawn_place.h"
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

float unit_value(std::uint8_t level) {
    return static_cast<float>(level) / 255.0f;
}

float unit_value(float value) {
    return value;
}

using Places = std::vector<std::optional<std::uint32_t>>;

/// The pixels of a picture along one axis of a crop with a margin; none where a zero stands.
Places places_along(std::uint32_t first, std::uint32_t side, std::uint32_t margin, std::uint32_t size,
                    PicturePadding padding) {
    Places places;
    for (std::int64_t at = -std::int64_t{margin}; at < std::int64_t{side} + margin; ++at) {
        const bool is_zero = padding == PicturePadding::zero && (at < 0 || at >= side);
        places.push_back(is_zero ? std::nullopt : continued_pixel(first + at, size, padding));
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

PictureCrops PictureCrops::only(const std::vector<std::uint32_t>& pairs) const {
    PictureCrops some = *this;
    some.pictures_ = pictures_.only(pairs);
    return some;
}

Crop PictureCrops::crop(std::uint32_t epoch, std::uint32_t example) const {
    const std::uint32_t pair = example / crops_;
    const DrawnPlace place = drawn_place(seed_, epoch, example, pictures_.height(pair) - side() + 1,
                                         pictures_.width(pair) - side() + 1);
    return {pair, place.row, place.column, flip_ && place.mirrored};
}

template <class Value, class Stored, class Read>
std::vector<Value> PictureCrops::cut(const std::vector<Stored>& stored, const Crop& crop,
                                     std::uint32_t margin, PicturePadding padding, const Read& read) const {
    const std::uint32_t width = pictures_.width(crop.pair), height = pictures_.height(crop.pair);
    const Places rows = places_along(crop.row, side(), margin, height, padding);
    Places columns = places_along(crop.column, side(), margin, width, padding);
    if (crop.flipped) std::ranges::reverse(columns);
    std::vector<Value> values(3 * rows.size() * columns.size());
    Value* to = values.data();
    for (std::size_t c = 0; c < 3; ++c) {
        for (const auto& row : rows) {
            const std::size_t begin = (c * height + row.value_or(0)) * width;
            for (const auto& column : columns) {
                if (row && column) *to = read(stored.empty() ? Stored{} : stored[begin + *column]);
                ++to;
            }
        }
    }
    return values;
}

std::vector<float> PictureCrops::values(const PictureSet::Pixels& pixels, const Crop& crop,
                                        std::uint32_t margin, PicturePadding padding) const {
    const PixelRange& range = pictures_.range();
    const auto read = [&](auto stored) {
        return static_cast<float>(range.into(static_cast<double>(unit_value(stored))));
    };
    return std::visit([&](const auto& stored) { return cut<float>(stored, crop, margin, padding, read); },
                      pixels);
}

std::vector<float> PictureCrops::input(const Crop& crop, std::uint32_t margin, PicturePadding padding) const {
    return values(*pictures_.input_pixels(crop.pair), crop, margin, padding);
}

std::vector<float> PictureCrops::target(const Crop& crop, std::uint32_t margin,
                                        PicturePadding padding) const {
    return values(*pictures_.target_pixels(crop.pair), crop, margin, padding);
}

std::vector<std::int16_t> PictureCrops::input_levels(const Crop& crop, std::uint32_t margin,
                                                     PicturePadding padding) const {
    const auto pixels = pictures_.input_pixels(crop.pair);
    return cut<std::int16_t>(std::get<std::vector<std::uint8_t>>(*pixels), crop, margin, padding,
                             [](std::uint8_t level) { return level; });
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
