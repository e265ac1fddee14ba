// Networks that take the form of labelled pictures.
#include "model/classifier.h"

#include "base/error.h"
#include "catch.h"
#include "model/network_text.h"
#include "model/presets.h"
#include "model_test_tools.h"

using namespace shadenet;

TEST_CASE("a preset takes the shape of pictures and their number of classes") {
    const Network mlp = fitted_to(named_network("mlp", {}), {1, 3, 8, 6}, 4);
    CHECK(to_text(mlp) ==
          to_text(parse_network("input 3x8x6, dense 100, norm decay 0.999 epsilon 0.001, relu, "
                                "dense 100, norm decay 0.999 epsilon 0.001, relu, dense 4",
                                "")));
    const Network all_cnn = fitted_to(named_network("all-cnn", {}), {1, 1, 28, 28}, 3);
    CHECK(point_shapes(all_cnn, {1, 1, 28, 28}).back() == Shape{1, 3, 1, 1});
    CHECK(parse_network(to_text(all_cnn), "") == all_cnn);
    CHECK(fitted_to(named_network("mlp", {}), {1, 1, 28, 28}, 10) == named_network("mlp", {}));
    CHECK_THROWS_AS(fitted_to(named_network("all-cnn", {}), {1, 1, 4, 4}, 3), InputError);
}

TEST_CASE("a classifier takes the pictures and makes a value a class") {
    const auto refusal = [](const char* text) -> std::string {
        try {
            require_classifier(parse_network(text, ""), {1, 3, 8, 6}, 4, "DIR");
        } catch (const InputError& error) {
            return error.what();
        }
        return "";
    };
    CHECK(refusal("input 3x8x6, dense 4").empty());
    CHECK(refusal("input 3, conv 4 3x3, average").empty());
    CHECK(refusal("input 1x8x6, dense 4") ==
          "--network takes 1x8x6, and the pictures of DIR are 3x8x6; begin it with input 3x8x6");
    CHECK(refusal("input 1, conv 4 3x3, average") ==
          "--network takes 1 channels, and the pictures of DIR are 3x8x6; begin it with input 3x8x6");
    CHECK(
        refusal("input 3x8x6, dense 5") ==
        "--network makes 5x1x1 of a picture, and DIR has 4 classes; end it with a value a class, as by dense "
        "4");
    CHECK(
        refusal("input 3, conv 4 3x3") ==
        "--network makes 4x8x6 of a picture, and DIR has 4 classes; end it with a value a class, as by dense "
        "4");
}

TEST_CASE("a model tells classes, or makes pictures, and is refused where the other is asked for") {
    Model model{parse_network("input 1x2x3, dense 2", ""), {}};
    const auto tells = [&] { require_tells_classes(model, "m"); };
    const std::string unnamed =
        "m: makes no pictures, and does not name its classes; take the run's model.safetensors";
    CHECK_THROWS_WITH(require_filter(model, "m"), unnamed);
    CHECK_THROWS_WITH(require_takes_pictures(model, "m"), unnamed);
    CHECK_THROWS_WITH(tells(), unnamed);
    const Model filter{parse_network("input 3, conv 3 3x3", ""), {}};
    CHECK_NOTHROW(require_filter(filter, "m"));
    CHECK_NOTHROW(require_takes_pictures(filter, "m"));
    CHECK_THROWS_WITH(require_tells_classes(filter, "m"),
                      "m: is a filter, which makes pictures and knows no classes; use `shadenet apply`");
    model.classes = {{"a", "b"}, 1, 2, 3, "centre", "luma"};
    CHECK_NOTHROW(tells());
    CHECK_THROWS_WITH(require_filter(model, "m"),
                      "m: tells the classes of pictures and makes none; use `shadenet classify`");
    model.classes.names.emplace_back("c");
    CHECK_THROWS_WITH(tells(),
                      "m: its network makes 2x1x1 of a picture, and it names 3 classes; take the model "
                      "from a backup");
    model.classes.names.pop_back();
    model.classes.width = 4;
    CHECK_THROWS_AS(tells(), InputError);
}
