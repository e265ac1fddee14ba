// Shaders for players: what ffmpeg's libplacebo makes with them, beside the network.
#include "export/mpv_shader.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

#include <fmt/format.h>

#include "../cli/pictures.h"
#include "../message_of.h"
#include "../onnx_cases/cases.h"
#include "base/error.h"
#include "base/file.h"
#include "catch.h"
#include "image/picture_file.h"
#include "reference/network.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

Outcome in_folder(const std::filesystem::path& folder, Arguments command) {
    command.insert(command.begin(), {"/usr/bin/env", "-C", folder.string()});
    return Process(command).wait();
}

/// False, with a warning, where ffmpeg is made without libplacebo; CI must have it.
bool ffmpeg_runs_shaders(const std::filesystem::path& folder) {
    if (in_folder(folder, {"ffmpeg", "-hide_banner", "-h", "filter=libplacebo"})
            .out.find("custom_shader_path") != std::string::npos) {
        return true;
    }
    if (std::getenv("CI") != nullptr) FAIL("ffmpeg with libplacebo is missing");
    WARN("this ffmpeg has no libplacebo, and runs no shaders");
    return false;
}

/// filter.hook over a picture of the folder.
Image shown_by_ffmpeg(const std::filesystem::path& folder, const std::string& picture) {
    const Outcome outcome = in_folder(
        folder, {"ffmpeg", "-v", "error", "-y", "-init_hw_device", "vulkan", "-i", picture, "-vf",
                 "format=rgba,hwupload,libplacebo=custom_shader_path=filter.hook:dithering=none,hwdownload,"
                 "format=rgba",
                 "-frames:v", "1", "-update", "1", "shown.png"});
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    return read_image(folder / "shown.png").image;
}

/// In levels of 255.
double most_levels(const Image& made, const std::vector<double>& expected) {
    REQUIRE(made.values.size() == expected.size());
    double worst = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const double level = 255 * std::clamp(expected[i], 0.0, 1.0);
        worst = std::max(worst, std::abs(255 * static_cast<double>(made.values[i]) - level));
    }
    return worst;
}

/// Of a picture that has three channels.
std::vector<double> reference_result(const Model& model, const Image& picture) {
    reference::Tensor input =
        reference::tensor_from_floats({1, 3, picture.height, picture.width}, picture.values);
    for (double& value : input.values) value = model.network.range.into(value);
    std::vector<double> result = reference::NetworkRun(model.network, model.parameters).infer(input).values;
    for (double& value : result) value = model.network.range.out_of(value);
    return result;
}

}  // namespace

TEST_CASE("libplacebo makes of a shader what the network is, with every padding and layer") {
    const TemporaryFolder folder;
    if (!ffmpeg_runs_shaders(folder.path())) return;
    write_picture(folder / "in.png", 37, 23, 1);
    const Image picture = read_image(folder / "in.png").image;
    for (const OnnxCase& one : onnx_cases()) {
        if (!one.model.classes.names.empty() || shader_products(one.model.network) > most_shader_products)
            continue;
        INFO(one.name);
        write_file_atomically(folder / "filter.hook", mpv_shader(one.model, "m"));
        const double levels =
            most_levels(shown_by_ffmpeg(folder.path(), "in.png"), reference_result(one.model, picture));
        INFO(levels);
        CHECK(levels <= 2);
    }
}

TEST_CASE("ffmpeg shows three pictures with an exported shader within two levels of what apply makes") {
    const Pictures pictures;
    if (!ffmpeg_runs_shaders(pictures / ".")) return;
    const std::string model =
        pictures.made_model({.activation = "leaky_relu", .padding = PicturePadding::reflect});
    const Outcome written = run_shadenet({"export", model, "-o", pictures.path("filter.hook")});
    CHECK(written.exit_code == 0);
    CHECK_THAT(written.out,
               ContainsSubstring("filter.hook: a shader of mpv and libplacebo, 864 multiply-adds"));
    CHECK(run_shadenet(pictures.apply(pictures.path("before"), pictures.path("applied"))).exit_code == 0);
    std::size_t shown = 0;
    for (const auto& entry : std::filesystem::directory_iterator(pictures / "before")) {
        const std::string name = entry.path().filename().string();
        INFO(name);
        const Image applied = read_image(pictures / "applied" / name).image;
        const std::vector<double> expected(applied.values.begin(), applied.values.end());
        CHECK(most_levels(shown_by_ffmpeg(pictures / ".", "before/" + name), expected) <= 2);
        ++shown;
    }
    CHECK(shown == 3);
}

TEST_CASE("a shader's sums go on in a further pass where a pass cannot bind all textures") {
    const TemporaryFolder folder;
    const Model model = drawn_model("input 3 edge, conv 100 1x1, relu, conv 3 3x3, add input");
    const std::string text = mpv_shader(model, "m");
    std::size_t binds = 0, most = 0;
    for (std::size_t at = 0; (at = text.find("//!", at)) != text.npos; ++at) {
        binds = text.compare(at, 7, "//!HOOK") == 0 ? 0 : binds;
        binds += text.compare(at, 7, "//!BIND") == 0 ? 1 : 0;
        most = std::max(most, binds);
    }
    CHECK(most <= 16);
    CHECK_THAT(text, ContainsSubstring("//!WIDTH HOOKED.w 2 +") && ContainsSubstring("//!BIND sum"));
    if (!ffmpeg_runs_shaders(folder.path())) return;
    write_picture(folder / "in.png", 19, 9, 2);
    write_file_atomically(folder / "filter.hook", text);
    CHECK(most_levels(shown_by_ffmpeg(folder.path(), "in.png"),
                      reference_result(model, read_image(folder / "in.png").image)) <= 2);
}

TEST_CASE("no shader is written of what is no number, or of one that no player holds") {
    Model model = drawn_model("input 3, conv 3 1x1, relu, norm");
    model.parameters.at("bn1.running_var").values[1] = -1;
    CHECK(message_of<InputError>([&] { mpv_shader(model, "m"); }) ==
          "m: its shader would hold what is no number; train it anew");
    model = drawn_model("input 3, conv 3 1x1");
    model.parameters.at("conv1.weight").values[4] = -65504;
    mpv_shader(model, "m");
    model.parameters.at("conv1.weight").values[4] = -65505;
    CHECK(
        message_of<InputError>([&] { mpv_shader(model, "m"); }) ==
        "m: its shader would hold -6.6e+04, and some programs that use it know numbers up to 65504; train it "
        "anew, or export it as .onnx");
}
