// How labelled pictures are moved and mirrored.
#include "data/augmentation.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <utility>

#include "base/error.h"
#include "catch.h"
#include "data/drawn_place.h"

using namespace shadenet;

TEST_CASE("augmentation: every move is about equally likely, and half of the pictures are mirrored") {
    const Augmentation augmentation{.flip = true, .pad = 2, .seed = 7};
    std::map<std::pair<std::int32_t, std::int32_t>, std::uint32_t> moves;
    std::uint32_t mirrored = 0;
    constexpr std::uint32_t examples = 500, passes = 20;
    for (std::uint32_t pass = 0; pass < passes; ++pass) {
        for (std::uint32_t example = 0; example < examples; ++example) {
            const PictureMove move = augmentation.of(pass, example);
            ++moves[{move.down, move.right}];
            mirrored += move.mirrored;
        }
    }
    CHECK(moves.size() == 25);
    // 400 of each are expected, with a standard deviation of 20.
    for (const auto& [move, count] : moves) {
        INFO(move.first << ", " << move.second << ": " << count);
        CHECK(std::max(std::abs(move.first), std::abs(move.second)) <= 2);
        CHECK((count > 300 && count < 500));
    }
    CHECK((mirrored > 4750 && mirrored < 5250));
}

TEST_CASE("augmentation: a move is a function of seed, pass and example") {
    const Augmentation augmentation{.flip = true, .pad = 4, .seed = 7},
        other{.flip = true, .pad = 4, .seed = 8};
    std::uint32_t same_seed = 0, same_pass = 0, same_example = 0;
    for (std::uint32_t i = 0; i < 100; ++i) {
        CHECK(augmentation.of(3, i) == augmentation.of(3, i));
        same_seed += augmentation.of(3, i) == other.of(3, i);
        same_pass += augmentation.of(3, i) == augmentation.of(4, i);
        same_example += augmentation.of(3, i) == augmentation.of(3, i + 1);
        const DrawnPlace place = drawn_place(7, 3, i, 9, 9);
        CHECK(augmentation.of(3, i) == PictureMove{static_cast<std::int32_t>(place.row) - 4,
                                                   static_cast<std::int32_t>(place.column) - 4,
                                                   place.mirrored});
    }
    // One of 162 agrees by chance.
    CHECK(std::max({same_seed, same_pass, same_example}) < 8);
}

TEST_CASE("augmentation: without a flip nothing is mirrored, and without padding nothing moves") {
    for (std::uint32_t i = 0; i < 100; ++i) {
        CHECK_FALSE(Augmentation{.pad = 3, .seed = 1}.of(0, i).mirrored);
        const PictureMove move = Augmentation{.flip = true, .seed = 1}.of(0, i);
        CHECK((move.down == 0 && move.right == 0));
    }
}

TEST_CASE("augmentation: padding that may leave nothing of a picture is refused") {
    CHECK_NOTHROW(require_pad(0, {1, 3, 1, 1}));
    CHECK_NOTHROW(require_pad(6, {1, 3, 9, 7}));
    CHECK_THROWS_WITH(require_pad(7, {1, 3, 9, 7}),
                      "--crop-pad is \"7\"; use 0 to 6, as the pictures have 7 x 9 pixels");
    CHECK_THROWS_AS(require_pad(20'000, {1, 3, 40'000, 40'000}), InputError);
    CHECK_NOTHROW(require_pad(Augmentation::most_pad, {1, 3, 40'000, 40'000}));
}
