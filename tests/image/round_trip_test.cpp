// Every kind of file comes back as it was: its samples, its depth, its alpha and its kind.
#include "round_trip.h"

#include "base/error.h"
#include "catch.h"

namespace shadenet::test {

namespace {

void require_same(const FilePicture& back, const FilePicture& picture) {
    REQUIRE(back.colour.index() == picture.colour.index());
    std::visit(
        [&](const auto& colour) {
            const auto& other = std::get<std::decay_t<decltype(colour)>>(back.colour);
            CHECK(other.width == colour.width);
            CHECK(other.height == colour.height);
            if constexpr (std::is_same_v<decltype(colour), const Image&>) {
                CHECK(other.values == colour.values);
            } else {
                CHECK(other.rgb == colour.rgb);
            }
        },
        picture.colour);
    CHECK(back.alpha == picture.alpha);
    CHECK(back.grey == picture.grey);
    CHECK(back.palette == picture.palette);
}

std::size_t png_channels(PngColour colour) {
    switch (colour) {
        case PngColour::rgb:
            return 3;
        case PngColour::grey_alpha:
            return 2;
        case PngColour::rgb_alpha:
            return 4;
        default:
            return 1;
    }
}

Bytes scattered_png(std::uint32_t width, std::uint32_t height, PngColour colour, int bits) {
    const std::size_t row = (width * png_channels(colour) * static_cast<std::size_t>(bits) + 7) / 8;
    const Bytes palette = colour == PngColour::palette ? scattered(std::size_t{3} << bits, 7) : Bytes{};
    return encode_png(width, height, colour, bits, scattered(row * height), palette);
}

}  // namespace

TEST_CASE("PNG: every kind, depth and odd size comes back as it was") {
    const std::pair<PngColour, std::vector<int>> kinds[] = {{PngColour::grey, {1, 2, 4, 8, 16}},
                                                            {PngColour::rgb, {8, 16}},
                                                            {PngColour::palette, {1, 2, 4, 8}},
                                                            {PngColour::grey_alpha, {8, 16}},
                                                            {PngColour::rgb_alpha, {8, 16}}};
    for (const auto& [colour, depths] : kinds) {
        for (const int bits : depths) {
            for (const auto& [width, height] : {std::pair{1u, 1u}, {1u, 9u}, {11u, 1u}, {13u, 7u}}) {
                INFO("colour type " << static_cast<int>(colour) << ", " << bits << " bits, " << width << " x "
                                    << height);
                const FilePicture picture = decode(scattered_png(width, height, colour, bits));
                CHECK(picture.colour.index() == (bits == 16 ? 1u : 0u));
                CHECK(picture.grey == (colour == PngColour::grey || colour == PngColour::grey_alpha));
                CHECK(picture.palette == (colour == PngColour::palette));
                CHECK(picture.alpha.empty() ==
                      (colour != PngColour::grey_alpha && colour != PngColour::rgb_alpha));
                require_same(write_and_read(picture, FileFormat::png), picture);
            }
        }
    }
}

TEST_CASE("PNG: alpha and 16-bit samples are those of the file") {
    const FilePicture deep =
        decode(encode_png(1, 1, PngColour::rgb_alpha, 16, {1, 2, 3, 4, 5, 6, 0xfe, 0xdc}));
    CHECK(rgb16(deep) == std::vector<std::uint16_t>{0x0102, 0x0304, 0x0506});
    CHECK(deep.alpha == std::vector<std::uint16_t>{0xfedc});
    const FilePicture grey = decode(encode_png(2, 1, PngColour::grey_alpha, 8, {9, 0, 200, 77}));
    CHECK(rgb8(grey) == Bytes{9, 9, 9, 200, 200, 200});
    CHECK(grey.alpha == std::vector<std::uint16_t>{0, 77});
}

TEST_CASE("PNG: small depths of grey span black to white") {
    CHECK(rgb8(decode(encode_png(4, 1, PngColour::grey, 2, {0x1b}))) ==
          Bytes{0, 0, 0, 85, 85, 85, 170, 170, 170, 255, 255, 255});
}

TEST_CASE("PNG: a palette's transparency and a colour key become alpha") {
    const Bytes palette = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    // with_chunk puts it before the palette, so that the palette is put before it in turn.
    Bytes png = with_chunk(encode_png(3, 1, PngColour::palette, 8, {2, 1, 0}), "tRNS", {0, 128});
    png = with_chunk(png, "PLTE", palette);
    const FilePicture picture = decode(png);
    CHECK(rgb8(picture) == Bytes{7, 8, 9, 4, 5, 6, 1, 2, 3});
    CHECK(picture.alpha == std::vector<std::uint16_t>{255, 128, 0});
    require_same(write_and_read(picture, FileFormat::png), picture);

    const FilePicture rgb = decode(
        with_chunk(encode_png(2, 1, PngColour::rgb, 8, {1, 2, 3, 1, 2, 4}), "tRNS", {0, 1, 0, 2, 0, 3}));
    CHECK(rgb.alpha == std::vector<std::uint16_t>{0, 255});
    require_same(write_and_read(rgb, FileFormat::png), rgb);

    const FilePicture grey =
        decode(with_chunk(encode_png(2, 1, PngColour::grey, 16, {1, 2, 1, 3}), "tRNS", {1, 3}));
    CHECK(grey.alpha == std::vector<std::uint16_t>{65535, 0});
    require_same(write_and_read(grey, FileFormat::png), grey);

    const FilePicture small =
        decode(with_chunk(encode_png(4, 1, PngColour::grey, 2, {0x1b}), "tRNS", {0, 2}));
    CHECK(small.alpha == std::vector<std::uint16_t>{255, 255, 0, 255});
}

TEST_CASE("PNG: interlaced rows come together, upright and turned") {
    for (const auto& [width, height] : {std::pair{1u, 1u}, {3u, 2u}, {8u, 8u}, {13u, 19u}}) {
        const Bytes rgb = scattered(3 * std::size_t{width} * height);
        const Bytes png = encode_interlaced_png(width, height, rgb);
        INFO(width << " x " << height);
        CHECK(rgb8(decode(png)) == rgb);
        const Bytes turned = encode_exif(6, true);
        CHECK(rgb8(decode(with_chunk(png, "eXIf", turned))) ==
              rgb8(decode(with_chunk(encode_png(width, height, PngColour::rgb, 8, rgb), "eXIf", turned))));
    }
}

TEST_CASE("BMP and TGA come back as they were") {
    const FilePicture rgb = decode(encode_png(13, 7, PngColour::rgb, 8, scattered(273)));
    const FilePicture alpha = decode(encode_png(5, 3, PngColour::rgb_alpha, 8, scattered(60)));
    for (const FileFormat format : {FileFormat::bmp, FileFormat::tga}) {
        require_same(write_and_read(rgb, format), rgb);
        require_same(write_and_read(alpha, format), alpha);
    }
    const FilePicture grey = decode(encode_png(5, 3, PngColour::grey, 8, scattered(15)));
    require_same(write_and_read(grey, FileFormat::tga), grey);
    CHECK(rgb8(write_and_read(grey, FileFormat::bmp)) == rgb8(grey));
}

TEST_CASE("a fourth byte that is zero everywhere is no alpha") {
    FilePicture picture{.colour = Picture8{2, 1, {1, 2, 3, 4, 5, 6}}, .alpha = {0, 0}};
    CHECK(write_and_read(picture, FileFormat::tga).alpha.empty());
    picture.alpha = {0, 1};
    CHECK(write_and_read(picture, FileFormat::tga).alpha == picture.alpha);
}

TEST_CASE("grey is luma where a filter made colours, and the value itself elsewhere") {
    FilePicture picture{.colour = Picture8{4, 1, {255, 0, 0, 0, 255, 0, 0, 0, 255, 77, 77, 77}},
                        .grey = true};
    // 0.2126, 0.7152 and 0.0722 of 255 are 54.2, 182.4 and 18.4.
    const Bytes expected = {54, 54, 54, 182, 182, 182, 18, 18, 18, 77, 77, 77};
    CHECK(rgb8(write_and_read(picture, FileFormat::png)) == expected);
    CHECK(rgb8(write_and_read(picture, FileFormat::tga)) == expected);
    CHECK(rgb8(write_and_read(picture, FileFormat::bmp)) == expected);
    picture.colour = Picture16{1, 1, {65535, 65535, 65534}};
    CHECK(rgb16(write_and_read(picture, FileFormat::png)) == std::vector<std::uint16_t>{65535, 65535, 65535});
}

TEST_CASE("16 bits become 8 where a format has no more, rounded to nearest") {
    const FilePicture picture{.colour = Picture16{2, 1, {0, 128, 129, 257 * 100, 65535, 257 * 7 - 129}}};
    WriteOptions options;
    for (const FileFormat format : {FileFormat::bmp, FileFormat::tga}) {
        options.format = format;
        CHECK(rgb8(write_and_read(picture, options)) == Bytes{0, 0, 1, 100, 255, 6});
        CHECK(notes_of_writing(picture, options) == std::vector<std::string>{"16 bits became 8"});
    }
    options.format = FileFormat::png;
    CHECK(notes_of_writing(picture, options).empty());
}

TEST_CASE("what a format cannot hold is refused before a file is made") {
    const TemporaryFolder folder;
    const auto refusal = [&](const FilePicture& picture, const WriteOptions& options) {
        return message_of<InputError>([&] { write_picture(folder / "cat.jpg", picture, options); });
    };
    WriteOptions jpeg;
    jpeg.format = FileFormat::jpeg;
    const FilePicture clear{.colour = Picture8{1, 1, {1, 2, 3}}, .alpha = {254}};
    CHECK_THAT(refusal(clear, jpeg), ContainsSubstring("cat.jpg: is partly transparent"));
    const FilePicture wide{.colour = Picture8{65501, 1, Bytes(3 * 65501)}};
    CHECK_THAT(refusal(wide, jpeg), ContainsSubstring("65501 x 1 pixels are too many for a JPEG"));
    const FilePicture wider{.colour = Picture8{65536, 1, Bytes(3 * 65536)}};
    WriteOptions tga;
    tga.format = FileFormat::tga;
    CHECK_THAT(refusal(wider, tga), ContainsSubstring("65536 x 1 pixels are too many for a TGA"));
    jpeg.quality = 101;
    CHECK_THAT(refusal({.colour = Picture8{1, 1, {1, 2, 3}}}, jpeg), ContainsSubstring("quality"));
    CHECK(std::filesystem::is_empty(folder.path()));
    jpeg.quality = 0;
    const FilePicture opaque{.colour = Picture16{1, 1, {1, 2, 3}}, .alpha = {65535}};
    CHECK(refusal(opaque, jpeg).empty());
}

TEST_CASE("an alpha of another size is refused") {
    const TemporaryFolder folder;
    const FilePicture picture{.colour = Picture8{2, 1, Bytes(6)}, .alpha = {1}};
    CHECK_THROWS_AS(write_picture(folder / "cat.png", picture, {}), WorkError);
    CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("a file is told by its size, and decoded once") {
    const Bytes png = encode_png(3, 1, PngColour::grey, 16, scattered(6));
    PictureReader reader(as_bytes(png), "cat.png");
    CHECK(reader.facts().file_bytes == png.size());
    CHECK((reader.facts().sixteen_bit && reader.facts().grey && !reader.facts().alpha));
    reader.decode();
    CHECK_THROWS_AS(reader.decode(), WorkError);
}

}  // namespace shadenet::test
