#include "data/labelled/matched_part.h"

#include "base/error.h"
#include "catch.h"
#include "message_of.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

/// Two pictures of 2 x 1, in colour, of the classes b and a.
LabelledData colour_data() {
    LabelledData data{.classes = {"a", "b"}, .training = {}, .test = {}};
    data.training = {
        .shape = {1, 3, 1, 2}, .levels = std::vector<std::uint8_t>(6), .labels = {0}, .names = {"t"}};
    data.test = {.shape = {1, 3, 1, 2},
                 .levels = {255, 9, 0, 9, 0, 9, /**/ 0, 200, 255, 200, 0, 200},
                 .labels = {1, 0},
                 .names = {"p", "q"}};
    return data;
}

ModelClasses classes_of(std::vector<std::string> names, std::uint32_t channels) {
    return {std::move(names), channels, 1, 2, "centre", "luma"};
}

LabelledPictures matched(const LabelledData& data, const ModelClasses& classes) {
    return matched_part(data.test, data.classes, classes, picture_rule_of(classes, "m"), "set");
}

}  // namespace

TEST_CASE("labels are matched by the names of the classes") {
    const LabelledPictures test = matched(colour_data(), classes_of({"b", "x", "a"}, 3));
    CHECK(test.labels == std::vector<std::uint32_t>{0, 2});
    CHECK(test.levels == colour_data().test.levels);
}

TEST_CASE("colour becomes the model's grey by luma, and grey all three colours") {
    const LabelledPictures grey = matched(colour_data(), classes_of({"a", "b"}, 1));
    CHECK(grey.shape == Shape{1, 1, 1, 2});
    // Rec. 709: red counts 0.2126, green 0.7152.
    CHECK(grey.levels == std::vector<std::uint8_t>{54, 9, 182, 200});
    LabelledData data = colour_data();
    data.test.shape.c = 1;
    data.test.levels = {7, 8, 9, 10};
    CHECK(matched(data, classes_of({"a", "b"}, 3)).levels ==
          std::vector<std::uint8_t>{7, 8, 7, 8, 7, 8, 9, 10, 9, 10, 9, 10});
}

TEST_CASE("data of other classes or of another size is refused") {
    const auto refusal = [](const LabelledData& data, const ModelClasses& classes) {
        return message_of<InputError>([&] { matched(data, classes); });
    };
    const ModelClasses right = classes_of({"a", "b"}, 3);
    CHECK_THAT(refusal(colour_data(), classes_of({"a", "c"}, 3)),
               ContainsSubstring("set: has a class \"b\", which the model does not know"));
    ModelClasses wide = right, other = right;
    wide.width = 3;
    CHECK_THAT(refusal(colour_data(), wide),
               ContainsSubstring("set: its pictures are 2 x 1, and the model takes 3 x 1"));
    other.resizing = "stretch";
    CHECK_THAT(refusal(colour_data(), other), ContainsSubstring("is not known here"));
}
