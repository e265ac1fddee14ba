// The library as programs use it: by its header, beside what the command line makes.
#include <cmath>
#include <filesystem>
#include <stdexcept>

#include "../cli/pictures.h"
#include "catch.h"
#include "image/picture_file.h"
#include "library/shadenet.h"

using namespace shadenet::test;
using shadenet::Failure;
using shadenet::Gpu;
using shadenet::LearnedFilter;
using shadenet::Training;
using shadenet::TrainingProgress;

namespace {

/// The Failure that `work` throws.
template <class Work>
Failure failure_of(const Work& work) {
    try {
        work();
    } catch (const Failure& failure) {
        return failure;
    }
    throw std::logic_error("nothing was thrown");
}

}  // namespace

TEST_CASE("the library filters bytes as apply does, and floats without rounding") {
    const Pictures pictures;
    const std::string model = pictures.made_model({.activation = "relu"});
    CHECK(run_shadenet(pictures.apply(pictures.path("more"), pictures.path("applied"))).exit_code == 0);
    const auto file = *std::filesystem::directory_iterator(pictures / "more");
    const auto before = to_picture8(shadenet::read_image(file.path()).image);
    const auto applied =
        to_picture8(shadenet::read_image(pictures / "applied" / file.path().filename().string()).image);
    const Gpu gpu;
    CHECK_FALSE(gpu.name().empty());
    LearnedFilter filter(gpu, model);
    CHECK(filter.apply(before.rgb, before.width, before.height) == applied.rgb);
    std::vector<float> values;
    for (const std::uint8_t value : before.rgb) values.push_back(static_cast<float>(value) / 255);
    const std::vector<float> made = filter.apply(values, before.width, before.height);
    REQUIRE(made.size() == applied.rgb.size());
    float worst = 0;
    for (std::size_t i = 0; i < made.size(); ++i) {
        const float level = 255 * std::min(std::max(made[i], 0.0f), 1.0f);
        worst = std::max(worst, std::abs(level - static_cast<float>(applied.rgb[i])));
    }
    CHECK(worst < 0.51f);
}

TEST_CASE("the library learns, tells of every epoch, stops where it is told to, and goes on") {
    const Pictures pictures;
    const Gpu gpu;
    std::vector<TrainingProgress> told;
    Training training{pictures / "before",
                      pictures / "after",
                      pictures / "run",
                      [&](const TrainingProgress& now) {
                          told.push_back(now);
                          return told.size() != 2;
                      },
                      {"--size", "0", "--epochs", "3", "--hidden", "2"}};
    CHECK_FALSE(train(gpu, training));
    CHECK(told.size() == 2);
    training.flags = {"--resume"};
    training.input = training.target = "";
    CHECK(train(gpu, training));
    REQUIRE(told.size() == 3);
    CHECK(told[2].epoch == 3);
    CHECK(told[2].epochs == 3);
    CHECK(std::isfinite(told[2].loss));
    LearnedFilter filter(gpu, pictures / "run/model.safetensors");
    CHECK(filter.apply(std::vector<std::uint8_t>(27), 3, 3).size() == 27);
}

TEST_CASE("what is thrown in a callback of the library reaches the caller") {
    const Pictures pictures;
    const Training training{pictures / "before",
                            pictures / "after",
                            pictures / "run",
                            [](const TrainingProgress&) -> bool { throw std::runtime_error("mine"); },
                            {"--size", "0", "--epochs", "3", "--hidden", "2"}};
    const Gpu gpu;
    CHECK_THROWS_WITH(train(gpu, training), "mine");
    CHECK(std::filesystem::exists(pictures / "run/checkpoint.safetensors"));
}

TEST_CASE("failures of the library are one line and say whose they are") {
    const Pictures pictures;
    CHECK(failure_of([] { Gpu("no such device"); }).kind() == Failure::Kind::input);
    const Gpu gpu;
    const Failure missing = failure_of([&] { LearnedFilter(gpu, pictures / "none.safetensors"); });
    CHECK(missing.kind() == Failure::Kind::input);
    CHECK_THAT(missing.what(), ContainsSubstring("none.safetensors"));
    LearnedFilter filter(gpu, pictures.made_model());
    CHECK(std::string(failure_of([&] { filter.apply(std::vector<float>(26), 3, 3); }).what()) ==
          "a picture of 3x3 has 27 values, and 26 are given; give three for each pixel");
    const auto refused = [&](std::vector<std::string> flags) {
        return std::string(
            failure_of([&] {
                train(gpu, {pictures / "before", pictures / "after", pictures / "run", {}, flags});
            }).what());
    };
    CHECK_THAT(refused({"--no-such-flag"}), ContainsSubstring("\"--no-such-flag\" is not known here"));
    CHECK_THAT(refused({"--device", "cpu"}), ContainsSubstring("--device is not for the library"));
}
