// What a model's metadata tells of its classes.
#include "model/model_classes.h"

#include <utility>

#include "base/error.h"
#include "catch.h"
#include "message_of.h"

using namespace shadenet;

TEST_CASE("what a model knows of its classes survives its metadata") {
    const ModelClasses classes{{"keep", "say \"no\"", "grün"}, 3, 8, 6, "centre", "luma"};
    std::map<std::string, std::string> metadata;
    append_classes(metadata, classes);
    CHECK(metadata.at("picture_size") == "3x8x6");
    CHECK(metadata.at("class_count") == "3");
    CHECK(classes_from(metadata, "m") == classes);
    std::map<std::string, std::string> filter;
    append_classes(filter, {});
    CHECK(filter.empty());
    CHECK(classes_from(filter, "m") == ModelClasses{});
}

TEST_CASE("wrong metadata of classes is refused with the key's name") {
    const auto refusal = [](const char* key, const char* value) -> std::string {
        std::map<std::string, std::string> metadata;
        append_classes(metadata, {{"a", "b"}, 1, 8, 6, "centre", "luma"});
        metadata[key] = value;
        try {
            classes_from(metadata, "m");
        } catch (const InputError& error) {
            return error.what();
        }
        return "";
    };
    CHECK(refusal("classes", "[\"a\", \"b\"]").empty());
    for (const auto& [key, value] :
         {std::pair("classes", "[\"a\"]"), std::pair("classes", "[1, 2]"), std::pair("classes", "a"),
          std::pair("class_count", "3"), std::pair("picture_size", "8x6"), std::pair("picture_size", "1x8x0"),
          std::pair("picture_size", "1x8x6x2"), std::pair("picture_size", "1x99999x6")}) {
        INFO(key << " " << value);
        CHECK_THAT(refusal(key, value),
                   ContainsSubstring(std::string("m: its metadata '") + key + "' should be"));
    }
}

TEST_CASE("names of classes that cannot be told apart or shown are refused") {
    CHECK(fault_of_names({"a", "b c", "gr\xc3\xbcn", "\xff"}).empty());
    CHECK(fault_of_names({"a", ""}) == "the name of class 1 is empty");
    CHECK(fault_of_names({"b", "a", "c", "a"}) == "the classes 1 and 3 have the name \"a\"");
    CHECK(fault_of_names({"a", "b\nc"}) == "the name of class 1, \"b\\nc\", has a control character");
    CHECK(fault_of_names({"a\x1b[2J", "b"}) ==
          "the name of class 0, \"a\\u001b[2J\", has a control character");
    std::map<std::string, std::string> metadata;
    append_classes(metadata, {{"a", "a"}, 1, 8, 6, "centre", "luma"});
    CHECK_THAT(
        shadenet::test::message_of<InputError>([&] { classes_from(metadata, "m"); }),
        ContainsSubstring("m: its metadata 'classes' should be a list of names that can be told apart: "
                          "the classes 0 and 1 have the name \"a\"; take"));
}

TEST_CASE("classes are the same only with the same names in the same order") {
    const auto refusal = [](const std::vector<std::string>& now) {
        return shadenet::test::message_of<InputError>([&] {
            require_same_classes({"a", "b"}, now, "m", "train anew");
        });
    };
    CHECK_NOTHROW(require_same_classes({"a", "b"}, {"a", "b"}, "m", ""));
    CHECK(refusal({"a", "c"}) == "m: its class 1 is \"b\", and the data has \"c\" there; train anew");
    CHECK(refusal({"b", "a"}) == "m: its class 0 is \"a\", and the data has \"b\" there; train anew");
    CHECK(refusal({"a", "b", "c"}) == "m: it has no class 2, and the data has \"c\" there; train anew");
    CHECK(refusal({"a"}) == "m: its class 1 is \"b\", and the data has none there; train anew");
}
