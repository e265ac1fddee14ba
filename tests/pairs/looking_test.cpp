#include "pairs/looking.h"

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>

#include "base/file.h"
#include "catch.h"
#include "image/made_icc.h"
#include "image/picture_file.h"
#include "pair_scene.h"
#include "temporary_folder.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

PairLook numbered(std::uint32_t i) {
    PairLook look;
    look.width = i;
    return look;
}

}  // namespace

TEST_CASE("all pairs are looked at, and stand in their order") {
    const auto looks = look_at_all(200, numbered);
    REQUIRE(looks);
    REQUIRE(looks->size() == 200);
    for (std::uint32_t i = 0; i < 200; ++i) CHECK((*looks)[i].width == i);
    CHECK(look_at_all(0, numbered)->empty());
}

TEST_CASE("looking ends when it is to, and with what goes wrong") {
    std::atomic<std::uint32_t> begun = 0;
    const auto slow = [&](std::uint32_t i) {
        ++begun;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        return numbered(i);
    };
    CHECK_FALSE(look_at_all(10'000, slow, [](std::uint32_t done) { return done < 3; }));
    CHECK(begun < 2'000);
    const auto failing = [](std::uint32_t i) -> PairLook {
        if (i == 7) throw std::runtime_error("seven");
        return numbered(i);
    };
    CHECK_THROWS_WITH(look_at_all(100, failing), "seven");
}

TEST_CASE("files are looked at with their depth and colours, and what is wrong with one is kept") {
    const TemporaryFolder folder;
    const Image image = sample_pictures()[0].image;
    FilePicture deep{Picture16{2, 2, std::vector<std::uint16_t>(12, 60'000)}, {}};
    deep.metadata.icc = wide_profile("Wide");
    write_picture(folder / "deep.png", deep, {});
    write_png(folder / "in.png", image);
    write_png(folder / "out.png", shifted(image, 2, 0));
    write_file_atomically(folder / "bad.png", "no picture");
    const PairLook moved = look_at_files({"in", folder / "in.png", folder / "out.png"});
    CHECK(moved.problem.empty());
    CHECK(moved.is_shifted());
    CHECK(moved.bits == 8);
    const PairLook mixed = look_at_files({"in", folder / "in.png", folder / "deep.png"});
    CHECK(mixed.target_bits == 16);
    CHECK(mixed.target_profile.name == "Wide");
    CHECK(mixed.profile.name == "sRGB");
    CHECK(mixed.target_width == 2);
    const PairLook bad = look_at_files({"bad", folder / "in.png", folder / "bad.png"});
    CHECK_THAT(bad.problem, ContainsSubstring("bad.png: is a text, not a picture"));
}
