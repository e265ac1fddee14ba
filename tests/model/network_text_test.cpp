#include "model/network_text.h"

#include <filesystem>
#include <limits>

#include "catch.h"
#include "model/model_test_tools.h"
#include "model/presets.h"

namespace shadenet {

namespace {

using test::contains;
using test::refusal;

Network parsed_text(const std::string& text) {
    return parse_network(text, "filter.txt");
}

struct WrongText {
    std::string text, message;  ///< the refusal begins with "filter.txt: " and the message
};

std::string repeated(const std::string& part, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += part;
    return text;
}

std::vector<WrongText> wrong_texts() {
    using namespace std::string_literals;
    return {
        // The whole.
        {"", "has no input; a network is a text such as"},
        {" \n\t\r\n # input 3\n", "has no input;"},
        {"input 3", "has no layer;"},
        {"input 3\n# conv 3 3x3", "has no layer;"},
        {repeated("#", most_network_text + 1), "is larger than a network's text may be, 262144 bytes"},
        {"input 1" + repeated("\nrelu", most_layers + 1),
         "line 1002: is one layer too many; use at most 1000"},
        // The input.
        {"conv 3 3x3\ninput 3", "line 1: \"conv\" stands first; begin with the input"},
        {"\n# text\nInput 3, relu", "line 3: \"Input\" stands first"},
        {"input", "line 1: input needs channels"},
        {"input\nconv 3 3x3", "line 1: input needs channels"},
        {"input x, relu", "line 1: the input is \"x\"; use channels, or channels x rows x columns"},
        {"input 3xx, relu", "line 1: the number of rows is \"\"; use a whole number from 1 to 16384"},
        {"input 0, relu", "line 1: the number of channels is \"0\""},
        {"input -3, relu", "line 1: the number of channels is \"-3\""},
        {"input +3, relu", "line 1: the number of channels is \"+3\""},
        {"input 3.0, relu", "line 1: the number of channels is \"3.0\""},
        {"input 3x28, relu", "line 1: the input is \"3x28\"; use channels, or channels x rows x columns"},
        {"input 3x28x28x1, relu", "line 1: the input is \"3x28x28x1\""},
        {"input 3x0x28, relu", "line 1: the number of rows is \"0\"; use a whole number from 1 to 16384"},
        {"input 3x28x99999, relu", "line 1: the number of columns is \"99999\""},
        {"input 1000000000, conv 1000000000 3x3", "line 1: the number of channels is \"1000000000\""},
        {"input 3 4, relu",
         "line 1: \"4\" stands after \"input 3\"; what may follow is scale S, range LOW..HIGH"},
        {"input 3 scale, relu", "line 1: input needs a number after scale"},
        {"input 3 scale 0, relu", "line 1: the scale is \"0\"; use a number above 0"},
        {"input 3 scale -1, relu", "line 1: the scale is \"-1\""},
        {"input 3 scale nan, relu", "line 1: the scale is \"nan\""},
        {"input 3 scale inf, relu", "line 1: the scale is \"inf\""},
        {"input 3 scale 1e9, relu", "line 1: the scale is \"1e9\""},
        {"input 3 scale 1e99, relu", "line 1: the scale is \"1e99\""},
        {"input 3 range 1..0, relu", "line 1: the range is \"1..0\"; use LOW..HIGH"},
        {"input 3 range 1, relu", "line 1: the range is \"1\"; use LOW..HIGH"},
        {"input 3 scale 1 scale 1, relu", "line 1: scale stands twice; give it once"},
        {"input 3 scale 1 range 0..1, relu", "line 1: range stands beside scale; give one of them"},
        {"input 3 zero edge, relu", "line 1: edge stands beside zero; give one of them"},
        {"input 3 edge edge, relu", "line 1: edge stands twice"},
        {"input 3x8x8 reflect, relu",
         "line 1: reflect is for pictures of any size; give the input without rows and columns, or use zero"},
        {"input 3 edge, conv 3 3x3 valid",
         "line 2: stride and valid are not for pictures that are continued beyond their edges (edge); leave "
         "them out, or use zero in the first line"},
        {"input 3 reflect, conv 3 3x3 stride 2", "line 2: stride and valid are not for pictures"},
        {"input 3 edge, conv 3 4x4",
         "line 2: the kernel 4x4 is even, and does not keep a picture's size; use an odd"},
        {"input 3 edge, average",
         "line 2: average makes one value of a whole picture, and edge in the first line is for pictures "
         "that "
         "are filtered; use zero there"},
        {"input 3 edge, dense 10", "line 2: dense makes one value of a whole picture"},
        {"input 3, relu, input 3", "line 3: the input stands twice"},
        // Layers.
        {"input 3\n\nrellu",
         "line 3: \"rellu\" is no layer; use conv, dense, norm, relu, leaky_relu, tanh, sigmoid, elu, "
         "dropout, "
         "average or add"},
        {"input 3, Conv 3 3x3", "line 2: \"Conv\" is no layer"},
        {"input 3, relu 0.2", "line 2: \"0.2\" stands after \"relu\"; nothing may follow that"},
        {"input 3, sigmoid 1", "line 2: \"1\" stands after \"sigmoid\"; nothing may follow that"},
        {"input 3, elu 1", "line 2: \"1\" stands after \"elu\""},
        {"input 3, relu, average 2x2", "line 3: \"2x2\" stands after \"average\"; nothing may follow that"},
        {"input 3\nre\0lu"s, "line 2: \"re\\u0000lu\" is no layer"},
        {"input 3\n\xff\xfe", "line 2: \"\\ufffd\\ufffd\" is no layer"},
        {"input 3\n" + std::string(200'000, 'a'), "line 2: \"" + std::string(80, 'a') + "...\" is no layer"},
        // Convolutions.
        {"input 3, conv", "line 2: conv needs channels and a kernel"},
        {"input 3, conv 16", "line 2: conv needs a kernel after its channels"},
        {"input 3, conv 3x3", "line 2: the number of channels is \"3x3\""},
        {"input 3, conv 0 3x3", "line 2: the number of channels is \"0\""},
        {"input 3, conv 1000000000 3x3",
         "line 2: the number of channels is \"1000000000\"; use a whole number"},
        {"input 3, conv 99999999999999999999 3x3", "line 2: the number of channels is \"9999"},
        {"input 3, conv 16 3", "line 2: the kernel is \"3\"; use a square one, as in 3x3"},
        {"input 3, conv 16 3x5", "line 2: the kernel is \"3x5\"; use a square one"},
        {"input 3, conv 16 3x3x3", "line 2: the kernel is \"3x3x3\""},
        {"input 3, conv 16 0x0", "line 2: the kernel's side is \"0\"; use a whole number from 1 to 11"},
        {"input 3, conv 16 13x13", "line 2: the kernel's side is \"13\""},
        {"input 3, conv 16 x", "line 2: the kernel's side is \"\""},
        {"input 3, conv 16 4x4", "line 2: the kernel 4x4 is even, and cannot be padded alike on both sides"},
        {"input 3, conv 16 3x3 same",
         "line 2: \"same\" stands after \"conv 16 3x3\"; what may follow is stride S, valid"},
        {"input 3, conv 16 3x3 stride", "line 2: conv needs a number after stride"},
        {"input 3, conv 16 3x3 stride 0", "line 2: the stride is \"0\"; use a whole number from 1 to 16"},
        {"input 3, conv 16 3x3 stride 2 valid stride 2", "line 2: stride stands twice"},
        {"input 3, conv 16 3x3 valid valid", "line 2: valid stands twice"},
        {"input 3" + repeated(", conv 1 1x1 stride 16", 5),
         "line 6: all strides together make the picture smaller by 1048576; use at most 65536"},
        {"input 16384, conv 16384 3x3",
         "line 2: the network has 2415935488 parameters up to here; use at most"},
        {"input 4000, conv 4000 1x1" + repeated(", conv 4000 1x1", 8), "line 10: the network has 144036000"},
        {"input 3x4x9, conv 3 5x5 valid",
         "line 2: conv1 has a 5x5 kernel, and its input is only 4 wide or high; use larger images"},
        // Dense layers.
        {"input 1x4x5, dense", "line 2: dense needs a number of values, as in \"dense 100\""},
        {"input 1x4x5, dense 0", "line 2: the number of values is \"0\"; use a whole number from 1 to 16384"},
        {"input 1x4x5, dense 16385", "line 2: the number of values is \"16385\""},
        {"input 1x4x5, dense 3x3", "line 2: the number of values is \"3x3\""},
        {"input 1x4x5, dense 10 relu", "line 2: \"relu\" stands after \"dense 10\"; nothing may follow that"},
        {"input 3, dense 10",
         "line 2: dense takes pictures of one size alone; give the input rows and columns, as in \"input "
         "1x28x28\", or put average before it"},
        {"input 3, conv 3 3x3 stride 2, dense 10", "line 3: dense takes pictures of one size alone"},
        {"input 3x297x295, relu, dense 1",
         "line 3: dense is given 262845 values, 3 channels of 297x295; make them 262140 at most"},
        {"input 16384x16384x16384, dense 1", "line 2: dense is given 4398046511104 values"},
        {"input 8x128x128, dense 2000",
         "line 2: the network has 262146000 parameters up to here; use at most"},
        {"input 3, average, dense 4, dense 4, conv 3 3x3 valid",
         "line 5: conv1 has a 3x3 kernel, and its input is only 1 wide or high"},
        // Dropout.
        {"input 3, dropout",
         "line 2: dropout needs the share of values that it keeps, as in \"dropout 0.6\""},
        {"input 3, dropout 0",
         "line 2: the share of values to keep is \"0\"; use a number above 0 (1e-06 at least), up to 1"},
        {"input 3, dropout 9e-7", "line 2: the share of values to keep is \"9e-7\""},
        {"input 3, dropout -0.5", "line 2: the share of values to keep is \"-0.5\""},
        {"input 3, dropout 1.0000001", "line 2: the share of values to keep is \"1.0000001\""},
        {"input 3, dropout nan", "line 2: the share of values to keep is \"nan\""},
        {"input 3, dropout inf", "line 2: the share of values to keep is \"inf\""},
        {"input 3, dropout 60%", "line 2: the share of values to keep is \"60%\""},
        {"input 3, dropout 0.5 0.5", "line 2: \"0.5\" stands after \"dropout 0.5\"; nothing may follow that"},
        // Norms.
        {"input 3, norm 16",
         "line 2: \"16\" stands after \"norm\"; what may follow is no-center, no-scale, decay D, epsilon E"},
        {"input 3, norm decay", "line 2: norm needs a number after decay"},
        {"input 3, norm decay 1", "line 2: the decay is \"1\"; use a number from 0 to below 1"},
        {"input 3, norm decay -0.1", "line 2: the decay is \"-0.1\""},
        {"input 3, norm decay nan", "line 2: the decay is \"nan\""},
        {"input 3, norm decay 0.9x", "line 2: the decay is \"0.9x\""},
        {"input 3, norm epsilon 0", "line 2: the epsilon is \"0\"; use a number above 0"},
        {"input 3, norm epsilon inf", "line 2: the epsilon is \"inf\""},
        {"input 3, norm epsilon 1e-99", "line 2: the epsilon is \"1e-99\""},
        {"input 3, norm no-scale no-scale", "line 2: no-scale stands twice"},
        {"input 3, norm decay 0.9 decay 0.9", "line 2: decay stands twice"},
        // Skips.
        {"input 3, add", "line 2: add needs input or an earlier layer's name"},
        {"input 3, add input input", "line 2: \"input\" stands after \"add input\"; nothing may follow that"},
        {"input 3, relu, add relu2, relu",
         "line 3: \"relu2\" is no tensor before this line; use one of input, relu1"},
        {"input 3, add add1", "line 2: \"add1\" is no tensor before this line; use one of input"},
        {"input 3" + repeated(", relu", 9) + ", add norm1",
         "line 11: \"norm1\" is no tensor before this line; use one of "
         "input, relu1, relu2, relu3, relu4, relu5, relu6, relu7, ..."},
        {"input 3, conv 16 3x3, add input", "line 3: input has 3 channels, and conv1 has 16"},
        {"input 3, conv 3 3x3 valid, add input", "line 3: input has other rows and columns than conv1"},
        {"input 3, conv 3 3x3 stride 2, add input", "line 3: input has other rows and columns than conv1"},
        {"input 3x9x9, conv 3 3x3 stride 2, add input",
         "line 3: input has other rows and columns than conv1"},
        {"input 3, average, add input",
         "line 3: input has other rows and columns than average1, by a stride, valid, average or dense "
         "between"},
        {"input 3, average, conv 3 1x1, add input", "line 4: input has other rows and columns than conv1"},
        {"input 3x5x1, average, add input", "line 3: input has other rows and columns than average1"},
        {"input 3x5x1, dense 3, add input", "line 3: input has other rows and columns than fc1"},
    };
}

}  // namespace

TEST_CASE("a network's text is read") {
    const Network network = parsed_text(
        "\xef\xbb\xbf# a filter\r\n"
        "\n"
        "input 2 scale 255   # grey and depth\r\n"
        "\tconv 7 5x5 valid stride 2\n"
        "norm no-center, leaky_relu\n"
        "conv 7 3x3\n"
        "norm no-scale epsilon 0.001 decay 0.5\n"
        "add leaky_relu1\n"
        "tanh\n"
        "conv 4 2x2 valid");
    const Network expected{
        any_size(2),
        {Conv{"conv1", 2, 7, 5, 2, Padding::valid}, BatchNorm{.name = "bn1", .channels = 7, .center = false},
         Activation{ActivationKind::leaky_relu}, Conv{"conv2", 7, 7, 3},
         BatchNorm{"bn2", 7, 0.5f, 0.001f, true, false}, Skip{3}, Activation{ActivationKind::tanh},
         Conv{"conv3", 7, 4, 2, 1, Padding::valid}},
        {0, 255}};
    CHECK(network == expected);
    CHECK(point_names(network) == std::vector<std::string>{"input", "conv1", "bn1", "leaky_relu1", "conv2",
                                                           "bn2", "add1", "tanh1", "conv3"});
    CHECK(to_text(network) ==
          "input 2 scale 255\nconv 7 5x5 stride 2 valid\nnorm decay 0.9 epsilon 1e-05 no-center\nleaky_relu\n"
          "conv 7 3x3 stride 1\nnorm decay 0.5 epsilon 0.001 no-scale\nadd leaky_relu1\ntanh\n"
          "conv 4 2x2 stride 1 valid");
}

TEST_CASE("dense, dropout, average, sigmoid and elu are read") {
    const Network network = parsed_text(
        "input 2x5x7, conv 3 3x3 stride 2, sigmoid, dropout 0.6, dense 11, norm, elu, dropout 1\n"
        "add elu1, dense 4, average, sigmoid");
    CHECK(network.layers == std::vector<Layer>{Conv{"conv1", 2, 3, 3, 2}, Activation{ActivationKind::sigmoid},
                                               Dropout{0.6f}, Dense{"fc1", 3 * 3 * 4, 11},
                                               BatchNorm{"bn1", 11}, Activation{ActivationKind::elu},
                                               Dropout{1}, Skip{6}, Dense{"fc2", 11, 4}, Average{},
                                               Activation{ActivationKind::sigmoid}});
    CHECK(point_names(network) == std::vector<std::string>{"input", "conv1", "sigmoid1", "dropout1", "fc1",
                                                           "bn1", "elu1", "dropout2", "add1", "fc2",
                                                           "average1", "sigmoid2"});
    const std::string text =
        "input 2x5x7 scale 1\nconv 3 3x3 stride 2\nsigmoid\ndropout 0.6\ndense 11\n"
        "norm decay 0.9 epsilon 1e-05\nelu\ndropout 1\nadd elu1\ndense 4\naverage\nsigmoid";
    CHECK(to_text(network) == text);
    CHECK(parsed_text(text) == network);
    CHECK(point_shapes(network, {6, 2, 5, 7}).back() == Shape{6, 4, 1, 1});
    for (const float keep : {1e-6f, 1.0f / 3, std::nextafter(1.0f, 0.0f), 1.0f}) {
        const Network kept{any_size(3), {Dropout{keep}}};
        CHECK(parsed_text(to_text(kept)) == kept);
    }
}

TEST_CASE("after average every picture has one row and one column") {
    const Network network = parsed_text(
        "input 3, conv 5 3x3 stride 2, average, conv 5 3x3 stride 2, conv 5 1x1 valid, add average1, dense "
        "5, "
        "add conv2, dense 7");
    CHECK(std::get<Dense>(network.layers[5]) == Dense{"fc1", 5, 5});
    CHECK(std::get<Dense>(network.layers[7]) == Dense{"fc2", 5, 7});
    for (const Shape picture : {Shape{2, 3, 1, 1}, Shape{2, 3, 8, 31}}) {
        CHECK(point_shapes(network, picture).back() == Shape{2, 7, 1, 1});
    }
    // Of other pictures than the text's, a dense layer tells how many values it takes.
    const Network sized = parsed_text("input 3x4x5, relu, dense 2");
    CHECK(contains(refusal([&] { point_shapes(sized, {1, 3, 4, 6}); }), "fc1 takes 60 values of an example"));
}

TEST_CASE("every wrong text is refused with its line, and what is accepted") {
    for (const WrongText& wrong : wrong_texts()) {
        const std::string message = refusal([&] { parsed_text(wrong.text); });
        CAPTURE(wrong.text.substr(0, 200), message);
        CHECK(message.starts_with("filter.txt: " + wrong.message));
        CHECK(message.find('\n') == std::string::npos);
        CHECK(message.find('\0') == std::string::npos);
        CHECK(message.size() < 500);
    }
}

TEST_CASE("what a text may ask for at most is accepted") {
    CHECK(parsed_text("input 1" + repeated(",relu", most_layers)).layers.size() == most_layers);
    CHECK(std::get<Conv>(parsed_text("input 1, conv 16384 11x11").layers[0]).out_channels == most_channels);
    CHECK_NOTHROW(parsed_text("input 1" + repeated(", conv 1 1x1 stride 16", 4)));
    CHECK(parsed_text("input 1 range -65536..65536, relu").range == PixelRange{-65536, 65536});
    CHECK(parsed_text("input 1x16384x16384 zero, relu").input == Shape{0, 1, 16'384, 16'384});
    CHECK(std::get<Dense>(parsed_text("input 12x257x85, dense 2").layers[0]) == Dense{"fc1", 262'140, 2});
    CHECK(std::get<Dense>(parsed_text("input 2, average, dense 16384").layers[1]).out_features == 16'384);
}

TEST_CASE("a text with commas and one with lines make the same network") {
    CHECK(parsed_text("input 3,conv 3 3x3,,relu , add input#, tanh") ==
          parsed_text("input 3\nconv 3 3x3\nrelu\nadd input\n"));
}

TEST_CASE("the canonical text gives back every bit of a network's numbers") {
    const float least = std::numeric_limits<float>::denorm_min(), most = std::numeric_limits<float>::max();
    for (const float decay : {0.0f, 0.1f, 1.0f / 3, std::nextafter(1.0f, 0.0f), least}) {
        for (const float epsilon : {least, 1e-5f, 1.0f / 3, most}) {
            for (const PixelRange range : {PixelRange{}, PixelRange{0, 1.0f / 3}, PixelRange{-1, 1},
                                           PixelRange{-1.0f / 3, least}, PixelRange{0, least}}) {
                const Network network{any_size(3), {BatchNorm{"bn1", 3, decay, epsilon}}, range};
                const std::string text = to_text(network);
                CAPTURE(text);
                CHECK(parsed_text(text) == network);
                CHECK(to_text(parsed_text(text)) == text);
            }
        }
    }
    for (const PicturePadding padding : {PicturePadding::edge, PicturePadding::reflect}) {
        const Network continued{any_size(3), {Conv{"conv1", 3, 2, 3}}, {}, padding};
        CHECK(to_text(continued) ==
              std::string("input 3 scale 1 ") + picture_padding_words[padding] + "\nconv 2 3x3 stride 1");
        CHECK(parsed_text(to_text(continued)) == continued);
    }
    const Network sized{{0, 1, 28, 30}, {Conv{"conv1", 1, 2, 3}}};
    CHECK(to_text(sized) == "input 1x28x30 scale 1\nconv 2 3x3 stride 1");
    CHECK(parsed_text(to_text(sized)) == sized);
}

TEST_CASE("a skip joins tensors that have one size for every picture") {
    // By two ways of strides and valid kernels to the same rows, and to one row fewer.
    const std::string start = "input 2, conv 2 3x3 stride 2, conv 2 3x3 stride 2, ";
    CHECK_NOTHROW(parsed_text(start + "add conv2"));
    CHECK(contains(refusal([&] { parsed_text(start + "conv 2 1x1 stride 2, add conv1"); }), "other rows"));
    // Of 9 rows both strides leave 5 and 3, which a fixed size tells.
    CHECK_NOTHROW(parsed_text("input 1x1x1, conv 1 3x3 stride 2, add input"));
    CHECK(
        contains(refusal([&] { parsed_text("input 1x2x1, conv 1 3x3 stride 2, add input"); }), "other rows"));
}

TEST_CASE("a network's readers see its norms") {
    const Network network = parsed_text("input 3, norm decay 0.5, relu, norm decay 0.75, conv 2 1x1");
    CHECK(norms_of(network) == std::vector<BatchNorm>{{"bn1", 3, 0.5f}, {"bn2", 3, 0.75f}});
    CHECK(has_norm(network));
    CHECK(slowest_decay(network) == 0.75f);
    CHECK_FALSE(has_norm(parsed_text("input 3, relu")));
    CHECK(slowest_decay(parsed_text("input 3, relu")) == 0);
}

}  // namespace shadenet
