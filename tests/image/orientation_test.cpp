// EXIF's orientation: the picture comes out upright, and says so.
#include "base/file.h"
#include "catch.h"
#include "round_trip.h"

namespace shadenet::test {

namespace {

// Pixels a to f of a file of 3 x 2, as they lie upright, and the upright width.
struct Upright {
    std::uint32_t width;
    std::string pixels;
};

// From the file's "abc / def": 1 as it is, 2 mirrored, 3 upside down, 4 flipped, 5 about the falling
// diagonal, 6 to the right, 7 about the rising diagonal, 8 to the left.
const Upright upright[] = {{3, "abcdef"}, {3, "cbafed"}, {3, "fedcba"}, {3, "defabc"},
                           {2, "adbecf"}, {2, "daebfc"}, {2, "fcebda"}, {2, "cfbead"}};

Bytes rgba_of(const std::string& pixels) {
    Bytes samples;
    for (const char pixel : pixels) {
        const auto level = static_cast<std::uint8_t>(pixel);
        samples.insert(samples.end(), {level, 2, static_cast<std::uint8_t>(level + 100), level});
    }
    return samples;
}

std::string pixels_of(const FilePicture& picture) {
    std::string pixels;
    for (std::size_t i = 0; i < rgb8(picture).size(); i += 3) pixels += static_cast<char>(rgb8(picture)[i]);
    return pixels;
}

Bytes with_exif(const Bytes& jpeg, const Bytes& exif) {
    Bytes payload = to_bytes(std::string("Exif\0\0", 6));
    payload.insert(payload.end(), exif.begin(), exif.end());
    return with_segment(jpeg, 0xe1, payload);
}

Bytes jpeg_with(const Bytes& exif) {
    return with_exif(encode_jpeg(24, 16, {200}), exif);
}

}  // namespace

TEST_CASE("all eight orientations come out upright, with their alpha") {
    const Bytes png = encode_png(3, 2, PngColour::rgb_alpha, 8, rgba_of("abcdef"));
    for (int orientation = 1; orientation <= 8; ++orientation) {
        for (const bool big_endian : {false, true}) {
            INFO("orientation " << orientation << (big_endian ? ", big" : ", little"));
            const Bytes file = with_chunk(png, "eXIf", encode_exif(orientation, big_endian));
            const Upright& expected = upright[orientation - 1];
            PictureReader reader(as_bytes(file), "cat.png");
            CHECK(reader.facts().width == expected.width);
            CHECK(reader.facts().height == 6 / expected.width);
            const FilePicture picture = reader.decode();
            CHECK(std::get<Picture8>(picture.colour).width == expected.width);
            CHECK(pixels_of(picture) == expected.pixels);
            CHECK(std::string(picture.alpha.begin(), picture.alpha.end()) == expected.pixels);
            CHECK(write_and_read(picture, FileFormat::png).metadata.exif ==
                  as_bytes(encode_exif(1, big_endian)));
        }
    }
}

TEST_CASE("without alpha, and in 16 bits, pictures come out upright too") {
    Bytes rgb, deep;
    for (const char pixel : std::string("abcdef")) {
        const auto level = static_cast<std::uint8_t>(pixel);
        rgb.insert(rgb.end(), 3, level);
        deep.insert(deep.end(), {level, 1, level, 2, level, 3});
    }
    for (int orientation = 1; orientation <= 8; ++orientation) {
        INFO("orientation " << orientation);
        const Bytes exif = encode_exif(orientation, true);
        const std::string expected = upright[orientation - 1].pixels;
        CHECK(pixels_of(decode(with_chunk(encode_png(3, 2, PngColour::rgb, 8, rgb), "eXIf", exif))) ==
              expected);
        const FilePicture picture =
            decode(with_chunk(encode_png(3, 2, PngColour::rgb, 16, deep), "eXIf", exif));
        for (std::size_t i = 0; i < expected.size(); ++i) {
            CHECK(rgb16(picture)[3 * i + 2] == (static_cast<unsigned>(expected[i]) << 8 | 3u));
        }
    }
}

TEST_CASE("a turned JPEG has its sides exchanged, and its sampling and tables with them") {
    FilePicture source{.colour = soft_picture(48, 32)};
    JpegCoding coding{.components = {{0, 2, 1}, {0, 1, 1}, {0, 1, 1}}, .jfif = true};
    coding.tables.emplace_back();
    for (std::size_t i = 0; i < 64; ++i) coding.tables[0][i] = static_cast<std::uint16_t>(1 + i % 8 + i / 32);
    source.jpeg = coding;
    const TemporaryFolder folder;
    WriteOptions options;
    options.format = FileFormat::jpeg;
    write_picture(folder / "cat.jpg", source, options);
    const std::vector<std::byte> written = read_file(folder / "cat.jpg", 1u << 20);
    const auto* begin = reinterpret_cast<const std::uint8_t*>(written.data());
    const FilePicture turned = decode(with_exif({begin, begin + written.size()}, encode_exif(6, false)));
    CHECK(std::get<Picture8>(turned.colour).width == 32);
    CHECK(std::get<Picture8>(turned.colour).height == 48);
    CHECK(turned.jpeg->components[0].sampling.horizontal == 1);
    CHECK(turned.jpeg->components[0].sampling.vertical == 2);
    CHECK(turned.jpeg->tables[0][1] == coding.tables[0][8]);
    CHECK(write_and_read(turned, FileFormat::jpeg).metadata.exif == as_bytes(encode_exif(1, false)));
}

TEST_CASE("EXIF that is damaged turns nothing, and stays as it is") {
    const Bytes good = encode_exif(6, true);
    std::vector<Bytes> bad;
    for (std::size_t size = 0; size < 34; ++size) bad.emplace_back(good.begin(), good.begin() + size);
    for (const auto& [at, value] : {std::pair<std::size_t, std::uint8_t>{0, 'X'},  // no byte order
                                    {4, 0x7f},                                     // a directory far away
                                    {31, 9},                                       // no orientation
                                    {31, 0},
                                    {25, 4},     // of another type
                                    {29, 2}}) {  // two of them
        bad.push_back(good);
        bad.back()[at] = value;
    }
    for (const Bytes& exif : bad) {
        INFO(exif.size() << " bytes");
        const FilePicture png =
            decode(with_chunk(encode_png(3, 2, PngColour::rgb_alpha, 8, rgba_of("abcdef")), "eXIf", exif));
        CHECK(pixels_of(png) == "abcdef");
        CHECK(png.metadata.exif == as_bytes(exif));
        const FilePicture jpeg = decode(jpeg_with(exif));
        CHECK(std::get<Picture8>(jpeg.colour).width == 24);
        CHECK(jpeg.metadata.exif == as_bytes(exif));
    }
    CHECK(std::get<Picture8>(decode(jpeg_with(good)).colour).width == 16);
}

}  // namespace shadenet::test
