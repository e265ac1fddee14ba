#include "data/pair_warnings.h"

#include <atomic>

#include "data/checked_pairs.h"
#include "pairs/pair_scene.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

const std::atomic<bool> going = false;

/// The sample pictures with these targets, `times` over.
PictureSet sample_set(const Filter& filter, std::size_t times = 1) {
    const std::vector<Sample> all = sample_pictures();
    std::vector<std::string> stems;
    for (std::size_t i = 0; i < times * all.size(); ++i) {
        stems.push_back(fmt::format("{}{}", all[i % all.size()].name, i / all.size()));
    }
    PictureSet set(stems, std::vector<PictureSize>(stems.size(), {256, 256}));
    for (std::uint32_t i = 0; i < stems.size(); ++i) {
        const Image& image = all[i % all.size()].image;
        set.set(i, image, filter(image));
    }
    return set;
}

}  // namespace

TEST_CASE("ordinary pairs, and pictures too small to tell, give no warning") {
    CHECK(pair_warnings(sample_set(negative), going).empty());
    PictureSet small({"a", "b"}, {{9, 4}, {9, 4}});
    small.set(0, made_picture(9, 4, 0), grey_of(made_picture(9, 4, 0)));
    small.set(1, made_picture(9, 4, 1), grey_of(made_picture(9, 4, 1)));
    CHECK(pair_warnings(small, going).empty());
}

TEST_CASE("shifted targets are warned of, in few lines, unless the run is to stop") {
    const Filter moved = [](const Image& image) { return shifted(image, 4, 0); };
    const std::vector<std::string> lines = pair_warnings(sample_set(moved), going);
    REQUIRE(lines.size() == 2);
    CHECK(contains(lines[0], "in all 7 pairs the target lies beside its input, 4.0 pixels to the right"));
    CHECK(contains(lines[0], "train --align"));
    CHECK(contains(lines[1], "`shadenet check` tells and shows"));
    CHECK(pair_warnings(sample_set(moved), true).empty());
}

TEST_CASE("of many pairs some are looked at, and that is said") {
    const std::vector<std::string> lines =
        pair_warnings(sample_set([](const Image& image) { return shifted(image, 4, 0); }, 3), going);
    REQUIRE(lines.size() >= 2);
    CHECK(contains(lines[0], "in all 16 pairs"));
    CHECK(contains(lines.back(), "16 of 21 pairs were looked at"));
}

TEST_CASE("a set takes shifts out where it is asked to, and says of how many pairs") {
    const TemporaryFolder folder;
    for (const char* name : {"in", "out"}) std::filesystem::create_directory(folder / name);
    const std::vector<Sample> all = sample_pictures();
    for (std::size_t i = 0; i < 3; ++i) {
        const Image target = i == 1 ? shifted(negative(all[i].image), -5, 7) : negative(all[i].image);
        write_png(folder / "in" / (all[i].name + ".png"), all[i].image);
        write_png(folder / "out" / (all[i].name + ".png"), target);
    }
    CheckedPairs pairs = check_pairs(folder / "in", folder / "out", {});
    PictureNotes plain_notes, notes;
    const PictureSet plain(pairs, plain_notes);
    CHECK(plain.target_picture(1).values == shifted(negative(all[1].image), -5, 7).values);
    for (const std::string& line : plain_notes.lines()) CHECK_FALSE(contains(line, "--align"));
    pairs.align = true;
    const PictureSet aligned(pairs, notes);
    CHECK(aligned.whole_levels());
    CHECK(aligned.target_picture(0).values == negative(all[0].image).values);
    CHECK(aligned.input_picture(0).values == all[0].image.values);
    CHECK(aligned.target_picture(1).values == negative(aligned.input_picture(1)).values);
    CHECK(pixel(aligned.input_picture(1), 0, 100, 100) == pixel(all[1].image, 0, 100, 100));
    const std::vector<std::string> lines = notes.lines();
    REQUIRE(lines.size() == 1);
    CHECK(
        contains(lines[0], "--align moved 1 of 3 targets, as coast by 5.0 pixels to the right and 7.0 up;"));
}
