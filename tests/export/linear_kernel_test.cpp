// Networks without activations as one kernel, and the files that show it.
#include "export/linear_kernel.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <sstream>

#include <fmt/format.h>

#include "../cli/pictures.h"
#include "../onnx_cases/cases.h"
#include "base/file.h"
#include "catch.h"
#include "engine/two_layer/folded_network.h"
#include "export/kernel_files.h"
#include "image/image.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

const char* const linear_text = "input 3 edge, conv 5 3x3, norm, conv 3 3x3, norm, add input";

LinearKernel kernel_of(const std::string& network) {
    const Model model = drawn_model(network);
    return linear_kernel(model.network, model.parameters);
}

/// The kernel at one pixel of a picture [3][h][w], away from its edges.
double by_kernel(const LinearKernel& kernel, const std::vector<float>& picture, const Shape& shape,
                 std::size_t o, std::size_t row, std::size_t column) {
    double sum = kernel.constant[o];
    for (std::size_t c = 0; c < 3; ++c) {
        for (std::size_t y = 0; y < kernel.side(); ++y) {
            for (std::size_t x = 0; x < kernel.side(); ++x) {
                const std::size_t at =
                    (c * shape.h + row + y - kernel.radius) * shape.w + column + x - kernel.radius;
                sum += kernel.weight(o, c, y, x) * static_cast<double>(picture[at]);
            }
        }
    }
    return sum;
}

/// All numbers of a text, in their order; what stands in comments is no number.
std::vector<double> numbers_in(const std::string& text, const std::string& word, char end) {
    std::vector<double> numbers;
    for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
        const std::size_t first = at + word.size();
        std::istringstream list(text.substr(first, text.find(end, first) - first));
        for (std::string number; std::getline(list, number, ',');) numbers.push_back(std::stod(number));
    }
    return numbers;
}

}  // namespace

TEST_CASE("a kernel makes of pictures what its network does") {
    for (const char* const text :
         {linear_text, "input 3, conv 5 5x5, conv 4 1x1, dropout 0.5, norm, conv 4 3x3, add bn1, conv 3 1x1",
          "input 3 range -1..1 reflect, norm, conv 3 3x3, add input", "input 3, conv 3 1x1"}) {
        INFO(text);
        const OnnxCase one{"", drawn_model(text), {1, 3, 11, 13}};
        REQUIRE(no_kernel_reason(one.model.network).empty());
        const LinearKernel kernel = linear_kernel(one.model.network, one.model.parameters);
        const std::vector<float> picture = case_pictures(one);
        const std::vector<double> expected = case_results(one);
        for (std::size_t o = 0; o < 3; ++o) {
            const double made = by_kernel(kernel, picture, one.pictures, o, 5, 6);
            CHECK(made ==
                  Approx(expected[(o * 11 + 5) * 13 + 6]).epsilon(1e-6));  // epsilons of norms are floats
        }
    }
}

TEST_CASE("a kernel is that of folded inference") {
    const Model model = drawn_model(linear_text);
    const LinearKernel kernel = linear_kernel(model.network, model.parameters);
    const std::vector<float> folded =
        fold_two_layers(model.network, model.parameters).network->linear_weights();
    REQUIRE(kernel.side() == 5);
    for (std::size_t o = 0; o < 3; ++o) {
        CHECK(kernel.constant[o] == Approx(static_cast<double>(folded[225 + o])).margin(1e-6));
        for (std::size_t c = 0; c < 3; ++c) {
            for (std::size_t y = 0; y < 5; ++y) {
                for (std::size_t x = 0; x < 5; ++x) {
                    const auto weight = static_cast<double>(folded[((y * 3 + o) * 3 + c) * 5 + x]);
                    CHECK(kernel.weight(o, c, y, x) == Approx(weight).margin(1e-6));
                }
            }
        }
    }
}

TEST_CASE("what has no kernel says why, and what differs at edges says so") {
    const auto reason = [](const char* text) { return no_kernel_reason(drawn_model(text).network); };
    CHECK(reason("input 3, conv 3 3x3, relu") == "has relu between its layers");
    CHECK(reason("input 3x4x4, dense 2") == "makes no pictures of the size that it takes");
    CHECK(reason("input 3, conv 3 3x3 stride 2") == "makes no pictures of the size that it takes");
    CHECK(reason("input 3, conv 40 11x11, conv 40 11x11, conv 40 11x11, conv 40 11x11, conv 3 11x11") ==
          "is too large for that");
    CHECK_FALSE(kernel_of(linear_text).differs_at_edges);
    CHECK_FALSE(kernel_of("input 3, dropout 0.5, conv 3 3x3, norm").differs_at_edges);
    CHECK(kernel_of("input 3, norm, conv 3 3x3").differs_at_edges);
    CHECK(kernel_of("input 3 range -1..1, conv 3 3x3").differs_at_edges);
}

TEST_CASE("a kernel's gain is that of a pattern: a mean of three pixels takes those of three pixels away") {
    LinearKernel mean{.radius = 1, .weights = std::vector<double>(81, 0.0)};
    for (std::size_t o = 0; o < 3; ++o) {
        for (std::size_t x = 0; x < 3; ++x) mean.weights[((o * 3 + o) * 3 + 1) * 3 + x] = 1.0 / 3;
    }
    CHECK(mean.gain(0, 0, 0) == Approx(1));
    CHECK(mean.gain(1, 1.0 / 3, 0) == Approx(0).margin(1e-12));
    CHECK(mean.gain(2, 0.5, 0) == Approx(1.0 / 3));
    CHECK(mean.gain(0, 0, 0.5) == Approx(1));
    CHECK(mean.sum(0, 0) == Approx(1));
    CHECK(mean.sum(0, 1) == 0);
    const Picture8 drawn = kernel_picture(mean);
    const auto level = [&](std::size_t y, std::size_t x) { return drawn.rgb[(y * drawn.width + x) * 3]; };
    CHECK(drawn.width == 564);
    CHECK(drawn.height == 288);
    CHECK(level(12 + 40, 12 + 40) == 255);   // its largest weight
    CHECK(level(12 + 5, 12 + 40) == 128);    // none in the row above
    CHECK(level(12 + 40, 104 + 40) == 128);  // nor of another colour
    CHECK(level(144, 288 + 132) == Approx(128).margin(1));
    CHECK(level(144, 288) == Approx(43).margin(1));        // patterns of two columns
    CHECK(level(12, 288 + 132) == Approx(128).margin(1));  // and of two rows
}

TEST_CASE("export writes a kernel as numbers, as a function that compiles, and as a picture") {
    for (const char* padding : {"zero", "edge", "reflect"}) {
        const Pictures pictures;
        const Model model = drawn_model(fmt::format("input 3 {}, conv 4 3x3, norm, conv 3 3x3", padding));
        write_model(pictures / "m.safetensors", model);
        const Outcome outcome =
            run_shadenet({"export", pictures.path("m.safetensors"), "-o", pictures.path("k.csv")},
                         {{"VK_ICD_FILENAMES", "/nowhere.json"}, {"VK_DRIVER_FILES", "/nowhere"}});
        CHECK(outcome.exit_code == 0);
        const LinearKernel kernel = linear_kernel(model.network, model.parameters);
        const std::string csv = read_text(pictures / "k.csv"), glsl = read_text(pictures / "k.glsl");
        CHECK(std::count(csv.begin(), csv.end(), '\n') == 1 + 3 + 225);
        CHECK_THAT(csv,
                   ContainsSubstring(fmt::format("\ngreen,blue,-2,1,{:.9g}\n", kernel.weight(1, 2, 0, 3))) &&
                       ContainsSubstring(fmt::format("\nblue,constant,,,{:.9g}\n", kernel.constant[2])));
        const std::vector<double> constant = numbers_in(glsl, "vec3 sum = vec3(", ')');
        REQUIRE(constant.size() == 3);
        CHECK(constant[1] == Approx(kernel.constant[1]));
        const std::vector<double> matrices = numbers_in(glsl, "mat3(", ')');
        REQUIRE(matrices.size() == 225);
        CHECK(matrices[9 * 7 + 3 * 2 + 1] == Approx(kernel.weight(1, 2, 1, 2)));
        CHECK((glsl.find("within 2 pixels of the edges") != glsl.npos) == (padding == std::string("zero")));
        const std::string shader =
            "#version 450\nlayout(binding = 0) uniform sampler2D before;\n"
            "layout(location = 0) out vec4 after;\n" +
            glsl + "void main() { after = vec4(shadenet_filter(before, ivec2(gl_FragCoord.xy)), 1.0); }\n";
        write_file_atomically(pictures / "k.frag", shader);
        const Outcome compiled = Process({"/usr/bin/env", "glslangValidator", "-V", "-o",
                                          pictures.path("k.spv"), pictures.path("k.frag")})
                                     .wait();
        INFO(compiled.out);
        CHECK(compiled.exit_code == 0);
        CHECK(read_image(pictures / "k.png").image.width == 564);
    }
}

TEST_CASE("none of a kernel's files replaces another without being told") {
    const Pictures pictures;
    write_model(pictures / "m.safetensors", drawn_model("input 3, conv 3 3x3"));
    write_bytes(pictures / "k.png", to_bytes("mine"));
    const Arguments arguments = {"export", pictures.path("m.safetensors"), "-o", pictures.path("k.csv")};
    CHECK(unlike_refusal(pictures, arguments, "k.png: is there already; --overwrite") == "");
    Arguments over = arguments;
    over.push_back("--overwrite");
    CHECK(run_shadenet(over).exit_code == 0);
    CHECK(read_image(pictures / "k.png").image.height == 288);
}
