#include "model/picture_padding.h"

#include "catch.h"

namespace shadenet {

namespace {

/// The pixels that stand at −4 to 6 of an axis of `size` pixels; 99 is none.
std::vector<std::uint32_t> around(std::uint32_t size, PicturePadding padding) {
    std::vector<std::uint32_t> pixels;
    for (int at = -4; at <= 6; ++at) pixels.push_back(continued_pixel(at, size, padding).value_or(99));
    return pixels;
}

}  // namespace

TEST_CASE("a picture goes on beyond its edges") {
    using Pixels = std::vector<std::uint32_t>;
    CHECK(around(3, PicturePadding::zero) == Pixels{99, 99, 99, 99, 0, 1, 2, 99, 99, 99, 99});
    CHECK(around(3, PicturePadding::edge) == Pixels{0, 0, 0, 0, 0, 1, 2, 2, 2, 2, 2});
    CHECK(around(3, PicturePadding::reflect) == Pixels{0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2});
    CHECK(around(2, PicturePadding::reflect) == Pixels{0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0});
    CHECK(around(1, PicturePadding::reflect) == Pixels(11, 0));
    CHECK(continued_pixel(-1'000'000'007, 4, PicturePadding::reflect) == 1);
}

TEST_CASE("every plane of a picture goes on by itself") {
    const std::vector<float> picture = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};  // two planes of 2x3
    CHECK(continued_picture(picture, {1, 2, 2, 3}, 1, PicturePadding::edge) ==
          std::vector<float>{1, 1, 2, 3, 3, 1, 1, 2, 3, 3, 4,  4,  5,  6,  6,  4,  4,  5,  6,  6,
                             7, 7, 8, 9, 9, 7, 7, 8, 9, 9, 10, 10, 11, 12, 12, 10, 10, 11, 12, 12});
    CHECK(continued_picture(picture, {1, 1, 1, 2}, 1, PicturePadding::zero) ==
          std::vector<float>{0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0});
    CHECK(continued_picture(picture, {1, 2, 2, 3}, 0, PicturePadding::reflect) == picture);
}

}  // namespace shadenet
