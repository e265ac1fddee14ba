// TIFF: every way of storing samples, metadata, what is refused, damage; and what is written, read by
// libtiff.
#include <cmath>
#include <cstring>

#include "base/error.h"
#include "catch.h"
#include "round_trip.h"
#include "tiff_builder.h"
#include "tiff_files.h"

namespace shadenet::test {

namespace {

FilePicture decode_tif(const Bytes& bytes) {
    return decode(bytes, "cat.tif");
}

Bytes bytes_of(const std::vector<std::uint16_t>& values) {
    Bytes bytes(2 * values.size());
    std::memcpy(bytes.data(), values.data(), bytes.size());
    return bytes;
}

std::vector<std::uint16_t> scattered16(std::size_t count) {
    const Bytes bytes = scattered(2 * count);
    std::vector<std::uint16_t> values(count);
    std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
}

/// Of interleaved samples the first three of every pixel, or the first one three times.
template <class Sample>
std::vector<Sample> colours_of(const std::vector<Sample>& samples, std::size_t in_pixel) {
    std::vector<Sample> rgb;
    for (std::size_t i = 0; i < samples.size(); i += in_pixel) {
        for (std::size_t c = 0; c < 3; ++c) rgb.push_back(samples[i + (in_pixel < 3 ? 0 : c)]);
    }
    return rgb;
}

std::string refusal(const Bytes& bytes) {
    return message_of<InputError>([&] { decode_tif(bytes); });
}

}  // namespace

TEST_CASE(
    "TIFF: samples are those of the file, in strips and tiles, together and apart, in any compression") {
    const auto compression =
        GENERATE(std::uint16_t{COMPRESSION_NONE}, std::uint16_t{COMPRESSION_LZW},
                 std::uint16_t{COMPRESSION_ADOBE_DEFLATE}, std::uint16_t{COMPRESSION_PACKBITS});
    const bool tiled = GENERATE(false, true), separate = GENERATE(false, true);
    const char* mode = GENERATE("wl", "wb", "w8");
    const auto samples = GENERATE(std::uint16_t{1}, std::uint16_t{2}, std::uint16_t{3}, std::uint16_t{4});
    INFO("compression " << compression << ", tiled " << tiled << ", separate " << separate << ", " << mode
                        << ", " << samples << " samples");
    const bool alpha = samples % 2 == 0;
    TiffKind kind = kind_of_samples(samples, tiled, separate, mode);
    kind.compression = compression;
    const Bytes values = scattered(std::size_t{21} * 19 * samples);
    const FilePicture picture = decode_tif(encode_tiff(kind, values));
    CHECK(rgb8(picture) == colours_of(values, samples));
    CHECK(picture.grey == (samples < 3));
    REQUIRE(picture.alpha.size() == (alpha ? 21u * 19u : 0u));
    if (alpha) CHECK(picture.alpha[5] == values[5 * samples + samples - 1]);
    kind.bits = 16;
    const std::vector<std::uint16_t> deep = scattered16(std::size_t{21} * 19 * samples);
    const FilePicture deep_picture = decode_tif(encode_tiff(kind, bytes_of(deep)));
    CHECK(rgb16(deep_picture) == colours_of(deep, samples));
    if (alpha) CHECK(deep_picture.alpha[5] == deep[5 * samples + samples - 1]);
}

TEST_CASE("TIFF: white may be zero, alpha multiplied in, and colours a palette, one bit, CMYK or JPEG") {
    const FilePicture white = decode_tif(encode_tiff(
        {.width = 2, .height = 1, .samples = 1, .photometric = PHOTOMETRIC_MINISWHITE}, {0, 250}));
    CHECK(rgb8(white) == Bytes{255, 255, 255, 5, 5, 5});

    const FilePicture straight =
        decode_tif(encode_tiff({.width = 2, .height = 1, .samples = 4, .extra = EXTRASAMPLE_ASSOCALPHA},
                               {10, 20, 100, 100, 0, 0, 0, 0}));
    CHECK(rgb8(straight) == Bytes{26, 51, 255, 0, 0, 0});
    CHECK(straight.alpha == std::vector<std::uint16_t>{100, 0});
    REQUIRE(straight.losses.size() == 1);
    CHECK(straight.losses[0] == "alpha was taken out of the colours that it was multiplied into");

    const FilePicture more =
        decode_tif(encode_tiff({.width = 1, .height = 1, .samples = 4, .extra = 0}, {1, 2, 3, 4}));
    CHECK(rgb8(more) == Bytes{1, 2, 3});
    CHECK(more.alpha.empty());
    CHECK(more.losses == std::vector<std::string>{"further channels than colours and alpha were left out"});

    const auto palette = [](TIFF* tiff) {
        std::vector<std::uint16_t> red(256), green(256), blue(256);
        for (std::uint16_t i = 0; i < 256; ++i) {
            red[i] = static_cast<std::uint16_t>(257 * i);
            green[i] = static_cast<std::uint16_t>(257 * (255 - i));
        }
        TIFFSetField(tiff, TIFFTAG_COLORMAP, red.data(), green.data(), blue.data());
    };
    const FilePicture mapped = decode_tif(encode_tiff(
        {.width = 2, .height = 1, .samples = 1, .photometric = PHOTOMETRIC_PALETTE}, {3, 200}, palette));
    CHECK(rgb8(mapped) == Bytes{3, 252, 0, 200, 55, 0});
    CHECK(mapped.palette);

    const FilePicture bits = decode_tif(encode_tiff(
        {.width = 8, .height = 1, .bits = 1, .samples = 1, .photometric = PHOTOMETRIC_MINISBLACK}, {0xa0}));
    CHECK(rgb8(bits)[0] == 255);
    CHECK(rgb8(bits)[3] == 0);
    CHECK(bits.grey);

    const FilePicture cmyk = decode_tif(encode_tiff(
        {.width = 1, .height = 1, .samples = 4, .photometric = PHOTOMETRIC_SEPARATED}, {0, 255, 255, 0}));
    CHECK(rgb8(cmyk) == Bytes{255, 0, 0});
    CHECK(cmyk.losses == std::vector<std::string>{"CMYK became RGB"});

    const auto rgb_to_ycc = [](TIFF* tiff) {
        TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
        TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 16);
    };
    const FilePicture jpeg = decode_tif(encode_tiff(
        {.width = 16, .height = 4, .photometric = PHOTOMETRIC_YCBCR, .compression = COMPRESSION_JPEG},
        Bytes(16 * 4 * 3, 90), rgb_to_ycc));
    CHECK(jpeg.lossy);
    CHECK(std::abs(rgb8(jpeg)[20] - 90) <= 2);
}

TEST_CASE("TIFF: its orientation is applied, and metadata are kept") {
    const Bytes icc = scattered(200), xmp = to_bytes("<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"/>");
    const auto more = [&](TIFF* tiff) {
        TIFFSetField(tiff, TIFFTAG_ICCPROFILE, static_cast<std::uint32_t>(icc.size()), icc.data());
        TIFFSetField(tiff, TIFFTAG_XMLPACKET, static_cast<std::uint32_t>(xmp.size()), xmp.data());
        TIFFSetField(tiff, TIFFTAG_XRESOLUTION, 300.0);
        TIFFSetField(tiff, TIFFTAG_YRESOLUTION, 150.0);
        TIFFSetField(tiff, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
        TIFFSetField(tiff, TIFFTAG_MAKE, "Maker");
        TIFFSetField(tiff, TIFFTAG_ARTIST, "Somebody, with a name of more than four letters");
    };
    const char* mode = GENERATE("wl", "wb");
    const Bytes values = scattered(2 * 3 * 3);
    const FilePicture picture =
        decode_tif(encode_tiff({.width = 2, .height = 3, .orientation = 6, .mode = mode}, values, more));
    const auto& colour = std::get<Picture8>(picture.colour);
    CHECK(colour.width == 3);
    CHECK(colour.rgb[3 * 2] == values[0]);
    CHECK(picture.metadata.icc == as_bytes(icc));
    CHECK(picture.metadata.xmp == std::string(xmp.begin(), xmp.end()));
    // Turned as the pixels are.
    CHECK(picture.metadata.density == Density{Density::Unit::inch, 150, 300});
    const std::string exif(reinterpret_cast<const char*>(picture.metadata.exif.data()),
                           picture.metadata.exif.size());
    CHECK_THAT(exif, ContainsSubstring("Maker") && ContainsSubstring("more than four letters"));

    const FilePicture back = write_and_read(picture, FileFormat::tiff);
    CHECK(rgb8(back) == rgb8(picture));
    CHECK(back.metadata.icc == picture.metadata.icc);
    CHECK(back.metadata.xmp == picture.metadata.xmp);
    CHECK(back.metadata.density == picture.metadata.density);
    const std::string again(reinterpret_cast<const char*>(back.metadata.exif.data()),
                            back.metadata.exif.size());
    CHECK_THAT(again, ContainsSubstring("Maker") && ContainsSubstring("more than four letters"));
}

TEST_CASE("TIFF: EXIF of another format comes with its directories, in its byte order") {
    const bool big_endian = GENERATE(false, true);
    TiffBuilder builder(big_endian);
    const std::uint32_t exif =
        builder.directory({builder.rational(0x829a, 1), TiffBuilder::opaque(0x927c, scattered(20)),
                           builder.longs(0xa002, {640})});
    const std::uint32_t gps = builder.directory({builder.rational(2, 48)});
    builder.set_first_directory(
        builder.directory({TiffBuilder::opaque(0x010f, to_bytes(std::string("Maker\0", 6))),
                           builder.longs(0x8769, {exif}), builder.longs(0x8825, {gps})}));
    FilePicture picture;
    picture.colour = Picture16{3, 2, scattered16(18)};
    picture.metadata.exif = as_bytes(builder.bytes);
    const std::vector<std::string> notes = notes_of_writing(picture, {.format = FileFormat::tiff});
    CHECK(notes == std::vector<std::string>{"maker notes were left out: they count places in their file"});
    const FilePicture back = write_and_read(picture, FileFormat::tiff);
    CHECK(rgb16(back) == rgb16(picture));
    const TemporaryFolder folder;
    write_picture(folder / "a.tif", picture, {.format = FileFormat::tiff});
    TIFF* tiff = TIFFOpen((folder / "a.tif").c_str(), "r");
    REQUIRE(tiff != nullptr);
    CHECK((TIFFIsBigEndian(tiff) != 0) == big_endian);
    std::uint64_t at = 0;
    REQUIRE(TIFFGetField(tiff, TIFFTAG_GPSIFD, &at) != 0);
    REQUIRE(TIFFGetField(tiff, TIFFTAG_EXIFIFD, &at) != 0);
    REQUIRE(TIFFReadEXIFDirectory(tiff, at) != 0);
    float time = 0;
    std::uint32_t width = 0;
    CHECK((TIFFGetField(tiff, EXIFTAG_EXPOSURETIME, &time) != 0 && time == 1));
    CHECK((TIFFGetField(tiff, EXIFTAG_PIXELXDIMENSION, &width) != 0 && width == 3));  // it tells its own size
    TIFFClose(tiff);
}

TEST_CASE("TIFF: every kind and depth is written as libtiff and we read it") {
    const bool grey = GENERATE(false, true), alpha = GENERATE(false, true);
    for (const auto& [width, height] : {std::pair{1u, 1u}, {1u, 9u}, {300u, 401u}}) {
        INFO(width << " x " << height << ", grey " << grey << ", alpha " << alpha);
        const std::size_t pixels = std::size_t{width} * height;
        FilePicture picture;
        std::vector<std::uint16_t> rgb = scattered16(3 * pixels);
        for (std::size_t i = 0; grey && i < rgb.size(); ++i) rgb[i] = rgb[i - i % 3];
        picture.colour = Picture16{width, height, rgb};
        picture.grey = grey;
        if (alpha) picture.alpha = scattered16(pixels);
        const FilePicture back = write_and_read(picture, FileFormat::tiff);
        CHECK(rgb16(back) == rgb);
        CHECK(back.alpha == picture.alpha);
        CHECK(back.grey == grey);
        const TemporaryFolder folder;
        write_picture(folder / "a.tif", picture, {.format = FileFormat::tiff});
        TIFF* tiff = TIFFOpen((folder / "a.tif").c_str(), "r");
        REQUIRE(tiff != nullptr);
        const std::size_t channels = (grey ? 1u : 3u) + (alpha ? 1u : 0u);
        std::vector<std::uint16_t> row(width * channels);
        REQUIRE(static_cast<std::size_t>(TIFFScanlineSize(tiff)) == 2 * row.size());
        for (std::uint32_t y = 0; y < height; ++y) REQUIRE(TIFFReadScanline(tiff, row.data(), y, 0) == 1);
        CHECK(row[0] == rgb[3 * (pixels - width)]);
        CHECK(row[channels - 1] ==
              (alpha ? picture.alpha[pixels - width] : rgb[3 * (pixels - width) + channels - 1]));
        TIFFClose(tiff);
    }
}

TEST_CASE("TIFF: 32-bit numbers, raw pictures and unknown compressions are refused with a way out") {
    CHECK_THAT(refusal(encode_tiff(
                   {.width = 1, .height = 1, .bits = 32, .samples = 1, .photometric = PHOTOMETRIC_MINISBLACK},
                   {0, 0, 0, 0})),
               ContainsSubstring(
                   "cat.tif: is a TIFF of floats of other than 32 bits, signed numbers or whole numbers of "
                   "more than 16 bits; save it again with 16 bits, or as floats of 32"));
    const auto preview = [](TIFF* tiff) { TIFFSetField(tiff, TIFFTAG_SUBFILETYPE, FILETYPE_REDUCEDIMAGE); };
    CHECK_THAT(refusal(encode_tiff({.width = 1, .height = 1}, {1, 2, 3}, preview)),
               ContainsSubstring("cat.tif: is a camera's raw picture; develop it"));
    CHECK_THAT(refusal(encode_tiff({.width = 1, .height = 1, .photometric = PHOTOMETRIC_CIELAB}, {50, 0, 0})),
               ContainsSubstring("cat.tif: is a TIFF in L*a*b* colours, which this program does not read"));
    Bytes unknown =
        encode_tiff({.width = 1, .height = 1, .compression = COMPRESSION_NONE, .mode = "wl"}, {1, 2, 3});
    for (std::size_t i = 0; i + 12 < unknown.size(); ++i) {
        if (unknown[i] == 3 && unknown[i + 1] == 1 && unknown[i + 2] == 3) unknown[i + 8] = 99;
    }
    CHECK_THAT(refusal(unknown), ContainsSubstring("in a compression that this program does not know"));
}

TEST_CASE("TIFF: what libtiff says of a damaged one in two lines is told in one") {
    Bytes bytes = encode_tiff({.width = 30, .height = 4}, Bytes(30 * 4 * 3, 9),
                              [](TIFF* tiff) { TIFFSetField(tiff, TIFFTAG_NUMBEROFINKS, 5); });
    std::fill_n(bytes.begin() + 8, 12, std::uint8_t{255});
    const std::string message = refusal(bytes);
    CHECK_THAT(message, ContainsSubstring("cat.tif: is damaged (") && ContainsSubstring("NumberOfInks"));
    CHECK(message.find('\n') == std::string::npos);
    CHECK_THAT(message, ContainsSubstring("NumberOfInks: Value 5 of") && !ContainsSubstring("\\n"));
}

TEST_CASE("TIFF: of several pictures the first is taken, and the others are said to be left out") {
    const Bytes one = encode_tiff({.width = 1, .height = 1}, {1, 2, 3});
    const TemporaryFolder folder;
    const std::string path = (folder / "a.tif").string();
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(one.data()), static_cast<std::streamsize>(one.size()));
    TIFF* tiff = TIFFOpen(path.c_str(), "a");
    const std::uint8_t pixel = 7;
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, 1);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, 1);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
    TIFFWriteEncodedStrip(tiff, 0, const_cast<std::uint8_t*>(&pixel), 1);
    TIFFClose(tiff);
    const FilePicture picture = PictureReader(path).decode();
    CHECK(rgb8(picture) == Bytes{1, 2, 3});
    CHECK(notes_of_writing(picture, {.format = FileFormat::png}) ==
          std::vector<std::string>{"further pictures in its file were left out"});
}

TEST_CASE("TIFF: a few bytes that claim a large picture are refused at once") {
    TiffBuilder builder(false);
    const std::uint32_t side = GENERATE(30'000u, 0x7fffffffu), rows = GENERATE(1u, 0x7fffffffu);
    builder.set_first_directory(builder.directory(
        {builder.longs(256, {side}), builder.longs(257, {side}), builder.shorts(258, {8, 8, 8}),
         builder.shorts(259, {5}), builder.shorts(262, {2}), builder.longs(273, {8}),
         builder.shorts(277, {3}), builder.longs(278, {rows}), builder.longs(279, {4})}));
    CHECK_THAT(refusal(builder.bytes), ContainsSubstring("it is too short for") ||
                                           ContainsSubstring("at most 2^30 are accepted") ||
                                           ContainsSubstring("is a damaged TIFF"));
}

TEST_CASE("TIFF: tiles far larger than the picture, and long ones, take no memory to speak of") {
    TiffBuilder builder(false);
    builder.set_first_directory(
        builder.directory({builder.longs(256, {16}), builder.longs(257, {1}), builder.shorts(258, {8, 8, 8}),
                           builder.shorts(259, {5}), builder.shorts(262, {2}), builder.shorts(277, {3}),
                           builder.longs(322, {16}), builder.longs(323, {1u << 20}), builder.longs(324, {8}),
                           builder.longs(325, {4})}));
    CHECK(refusal(builder.bytes) ==
          "cat.tif: is a damaged TIFF, or one of a kind that this program does not read; "
          "save it again as RGB");
}

TEST_CASE("TIFF: IPTC is its bytes, whatever type they are said to have") {
    const auto type = GENERATE(1u, 4u, 7u);
    const bool big_endian = GENERATE(false, true);
    TiffBuilder builder(big_endian);
    const Bytes iptc = scattered(8);
    builder.append({200, 100, 50, 0});
    const TiffBuilder::Field field{33723, type, type == 4 ? 2u : 8u, iptc};
    builder.set_first_directory(
        builder.directory({builder.longs(256, {1}), builder.longs(257, {1}), builder.shorts(258, {8}),
                           builder.shorts(259, {1}), builder.longs(273, {8}), builder.shorts(277, {1}),
                           builder.longs(278, {1}), builder.longs(279, {1}), field}));
    const FilePicture picture = decode_tif(builder.bytes);
    CHECK(rgb8(picture) == Bytes{200, 200, 200});  // which of black and white is 0 is not said
    Bytes expected =
        to_bytes(std::string("Photoshop 3.0\0"
                             "8BIM\x04\x04\0\0\0\0\0\x08",
                             26));
    expected.insert(expected.end(), iptc.begin(), iptc.end());
    CHECK(picture.metadata.iptc == as_bytes(expected));
}

TEST_CASE("TIFF: EXIF that refers to one place again and again is taken once") {
    TiffBuilder builder(false);
    std::vector<TiffBuilder::Field> fields;
    for (int i = 0; i < 40; ++i) fields.push_back(TiffBuilder::opaque(0x9286, scattered(60)));
    const std::uint32_t exif = builder.directory(fields);
    std::vector<TiffBuilder::Field> first;
    for (int i = 0; i < 40; ++i) first.push_back(builder.longs(0x8769, {exif}));
    builder.set_first_directory(builder.directory(first));
    FilePicture picture;
    picture.colour = Picture8{1, 1, {1, 2, 3}};
    picture.metadata.exif = as_bytes(builder.bytes);
    const TemporaryFolder folder;
    CHECK(write_picture(folder / "a.tif", picture, {.format = FileFormat::tiff}).bytes < 1000);
}

TEST_CASE("TIFF: raw files that begin as a TIFF, and files without a directory, are told") {
    Bytes raw = encode_tiff({.width = 1, .height = 1, .mode = "wl"}, {1, 2, 3});
    raw[8] = 'C';
    raw[9] = 'R';
    CHECK_THAT(refusal(raw),
               ContainsSubstring("cat.tif: is a camera's raw picture, which this program does not"));
    CHECK(refusal(to_bytes(std::string("II*\0\x40\0\0\0 and nothing more", 26))) ==
          "cat.tif: is a damaged TIFF; copy it again");
}

TEST_CASE("TIFF: cut at any byte, or with a byte changed, it is refused or read, and nothing else") {
    const char* mode = GENERATE("wl", "wb", "w8");
    const bool tiled = GENERATE(false, true);
    const Bytes whole = encode_tiff({.width = 5, .height = 6, .tiled = tiled, .mode = mode}, scattered(90));
    // The place of a next picture, of up to 8 bytes, may be the last; without it nothing is lost.
    for (std::size_t cut = 1; cut + 8 < whole.size(); ++cut) {
        const Bytes part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(cut));
        INFO(cut << " of " << whole.size() << " bytes, " << mode << ", tiled " << tiled);
        CHECK_THROWS_AS(decode_tif(part), InputError);
    }
    for (std::size_t at = 0; at < whole.size(); ++at) {
        for (const int change : {0xff, 0x01, 0x80}) {
            Bytes changed = whole;
            changed[at] = static_cast<std::uint8_t>(changed[at] ^ change);
            try {
                decode_tif(changed);
            } catch (const InputError& error) {
                CHECK(std::string(error.what()).starts_with("cat.tif: "));
            }
        }
    }
}

}  // namespace shadenet::test
