// What a picture becomes for a classifier.
#include "data/labelled/picture_rule.h"

#include "base/error.h"
#include "catch.h"
#include "labelled_files.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

std::vector<std::uint8_t> levels_of_file(const Bytes& bytes, const ClassifierInput& input,
                                         const char* name = "x.png") {
    const TemporaryFolder folder;
    write_bytes(folder / name, bytes);
    return labelled_picture(folder / name, {input});
}

}  // namespace

TEST_CASE("a picture of the right size keeps its bytes") {
    const Bytes rgb = counting_levels(12);
    CHECK(levels_of_file(encode_png(2, 2, PngColour::rgb, 8, rgb), {3, 2, 2}) ==
          Bytes{7, 28, 49, 70, 14, 35, 56, 77, 21, 42, 63, 84});
    CHECK(levels_of_file(encode_png(3, 4, PngColour::grey, 8, rgb), {1, 4, 3}) == rgb);
}

TEST_CASE("grey and colour are matched") {
    CHECK(levels_of_file(encode_png(2, 1, PngColour::grey, 8, {5, 9}), {3, 1, 2}) == Bytes{5, 9, 5, 9, 5, 9});
    // 0.2126 · 250 + 0.7152 · 100 + 0.0722 · 50 = 128.28
    CHECK(levels_of_file(png_of(2, 1, 250, 100, 50), {1, 1, 2}) == Bytes{128, 128});
}

TEST_CASE("16 bits are rounded to 8, and alpha is not used") {
    CHECK(levels_of_file(encode_png(2, 1, PngColour::grey, 16, {0x01, 0x80, 0x01, 0x81}), {1, 1, 2}) ==
          Bytes{1, 1});
    CHECK(levels_of_file(encode_png(1, 1, PngColour::grey, 16, {0x01, 0x82}), {1, 1, 1}) == Bytes{2});
    CHECK(levels_of_file(encode_png(1, 1, PngColour::rgb_alpha, 8, {9, 8, 7, 0}), {3, 1, 1}) ==
          Bytes{9, 8, 7});
}

TEST_CASE("of a longer picture the centre is taken") {
    CHECK(levels_of_file(encode_png(4, 2, PngColour::grey, 8, {1, 2, 3, 4, 5, 6, 7, 8}), {1, 2, 2}) ==
          Bytes{2, 3, 6, 7});
    // An odd pixel stays at the right, or at the bottom.
    CHECK(levels_of_file(encode_png(4, 1, PngColour::grey, 8, {1, 2, 3, 4}), {1, 1, 1}) == Bytes{2});
    CHECK(levels_of_file(encode_png(1, 4, PngColour::grey, 8, {1, 2, 3, 4}), {1, 1, 1}) == Bytes{2});
    // Of the input's proportions, 2 to 1: two rows of four are whole, of four rows two remain.
    CHECK(levels_of_file(encode_png(4, 2, PngColour::grey, 8, counting_levels(8)), {1, 2, 4}) ==
          counting_levels(8));
    CHECK(levels_of_file(encode_png(2, 3, PngColour::grey, 8, counting_levels(6)), {1, 1, 2}) ==
          Bytes{21, 28});
}

TEST_CASE("a strip of a pixel's width becomes a square without a huge picture between") {
    CHECK(levels_of_file(encode_png(1, 60000, PngColour::grey, 8, Bytes(60000, 77)), {1, 16, 16}) ==
          Bytes(256, 77));
    CHECK(levels_of_file(encode_png(60000, 1, PngColour::grey, 8, Bytes(60000, 77)), {1, 1, 16}) ==
          Bytes(16, 77));
}

TEST_CASE("a picture is turned as its EXIF says") {
    const Bytes lying =
        with_chunk(encode_png(2, 1, PngColour::grey, 8, {10, 20}), "eXIf", encode_exif(6, true));
    CHECK(levels_of_file(lying, {1, 2, 1}) == Bytes{10, 20});
    const Bytes turned =
        with_chunk(encode_png(2, 1, PngColour::grey, 8, {10, 20}), "eXIf", encode_exif(3, true));
    CHECK(levels_of_file(turned, {1, 1, 2}) == Bytes{20, 10});
}

TEST_CASE("a picture is averaged when it shrinks") {
    CHECK(levels_of_file(png_of(64, 64, 10, 20, 30), {3, 1, 1}) == Bytes{10, 20, 30});
    CHECK(levels_of_file(encode_bmp(4, 4, Bytes(48, 33)), {3, 8, 8}, "x.bmp") == Bytes(192, 33));
}

TEST_CASE("an impossible rule is refused") {
    const Image picture{1, 1, {0, 0, 0}};
    for (const ClassifierInput& input :
         {ClassifierInput{2, 1, 1}, ClassifierInput{1, 0, 1}, ClassifierInput{1, 1, 0}}) {
        CHECK_THAT(message_of<InputError>([&] { labelled_levels(picture, {input}); }),
                   ContainsSubstring("a picture cannot become"));
    }
    LabelledPictures pictures;
    pictures.shape = {1, 3, 28, 32};
    CHECK(picture_rule_of(pictures) == PictureRule{{3, 28, 32}});
}
