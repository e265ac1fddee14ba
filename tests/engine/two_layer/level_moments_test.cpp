#include "engine/two_layer/level_moments.h"

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include "catch.h"
#include "model/random.h"

using namespace shadenet;

namespace {

using PictureLevels = std::vector<std::int16_t>;

PictureLevels random_levels(std::size_t count, std::uint64_t seed) {
    std::mt19937_64 random = random_stream(seed, 0);
    PictureLevels levels(count);
    for (std::int16_t& level : levels) level = static_cast<std::int16_t>(random() % 256);
    return levels;
}

/// The sums of level_patch_moments() in plain loops, in levels.
PatchMoments summed_levels(const PictureLevels& levels, std::size_t channels, std::size_t height,
                           std::size_t width, std::size_t kernel) {
    const std::size_t size = channels * kernel * kernel;
    std::vector<std::int64_t> sum(size), product(size * size), patch(size);
    std::size_t count = 0;
    for (std::size_t y = 0; y + kernel <= height; ++y) {
        for (std::size_t x = 0; x + kernel <= width; ++x, ++count) {
            for (std::size_t a = 0; a < size; ++a) {
                const std::size_t row = y + a / kernel % kernel, column = x + a % kernel;
                patch[a] = levels[(a / (kernel * kernel) * height + row) * width + column];
                sum[a] += patch[a];
            }
            for (std::size_t ab = 0; ab < product.size(); ++ab) {
                product[ab] += patch[ab / size] * patch[ab % size];
            }
        }
    }
    return {static_cast<std::uint32_t>(kernel),
            static_cast<std::uint32_t>(channels),
            static_cast<double>(count),
            {sum.begin(), sum.end()},
            {product.begin(), product.end()}};
}

void check_level_moments(const PictureLevels& levels, std::uint32_t channels, std::uint32_t height,
                         std::uint32_t width, std::uint32_t kernel) {
    INFO("kernel " << kernel << ", " << channels << " x " << height << " x " << width);
    PatchMoments expected = summed_levels(levels, channels, height, width, kernel);
    for (double& sum : expected.sum) sum /= 255;
    for (double& product : expected.product) product /= 255 * 255;
    const PatchMoments moments = level_patch_moments(levels, channels, height, width, kernel);
    CHECK(moments.kernel == kernel);
    CHECK(moments.channels == channels);
    CHECK(moments.count == expected.count);
    CHECK(moments.sum == expected.sum);
    CHECK(moments.product == expected.product);
}

}  // namespace

TEST_CASE("level moments: exactly the sums of plain loops") {
    const std::uint32_t kernel = GENERATE(1u, 3u, 5u, 7u), channels = GENERATE(1u, 3u);
    const auto [rows, columns] = GENERATE(
        table<std::uint32_t, std::uint32_t>({{1, 1}, {1, 6}, {7, 1}, {2, 3}, {5, 4}, {9, 13}, {2, 150}}));
    const std::uint32_t height = rows + kernel - 1, width = columns + kernel - 1;
    check_level_moments(random_levels(std::size_t{channels} * height * width, kernel), channels, height,
                        width, kernel);
}

TEST_CASE("level moments: of a large white picture, whose sums need more than 32 bits") {
    check_level_moments(PictureLevels(211 * 307, 255), 1, 211, 307, 3);
    check_level_moments(PictureLevels(3 * 40000, 255), 1, 3, 40000, 3);
}

TEST_CASE("level moments: what does not fit is refused") {
    const PictureLevels levels(24);
    CHECK_NOTHROW(level_patch_moments(levels, 2, 3, 4, 3));
    CHECK_THROWS_AS(level_patch_moments(levels, 2, 3, 4, 2), std::invalid_argument);
    CHECK_THROWS_AS(level_patch_moments(levels, 2, 3, 5, 3), std::invalid_argument);
    CHECK_THROWS_AS(level_patch_moments(levels, 2, 3, 4, 5), std::invalid_argument);
    CHECK_THROWS_AS(level_patch_moments({}, 0, 3, 4, 3), std::invalid_argument);
}
