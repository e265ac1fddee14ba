// The shapes of network.h: what a layer makes of its input, and how far it looks.
#include "catch.h"
#include "model/model_test_tools.h"
#include "model/network.h"
#include "model/presets.h"

namespace shadenet {

namespace {

using test::contains;
using test::refusal;

}  // namespace

TEST_CASE("a shape counts its values without overflow") {
    CHECK(Shape{2, 3, 5, 7}.values() == 210);
    CHECK(Shape{2, 3, 5, 7}.plane() == 35);
    CHECK(Shape{65536, 65536, 1, 3}.values() == std::size_t{3} << 32);
    CHECK(Shape{1, 1, 65536, 65537}.plane() == (std::size_t{1} << 32) + 65536);
}

TEST_CASE("a convolution's output shape") {
    const auto shape = [](std::uint32_t kernel, std::uint32_t stride, Padding padding) {
        return output_shape(Conv{"c", 3, 5, kernel, stride, padding}, {2, 3, 11, 18});
    };
    CHECK(shape(1, 1, Padding::same) == Shape{2, 5, 11, 18});
    CHECK(shape(7, 1, Padding::same) == Shape{2, 5, 11, 18});
    CHECK(shape(3, 2, Padding::same) == Shape{2, 5, 6, 9});
    CHECK(shape(5, 3, Padding::same) == Shape{2, 5, 4, 6});
    CHECK(shape(3, 1, Padding::valid) == Shape{2, 5, 9, 16});
    CHECK(shape(4, 2, Padding::valid) == Shape{2, 5, 4, 8});
    CHECK(shape(11, 1, Padding::valid) == Shape{2, 5, 1, 8});
    CHECK(shape(11, 40, Padding::valid) == Shape{2, 5, 1, 1});
}

TEST_CASE("dense and average make one row and one column") {
    const Shape x = {2, 5, 7, 3};
    CHECK(output_shape(Dense{"d", 105, 11}, x) == Shape{2, 11, 1, 1});
    CHECK(output_shape(Average{}, x) == Shape{2, 5, 1, 1});
}

TEST_CASE("all other layers keep the shape") {
    const Shape x = {2, 5, 7, 3};
    CHECK(output_shape(Dropout{0.5f}, x) == x);
    CHECK(output_shape(Activation{ActivationKind::elu}, x) == x);
    CHECK(output_shape(BatchNorm{"b", 5}, x) == x);
    CHECK(output_shape(Activation{ActivationKind::tanh}, x) == x);
    CHECK(output_shape(Skip{0}, x) == x);
}

TEST_CASE("a layer that does not fit is refused") {
    const auto message = [](const Layer& layer) {
        return refusal([&] { output_shape(layer, {2, 3, 4, 18}); });
    };
    CHECK(contains(message(Conv{"c", 4, 5, 3}), "c takes 4 channels, but is given 3"));
    CHECK(contains(message(BatchNorm{"b", 2}), "b takes 2 channels, but is given 3"));
    CHECK(contains(message(Conv{"c", 3, 5, 5, 1, Padding::valid}), "only 4"));
    CHECK(contains(message(Conv{"c", 3, 5, 0}), "kernel 0"));
    CHECK(
        contains(message(Dense{"d", 215, 5}), "d takes 215 values of an example, but is given 216 (3x4x18)"));
    CHECK(contains(message(Conv{"c", 3, 5, 3, 0}), "stride 0"));
    CHECK(contains(refusal([] { output_shape(Conv{"c", 3, 5, 3}, {1, 3, 0, 9}); }), "only 0"));
}

TEST_CASE("the shapes of all points") {
    NetworkOptions options;
    options.hidden = 5;
    options.activation = "relu";
    const Shape x = {2, 3, 7, 1}, hidden = {2, 5, 7, 1};
    CHECK(point_shapes(two_layer_network(options), x) ==
          std::vector<Shape>{x, hidden, hidden, hidden, x, x, x});
    CHECK(contains(refusal([&] { point_shapes(two_layer_network(options), hidden); }), "takes 3 channels"));
    CHECK(point_shapes({any_size(4), {}}, {1, 4, 2, 3}) == std::vector<Shape>{{1, 4, 2, 3}});
}

TEST_CASE("a skip joins equal shapes, and looks back") {
    const Shape x = {1, 3, 9, 8};
    const Conv keep = {"k", 3, 3, 3}, shrink = {"s", 3, 3, 3, 1, Padding::valid}, widen = {"w", 3, 4, 1};
    CHECK(point_shapes({any_size(3), {keep, shrink, Activation{ActivationKind::relu}, Skip{2}}}, x).back() ==
          Shape{1, 3, 7, 6});
    CHECK_NOTHROW(point_shapes({any_size(3), {keep, Skip{1}}}, x));
    CHECK(contains(refusal([&] { point_shapes({any_size(3), {keep, Skip{2}}}, x); }), "comes after"));
    CHECK(contains(refusal([&] {
                       point_shapes({any_size(3), {shrink, Skip{0}}}, x);
                   }),
                   "[1,3,9,8] to [1,3,7,6]"));
    CHECK(contains(refusal([&] { point_shapes({any_size(3), {widen, Skip{0}}}, x); }), "equal shapes"));
}

TEST_CASE("how far a network looks") {
    NetworkOptions options;
    CHECK(receptive_radius(two_layer_network(options)) == 2);
    options.kernel = 7;
    CHECK(receptive_radius(two_layer_network(options)) == 6);
    options.kernel = 1;
    CHECK(receptive_radius(two_layer_network(options)) == 0);
    CHECK(receptive_radius({any_size(3), {Conv{"c", 3, 3, 4}}}) == 2);
    CHECK(contains(refusal([] {
                       receptive_radius({any_size(3), {Conv{"far", 3, 3, 3, 2}}});
                   }),
                   "far has stride 2"));
    for (const Layer& layer : {Layer{Average{}}, Layer{Dense{"fc1", 3, 3}}}) {
        const Network whole{any_size(3), {Conv{"c", 3, 3, 3}, layer}};
        const std::string name = layer_name(layer);
        CHECK(contains(refusal([&] { receptive_radius(whole); }), name + " takes a whole picture"));
        CHECK(contains(refusal([&] { require_keeps_pictures(whole); }),
                       "single values of a picture, by " + name));
    }
    const Network smooth{any_size(3), {Conv{"c", 3, 3, 5}, Dropout{0.5f}, Activation{ActivationKind::elu}}};
    CHECK(receptive_radius(smooth) == 2);
    CHECK_NOTHROW(require_keeps_pictures(smooth));
}

TEST_CASE("which biases feed a norm") {
    NetworkOptions options;
    options.activation = "relu";
    const Network before = two_layer_network(options);  // conv1 bn1 relu conv2 bn2 skip
    CHECK(bias_feeds_norm(before, 0));
    CHECK_FALSE(bias_feeds_norm(before, 1));
    CHECK(bias_feeds_norm(before, 3));
    options.norm = NormPlacement::after;
    const Network after = two_layer_network(options);  // conv1 relu bn1 conv2 bn2 skip
    CHECK_FALSE(bias_feeds_norm(after, 0));
    CHECK(bias_feeds_norm(after, 3));
    options.norm = NormPlacement::none;
    const Network none = two_layer_network(options);  // conv1 relu conv2 skip
    CHECK_FALSE(bias_feeds_norm(none, 2));
    CHECK_FALSE(bias_feeds_norm(none, 3));
    CHECK_FALSE(bias_feeds_norm(none, 99));

    // A skip that takes the convolution's own output carries its bias past the norm.
    const Network past = {any_size(3), {Conv{"c", 3, 3, 3}, BatchNorm{"b", 3}, Skip{1}}};
    CHECK_FALSE(bias_feeds_norm(past, 0));
    const Network around = {any_size(3), {Conv{"c", 3, 3, 3}, BatchNorm{"b", 3}, Skip{2}}};
    CHECK(bias_feeds_norm(around, 0));
    const Network dense = {{0, 3, 2, 1}, {Dense{"d", 6, 4}, BatchNorm{"b", 4}}};
    CHECK(bias_feeds_norm(dense, 0));
}

TEST_CASE("weights that pad nothing hand a bias on to the norm") {
    NetworkOptions options;
    Network linear = two_layer_network(options);  // conv1 bn1 conv2 bn2 skip
    CHECK_FALSE(bias_feeds_norm(linear, 1));      // conv2 sees zeros around what it adds
    linear.padding = PicturePadding::edge;
    CHECK(cancelling_norm(linear, 0) == 1);
    CHECK(cancelling_norm(linear, 1) == 3);
    CHECK(cancelling_norm(linear, 2) == 3);
    CHECK_FALSE(cancelling_norm(linear, 3));
    linear.layers.push_back(Skip{2});
    CHECK_FALSE(bias_feeds_norm(linear, 1));  // it goes past bn2
    CHECK(bias_feeds_norm(linear, 2));
    options.activation = "relu";
    Network bent = two_layer_network(options);  // conv1 bn1 relu conv2 bn2 skip
    bent.padding = PicturePadding::edge;
    CHECK_FALSE(bias_feeds_norm(bent, 1));

    const Network plain = {any_size(3),
                           {Conv{"a", 3, 3, 1}, Conv{"b", 3, 3, 3, 2, Padding::valid}, BatchNorm{"c", 3}}};
    CHECK(cancelling_norm(plain, 0) == 2);
    const Network dense = {{0, 3, 2, 1}, {BatchNorm{"a", 3}, Dense{"b", 6, 4}, BatchNorm{"c", 4}}};
    CHECK(cancelling_norm(dense, 0) == 2);
}

TEST_CASE("continued pictures have a margin that the layers use up") {
    Network network{
        any_size(3), {Conv{"a", 3, 8, 5}, Conv{"b", 8, 3, 3}, Skip{0}}, {}, PicturePadding::reflect};
    const Shape pictures{2, 3, 1, 9};
    CHECK(picture_margin(network) == 3);
    CHECK(with_margin(network, pictures) == Shape{2, 3, 7, 15});
    CHECK(point_shapes(network, pictures) ==
          std::vector<Shape>{{2, 3, 7, 15}, {2, 8, 3, 11}, pictures, pictures});
    CHECK_NOTHROW(require_keeps_pictures(network));
    CHECK(point_margins(network) == std::vector<std::uint32_t>{3, 1, 0, 0});
    CHECK(as_computed(as_computed(network)) == as_computed(network));
    network.padding = PicturePadding::zero;
    CHECK(with_margin(network, pictures) == pictures);
    CHECK(point_margins(network) == std::vector<std::uint32_t>(4, 0));
    CHECK(as_computed(network) == network);
}

}  // namespace shadenet
