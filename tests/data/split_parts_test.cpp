// Labelled pictures taken apart into training, validation and test.
#include "data/split_parts.h"

#include <string>
#include <utility>
#include <vector>

#include "catch.h"
#include "labelled_set.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

LabelledData twelve_and_five() {
    return {.classes = {"0", "1", "2"},
            .training = labelled_set(12, 2, 3, 3),
            .test = labelled_set(5, 2, 3, 3, 2)};
}

/// The pictures of these numbers, one by one.
void check_part(const LabelledPictures& part, const std::vector<std::uint32_t>& numbers) {
    const LabelledData data = twelve_and_five();
    CHECK(part.shape == data.training.shape);
    REQUIRE(part.size() == numbers.size());
    REQUIRE(part.levels.size() == 6 * numbers.size());
    REQUIRE(part.names.size() == numbers.size());
    for (std::uint32_t i = 0; i < part.size(); ++i) {
        INFO(i);
        CHECK(std::ranges::equal(part.picture(i), levels_at(data, numbers[i])));
        CHECK(part.labels[i] == label_at(data, numbers[i]));
        CHECK(part.names[i] == "picture " + std::to_string(numbers[i] % 12));
    }
}

}  // namespace

TEST_CASE("each part of a split has the pictures of its numbers") {
    const Split split =
        GENERATE(Split{{1, 2, 4, 5, 6, 8, 9, 10, 11}, {0, 3, 7}, {12, 13, 14, 15, 16}},
                 Split{{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, {}, {12, 13, 14, 15, 16}},
                 Split{{0, 2, 4, 6, 8, 10, 12, 14, 16}, {1, 3, 13}, {5, 7, 9, 11, 15}},  // pooled
                 Split{{2, 3, 4, 12, 13, 14, 15, 16}, {0, 1}, {5, 6, 7, 8, 9, 10, 11}},
                 Split{{0, 1, 2, 12, 13, 14, 15, 16}, {3, 4, 5, 6}, {7, 8, 9, 10, 11}},
                 Split{{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}, {}, {}});
    const SplitParts parts = split_parts(twelve_and_five(), split);
    check_part(parts.training, split.training);
    check_part(parts.validation, split.validation);
    check_part(parts.test, split.test);
}

TEST_CASE("the levels of training and of a test part that stays are not copied") {
    LabelledData data = twelve_and_five();
    const std::uint8_t *training = data.training.levels.data(), *test = data.test.levels.data();
    const SplitParts parts = split_parts(std::move(data), {{1, 2, 5}, {0, 3}, {12, 13, 14, 15, 16}});
    CHECK(parts.training.levels.data() == training);
    CHECK(parts.test.levels.data() == test);
}
