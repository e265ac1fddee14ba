#include "engine/two_layer/crop_statistics.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "catch.h"
#include "engine/crop_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

/// Of the patches around the crop's pixels, and around those of the ring where its surroundings are known.
PatchMoments summed_crop(const PictureCrops& crops, const Crop& crop, std::uint32_t kernel,
                         PicturePadding padding) {
    const std::uint32_t radius = kernel / 2, ring = padding == PicturePadding::zero ? 0 : radius;
    const std::size_t wide = crops.side() + 2 * std::size_t{radius + ring}, taps = kernel * kernel;
    const std::vector<float> values = crop_with_margin(crops, crop, false, radius + ring, padding);
    PatchMoments moments{kernel, 3, 0, std::vector<double>(3 * taps), std::vector<double>(9 * taps * taps)};
    for (std::size_t y = 0; y + kernel <= wide; ++y) {
        for (std::size_t x = 0; x + kernel <= wide; ++x, moments.count += 1) {
            std::vector<double> u;
            for (std::size_t a = 0; a < 3 * taps; ++a) {
                u.push_back(static_cast<double>(
                    values[(a / taps * wide + y + a / kernel % kernel) * wide + x + a % kernel]));
            }
            for (std::size_t a = 0; a < u.size(); ++a) {
                moments.sum[a] += u[a];
                for (std::size_t b = 0; b < u.size(); ++b) moments.product[a * u.size() + b] += u[a] * u[b];
            }
        }
    }
    return moments;
}

void check_crop(const PictureCrops& crops, const Crop& crop, std::uint32_t kernel, PicturePadding padding) {
    INFO("pair " << crop.pair << ", row " << crop.row << ", column " << crop.column << ", flipped "
                 << crop.flipped);
    const PatchMoments expected = summed_crop(crops, crop, kernel, padding);
    const PatchMoments found = crop_moments(crops, crop, kernel, padding);
    REQUIRE(found.count == expected.count);
    REQUIRE(found.sum.size() == expected.sum.size());
    REQUIRE(found.product.size() == expected.product.size());
    std::size_t wrong = 0;
    // Levels are divided by 255 in float32 where pictures are read, and in float64 here.
    for (std::size_t a = 0; a < found.sum.size(); ++a)
        wrong += !(std::abs(found.sum[a] - expected.sum[a]) <= 1e-7 * expected.count);
    for (std::size_t a = 0; a < found.product.size(); ++a)
        wrong += !(std::abs(found.product[a] - expected.product[a]) <= 1e-7 * expected.count);
    CHECK(wrong == 0);
}

}  // namespace

TEST_CASE("crop moments: the sums of plain loops over a crop and its ring") {
    const std::uint32_t kernel = GENERATE(1u, 3u, 5u, 7u);
    const auto padding = GENERATE(PicturePadding::zero, PicturePadding::edge, PicturePadding::reflect);
    const bool levels = GENERATE(true, false);
    INFO("kernel " << kernel << ", " << to_string(padding) << ", levels " << levels);
    const PictureCrops crops(random_set(1, levels), 5, 3, true, 1);
    for (std::uint32_t pair = 0; pair < 3; ++pair) {
        for (const Crop& crop : corner_crops(crops, pair)) check_crop(crops, crop, kernel, padding);
    }
    for (std::uint32_t example = 0; example < 9; ++example)
        check_crop(crops, crops.crop(3, example), kernel, padding);
}

TEST_CASE("crop statistics: the same in any order of steps, and others in another epoch") {
    const PictureCrops crops(random_set(2, true, {{31, 26}, {25, 40}}), 17, 20, true, 1);
    const Batches batches = batches_in_order(40, 3);
    CropStatistics in_order(crops, 3, PicturePadding::edge), backwards(crops, 3, PicturePadding::edge);
    for (std::uint32_t epoch = 0; epoch < 20; ++epoch) {
        INFO("epoch " << epoch);
        in_order.set_batches(batches, epoch);
        backwards.set_batches(batches, epoch);
        std::vector<std::vector<float>> found;
        for (std::uint32_t step = 0; step < batches.size(); ++step) found.push_back(in_order.take(step));
        for (std::uint32_t step = static_cast<std::uint32_t>(batches.size()); step-- > 0;) {
            CHECK(backwards.take(step) == found[step]);
        }
        // An epoch that begins in its middle, and ends before its end.
        backwards.set_batches(batches, epoch);
        for (std::uint32_t step = 4; step < 9; ++step) CHECK(backwards.take(step) == found[step]);
        in_order.set_batches(batches, epoch + 1);
        CHECK(in_order.take(0) != found[0]);
        CHECK(in_order.take(0) == in_order.take(0));
    }
}

TEST_CASE("crop statistics: those of all crops of a batch together") {
    const PictureCrops crops(random_set(3, true, {{31, 26}, {25, 40}}), 17, 2, true, 1);
    CropStatistics statistics(crops, 3, PicturePadding::reflect);
    statistics.set_batches({{0, 2, 3}}, 5);
    PatchMoments all = crop_moments(crops, crops.crop(5, 0), 3, PicturePadding::reflect);
    all.add(crop_moments(crops, crops.crop(5, 2), 3, PicturePadding::reflect));
    all.add(crop_moments(crops, crops.crop(5, 3), 3, PicturePadding::reflect));
    const PatchStatistics expected = patch_statistics(all);
    std::vector<float> values = expected.mean;
    values.insert(values.end(), expected.factor.begin(), expected.factor.end());
    CHECK(statistics.take(0) == values);
}
