// Crops against the pictures that they are cut from, pixel by pixel.
#include "data/picture_crops.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <tuple>
#include <utility>
#include <vector>

#include "model/picture_padding.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

/// Every value another: a picture that no place of another looks like.
Image numbered(const PictureSize& size, std::uint32_t number, bool levels) {
    Image image{size.width, size.height, std::vector<float>(std::size_t{3} * size.width * size.height)};
    for (std::size_t i = 0; i < image.values.size(); ++i) {
        const std::size_t step = (i * 37 + number * 11) % 251;
        image.values[i] = levels ? static_cast<float>(step) / 255.0f : static_cast<float>(step) / 260.0f;
    }
    return image;
}

const std::vector<PictureSize> unequal = {{9, 6}, {6, 11}, {13, 8}};

PictureSet unequal_pictures(bool levels = true, const PixelRange& range = {},
                            std::vector<std::uint32_t> domains = {}) {
    PictureSet set({"a", "b", "c"}, unequal, std::move(domains), range);
    for (std::uint32_t i = 0; i < set.size(); ++i) {
        set.set(i, numbered(unequal[i], 2 * i, levels), numbered(unequal[i], 2 * i + 1, levels));
    }
    return set;
}

/// The value at a pixel that may lie beyond the picture's edge.
float value_at(const Image& image, const PixelRange& range, std::uint32_t c, std::int64_t y, std::int64_t x,
               PicturePadding padding) {
    const auto row = continued_pixel(y, image.height, padding),
               column = continued_pixel(x, image.width, padding);
    if (!row || !column) return 0;
    return static_cast<float>(range.into(static_cast<double>(image.at(c, *row, *column))));
}

void check_values(const std::vector<float>& found, const Image& picture, const PixelRange& range,
                  const Crop& crop, std::uint32_t side, std::uint32_t margin, PicturePadding padding) {
    const std::uint32_t wide = side + 2 * margin;
    REQUIRE(found.size() == std::size_t{3} * wide * wide);
    std::size_t wrong = 0;
    for (std::uint32_t c = 0; c < 3; ++c) {
        for (std::uint32_t y = 0; y < wide; ++y) {
            for (std::uint32_t x = 0; x < wide; ++x) {
                const std::uint32_t from_left = crop.flipped ? wide - 1 - x : x;
                const bool in_crop = std::min(y, x) >= margin && std::max(y, x) < margin + side;
                const bool is_zero = padding == PicturePadding::zero && !in_crop;
                const float expected =
                    is_zero ? 0.0f
                            : value_at(picture, range, c, std::int64_t{crop.row} + y - margin,
                                       std::int64_t{crop.column} + from_left - margin, padding);
                if (!(found[(c * std::size_t{wide} + y) * wide + x] == expected)) ++wrong;
            }
        }
    }
    CHECK(wrong == 0);
}

}  // namespace

TEST_CASE(
    "crops have the pixels of their pictures around them and beyond these what the padding says, or zeros") {
    for (const bool levels : {true, false}) {
        for (const PixelRange& range : {PixelRange{}, PixelRange{-1, 1}}) {
            const PictureSet set = unequal_pictures(levels, range);
            const PictureCrops crops(set, 5, 2, true, 1);
            CHECK(crops.whole_levels() == (levels && range.is_unit()));
            for (const PicturePadding padding :
                 {PicturePadding::zero, PicturePadding::edge, PicturePadding::reflect}) {
                for (const std::uint32_t margin : {0u, 1u, 3u, 20u}) {
                    for (const bool flipped : {false, true}) {
                        // All corners, and a place between.
                        for (const Crop& crop : {Crop{0, 0, 0, flipped}, Crop{1, 6, 1, flipped},
                                                 Crop{2, 3, 8, flipped}, Crop{2, 1, 4, flipped}}) {
                            INFO("margin " << margin << ", pair " << crop.pair << ", row " << crop.row);
                            check_values(crops.input(crop, margin, padding), set.input_picture(crop.pair),
                                         range, crop, 5, margin, padding);
                            check_values(crops.target(crop, margin, padding), set.target_picture(crop.pair),
                                         range, crop, 5, margin, padding);
                        }
                    }
                }
            }
        }
    }
}

TEST_CASE("as examples crops are those of the first epoch, without their surroundings") {
    const PictureSet set = unequal_pictures();
    const PictureCrops crops(set, 4, 3, true, 8);
    CHECK(crops.size() == 9);
    CHECK(crops.input_shape() == Shape{1, 3, 4, 4});
    CHECK(crops.target_shape() == Shape{1, 3, 4, 4});
    CHECK(crops.crops() == &crops);
    for (std::uint32_t i = 0; i < crops.size(); ++i) {
        const Crop crop = crops.crop(0, i);
        CHECK(crop.pair == i / 3);
        check_values(crops.input(i), set.input_picture(i / 3), {}, crop, 4, 0, PicturePadding::zero);
        check_values(crops.target(i), set.target_picture(i / 3), {}, crop, 4, 0, PicturePadding::zero);
    }
    CHECK(PicturePairs({"a"}, 3, 3).crops() == nullptr);
}

TEST_CASE("every place of a crop is reached, about equally often, and half are flipped") {
    const PictureSet set = unequal_pictures();
    const std::uint32_t side = 5, epochs = 400, times = 6;
    const PictureCrops crops(set, side, times, true, 3);
    std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>, double> counts;
    std::map<std::uint32_t, double> places;
    double flipped = 0, all = 0;
    for (std::uint32_t epoch = 0; epoch < epochs; ++epoch) {
        for (std::uint32_t i = 0; i < crops.size(); ++i) {
            const Crop crop = crops.crop(epoch, i);
            ++counts[{crop.pair, crop.row, crop.column}];
            flipped += crop.flipped ? 1 : 0;
            ++all;
        }
    }
    for (std::uint32_t pair = 0; pair < 3; ++pair) {
        places[pair] = (unequal[pair].width - side + 1.0) * (unequal[pair].height - side + 1.0);
    }
    CHECK(static_cast<double>(counts.size()) == places[0] + places[1] + places[2]);
    double squares = 0;
    for (const auto& [place, count] : counts) {
        const auto& [pair, row, column] = place;
        REQUIRE(row + side <= unequal[pair].height);
        REQUIRE(column + side <= unequal[pair].width);
        const double expected = epochs * times / places[pair];
        squares += (count - expected) * (count - expected) / expected;
    }
    // Pearson's sum of so many places has that many degrees of freedom, but three, and a deviation √2n.
    const double freedom = static_cast<double>(counts.size()) - 3;
    CHECK(std::abs(squares - freedom) < 4 * std::sqrt(2 * freedom));
    CHECK(std::abs(flipped / all - 0.5) < 4 * 0.5 / std::sqrt(all));
}

TEST_CASE("crops are a function of seed, epoch and example") {
    const PictureSet set = unequal_pictures();
    const PictureCrops one(set, 3, 4, true, 5), again(set, 3, 4, true, 5), other(set, 3, 4, true, 6),
        high_word(set, 3, 4, true, 5 + (1ull << 32)), upright(set, 3, 4, false, 5);
    std::uint32_t as_before = 0, of_other = 0, of_high_word = 0;
    for (std::uint32_t epoch = 0; epoch < 20; ++epoch) {
        for (std::uint32_t i = 0; i < one.size(); ++i) {
            const Crop crop = one.crop(epoch, i);
            CHECK(crop == again.crop(epoch, i));
            Crop same_place = upright.crop(epoch, i);
            CHECK_FALSE(same_place.flipped);
            same_place.flipped = crop.flipped;
            CHECK(same_place == crop);
            as_before += crop == one.crop(epoch + 1, i);
            of_other += crop == other.crop(epoch, i);
            of_high_word += crop == high_word.crop(epoch, i);
        }
    }
    for (const std::uint32_t same : {as_before, of_other, of_high_word}) CHECK(same < 40);
}

TEST_CASE("crops of a domain lie together") {
    const PictureCrops crops(unequal_pictures(true, {}, {2, 1}), 6, 5, false, 0);
    CHECK(crops.domain_sizes() == std::vector<std::uint32_t>{10, 5});
    CHECK(crops.domain_of(9) == 0);
    CHECK(crops.crop(3, 9).pair == 1);
    CHECK(crops.domain_of(10) == 1);
    CHECK(crops.crop(3, 10).pair == 2);
}

TEST_CASE("crops as large as the smallest picture's side are possible, and no larger ones") {
    const PictureCrops crops(unequal_pictures(), 6, 1, false, 0);
    CHECK(crops.side() == 6);
    CHECK(crops.crop(7, 0).row == 0);
    CHECK_THROWS_AS(PictureCrops(unequal_pictures(), 7, 1, false, 0), std::invalid_argument);
    CHECK_THROWS_AS(PictureCrops(unequal_pictures(), 0, 1, false, 0), std::invalid_argument);
    CHECK_THROWS_AS(PictureCrops(unequal_pictures(), 6, 0, false, 0), std::invalid_argument);
    CHECK_THROWS_AS(PictureCrops(unequal_pictures(), 6, ~0u, false, 0), std::invalid_argument);
}

TEST_CASE("crops of black pairs are black") {
    const PictureCrops crops(PictureSet({"a"}, {{7, 5}}, {}, {-1, 1}), 4, 1, false, 0);
    CHECK(crops.input(0) == std::vector<float>(48, -1.0f));
    // Around the crop stand the network's zeros.
    CHECK(crops.target({0, 0, 0, false}, 1, PicturePadding::zero)[0] == 0.0f);
}
