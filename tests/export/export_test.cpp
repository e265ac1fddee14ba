// shadenet export as a program: what it writes, over what, and what is left where it cannot.
#include <filesystem>

#include "../cli/pictures.h"
#include "../onnx_cases/cases.h"
#include "catch.h"
#include "onnx.pb.h"

using namespace shadenet;
using namespace shadenet::test;
namespace fs = std::filesystem;

namespace {

const Environment no_driver = {{"VK_ICD_FILENAMES", "/nowhere.json"}, {"VK_DRIVER_FILES", "/nowhere"}};

bool is_onnx(const fs::path& path) {
    onnx::ModelProto file;
    return file.ParseFromString(read_text(path)) && file.graph().node_size() > 0;
}

}  // namespace

TEST_CASE("export writes ONNX without a device, and replaces a file only when it may") {
    const Pictures pictures;
    const std::string model = pictures.made_model(), file = pictures.path("filter.onnx");
    const Outcome outcome = run_shadenet({"export", model, "-o", file}, no_driver);
    CHECK(outcome.exit_code == 0);
    CHECK(outcome.err.empty());
    CHECK_THAT(outcome.out, ContainsSubstring("filter.onnx: ONNX, operator set 17, "));
    CHECK(is_onnx(file));
    write_bytes(file, to_bytes("mine"));
    CHECK(unlike_refusal(pictures, {"export", "-m", model, "-o", file}, "filter.onnx: is there already") ==
          "");
    CHECK(read_text(file) == "mine");
    CHECK(run_shadenet({"export", "-m", model, "-o", file, "--overwrite"}).exit_code == 0);
    CHECK(is_onnx(file));
    const std::string named = pictures.path("net");
    CHECK(run_shadenet({"export", "-m", model, "-o", named, "--to", "onnx", "--static", "9x11"}).exit_code ==
          0);
    CHECK(is_onnx(named));
}

TEST_CASE("export takes the statistics that are asked for") {
    const Pictures pictures;
    Model model = drawn_model("input 3, conv 3 1x1, norm");
    model.sets.push_back(statistics_of(model.parameters, "night"));
    model.parameters.at("bn1.running_mean").values = {4, 5, 6};
    write_model(pictures / "m.safetensors", model);
    const auto mean = [&](const Arguments& more) {
        const std::string file = pictures.path("m.onnx");
        Arguments arguments = {"export", pictures.path("m.safetensors"), "-o", file, "--overwrite"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        CHECK(run_shadenet(arguments).exit_code == 0);
        onnx::ModelProto read;
        read.ParseFromString(read_text(file));
        for (const onnx::TensorProto& tensor : read.graph().initializer()) {
            if (tensor.name() == "bn1.running_mean") return tensor.raw_data();
        }
        return std::string();
    };
    CHECK(mean({}) != mean({"--stats", "night"}));
}

TEST_CASE("an export to a full disk leaves nothing there, and says one line") {
    const Pictures pictures;
    write_model(pictures / "large.safetensors", drawn_model("input 3, conv 200 7x7, relu, conv 3 7x7"));
    const std::optional<Outcome> outcome = run_on_small_disk(
        pictures,
        as_command({"export", pictures.path("large.safetensors"), "-o", pictures.path("disk/large.onnx")}),
        "64k");
    if (!outcome) return;
    CHECK(outcome->exit_code == 1);
    CHECK(error_lines(*outcome) == 1);
    CHECK_THAT(outcome->err,
               ContainsSubstring("large.onnx: ") && ContainsSubstring("No space left on device"));
    CHECK(contents(pictures / "copy").empty());
}
