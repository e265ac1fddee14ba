#include "pairs/duplicates.h"

#include <algorithm>

#include "catch.h"
#include "pair_scene.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

PairLook printed(int input, int target, std::uint32_t width = 9) {
    PairLook look;
    look.width = width;
    look.height = 7;
    std::ranges::fill(look.input.values, static_cast<std::uint8_t>(input));
    std::ranges::fill(look.target.values, static_cast<std::uint8_t>(target));
    return look;
}

}  // namespace

TEST_CASE("each picture that is there again names the first, and whether their targets agree") {
    const std::vector<PairLook> looks = {printed(9, 1),  printed(90, 2),    printed(9, 1), printed(9, 200),
                                         printed(12, 1), printed(90, 2, 8), printed(9, 2)};
    const std::vector<Duplicate> found = duplicates_of(looks);
    REQUIRE(found.size() == 3);
    CHECK((found[0].first == 0 && found[0].second == 2 && found[0].same_target));
    CHECK((found[1].first == 0 && found[1].second == 3 && !found[1].same_target));
    CHECK((found[2].first == 0 && found[2].second == 6 && found[2].same_target));
}

TEST_CASE("ten thousand copies take no longer than their number") {
    std::vector<PairLook> looks(10'000, printed(77, 3));
    CHECK(duplicates_of(looks).size() == looks.size() - 1);
}

TEST_CASE("thumbprints tell the sample pictures apart, and know an encoded copy") {
    const std::vector<Sample> all = sample_pictures();
    for (const Sample& one : all) {
        for (const Sample& other : all) {
            const double distance = thumbprint_of(one.image).distance(thumbprint_of(other.image));
            CHECK((distance > 10) == (one.name != other.name));
        }
    }
    const Image flat = drawn(5, 300, [](std::uint32_t c, std::int64_t, std::int64_t) {
        return static_cast<float>(40 * (c + 1)) / 255;
    });
    const Thumbprint print = thumbprint_of(flat);
    CHECK(print.values.front() == 40);
    CHECK(print.values.back() == 120);
    CHECK(print.mean() == 80);
}
