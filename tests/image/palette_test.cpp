// Pictures that were palettes become palettes again.
#include <algorithm>
#include <map>
#include <set>

#include "catch.h"
#include "round_trip.h"

namespace shadenet::test {

namespace {

using Colour = std::array<unsigned, 4>;

std::vector<Colour> colours_of(const FilePicture& picture) {
    std::vector<Colour> colours;
    for (std::size_t i = 0; 3 * i < rgb8(picture).size(); ++i) {
        const std::uint8_t* rgb = rgb8(picture).data() + 3 * i;
        colours.push_back({rgb[0], rgb[1], rgb[2], picture.alpha.empty() ? 255u : picture.alpha[i]});
    }
    return colours;
}

// 4096 colours and more pixels, each colour several times.
FilePicture colourful(bool with_alpha) {
    FilePicture picture{.colour = Picture8{128, 96, {}}, .palette = true};
    auto& rgb = std::get<Picture8>(picture.colour).rgb;
    for (unsigned i = 0; i < 128 * 96; ++i) {
        const unsigned colour = i * 2731 % 4096;
        rgb.push_back(static_cast<std::uint8_t>(colour % 16 * 17));
        rgb.push_back(static_cast<std::uint8_t>(colour / 16 % 16 * 17));
        rgb.push_back(static_cast<std::uint8_t>(colour / 256 * 17));
        if (with_alpha) picture.alpha.push_back(static_cast<std::uint16_t>(colour % 5 * 60));
    }
    return picture;
}

}  // namespace

TEST_CASE("256 colours fit exactly, with their alpha") {
    FilePicture picture{.colour = Picture8{32, 8, scattered(768)}, .palette = true};
    for (const std::uint8_t value : scattered(256, 4)) picture.alpha.push_back(value);
    WriteOptions options;
    for (const bool keep : {true, false}) {
        options.keep_palette = keep;
        const FilePicture back = write_and_read(picture, options);
        CHECK(back.palette);
        CHECK(rgb8(back) == rgb8(picture));
        CHECK(back.alpha == picture.alpha);
        CHECK(notes_of_writing(picture, options).empty());
    }
}

TEST_CASE("more than 256 colours are reduced, equal ones alike and near where they were") {
    const FilePicture picture = colourful(false);
    const FilePicture back = write_and_read(picture, WriteOptions{});
    CHECK(back.palette);
    const std::vector<Colour> before = colours_of(picture), after = colours_of(back);
    CHECK(std::set<Colour>(after.begin(), after.end()).size() == 256);
    std::map<Colour, Colour> seen;
    unsigned worst = 0;
    for (std::size_t i = 0; i < before.size(); ++i) {
        CHECK(seen.try_emplace(before[i], after[i]).first->second == after[i]);
        for (std::size_t c = 0; c < 3; ++c) {
            worst = std::max(
                worst, before[i][c] > after[i][c] ? before[i][c] - after[i][c] : after[i][c] - before[i][c]);
        }
    }
    // 256 cells of a cube of 255 are 40 wide each.
    CHECK(worst <= 48);
    CHECK(notes_of_writing(picture, {}) == std::vector<std::string>{"4096 colours became the palette's 256"});
}

TEST_CASE("a reduction leaves alpha as it is") {
    const FilePicture picture = colourful(true);
    const FilePicture back = write_and_read(picture, WriteOptions{});
    CHECK(back.palette);
    CHECK(back.alpha == picture.alpha);
}

TEST_CASE("a picture that has more colours stays as it is where no reduction is wanted") {
    WriteOptions options;
    options.keep_palette = false;
    const FilePicture picture = colourful(false), back = write_and_read(picture, options);
    CHECK(!back.palette);
    CHECK(rgb8(back) == rgb8(picture));
    CHECK(notes_of_writing(picture, options).empty());
}

TEST_CASE("a picture of few colours that was no palette becomes none") {
    CHECK(!write_and_read({.colour = Picture8{2, 2, Bytes(12)}}, WriteOptions{}).palette);
}

TEST_CASE("one colour that few pixels have is not lost among many that are alike") {
    // 300 shades of dark, and one white pixel.
    FilePicture picture{.colour = Picture8{301, 1, {}}, .palette = true};
    auto& rgb = std::get<Picture8>(picture.colour).rgb;
    for (unsigned i = 0; i < 300; ++i) {
        rgb.insert(rgb.end(), {static_cast<std::uint8_t>(i % 20), static_cast<std::uint8_t>(i / 20), 0});
    }
    rgb.insert(rgb.end(), {255, 255, 255});
    const FilePicture back = write_and_read(picture, WriteOptions{});
    CHECK(colours_of(back).back() == Colour{255, 255, 255, 255});
}

}  // namespace shadenet::test
