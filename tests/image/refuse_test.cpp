// What read_image must not read, and the line it says instead.
#include "base/error.h"
#include "catch.h"
#include "image/image.h"
#include "picture_files.h"

namespace shadenet::test {

namespace {

using Catch::Matchers::StartsWith;

// What both readers say of a file with these bytes, less the folder. Both must say the same.
std::string refusal(const std::string& name, const Bytes& bytes) {
    const TemporaryFolder folder;
    write_bytes(folder / name, bytes);
    const std::string read = message_of<InputError>([&] { read_image(folder / name); });
    CHECK(read == message_of<InputError>([&] { image_size(folder / name); }));
    CHECK(read.find('\n') == std::string::npos);
    const std::size_t start = (folder / "").string().size();
    return read.size() < start ? read : read.substr(start);
}

Bytes text(const std::string& words) {
    return {words.begin(), words.end()};
}

Bytes some_png() {
    return encode_png(5, 3, PngColour::rgb, 8, Bytes(45, 100));
}

const std::string no_picture = ": is not a picture this program reads (PNG, JPEG, BMP, TGA, TIFF or WebP): ";

}  // namespace

TEST_CASE("a missing file, a folder and an empty file are refused") {
    const TemporaryFolder folder;
    CHECK_THAT(message_of<InputError>([&] { read_image(folder / "no.png"); }),
               ContainsSubstring("no.png: no such file"));
    CHECK_THAT(message_of<InputError>([&] { read_image(folder.path()); }),
               ContainsSubstring(": is not a file"));
    CHECK(refusal("cat.png", {}) == "cat.png: is empty");
}

TEST_CASE("text is no picture, whatever its extension") {
    const Bytes words = text("Hello, this is a text of more than eighteen bytes, and no picture at all.\n");
    const std::string answer = ": is a text, not a picture; give a PNG, JPEG, BMP, TGA, TIFF or WebP";
    for (const char* name : {"cat.png", "cat.jpg", "cat.bmp", "cat.tga", "BMW"}) {
        CHECK(refusal(name, words) == name + answer);
    }
    CHECK(refusal("cat.bmp", text("BMW is a maker of cars, and this is a text.")) == "cat.bmp" + answer);
}

TEST_CASE("a picture of a kind that is not read is named, with how to convert it") {
    const std::string gif = refusal("cat.jpg", text("GIF89a and so on"));
    CHECK_THAT(gif, StartsWith("cat.jpg: is a GIF picture, which this program does not read; convert it"));
    CHECK_THAT(gif, ContainsSubstring("/cat.jpg[0]' '"));
    CHECK_THAT(gif, Catch::Matchers::EndsWith("/cat.png'`"));
    CHECK_THAT(refusal("cat.png", text("<!DOCTYPE html>\n<html lang=\"en\">")),
               StartsWith("cat.png: is an HTML page; the download gave a web page"));
}

TEST_CASE("a TGA is read only under its own extension") {
    const Bytes tga = encode_tga(3, 1, Bytes(9, 50));
    CHECK(refusal("cat.tga", tga).empty());
    CHECK_THAT(refusal("cat.png", tga), StartsWith("cat.png" + no_picture));
}

TEST_CASE("a TGA with an implausible header is refused") {
    // A map where there is none, an unknown kind, an unknown depth, no width.
    const std::pair<std::size_t, std::uint8_t> faults[] = {{1, 1}, {2, 7}, {16, 13}, {12, 0}};
    for (const auto& [at, value] : faults) {
        Bytes tga = encode_tga(3, 1, Bytes(9, 50));
        tga[at] = value;
        INFO("byte " << at);
        CHECK_THAT(refusal("cat.tga", tga), StartsWith("cat.tga" + no_picture));
    }
}

TEST_CASE("a TGA with interleaved rows, or with a part of a palette, is refused by name") {
    Bytes tga = encode_tga(3, 2, Bytes(18, 50));
    for (const std::uint8_t interleaving : {std::uint8_t{0x40}, std::uint8_t{0x80}}) {
        tga[17] = interleaving;
        CHECK(refusal("cat.tga", tga) == "cat.tga: is a TGA with interleaved rows; save it again without");
    }
    Bytes mapped = {0, 1, 1, 1, 0, 1, 0, 24, 0, 0, 0, 0, 1, 0, 1, 0, 8, 0x20, 1, 2, 3, 1};
    CHECK(refusal("cat.tga", mapped) ==
          "cat.tga: is a TGA whose palette does not begin at 0; save it again with a whole one");
    mapped[3] = 0;
    mapped.back() = 0;
    CHECK(refusal("cat.tga", mapped).empty());
}

TEST_CASE("a PNG that only Apple's devices read is refused by name, with what makes an ordinary one of it") {
    Bytes png = some_png();
    const Bytes chunk = {0, 0, 0, 4, 'C', 'g', 'B', 'I', 0x50, 0, 0x20, 6, 0x2b, 0xd5, 0xb3, 0x7f};
    png.insert(png.begin() + 8, chunk.begin(), chunk.end());
    CHECK_THAT(refusal("cat.png", png),
               StartsWith("cat.png: is a PNG that only Apple's devices read (CgBI); "));
    CHECK_THAT(refusal("cat.png", png), ContainsSubstring("pngcrush -revert-iphone-optimizations"));
}

TEST_CASE("a PNG cut anywhere after its signature is truncated") {
    const Bytes png = some_png();
    REQUIRE(refusal("cat.png", png).empty());
    for (std::size_t size = 8; size < png.size(); ++size) {
        INFO(size << " of " << png.size() << " bytes");
        CHECK_THAT(refusal("cat.png", Bytes(png.begin(), png.begin() + static_cast<std::ptrdiff_t>(size))),
                   StartsWith("cat.png: is truncated"));
    }
}

TEST_CASE("a JPEG cut anywhere after its first bytes and before its end marker is truncated") {
    const Bytes jpeg = encode_jpeg(40, 24, {230, 128, 128});
    REQUIRE(refusal("cat.jpg", jpeg).empty());
    for (std::size_t size = 3; size + 2 < jpeg.size(); ++size) {
        INFO(size << " of " << jpeg.size() << " bytes");
        CHECK_THAT(refusal("cat.jpg", Bytes(jpeg.begin(), jpeg.begin() + static_cast<std::ptrdiff_t>(size))),
                   StartsWith("cat.jpg: is truncated"));
    }
}

TEST_CASE("a thumbnail's end marker is not the picture's") {
    // A comment segment that holds an end marker, and a picture that is cut.
    Bytes jpeg = encode_jpeg(8, 8, {128});
    const Bytes comment = {0xff, 0xfe, 0, 6, 0xff, 0xd9, 0xff, 0xd9};
    jpeg.insert(jpeg.begin() + 2, comment.begin(), comment.end());
    REQUIRE(refusal("cat.jpg", jpeg).empty());
    jpeg.resize(jpeg.size() - 3);
    CHECK_THAT(refusal("cat.jpg", jpeg), StartsWith("cat.jpg: is truncated"));
}

TEST_CASE("BMP and TGA that lack pixels are truncated") {
    Bytes bmp = encode_bmp(3, 2, Bytes(18, 50)), tga = encode_tga(3, 2, Bytes(18, 50)),
          packed = encode_packed_tga(31, 17, 1, 2, 3);
    bmp.resize(bmp.size() - 4);  // the last row's three bytes of padding may be missing, and no more
    tga.pop_back();
    packed.pop_back();
    CHECK_THAT(refusal("cat.bmp", bmp), StartsWith("cat.bmp: is truncated"));
    CHECK_THAT(refusal("cat.tga", tga), StartsWith("cat.tga: is truncated"));
    CHECK_THAT(refusal("cat.tga", packed), StartsWith("cat.tga: is truncated"));
}

TEST_CASE("a BMP whose coding is unknown is refused with the decoder's reason") {
    Bytes bmp = encode_bmp(3, 2, Bytes(18, 50));
    bmp[30] = 1;  // runs, which 24 bits do not have
    CHECK_THAT(refusal("cat.bmp", bmp), StartsWith("cat.bmp" + no_picture));
    // One that nobody knows tells nothing of how many bytes there are to be.
    bmp[30] = 0;
    bmp[33] = 0xff;
    bmp.resize(bmp.size() - 6);
    CHECK_THAT(refusal("cat.bmp", bmp), StartsWith("cat.bmp: is truncated"));
}

TEST_CASE("a header that promises too many pixels is refused before decoding") {
    // Both are more than 2^30.
    CHECK_THAT(refusal("bomb.png", encode_png(40000, 30000, PngColour::grey, 8, {})),
               StartsWith("bomb.png: has 40000 x 30000 pixels"));
    CHECK_THAT(refusal("bomb.jpg", encode_jpeg(60000, 60000, {})),
               StartsWith("bomb.jpg: has 60000 x 60000 pixels"));
}

TEST_CASE("a header that promises more pixels than the bytes can hold is refused before decoding") {
    CHECK_THAT(refusal("bomb.png", encode_png(20000, 15000, PngColour::grey, 8, {})),
               StartsWith("bomb.png: is damaged (it is too short for 20000 x 15000 pixels)"));
    CHECK_THAT(refusal("bomb.jpg", encode_jpeg(20000, 15000, {})),
               StartsWith("bomb.jpg: is damaged (it is too short for 20000 x 15000 pixels)"));
}

TEST_CASE("pixels that the header promises and the data lack are refused") {
    const TemporaryFolder folder;
    write_bytes(folder / "cat.png", encode_png(50, 1, PngColour::rgb, 8, Bytes(30, 7)));
    CHECK_THAT(message_of<InputError>([&] { read_image(folder / "cat.png"); }),
               ContainsSubstring("cat.png: is damaged ("));
}

TEST_CASE("a JPEG of four unnamed channels is refused") {
    CHECK_THAT(refusal("cat.jpg", encode_jpeg(8, 8, {255, 192, 64, 255})),
               ContainsSubstring("four channels"));
}

}  // namespace shadenet::test
