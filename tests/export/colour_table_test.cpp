// Tables of colours: what they hold, and that ffmpeg's lut3d makes of pictures what we say they make.
#include "export/colour_table.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "../cli/pictures.h"
#include "../message_of.h"
#include "../onnx_cases/cases.h"
#include "base/error.h"
#include "base/file.h"
#include "base/psnr.h"
#include "catch.h"
#include "image/picture_file.h"
#include "model/exact_network.h"
#include "model/random.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

const std::atomic<bool> never = false;

/// Bends colours, and looks at single pixels only.
const char* const pixel_network = "input 3, conv 8 1x1, tanh, conv 3 1x1, add input";

Model mild_model(const std::string& network) {
    Model model = drawn_model(network);
    for (NamedTensor& tensor : model.parameters.tensors()) {
        if (!tensor.name.starts_with("conv")) continue;
        for (float& value : tensor.values) value *= 0.3f;
    }
    return model;
}

/// The network's result in the middle of a flat area.
std::vector<double> flat_result(const Model& model, const std::array<float, 3>& colour) {
    constexpr std::uint32_t side = 41;
    const auto source = [&](std::uint32_t c, std::uint32_t, std::uint32_t) {
        return static_cast<double>(colour[c]);
    };
    return ExactNetwork(model.network, model.parameters).at(source, side, side, side / 2, side / 2).values;
}

Picture16 random_picture(std::uint32_t width, std::uint32_t height) {
    std::mt19937_64 random = random_stream(3, 0);
    Picture16 picture{width, height, std::vector<std::uint16_t>(std::size_t{3} * width * height)};
    for (std::uint16_t& value : picture.rgb) value = static_cast<std::uint16_t>(uniform(random) * 65536);
    return picture;
}

/// `format`: its name of the samples that the table is looked up with, which would else be of 8 bits.
Image ffmpeg_made(const std::filesystem::path& folder, const std::string& format) {
    const Outcome outcome =
        Process({"/usr/bin/env", "-C", folder.string(), "ffmpeg", "-v", "error", "-y", "-i", "in.png", "-vf",
                 "format=" + format + ",lut3d=file=table.cube:interp=tetrahedral", "out.png"})
            .wait();
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    return read_image(folder / "out.png").image;
}

double largest_difference(const Image& made, const Image& expected) {
    REQUIRE(made.values.size() == expected.values.size());
    double worst = 0;
    for (std::size_t i = 0; i < made.values.size(); ++i) {
        const auto clamped = static_cast<double>(std::clamp(expected.values[i], 0.0f, 1.0f));
        worst = std::max(worst, std::abs(static_cast<double>(made.values[i]) - clamped));
    }
    return worst;
}

}  // namespace

TEST_CASE("a table holds what the network makes of flat areas, whatever it looks at and pads with") {
    for (const char* const text :
         {pixel_network, "input 3, conv 6 3x3, norm, leaky_relu, conv 3 5x5, norm, add input",
          "input 3 range -1..1 reflect, conv 4 3x3, norm, elu, conv 4 3x3, sigmoid, add elu1, conv 3 1x1"}) {
        INFO(text);
        const Model model = drawn_model(text);
        const ColourTable table = colour_table(model, 17, "m", never);
        REQUIRE(table.colours.size() == 17 * 17 * 17);
        for (const std::array<std::size_t, 3>& at :
             {std::array<std::size_t, 3>{0, 0, 0}, {16, 3, 9}, {5, 16, 1}}) {
            const std::array<float, 3> colour = {static_cast<float>(at[0]) / 16,
                                                 static_cast<float>(at[1]) / 16,
                                                 static_cast<float>(at[2]) / 16};
            const std::vector<double> expected = flat_result(model, colour);
            const std::array<float, 3>& entry = table.colours[at[0] + 17 * (at[1] + 17 * at[2])];
            for (std::size_t c = 0; c < 3; ++c) {
                CHECK(static_cast<double>(entry[c]) == Approx(expected[c]).margin(2e-6));
                CHECK(static_cast<double>(table.at(colour)[c]) == Approx(expected[c]).margin(2e-6));
            }
        }
    }
}

TEST_CASE("between its colours a table is exact for what is linear, and near for what bends") {
    const Model linear = drawn_model("input 3, conv 3 1x1");
    const ColourTable plane = colour_table(linear, 17, "m", never);
    const Model bent = mild_model(pixel_network);
    const Image picture = to_image(random_picture(40, 30));
    double worst = 0, previous = 0;
    for (const std::uint32_t side : table_sides) {
        const ColourTable table = colour_table(bent, side, "m", never);
        double sum = 0;
        for (std::size_t i = 0; i < picture.plane(); i += 7) {
            const std::array<float, 3> colour = {picture.values[i], picture.values[picture.plane() + i],
                                                 picture.values[2 * picture.plane() + i]};
            const std::vector<double> flat = flat_result(linear, colour), exact = flat_result(bent, colour);
            for (std::size_t c = 0; c < 3; ++c) {
                worst = std::max(worst, std::abs(static_cast<double>(plane.at(colour)[c]) - flat[c]));
                sum += std::pow(static_cast<double>(table.at(colour)[c]) - exact[c], 2);
            }
        }
        if (previous > 0) CHECK(sum < previous / 8);  // the error falls by the square of the distance
        previous = sum;
    }
    CHECK(worst < 2e-6);
    CHECK(previous < 1e-6);
}

TEST_CASE("ffmpeg's lut3d makes of a table what it is said to make") {
    const TemporaryFolder folder;
    for (const std::uint32_t side : table_sides) {
        const ColourTable table = colour_table(mild_model(pixel_network), side, "m", never);
        write_file_atomically(folder / "table.cube", cube_text(table, {"a note"}));
        const Picture16 picture = random_picture(64, 48);
        write_picture(folder / "in.png", {.colour = picture}, {});
        // It cuts off where we round: a level of 65535, and a little for its sums.
        CHECK(largest_difference(ffmpeg_made(folder.path(), "rgb48"),
                                 filtered_by(table, to_image(picture))) <= 2.0 / 65535);
        const Picture8 coarse = to_picture8(to_image(picture));
        write_png(folder / "in.png", coarse);
        CHECK(largest_difference(ffmpeg_made(folder.path(), "rgb24"), filtered_by(table, to_image(coarse))) <=
              1.01 / 255);
    }
}

TEST_CASE("what no table holds is refused") {
    const auto refusal = [](const char* network) {
        const Model model = drawn_model(network);
        return message_of<InputError>([&] { colour_table(model, 17, "m", never); });
    };
    CHECK_THAT(refusal("input 3x4x4, dense 2"), ContainsSubstring("m: it tells the classes of pictures"));
    CHECK_THAT(refusal("input 3, conv 4 3x3"),
               ContainsSubstring("which no table of colours holds; export it as .onnx"));
    const Model large = drawn_model("input 3, conv 600 1x1, conv 600 1x1, conv 3 1x1");
    CHECK_THAT(message_of<InputError>([&] { colour_table(large, 65, "m", never); }),
               ContainsSubstring("m: is too large a network for a table of 274625 colours; export it as "
                                 ".onnx, or with --side 17"));
    Model model = drawn_model("input 3, conv 3 1x1");
    model.parameters.at("conv1.bias").values[0] = std::numeric_limits<float>::infinity();
    CHECK(message_of<InputError>([&] { colour_table(model, 17, "m", never); }) ==
          "m: its table of colours would hold what is no number; train it anew");
    model.parameters.at("conv1.bias").values[0] = 1e36f;
    model.parameters.at("conv1.weight").values[0] = 0;
    CHECK(message_of<InputError>([&] { colour_table(model, 17, "m", never); }) ==
          "m: its table of colours would hold 1e+36, and some programs that use it know numbers up to 65504; "
          "train it anew, or export it as .onnx");
}

TEST_CASE("a table that is stopped is none") {
    const Model model = drawn_model("input 3, conv 3 1x1");
    const std::atomic<bool> stop = true;
    CHECK_THROWS_AS(colour_table(model, 17, "m", stop), Stopped);
}

TEST_CASE("export tells what a table loses of a filter that looks around") {
    const Pictures pictures;
    write_model(pictures / "m.safetensors",
                mild_model("input 3 edge, conv 4 3x3, relu, conv 3 3x3, add input"));
    write_model(pictures / "pixel.safetensors", mild_model(pixel_network));
    const auto run = [&](const std::string& model, const Arguments& more) {
        Arguments arguments = {"export", pictures.path(model), "-o", pictures.path("t.cube"), "--overwrite"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run_shadenet(arguments);
    };
    const Outcome warned = run("m.safetensors", {});
    CHECK(warned.exit_code == 0);
    CHECK_THAT(warned.err,
               ContainsSubstring("looks at the 5x5 pixels around each, and a table at one; --input"));
    CHECK_THAT(read_text(pictures / "t.cube"), ContainsSubstring("\nLUT_3D_SIZE 33\n"));
    const Outcome measured = run("m.safetensors", {"-i", pictures.path("before")});
    CHECK_THAT(measured.out, ContainsSubstring(" dB  ") && ContainsSubstring("of table against network"));
    const Outcome exact = run("pixel.safetensors", {"--side", "65", "-i", pictures.path("before")});
    const auto decibels = [](const Outcome& outcome) {
        const std::size_t end = outcome.out.find(" dB  of table");
        REQUIRE(end != std::string::npos);
        return std::stod(outcome.out.substr(outcome.out.rfind('\n', end) + 1, end));
    };
    CHECK(decibels(measured) < 45);
    CHECK(decibels(exact) > 65);
    CHECK_THAT(exact.err, !ContainsSubstring("looks at"));
}
