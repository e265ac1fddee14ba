// Every kind of file that is read, with its values and its notes.
#include "catch.h"
#include "image/image.h"
#include "picture_files.h"

namespace shadenet::test {

namespace {

using Notes = std::vector<std::string>;

ImageFile read_bytes(const std::string& name, const Bytes& bytes) {
    const TemporaryFolder folder;
    write_bytes(folder / name, bytes);
    return read_image(folder / name);
}

void require_pixel(const Image& image, std::uint32_t y, std::uint32_t x, double r, double g, double b,
                   double white = 255) {
    INFO("row " << y << ", column " << x);
    REQUIRE(y < image.height);
    REQUIRE(x < image.width);
    // The written value over `white`, in float32, and nothing else.
    CHECK(image.at(0, y, x) == static_cast<float>(r) / static_cast<float>(white));
    CHECK(image.at(1, y, x) == static_cast<float>(g) / static_cast<float>(white));
    CHECK(image.at(2, y, x) == static_cast<float>(b) / static_cast<float>(white));
}

}  // namespace

TEST_CASE("an 8-bit RGB picture has no notes") {
    const ImageFile file = read_bytes("a.png", encode_png(2, 1, PngColour::rgb, 8, {1, 2, 3, 254, 128, 255}));
    CHECK(file.notes.empty());
    require_pixel(file.image, 0, 0, 1, 2, 3);
    require_pixel(file.image, 0, 1, 254, 128, 255);
}

TEST_CASE("16-bit values keep all their bits") {
    const ImageFile file = read_bytes("a.png", encode_png(1, 2, PngColour::rgb, 16,
                                                          {0x12, 0x34, 0xff, 0xff, 0x00, 0x01,  //
                                                           0x80, 0x00, 0x00, 0x00, 0x7f, 0xff}));
    CHECK(file.notes == Notes{"16-bit"});
    require_pixel(file.image, 0, 0, 0x1234, 0xffff, 1, 65535);
    require_pixel(file.image, 1, 0, 0x8000, 0, 0x7fff, 65535);
}

TEST_CASE("grey is repeated in all three channels") {
    const ImageFile file =
        read_bytes("a.png", encode_png(3, 2, PngColour::grey, 8, {0, 50, 100, 150, 200, 250}));
    CHECK(file.notes == Notes{"grey"});
    require_pixel(file.image, 0, 2, 100, 100, 100);
    require_pixel(file.image, 1, 1, 200, 200, 200);
}

TEST_CASE("16-bit grey has both notes") {
    const ImageFile file = read_bytes("a.png", encode_png(1, 1, PngColour::grey, 16, {0xab, 0xcd}));
    CHECK(file.notes == Notes{"16-bit", "grey"});
    require_pixel(file.image, 0, 0, 0xabcd, 0xabcd, 0xabcd, 65535);
}

TEST_CASE("palettes are expanded") {
    const Bytes palette = {10, 20, 30, 200, 100, 50, 0, 255, 7};
    const ImageFile file =
        read_bytes("a.png", encode_png(2, 2, PngColour::palette, 8, {2, 1, 0, 2}, palette));
    CHECK(file.notes == Notes{"palette"});
    require_pixel(file.image, 0, 0, 0, 255, 7);
    require_pixel(file.image, 0, 1, 200, 100, 50);
    require_pixel(file.image, 1, 0, 10, 20, 30);
}

TEST_CASE("alpha is dropped, and not multiplied in") {
    const ImageFile rgba =
        read_bytes("a.png", encode_png(1, 2, PngColour::rgb_alpha, 8, {9, 8, 7, 0, 90, 80, 70, 128}));
    CHECK(rgba.notes == Notes{"alpha (ignored)"});
    require_pixel(rgba.image, 0, 0, 9, 8, 7);
    require_pixel(rgba.image, 1, 0, 90, 80, 70);
    const ImageFile grey = read_bytes("a.png", encode_png(1, 1, PngColour::grey_alpha, 8, {77, 3}));
    CHECK(grey.notes == Notes{"grey", "alpha (ignored)"});
    require_pixel(grey.image, 0, 0, 77, 77, 77);
}

TEST_CASE("JPEG: grey, colour and CMYK") {
    const ImageFile grey = read_bytes("a.jpg", encode_jpeg(13, 9, {200}));
    CHECK(grey.notes == Notes{"grey"});
    CHECK(grey.image.width == 13);
    CHECK(grey.image.height == 9);
    require_pixel(grey.image, 8, 12, 200, 200, 200);
    const ImageFile colour = read_bytes("a.JPEG", encode_jpeg(5, 11, {230, 128, 128}));
    CHECK(colour.notes.empty());
    require_pixel(colour.image, 10, 4, 230, 230, 230);
    // Adobe stores CMYK inverted: 255 is no ink. R = C K / 255.
    const ImageFile cmyk = read_bytes("a.jpg", encode_jpeg(8, 8, {255, 192, 64, 255}, true));
    CHECK(cmyk.notes == Notes{"CMYK"});
    require_pixel(cmyk.image, 3, 3, 255, 192, 64);
}

TEST_CASE("JPEG: bytes after the end marker are no fault") {
    Bytes bytes = encode_jpeg(8, 8, {128});
    bytes.insert(bytes.end(), {0, 1, 2, 3});
    require_pixel(read_bytes("a.jpg", bytes).image, 0, 0, 128, 128, 128);
}

TEST_CASE("BMP and TGA") {
    const Bytes rgb = {1, 2, 3, 40, 50, 60, 70, 80, 90, 11, 12, 13, 200, 201, 202, 250, 251, 252};
    for (const ImageFile& file :
         {read_bytes("a.bmp", encode_bmp(3, 2, rgb)), read_bytes("a.tga", encode_tga(3, 2, rgb))}) {
        CHECK(file.notes.empty());
        require_pixel(file.image, 0, 0, 1, 2, 3);
        require_pixel(file.image, 0, 2, 70, 80, 90);
        require_pixel(file.image, 1, 1, 200, 201, 202);
    }
    const ImageFile packed = read_bytes("a.TGA", encode_packed_tga(31, 17, 5, 6, 7));
    require_pixel(packed.image, 16, 30, 5, 6, 7);
}

TEST_CASE("a BMP whose rows run from top to bottom is read") {
    Bytes bmp = encode_bmp(1, 2, {1, 2, 3, 40, 50, 60});
    for (std::size_t i = 22; i < 26; ++i) bmp[i] = i == 22 ? 0xfe : 0xff;  // minus 2
    const ImageFile file = read_bytes("a.bmp", bmp);
    require_pixel(file.image, 0, 0, 40, 50, 60);
    require_pixel(file.image, 1, 0, 1, 2, 3);
}

TEST_CASE("a TGA is read from whichever corner it begins at") {
    // a b / c d as they are seen.
    const std::pair<std::uint8_t, std::string> corners[] = {
        {0x20, "abcd"}, {0x30, "badc"}, {0x00, "cdab"}, {0x10, "dcba"}};
    for (const auto& [descriptor, stored] : corners) {
        Bytes rgb;
        for (const char pixel : stored) rgb.insert(rgb.end(), 3, static_cast<std::uint8_t>(pixel));
        Bytes tga = encode_tga(2, 2, rgb);
        tga[17] = descriptor;
        const Image image = read_bytes("a.tga", tga).image;
        INFO(stored);
        require_pixel(image, 0, 0, 'a', 'a', 'a');
        require_pixel(image, 0, 1, 'b', 'b', 'b');
        require_pixel(image, 1, 0, 'c', 'c', 'c');
        require_pixel(image, 1, 1, 'd', 'd', 'd');
    }
}

TEST_CASE("the content decides, not the extension") {
    require_pixel(read_bytes("a.jpg", encode_png(1, 1, PngColour::rgb, 8, {4, 5, 6})).image, 0, 0, 4, 5, 6);
}

TEST_CASE("image_size agrees with read_image") {
    const TemporaryFolder folder;
    write_bytes(folder / "a.png", encode_png(7, 3, PngColour::grey, 8, Bytes(21, 9)));
    write_bytes(folder / "a.jpg", encode_jpeg(33, 5, {128, 128, 128}));
    CHECK(image_size(folder / "a.png") == std::pair{7u, 3u});
    CHECK(image_size(folder / "a.jpg") == std::pair{33u, 5u});
}

}  // namespace shadenet::test
