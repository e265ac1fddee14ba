// make_assets FOLDER          draws every sample picture into the folder
// make_assets --check FOLDER  draws them again and compares them, pixel by pixel, with those that are there
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"
#include "image/image.h"
#include "scenes.h"
#include "targets.h"

namespace fs = std::filesystem;

namespace {

using namespace shadenet;

struct Scene {
    const char* name;
    Image (*draw)();
};

constexpr Scene pair_scenes[] = {
    {"coast", draw_coast},     {"still_life", draw_still_life}, {"meadow", draw_meadow},
    {"city", draw_city},       {"poster", draw_poster},         {"fog", draw_fog},
    {"flowers", draw_flowers},
};
constexpr Scene test_scenes[] = {{"balloons", draw_balloons}, {"dunes", draw_dunes}};

void save(const fs::path& path, const Image& image) {
    fs::create_directories(path.parent_path());
    write_png(path, image);
}

void compare(const fs::path& path, const Image& image) {
    const Image there = read_image(path).image;
    if (there.width == image.width && there.height == image.height && there.values == image.values) return;
    throw WorkError(fmt::format("{}: is not what this program draws; run make_assets again", path.string()));
}

using Handle = void (*)(const fs::path&, const Image&);

void each_picture(const fs::path& folder, Handle handle) {
    for (const Scene& scene : pair_scenes) {
        const fs::path name = std::string(scene.name) + ".png";
        const Image input = scene.draw();
        handle(folder / "pairs" / "input" / name, input);
        handle(folder / "pairs" / "grey" / name, grey_target(input));
        handle(folder / "pairs" / "sharpen" / name, sharpen_target(input));
        handle(folder / "pairs" / "warm" / name, warm_target(input));
    }
    for (const Scene& scene : test_scenes) {
        handle(folder / "test" / (std::string(scene.name) + ".png"), scene.draw());
    }
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string_view> arguments(argv + 1, argv + argc);
    const bool check = arguments.size() == 2 && arguments[0] == "--check";
    if (!check && (arguments.size() != 1 || arguments[0].starts_with('-'))) {
        fmt::print(stderr, "usage: make_assets [--check] FOLDER\n");
        return 2;
    }
    try {
        each_picture(arguments.back(), check ? compare : save);
    } catch (const std::exception& error) {
        fmt::print(stderr, "error: {}\n", error.what());
        return 1;
    }
    return 0;
}
