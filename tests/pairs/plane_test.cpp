#include "pairs/plane.h"

#include <cmath>

#include "catch.h"
#include "pair_scene.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

Plane counted_plane(std::uint32_t width, std::uint32_t height) {
    Plane plane{width, height, {}};
    for (std::uint32_t i = 0; i < width * height; ++i) plane.values.push_back(static_cast<float>(i));
    return plane;
}

}  // namespace

TEST_CASE("luma is of the part that is asked for, and its means of squares are those of its pixels") {
    const Image image = drawn(7, 5, [](std::uint32_t c, std::int64_t y, std::int64_t x) {
        return static_cast<float>(10 * c + 20 * y + 3 * x) / 255;
    });
    const Plane luma = luma_of(image, {2, 1, 4, 3});
    REQUIRE(luma.values.size() == 12);
    const auto expected = [&](std::uint32_t y, std::uint32_t x) {
        return 0.299 * image.at(0, y, x) + 0.587 * image.at(1, y, x) + 0.114 * image.at(2, y, x);
    };
    CHECK(std::abs(luma.at(2, 3) - expected(3, 5)) < 1e-6);
    const Plane reduced = reduced_luma(image, 3);
    REQUIRE(reduced.width == 2);
    REQUIRE(reduced.height == 1);
    double sum = 0;
    for (std::uint32_t i = 0; i < 9; ++i) sum += expected(i / 3, 3 + i % 3) / 9;
    CHECK(std::abs(reduced.at(0, 1) - sum) < 1e-6);
}

TEST_CASE("planes are mirrored, and turned clockwise") {
    const Plane plane = counted_plane(3, 2);  // 0 1 2 / 3 4 5
    CHECK(turned(plane, 0, false).values == plane.values);
    CHECK(turned(plane, 0, true).values == std::vector<float>{2, 1, 0, 5, 4, 3});
    CHECK(turned(plane, 1, false).values == std::vector<float>{3, 0, 4, 1, 5, 2});
    CHECK(turned(plane, 1, false).width == 2);
    CHECK(turned(plane, 2, false).values == std::vector<float>{5, 4, 3, 2, 1, 0});
    CHECK(turned(plane, 3, false).values == std::vector<float>{2, 5, 1, 4, 0, 3});
    CHECK(turned(plane, 1, true).values == std::vector<float>{5, 2, 4, 1, 3, 0});
}

TEST_CASE("the middle of a plane is cut out, and half of it are means of squares") {
    const Plane plane = counted_plane(5, 3);  // 0 1 2 3 4 / 5 6 7 8 9 / 10 ...
    const Plane middle = middle_of(plane, 3, 1);
    CHECK(middle.width == 3);
    CHECK(middle.values == std::vector<float>{6, 7, 8});
    CHECK(middle_of(plane, 9, 9).values == plane.values);
    const Plane half = halved(plane);
    CHECK(half.width == 2);
    CHECK(half.height == 1);
    CHECK(half.values == std::vector<float>{3, 5});
}

TEST_CASE("an enlarged plane keeps its middle") {
    Plane ramp{9, 5, {}};
    for (std::uint32_t i = 0; i < 45; ++i) ramp.values.push_back(static_cast<float>(i % 9));
    for (const double factor : {0.5, 1.0, 1.7, 2.0}) {
        INFO(factor);
        const Plane result = enlarged(ramp, factor);
        CHECK(result.width == std::lround(9 * factor));
        const double middle = 0.5 * (result.at(1, (result.width - 1) / 2) + result.at(1, result.width / 2));
        CHECK(std::abs(middle - 4) < 1e-5);
    }
}

TEST_CASE("structure is the same of a negative and of a darker copy") {
    const Image image = sample_pictures().front().image;
    const Part part{40, 60, 100, 90};
    const Structure structure = structure_of(luma_of(image, part));
    const auto distance = [&](const Image& other) {
        const Structure one = structure_of(luma_of(other, part));
        double most = 0;
        for (std::size_t i = 0; i < one.plane.values.size(); ++i) {
            most = std::max<double>(most, std::abs(one.plane.values[i] - structure.plane.values[i]));
        }
        return most;
    };
    CHECK(structure.steepness > 0.001);
    CHECK(distance(negative(image)) < 1e-4);
    Image darker = image;
    for (float& value : darker.values) value *= 0.5f;
    CHECK(distance(darker) < 1e-4);
    const Plane flat{30, 20, std::vector<float>(600, 0.5f)};
    CHECK(structure_of(flat).steepness == 0);
    for (const float value : structure_of(flat).plane.values) CHECK(std::abs(value) < 1e-6);
}
