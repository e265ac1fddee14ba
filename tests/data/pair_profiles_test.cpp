#include "data/pair_profiles.h"

#include "image/made_icc.h"
#include "model/model_file.h"
#include "train/run_scene.h"

using namespace shadenet;
using namespace shadenet::test;

namespace fs = std::filesystem;

namespace {

Metadata with_icc(const IccBytes& icc) {
    Metadata metadata;
    metadata.icc = icc;
    return metadata;
}

void add_to(PairProfiles& profiles, const std::string& name, const Metadata& before, const Metadata& after) {
    profiles.add(name, colour_profile(before), colour_profile(after), after.icc);
}

const IccBytes srgb_icc = rgb_profile(description_tag("sRGB"), srgb_primaries, srgb_curve_tag());

}  // namespace

TEST_CASE("pictures in one colour space are nothing to speak of") {
    PairProfiles plain, wide;
    CHECK(plain.lines().empty());
    CHECK(plain.colours() == ModelColours{});
    add_to(plain, "a", {}, with_icc(srgb_icc));
    add_to(plain, "b", with_icc(srgb_icc), {});
    CHECK(plain.lines().empty());
    CHECK(plain.colours() == ModelColours{ProfileName{"sRGB", "sRGB"}, ProfileName{"sRGB", "sRGB"}});
    for (const char* name : {"a", "b"})
        add_to(wide, name, with_icc(wide_profile("W")), with_icc(wide_profile("w")));
    CHECK(wide.lines().empty());
    CHECK(wide.colours().input->id == wide.colours().target->id);
    CHECK_FALSE(wide.colours().converts);
}

TEST_CASE("pairs of different profiles are counted and named, and the model keeps the targets'") {
    PairProfiles profiles;
    for (const char* name : {"a", "b"})
        add_to(profiles, name, with_icc(wide_profile("Wide")), with_icc(srgb_icc));
    REQUIRE(profiles.lines().size() == 1);
    CHECK(contains(profiles.lines()[0], "2 pairs are in other colours before and after"));
    CHECK(contains(profiles.lines()[0], "a: \"Wide\" before and sRGB after"));
    CHECK(contains(profiles.lines()[0], " IN.png -profile sRGB.icc OUT.png`"));
    const ModelColours colours = profiles.colours();
    CHECK(colours.input->name == "Wide");
    CHECK(colours.target->id == "sRGB");
    CHECK(colours.converts);
    CHECK(colours.target_icc == srgb_icc);
}

TEST_CASE("pictures of several profiles on one side are said, and not kept as one") {
    PairProfiles profiles;
    add_to(profiles, "a", with_icc(wide_profile("Wide")), with_icc(wide_profile("Wide")));
    for (const char* name : {"b", "c"}) add_to(profiles, name, {}, {});
    const std::vector<std::string> lines = profiles.lines("validation ");
    REQUIRE(lines.size() == 2);
    CHECK(contains(
        lines[0],
        "the validation pictures before the filter are in several colours (1 in \"Wide\", 2 in sRGB)"));
    CHECK(contains(lines[1], "the validation pictures after the filter"));
    CHECK(profiles.colours() == ModelColours{});
}

TEST_CASE("a profile that is too large is not kept, and that is said") {
    IccBytes huge = wide_profile("Huge");
    huge.resize(most_profile_bytes + 1);
    PairProfiles profiles;
    add_to(profiles, "a", {}, with_icc(huge));
    REQUIRE(profiles.lines().size() == 2);
    CHECK(contains(profiles.lines()[1], "1024 KiB, and a model keeps up to 1024"));
    CHECK(profiles.colours().converts);
    CHECK(profiles.colours().target_icc.empty());
}

TEST_CASE("a run tells of the profiles of its pictures, and its model and checkpoint keep them") {
    const RunScene scene;
    TrainOptions options = scene.options("run");
    options.epochs = 1;
    for (const fs::path& folder : {options.input, options.validation_input}) {
        for (const auto& entry : fs::directory_iterator(folder)) {
            FilePicture picture = PictureReader(entry.path()).decode();
            picture.metadata.icc = wide_profile("Wide");
            write_picture(entry.path(), picture, {});
        }
    }
    // And of the targets the run's own pictures have it.
    for (const auto& entry : fs::directory_iterator(options.target)) {
        FilePicture picture = PictureReader(entry.path()).decode();
        picture.metadata.icc = wide_profile("Wide", 1.8);
        write_picture(entry.path(), picture, {});
    }
    Watcher watcher;
    RunScene::run(options, watcher);
    for (const char* name : {"before_p0", "after_p1", "test_wide"}) {
        const fs::path path = options.output / "images" / fmt::format("{}.png", name);
        CHECK(PictureReader(path).decode().metadata.icc == wide_profile("Wide", 1.8));
    }
    REQUIRE(watcher.notes.size() == 3);
    CHECK(contains(watcher.notes[1], "5 pairs are in other colours"));
    CHECK(contains(watcher.notes[2], "3 validation pairs are in other colours"));
    for (const char* name : {"model.safetensors", "checkpoint.safetensors"}) {
        const ModelColours colours = read_model(options.output / name).colours;
        CHECK(colours.input->name == "Wide");
        CHECK(colours.converts);
    }
}

TEST_CASE("a test picture keeps its own colours where the pairs have one profile") {
    const RunScene scene;
    TrainOptions options = scene.options("run");
    options.epochs = 1;
    for (const fs::path& folder : {options.input, options.target}) {
        for (const auto& entry : fs::directory_iterator(folder)) {
            FilePicture picture = PictureReader(entry.path()).decode();
            picture.metadata.icc = wide_profile("Wide");
            write_picture(entry.path(), picture, {});
        }
    }
    Watcher watcher;
    RunScene::run(options, watcher);
    const auto profile_of = [&](const char* name) {
        return PictureReader(options.output / "images" / name).decode().metadata.icc;
    };
    CHECK(profile_of("after_p1.png") == wide_profile("Wide"));
    CHECK(profile_of("test_wide.png").empty());
}
