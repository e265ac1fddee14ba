// Whatever is wrong with a file, it is refused with one line, or read.
#include "base/error.h"
#include "base/file.h"
#include "catch.h"
#include "round_trip.h"
#include "tiff_files.h"

namespace shadenet::test {

namespace {

Bytes written(const FilePicture& picture, FileFormat format) {
    const TemporaryFolder folder;
    WriteOptions options;
    options.format = format;
    write_picture(folder / "cat", picture, options);
    const std::vector<std::byte> bytes = read_file(folder / "cat", 1u << 20);
    const auto* begin = reinterpret_cast<const std::uint8_t*>(bytes.data());
    return {begin, begin + bytes.size()};
}

// What is said of a file, and "" when it is read.
std::string said_of(const Bytes& bytes, const std::string& name) {
    const std::string line = message_of<InputError>([&] { decode(bytes, name); });
    CHECK((line.empty() || line.starts_with(name + ": ")));
    CHECK(line.find('\n') == std::string::npos);
    return line;
}

// Each of its bytes changed in turn, in one bit and in all.
void change_every_byte(const Bytes& good, const std::string& name) {
    REQUIRE(said_of(good, name).empty());
    for (std::size_t at = 0; at < good.size(); ++at) {
        for (const unsigned change : {1u << (at % 8), 0xffu}) {
            INFO("byte " << at << " of " << good.size() << " in " << name);
            Bytes bad = good;
            bad[at] = static_cast<std::uint8_t>(bad[at] ^ change);
            said_of(bad, name);
        }
    }
}

FilePicture small_picture() {
    FilePicture picture{.colour = soft_picture(19, 11)};
    picture.metadata = {.icc = as_bytes(scattered(50)),
                        .exif = as_bytes(encode_exif(1, true)),
                        .xmp = "<x/>",
                        .density = Density{Density::Unit::inch, 72, 72},
                        .texts = {{"Comment", "words"}}};
    return picture;
}

JpegCoding progressive_coding() {
    JpegCoding coding{.components = {{0, 2, 2}, {0, 1, 1}, {0, 1, 1}}, .progressive = true, .jfif = true};
    coding.tables.emplace_back().fill(3);
    return coding;
}

}  // namespace

TEST_CASE("a written file that is cut at any seventh byte is truncated") {
    for (const auto& [format, name] : {std::pair{FileFormat::png, "cat.png"},
                                       {FileFormat::jpeg, "cat.jpg"},
                                       {FileFormat::bmp, "cat.bmp"}}) {
        const Bytes whole = written(small_picture(), format);
        for (std::size_t size = 28; size < whole.size(); size += 7) {
            INFO(size << " of " << whole.size() << " bytes of " << name);
            const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
            // Two bytes of padding may be missing at a BMP's end.
            if (format == FileFormat::bmp && size + 3 >= whole.size()) continue;
            CHECK(said_of(cut, name) == std::string(name) + ": is truncated; copy it again");
        }
    }
}

TEST_CASE("no change of a byte of a PNG does harm, and none of its pixels goes unnoticed") {
    const Bytes png = written(small_picture(), FileFormat::png);
    change_every_byte(png, "cat.png");
    change_every_byte(encode_interlaced_png(5, 9, scattered(135)), "cat.png");
    change_every_byte(encode_png(9, 3, PngColour::palette, 4, scattered(15), scattered(48)), "cat.png");
    const std::string text(png.begin(), png.end());
    const std::size_t data = text.find("IDAT");
    for (std::size_t at = data; at < png.size() - 12; ++at) {
        Bytes bad = png;
        bad[at] ^= 0x10;
        INFO("byte " << at);
        CHECK(!said_of(bad, "cat.png").empty());
    }
}

TEST_CASE("no change of a byte that Deflate made in a TIFF gives other pixels") {
    const Picture8 soft = soft_picture(28, 19);
    const Bytes values(soft.rgb.begin(), soft.rgb.end());
    TiffKind kind{.width = 28, .height = 19, .compression = COMPRESSION_ADOBE_DEFLATE, .mode = "wl"};
    SECTION("in strips") {}
    SECTION("in tiles, apart") {
        kind.tiled = kind.separate = true;
    }
    SECTION("converted by libtiff") {
        kind.width = 21;
        kind.samples = 4;
        kind.photometric = PHOTOMETRIC_SEPARATED;
    }
    const Bytes tiff = encode_tiff(kind, values);
    const FilePicture good = decode(tiff, "cat.tif");
    const std::size_t directory = tiff[4] | tiff[5] << 8;  // after the pixels, where libtiff writes it
    REQUIRE(directory > 100);
    std::size_t by_checksum = 0;
    for (std::size_t at = 8; at < directory; ++at) {
        for (const unsigned change : {1u << (at % 8), 0xffu}) {
            INFO("byte " << at << " of " << directory);
            Bytes bad = tiff;
            bad[at] = static_cast<std::uint8_t>(bad[at] ^ change);
            const std::string said = said_of(bad, "cat.tif");
            CHECK((!said.empty() || rgb8(decode(bad, "cat.tif")) == rgb8(good)));
            by_checksum += said.find("a checksum of its pixels is wrong") != said.npos ? 1 : 0;
        }
    }
    CHECK(by_checksum > 0);
}

TEST_CASE("no change of a byte of a JPEG does harm") {
    change_every_byte(written(small_picture(), FileFormat::jpeg), "cat.jpg");
    FilePicture progressive = small_picture();
    progressive.jpeg = progressive_coding();
    change_every_byte(written(progressive, FileFormat::jpeg), "cat.jpg");
    change_every_byte(encode_jpeg(16, 8, {255, 192, 64, 255}, true), "cat.jpg");
}

TEST_CASE("no change of a byte of a BMP or TGA does harm") {
    FilePicture picture{.colour = soft_picture(7, 5)};
    change_every_byte(written(picture, FileFormat::bmp), "cat.bmp");
    change_every_byte(written(picture, FileFormat::tga), "cat.tga");
    picture.alpha.assign(35, 9);
    change_every_byte(written(picture, FileFormat::bmp), "cat.bmp");
    picture.grey = true;
    change_every_byte(written(picture, FileFormat::tga), "cat.tga");
}

TEST_CASE("a JPEG whose data ends before its picture is truncated") {
    Bytes jpeg = encode_jpeg(400, 400, {200});
    // The end marker moves forward: what lies before it is too little.
    jpeg.resize(jpeg.size() - 400);
    jpeg.insert(jpeg.end(), {0xff, 0xd9});
    CHECK(said_of(jpeg, "cat.jpg") == "cat.jpg: is truncated; copy it again");
}

TEST_CASE("a PNG with a chunk that must be known and is not is refused") {
    const Bytes plain = encode_png(1, 1, PngColour::rgb, 8, {1, 2, 3});
    CHECK_THAT(said_of(with_chunk(plain, "ABCD", {1}), "cat.png"), ContainsSubstring("is damaged ("));
}

}  // namespace shadenet::test
