#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "base/error.h"
#include "catch.h"
#include "image/image.h"
#include "image/picture_file.h"

using namespace shadenet;

namespace {

Picture8 gradient(std::uint32_t width, std::uint32_t height) {
    Picture8 picture{width, height, {}};
    for (std::uint32_t y = 0; y < height; ++y) {
        for (std::uint32_t x = 0; x < width; ++x) {
            for (const std::uint32_t value : {2 * x, 3 * y, x + y}) {
                picture.rgb.push_back(static_cast<std::uint8_t>(value));
            }
        }
    }
    return picture;
}

Picture8 decoded(const std::vector<std::byte>& bytes) {
    return std::get<Picture8>(PictureReader(bytes, "made.jpg").decode().colour);
}

}  // namespace

TEST_CASE("JPEG bytes hold the picture") {
    for (const auto& [width, height] : {std::pair(60u, 40u), {1u, 1u}, {1u, 33u}, {17u, 1u}}) {
        const Picture8 picture = gradient(width, height);
        const std::vector<std::byte> bytes = jpeg_bytes(picture, 88);
        CHECK(bytes == jpeg_bytes(picture, 88));
        const Picture8 back = decoded(bytes);
        REQUIRE(back.width == width);
        REQUIRE(back.height == height);
        int worst = 0;
        for (std::size_t i = 0; i < back.rgb.size(); ++i) {
            worst = std::max(worst, std::abs(back.rgb[i] - picture.rgb[i]));
        }
        CHECK(worst <= 12);
    }
}

TEST_CASE("a better JPEG is a larger one, and one that cannot be is refused") {
    CHECK(jpeg_bytes(gradient(60, 40), 30).size() < jpeg_bytes(gradient(60, 40), 95).size());
    CHECK_THROWS_AS(jpeg_bytes(Picture8{}, 88), WorkError);
    CHECK_THROWS_AS(jpeg_bytes(gradient(65501, 1), 88), WorkError);
}
