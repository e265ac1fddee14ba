// What a model's metadata tells of its classes.
#include "model/model_classes.h"

#include <utility>

#include "base/error.h"
#include "catch.h"

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
