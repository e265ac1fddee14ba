// Packages for darktable: what its installer and its loader look for, unpacked by the library that it unpacks
// with.
#include "export/darktable_package.h"

#include <filesystem>

#include <nlohmann/json.hpp>

#include "../cli/pictures.h"
#include "../message_of.h"
#include "../onnx_cases/cases.h"
#include "base/error.h"
#include "catch.h"
#include "export/onnx.h"
#include "onnx.pb.h"

using namespace shadenet;
using namespace shadenet::test;

TEST_CASE("a package for darktable holds a folder of its name with all that the loader asks for") {
    const Pictures pictures;
    const Model model = drawn_model("input 3 reflect, conv 6 3x3, norm, relu, conv 3 3x3, add input");
    write_model(pictures / "m.safetensors", model);
    const Outcome written =
        run_shadenet({"export", pictures.path("m.safetensors"), "-o", pictures.path("denoise-mine.dtmodel")},
                     {{"VK_ICD_FILENAMES", "/nowhere.json"}, {"VK_DRIVER_FILES", "/nowhere"}});
    CHECK(written.exit_code == 0);
    CHECK_THAT(written.out,
               ContainsSubstring("denoise-mine.dtmodel: a package of darktable for its task denoise"));
    std::filesystem::create_directory(pictures / "models");
    // CMake has libarchive in it, as darktable has.
    const Outcome unpacked = Process({"/usr/bin/env", "-C", pictures.path("models"), "cmake", "-E", "tar",
                                      "xvf", pictures.path("denoise-mine.dtmodel")})
                                 .wait();
    CHECK(unpacked.exit_code == 0);
    CHECK(unpacked.err.empty());
    // The first entry's folder is the model's name.
    CHECK_THAT(unpacked.out, ContainsSubstring("denoise-mine/config.json"));
    const auto files = contents(pictures / "models");
    REQUIRE(files.size() == 2);
    const auto config = nlohmann::json::parse(files.at("denoise-mine/config.json"));
    for (const char* key : {"id", "name", "description", "task", "backend", "version"}) {
        INFO(key);
        REQUIRE(config.contains(key));
        CHECK(config[key].is_string());
    }
    CHECK(config["id"] == "denoise-mine");
    CHECK(config["task"] == "denoise");
    CHECK(config["backend"] == "onnx");
    onnx::ModelProto file;
    REQUIRE(file.ParseFromString(files.at("denoise-mine/model.onnx")));
    REQUIRE(file.graph().input_size() == 1);
    REQUIRE(file.graph().output_size() == 1);
    // It binds these by name, to one tile.
    const auto& shape = file.graph().input(0).type().tensor_type().shape();
    REQUIRE(shape.dim_size() == 4);
    CHECK(shape.dim(0).dim_param() == "batch");
    CHECK(shape.dim(1).dim_value() == 3);
    CHECK(shape.dim(2).dim_param() == "height");
    CHECK(shape.dim(3).dim_param() == "width");
}

TEST_CASE("a network that sees further than darktable's tiles overlap is no package") {
    std::string network = "input 3";
    for (int i = 0; i < 13; ++i) network += ", conv 3 11x11";
    CHECK(message_of<InputError>([&] { darktable_package(drawn_model(network), "far", "1", "m"); }) ==
          "m: looks at 65 pixels to each side, and darktable's tiles overlap by 64; export it as .onnx");
}
