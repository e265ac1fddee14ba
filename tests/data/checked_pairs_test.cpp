#include "data/checked_pairs.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <fmt/format.h>
#include <zlib.h>

#include "base/file.h"
#include "data/picture_pairs.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace fs = std::filesystem;

namespace {

ImageFile noted(std::vector<std::string> notes, std::uint32_t width = 4, std::uint32_t height = 3) {
    return {{width, height, {}}, std::move(notes)};
}

/// Squares of this side, or, of 0, the pictures' own size.
SizeRule rule_of(std::uint32_t size) {
    return size == 0 ? SizeRule{} : SizeRule{SizeRule::Kind::squares, size};
}

std::string dataset_refusal(const TemporaryFolder& folder, std::uint32_t size) {
    return message_of<InputError>([&] { check_pairs(folder / "input", folder / "target", rule_of(size)); });
}

}  // namespace

TEST_CASE("pairs are decoded and resized in the order of their stems") {
    const ValidatedDevice device;
    const TemporaryFolder folder;
    write_pairs(folder.path(), 3, 21, 13);
    PictureNotes notes;
    SECTION("to a square") {
        const PicturePairs data(check_pairs(folder / "input", folder / "target", rule_of(8)), notes);
        CHECK(data.size() == 3);
        CHECK(data.width() == 8);
        CHECK(data.height() == 8);
        const Image expected = resize(read_image(folder / "target/p2.png").image, 8, 8);
        CHECK(data.target(2) == expected.values);
        CHECK(notes.lines().size() == 1);  // of what that does to the scale
    }
    SECTION("at their own size") {
        const PicturePairs data(check_pairs(folder / "input", folder / "target", rule_of(0)), notes);
        CHECK(data.width() == 21);
        CHECK(data.height() == 13);
        CHECK(data.stems() == std::vector<std::string>{"p0", "p1", "p2"});
        for (std::uint32_t i = 0; i < 3; ++i) {
            const Image expected = read_image(folder / fmt::format("input/p{}.png", i)).image;
            const Image found = data.input_picture(i);
            CHECK(found.width == 21);
            CHECK(found.values == expected.values);
        }
        CHECK(notes.lines().empty());
    }
}

TEST_CASE("pictures of unequal size need a --size") {
    const ValidatedDevice device;
    const TemporaryFolder folder;
    write_pairs(folder.path(), 3, 21, 13);
    SECTION("two pairs differ") {
        write_png(folder / "input/p1.png", made_picture(22, 13, 1));
        write_png(folder / "target/p1.png", made_picture(22, 13, 1));
        const std::string message = dataset_refusal(folder, 0);
        for (const char* part : {"input/p0.png", "21x13", "input/p1.png", "22x13", "--size"}) {
            INFO(part);
            CHECK(contains(message, part));
        }
        CHECK(check_pairs(folder / "input", folder / "target", rule_of(16)).unequal == 0);
    }
    SECTION("the two of a pair differ") {
        write_png(folder / "target/p2.png", made_picture(13, 21, 1));
        const std::string message = dataset_refusal(folder, 0);
        for (const char* part : {"input/p2.png", "21x13", "target/p2.png", "13x21", "--resize"}) {
            INFO(part);
            CHECK(contains(message, part));
        }
        const CheckedPairs pairs = check_pairs(folder / "input", folder / "target", rule_of(16));
        CHECK(pairs.unequal == 1);
        PictureNotes notes;
        const PicturePairs data(pairs, notes);
        REQUIRE(notes.lines().size() == 2);
        CHECK(contains(notes.lines()[1], "1 pair has an input and a target of different size"));
    }
}

TEST_CASE("pictures that are to keep their own size may differ, but not within a pair") {
    const ValidatedDevice device;
    const TemporaryFolder folder;
    write_pairs(folder.path(), 2, 21, 13);
    const SizeRule own{SizeRule::Kind::own};
    const auto refusal = [&] {
        return message_of<InputError>([&] { check_pairs(folder / "input", folder / "target", own); });
    };
    for (const char* side : {"input", "target"}) write_png(folder / side / "p1.png", made_picture(9, 30, 1));
    const CheckedPairs pairs = check_pairs(folder / "input", folder / "target", own);
    CHECK(pairs.sizes == std::vector<PictureSize>{{21, 13}, {9, 30}});
    CHECK(pairs.resizing.pictures == 0);
    CHECK(pairs.whole_levels);
    PictureNotes notes;
    const PictureSet set(pairs, notes);
    CHECK(notes.lines().empty());
    CHECK(set.input_picture(1).values == read_image(folder / "input/p1.png").image.values);
    CHECK(set.whole_levels());
    write_png(folder / "target/p1.png", made_picture(30, 9, 1));
    const std::string message = refusal();
    for (const char* part : {"input/p1.png is 9x30 and ",
                             "target/p1.png is 30x9; the two of a pair need one size", "--resize"}) {
        INFO(part);
        CHECK(contains(message, part));
    }
}

TEST_CASE("it is said what resizing does to the scale") {
    const ValidatedDevice device;
    const TemporaryFolder folder;
    write_pairs(folder.path(), 2, 24, 24);
    const auto line_of = [&](std::uint32_t side) {
        PictureNotes notes;
        notes.add(check_pairs(folder / "input", folder / "target", rule_of(side)));
        return notes.lines().empty() ? "" : notes.lines().at(0);
    };
    CHECK(line_of(24).empty());
    CHECK(line_of(0).empty());
    CHECK(line_of(8) ==
          "4 pictures are resized from 24x24 to 8x8: the filter learns at 33 % of their scale; give "
          "--resize=false to learn at their own");
    write_pairs(folder.path(), 2, 24, 16);
    CHECK(contains(line_of(24),
                   "4 pictures are resized from 24x16 to 24x24: the filter learns at 100 % of "
                   "their width and 150 % of their height; "));
    for (const char* side : {"input", "target"}) write_png(folder / side / "p1.png", made_picture(30, 9, 1));
    CHECK(contains(line_of(8), "4 pictures are resized from several sizes, up to 24x16, to 8x8: "));
}

TEST_CASE("broken pictures are found before anything is decoded") {
    const TemporaryFolder folder;
    write_pairs(folder.path(), 3, 21, 13);
    SECTION("empty") {
        write_file_atomically(folder / "target/p2.png", "");
        CHECK(contains(dataset_refusal(folder, 16), "p2.png: is empty"));
    }
    SECTION("truncated") {
        const std::string text = file_text(folder / "input/p1.png");
        write_file_atomically(folder / "input/p1.png", text.substr(0, text.size() - 9));
        CHECK(contains(dataset_refusal(folder, 16), "p1.png: is truncated"));
    }
    SECTION("without a partner") {
        fs::remove(folder / "target/p1.png");
        CHECK(contains(dataset_refusal(folder, 16), "has no partner"));
    }
    SECTION("no folder") {
        fs::remove_all(folder / "target");
        CHECK(contains(dataset_refusal(folder, 16), "no such folder"));
    }
}

TEST_CASE("pictures without targets: none, one, a folder, or a refusal") {
    const TemporaryFolder folder;
    write_pairs(folder.path(), 2, 5, 3);
    CHECK(check_pictures("").empty());
    CHECK(check_pictures(folder / "input/p1.png").size() == 1);
    CHECK(check_pictures(folder / "input").size() == 2);
    fs::copy_file(folder / "input/p1.png", folder / "input/p1.bmp");
    CHECK(contains(message_of<InputError>([&] { check_pictures(folder / "input"); }), "two files named"));
    fs::remove(folder / "input/p1.bmp");
    write_file_atomically(folder / "input/p1.png", "text");
    CHECK(contains(message_of<InputError>([&] { check_pictures(folder / "input"); }), "p1.png"));
}

TEST_CASE("unusual pictures are counted and said once per kind") {
    PictureNotes notes;
    notes.add(noted({"grey"}));
    notes.add(noted({"grey", "alpha (ignored)"}));
    notes.add(noted({"16-bit"}));
    notes.add(noted({}, 1, 9));
    notes.add(noted({"32-bit float"}));
    CheckedPairs pairs;
    pairs.unequal = 2;
    notes.add(pairs);
    const std::vector<std::string> lines = notes.lines();
    const auto said = [&](const char* begin) {
        return std::count_if(lines.begin(), lines.end(),
                             [&](const auto& line) { return line.starts_with(begin); });
    };
    CHECK(lines.size() == 6);
    CHECK(said("1 of 5 pictures is 32-bit float; values are used as they are, also below 0") == 1);
    CHECK(said("2 of 5 pictures are grey; ") == 1);
    CHECK(said("1 of 5 pictures has an alpha channel, which is ignored") == 1);
    CHECK(said("1 of 5 pictures is 16-bit; ") == 1);
    CHECK(said("1 of 5 pictures is 1 pixel wide or high") == 1);
    CHECK(said("2 pairs have ") == 1);
}

namespace {

/// The PNG with EXIF that says orientation 6, a quarter to the right.
std::vector<std::byte> turned_by_exif(std::vector<std::byte> png) {
    constexpr unsigned char chunk[] = {0, 0, 0,    26, 'e', 'X', 'I', 'f', 'M', 'M', 0, 42, 0, 0, 0, 8, 0,
                                       1, 1, 0x12, 0,  3,   0,   0,   0,   1,   0,   6, 0,  0, 0, 0, 0, 0};
    std::vector<std::byte> bytes;
    for (const unsigned char byte : chunk) bytes.push_back(std::byte{byte});
    const auto sum = static_cast<std::uint32_t>(crc32(0, chunk + 4, sizeof chunk - 4));
    for (const int shift : {24, 16, 8, 0}) bytes.push_back(static_cast<std::byte>(sum >> shift));
    constexpr std::ptrdiff_t header_end = 33;
    png.insert(png.begin() + header_end, bytes.begin(), bytes.end());
    return png;
}

}  // namespace

TEST_CASE("a pair of which EXIF turns one picture alone is told with the cause") {
    const ValidatedDevice device;
    const TemporaryFolder folder;
    write_pairs(folder.path(), 2, 20, 12);
    // As it was taken, with an orientation, and as a program stored it that lost it.
    const std::vector<std::byte> plain = read_file(folder / "input/p1.png", 1 << 20);
    write_file_atomically(folder / "input/p1.png", turned_by_exif(plain));
    const std::string message = dataset_refusal(folder, 0);
    CHECK(contains(message, "input/p1.png is 12x20 and "));
    CHECK(contains(message, "target/p1.png is 20x12: EXIF's orientation turns one of "));
    const CheckedPairs pairs = check_pairs(folder / "input", folder / "target", rule_of(8));
    CHECK(pairs.unequal == 0);
    CHECK(pairs.apart.size() == 1);
    PictureNotes notes;
    notes.add(pairs);
    REQUIRE(notes.lines().size() == 2);
    CHECK(contains(notes.lines()[1], "1 pair lies apart: EXIF's orientation turns one of "));
    // As the message says.
    write_file_atomically(folder / "input/p1.png", plain);
    CHECK(dataset_refusal(folder, 0).empty());
}

TEST_CASE("pairs whose names are equal once Unicode is normalised are said") {
    const ValidatedDevice device;
    const TemporaryFolder folder;
    write_pairs(folder.path(), 2, 5, 3);
    fs::rename(folder / "input/p1.png", folder / "input/\xc3\xa9.png");
    fs::rename(folder / "target/p1.png", folder / "target/e\xcc\x81.png");
    const CheckedPairs pairs = check_pairs(folder / "input", folder / "target", rule_of(0));
    PictureNotes notes;
    const PicturePairs data(pairs, notes);
    CHECK(data.stems() == std::vector<std::string>{"p0", "\xc3\xa9"});
    CHECK(data.records()[1].name == "\xc3\xa9");
    REQUIRE(notes.lines().size() == 1);
    CHECK(contains(notes.lines()[0], "1 pair has names that are equal only once Unicode is normalised"));
}
