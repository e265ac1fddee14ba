// Devices: those there are, and machines without any.
#include <cstdlib>
#include <filesystem>

#include "catch.h"
#include "pictures.h"

using namespace shadenet::test;
namespace fs = std::filesystem;

namespace {

const Environment no_driver = {{"VK_ICD_FILENAMES", "/nonexistent"}, {"VK_DRIVER_FILES", "/nonexistent"}};

}  // namespace

TEST_CASE("devices lists what matters and the choice") {
    const Outcome outcome = run_shadenet({"devices"});
    CHECK(outcome.exit_code == 0);
    for (const char* part : {"kind", "driver", "Vulkan", "memory", "largest buffer", "workgroup",
                             "timestamps", "shadenet would use"}) {
        CHECK_THAT(outcome.out, ContainsSubstring(part));
    }
    CHECK(run_shadenet({"devices", "--device", "0"}).exit_code == 0);
}

TEST_CASE("a device that is not there is refused") {
    const Pictures pictures;
    CHECK(unlike_refusal(pictures, {"devices", "--device", "99"}, "--device 99") == "");
    CHECK(unlike_refusal(pictures, {"devices"}, "SHADENET_DEVICE 99", {{"SHADENET_DEVICE", "99"}}) == "");
    CHECK(unlike_refusal(pictures, pictures.train({"--device", "99"}), "no such device") == "");
}

TEST_CASE("a machine without a Vulkan driver is told what to install") {
    const Pictures pictures;
    CHECK(unlike_refusal(pictures, {"devices"}, "no Vulkan d", no_driver) == "");
    CHECK(unlike_refusal(pictures, pictures.train(), "no Vulkan d", no_driver) == "");
    const std::string model = pictures.trained_model();
    CHECK(unlike_refusal(
              pictures,
              {"apply", "--model", model, "--input", pictures.path("more"), "--output", pictures.path("out")},
              "no Vulkan d", no_driver) == "");
    CHECK(run_shadenet({"inspect", model}, no_driver).exit_code == 0);
}

TEST_CASE("a machine without a Vulkan loader is told what to install") {
    const Pictures pictures;
    // A library of that name that is found first and cannot be used stands for one that is not there.
    const TemporaryFolder libraries;
    write_bytes(libraries / "source.c", Bytes{'i', 'n', 't', ' ', 'x', ';'});
    const std::string compile = "cc -shared -fPIC -o " + (libraries / "libvulkan.so.1").string() + " " +
                                (libraries / "source.c").string();
    REQUIRE(std::system(compile.c_str()) == 0);
    const Environment no_loader = {{"LD_LIBRARY_PATH", libraries.path().string()}};
    CHECK(unlike_refusal(pictures, {"devices"}, "no Vulkan loader", no_loader) == "");
    CHECK(unlike_refusal(pictures, pictures.train(), "no Vulkan loader", no_loader) == "");
}

TEST_CASE("a software device is announced, in quiet runs too, unless it was asked for") {
    const Pictures pictures;
    pictures.made_model();
    const bool software = run_shadenet({"devices"}).out.find("(a software device") != std::string::npos;
    const auto announced = [&](const Arguments& more, const Environment& environment) {
        fs::remove_all(pictures / "out");
        Arguments arguments = pictures.apply("more", "out", {"--quiet"});
        arguments.insert(arguments.end(), more.begin(), more.end());
        const Outcome outcome = run_shadenet(arguments, environment);
        CHECK(outcome.exit_code == 0);
        CHECK(outcome.out.empty());
        const bool said = outcome.err.find("is a software device: ") != std::string::npos;
        CHECK((said || outcome.err.empty()));
        return said;
    };
    CHECK(announced({}, {{"SHADENET_DEVICE", ""}}) == software);
    if (!software) return;
    CHECK_FALSE(announced({"--device", "cpu"}, {{"SHADENET_DEVICE", ""}}));
    CHECK_FALSE(announced({}, {{"SHADENET_DEVICE", "cpu"}}));
}
