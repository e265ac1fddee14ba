// write_png: exact round trips, rounding, and refusals that leave no file.
#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/file.h"
#include "catch.h"
#include "image/image.h"
#include "picture_files.h"

namespace shadenet::test {

namespace {

Image make_image(std::uint32_t width, std::uint32_t height) {
    return {width, height, std::vector<float>(3 * std::size_t{width} * height, 0.5f)};
}

// Every value n/255, in an order without pattern.
Image every_level(std::uint32_t width, std::uint32_t height) {
    Image image = make_image(width, height);
    std::uint32_t state = 12345;
    for (float& value : image.values) {
        state = state * 1664525u + 1013904223u;
        value = static_cast<float>(state >> 24) / 255.0f;
    }
    return image;
}

}  // namespace

TEST_CASE("writing and reading 8-bit values is exact") {
    const TemporaryFolder folder;
    const std::pair<std::uint32_t, std::uint32_t> sizes[] = {{1, 1}, {1, 19}, {23, 1}, {37, 29}};
    for (const auto& [width, height] : sizes) {
        const Image image = every_level(width, height);
        write_png(folder / "a.png", image);
        const ImageFile back = read_image(folder / "a.png");
        INFO(width << " x " << height);
        CHECK(back.notes.empty());
        CHECK(back.image.width == width);
        CHECK(back.image.height == height);
        CHECK(back.image.values == image.values);
    }
}

TEST_CASE("a file in memory has the bytes of the one that would be written") {
    const TemporaryFolder folder;
    const Image image = every_level(23, 19);
    write_png(folder / "a.png", image);
    CHECK(png_file("name", image, {}) == read_file(folder / "a.png", 1 << 20));
}

TEST_CASE("values are rounded to the nearest level and clamped") {
    const std::pair<float, int> cases[] = {
        {0.0f, 0},
        {0.49f / 255, 0},
        {0.51f / 255, 1},
        {1.49f / 255, 1},
        {127.49f / 255, 127},
        {127.51f / 255, 128},
        {254.49f / 255, 254},
        {254.51f / 255, 255},
        {1.0f, 255},
        {-0.0f, 0},
        {-3.0f, 0},
        {7.0f, 255},
        {std::nextafter(0.5f, 0.0f), 127},
        {0.5f, 128},
    };
    Image image = make_image(static_cast<std::uint32_t>(std::size(cases)), 1);
    for (std::uint32_t x = 0; x < image.width; ++x) {
        for (std::uint32_t c = 0; c < 3; ++c) image.at(c, 0, x) = cases[x].first;
    }
    const TemporaryFolder folder;
    write_png(folder / "a.png", image);
    const Image back = read_image(folder / "a.png").image;
    for (std::uint32_t x = 0; x < image.width; ++x) {
        INFO("value " << cases[x].first);
        CHECK(std::lround(back.at(1, 0, x) * 255.0f) == cases[x].second);
    }
}

TEST_CASE("a value that is not finite is refused, and nothing is written") {
    for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                            -std::numeric_limits<float>::infinity()}) {
        const TemporaryFolder folder;
        Image image = make_image(5, 3);
        image.at(2, 1, 4) = bad;
        const std::string message = message_of<WorkError>([&] { write_png(folder / "a.png", image); });
        CHECK_THAT(message, ContainsSubstring("a.png: not written: the value at channel 2, row 1, column 4"));
        CHECK(std::filesystem::is_empty(folder.path()));
    }
}

TEST_CASE("a refused picture leaves the file that was there") {
    const TemporaryFolder folder;
    const Image good = every_level(3, 2);
    write_png(folder / "a.png", good);
    Image bad = good;
    bad.values.back() = std::numeric_limits<float>::quiet_NaN();
    CHECK_THROWS_AS(write_png(folder / "a.png", bad), WorkError);
    CHECK(read_image(folder / "a.png").image.values == good.values);
}

TEST_CASE("no pixels, or another number of them than the size says, are refused") {
    const TemporaryFolder folder;
    CHECK_THROWS_AS(write_png(folder / "a.png", Image{}), WorkError);
    Image image = make_image(4, 3);
    image.values.pop_back();
    CHECK_THROWS_AS(write_png(folder / "a.png", image), WorkError);
    CHECK_THROWS_AS(write_png(folder / "none" / "a.png", make_image(4, 3)), WorkError);
    CHECK(std::filesystem::is_empty(folder.path()));
}

}  // namespace shadenet::test
