// WebP: with and without loss, alpha, metadata, animations, damage.
#include <cmath>

#include <webp/encode.h>
#include <webp/mux.h>

#include "base/error.h"
#include "catch.h"
#include "image/jpeg_segments.h"
#include "round_trip.h"

namespace shadenet::test {

namespace {

FilePicture noise_picture(std::uint32_t width, std::uint32_t height, bool alpha) {
    FilePicture picture;
    picture.colour = Picture8{width, height, scattered(std::size_t{3} * width * height)};
    if (alpha) {
        for (const std::uint8_t value : scattered(std::size_t{width} * height, 5))
            picture.alpha.push_back(value);
    }
    return picture;
}

WriteOptions webp_of(int quality) {
    return {.format = FileFormat::webp, .quality = quality};
}

Bytes written(const FilePicture& picture, const WriteOptions& options) {
    const TemporaryFolder folder;
    write_picture(folder / "a.webp", picture, options);
    const PictureReader reader(folder / "a.webp");
    const auto bytes = reader.bytes();
    const auto* begin = reinterpret_cast<const std::uint8_t*>(bytes.data());
    return {begin, begin + bytes.size()};
}

/// Two pictures of one colour each, at different places of the canvas.
Bytes animation() {
    WebPAnimEncoderOptions options;
    WebPAnimEncoderOptionsInit(&options);
    WebPAnimEncoder* encoder = WebPAnimEncoderNew(5, 3, &options);
    WebPConfig config;
    WebPConfigInit(&config);
    config.lossless = 1;
    for (int i = 0; i < 2; ++i) {
        WebPPicture frame;
        WebPPictureInit(&frame);
        frame.use_argb = 1;
        frame.width = 5;
        frame.height = 3;
        const Bytes rgb(5 * 3 * 3, static_cast<std::uint8_t>(i == 0 ? 40 : 200));
        REQUIRE(WebPPictureImportRGB(&frame, rgb.data(), 15) != 0);
        REQUIRE(WebPAnimEncoderAdd(encoder, &frame, 100 * i, &config) != 0);
        WebPPictureFree(&frame);
    }
    WebPAnimEncoderAdd(encoder, nullptr, 200, nullptr);
    WebPData data;
    WebPDataInit(&data);
    REQUIRE(WebPAnimEncoderAssemble(encoder, &data) != 0);
    const Bytes bytes(data.bytes, data.bytes + data.size);
    WebPDataClear(&data);
    WebPAnimEncoderDelete(encoder);
    return bytes;
}

}  // namespace

TEST_CASE("WebP: a picture comes back as it was, with alpha and the colours of transparent pixels") {
    const bool alpha = GENERATE(false, true);
    for (const auto& [width, height] : {std::pair{1u, 1u}, {1u, 9u}, {13u, 7u}, {64u, 33u}}) {
        INFO(width << " x " << height << ", alpha " << alpha);
        const FilePicture picture = noise_picture(width, height, alpha);
        const FilePicture back = decode(written(picture, webp_of(0)), "cat.webp");
        CHECK(rgb8(back) == rgb8(picture));
        CHECK(back.alpha == picture.alpha);
        CHECK_FALSE(back.lossy);
        CHECK(back.format == FileFormat::webp);
    }
}

TEST_CASE("WebP: a lossy source, and a quality that is asked for, are coded with loss") {
    FilePicture picture;
    picture.colour = soft_picture(80, 60);
    const Bytes lossless = written(picture, webp_of(0)), small = written(picture, webp_of(20)),
                large = written(picture, webp_of(100));
    CHECK(small.size() < large.size());
    CHECK(decode(small).lossy);
    picture.lossy = true;
    const FilePicture back = decode(written(picture, webp_of(0)));
    CHECK(back.lossy);
    CHECK_FALSE(decode(lossless).lossy);
    int worst = 0;
    for (std::size_t i = 0; i < rgb8(back).size(); ++i) {
        worst = std::max(worst, std::abs(rgb8(back)[i] - rgb8(picture)[i]));
    }
    CHECK(worst > 0);
    CHECK(worst < 16);
}

TEST_CASE("WebP: profile, EXIF and XMP come back, and its orientation is applied") {
    FilePicture picture = noise_picture(4, 3, false);
    picture.metadata.icc = as_bytes(scattered(300));
    picture.metadata.exif = as_bytes(encode_exif(1, true));
    picture.metadata.xmp = "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"/>";
    const FilePicture back = decode(written(picture, webp_of(0)));
    CHECK(back.metadata.icc == picture.metadata.icc);
    CHECK(back.metadata.exif == picture.metadata.exif);
    CHECK(back.metadata.xmp == picture.metadata.xmp);

    // Written by another program: not upright, and EXIF begins as in a JPEG.
    const Bytes plain = written(noise_picture(4, 3, false), webp_of(0));
    const WebPData data{plain.data(), plain.size()};
    WebPMux* mux = WebPMuxCreate(&data, 1);
    Bytes exif = to_bytes(std::string(exif_name));
    const Bytes turned = encode_exif(6, false);
    exif.insert(exif.end(), turned.begin(), turned.end());
    const WebPData chunk{exif.data(), exif.size()};
    REQUIRE(WebPMuxSetChunk(mux, "EXIF", &chunk, 1) == WEBP_MUX_OK);
    WebPData whole;
    REQUIRE(WebPMuxAssemble(mux, &whole) == WEBP_MUX_OK);
    const FilePicture upright = decode(Bytes(whole.bytes, whole.bytes + whole.size));
    WebPDataClear(&whole);
    WebPMuxDelete(mux);
    const auto& colour = std::get<Picture8>(upright.colour);
    CHECK(colour.width == 3);
    CHECK(colour.height == 4);
    // The first pixel of the file stands in the upper right corner.
    CHECK(colour.rgb[3 * 2] == rgb8(picture)[0]);
    CHECK(upright.metadata.exif == as_bytes(turned));
}

TEST_CASE("WebP: what it has no place for is said") {
    FilePicture picture = noise_picture(4, 3, false);
    picture.metadata.density = Density{Density::Unit::inch, 300, 300};
    picture.metadata.texts = {{.keyword = "Comment", .text = "x"}};
    picture.palette = true;
    const std::vector<std::string> notes = notes_of_writing(picture, webp_of(0));
    REQUIRE(notes.size() == 2);
    CHECK(notes[0] == "the palette became true colours");
    CHECK(notes[1] == "left out, since a WebP has no place for it: texts, resolution");
    picture = noise_picture(16384, 1, false);
    const TemporaryFolder folder;
    CHECK_THAT(message_of<InputError>([&] { write_picture(folder / "a.webp", picture, webp_of(0)); }),
               ContainsSubstring("16384 x 1 pixels are too many for a WebP; choose PNG"));
    CHECK_FALSE(std::filesystem::exists(folder / "a.webp"));
}

TEST_CASE("WebP: of an animation the first picture is taken, which is said") {
    PictureReader reader(as_bytes(animation()), "a.webp");
    CHECK(reader.facts().notes == std::vector<std::string>{"animation (its first picture)"});
    const FilePicture picture = reader.decode();
    CHECK(rgb8(picture) == Bytes(5 * 3 * 3, 40));
    CHECK(picture.losses == std::vector<std::string>{"an animation became its first picture"});
}

TEST_CASE("WebP: cut at any byte, or with a byte changed, it is refused or read, and nothing else") {
    FilePicture picture = noise_picture(9, 7, true);
    picture.metadata.icc = as_bytes(scattered(40));
    const Bytes lossless = written(picture, webp_of(0)), lossy = written(picture, webp_of(50));
    for (const Bytes& whole : {lossless, lossy, animation()}) {
        for (std::size_t cut = 1; cut < whole.size(); ++cut) {
            const Bytes part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(cut));
            CHECK_THROWS_AS(decode(part, "cat.webp"), InputError);
        }
        for (std::size_t at = 0; at < whole.size(); ++at) {
            Bytes changed = whole;
            changed[at] = static_cast<std::uint8_t>(~changed[at]);
            try {
                decode(changed, "cat.webp");
            } catch (const InputError& error) {
                CHECK(std::string(error.what()).starts_with("cat.webp: "));
            }
        }
    }
}

}  // namespace shadenet::test
