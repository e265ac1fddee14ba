#include "pairs/align.h"

#include "catch.h"
#include "pair_scene.h"

using namespace shadenet;
using namespace shadenet::test;

TEST_CASE("a shift is found and taken out, and the borders go on in both pictures") {
    const Image image = sample_pictures()[1].image;
    const Filter filter = blurred;
    for (const auto& [dx, dy] : {std::pair{4, -3}, std::pair{-20, 0}, std::pair{0, 9}}) {
        INFO(dx << " " << dy);
        // Of a larger picture, so that no border repeats.
        const Image input = drawn(180, 170, [&](std::uint32_t c, std::int64_t y, std::int64_t x) {
            return pixel(image, c, y + 30, x + 30);
        });
        const Image target =
            drawn(180, 170, [&, blurry = filter(image)](std::uint32_t c, std::int64_t y, std::int64_t x) {
                return pixel(blurry, c, y + 30 - dy, x + 30 - dx);
            });
        const PixelShift shift = found_shift(input, target);
        CHECK(shift.x == dx);
        CHECK(shift.y == dy);
        Image moved_input = input, moved_target = target;
        take_out(shift, moved_input, moved_target);
        REQUIRE(moved_input.width == 180);
        REQUIRE(moved_target.height == 170);
        const Image blurry = filter(image);
        for (std::int64_t y = 0; y < 170; ++y) {
            for (std::int64_t x = 0; x < 180; ++x) {
                const std::int64_t row = std::clamp<std::int64_t>(y, std::max(0, -dy), 169 - std::max(0, dy));
                const std::int64_t column =
                    std::clamp<std::int64_t>(x, std::max(0, -dx), 179 - std::max(0, dx));
                REQUIRE(pixel(moved_input, 1, y, x) == pixel(image, 1, row + 30, column + 30));
                REQUIRE(pixel(moved_target, 1, y, x) == pixel(blurry, 1, row + 30, column + 30));
            }
        }
    }
}

TEST_CASE("what is no shift is left alone") {
    const Image image = sample_pictures()[2].image;
    CHECK(found_shift(image, image).is_none());
    CHECK(found_shift(image, edges(image)).is_none());
    CHECK(found_shift(image, mirrored(image)).is_none());
    CHECK(found_shift(image, cropped(image, 0.9)).is_none());
    CHECK(found_shift(image, sample_pictures()[3].image).is_none());
    CHECK(found_shift(image, resize(image, 200, 200)).is_none());
    Image input = image, target = image;
    take_out({}, input, target);
    CHECK(input.values == image.values);
    CHECK(target.values == image.values);
}
