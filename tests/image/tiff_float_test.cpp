// TIFF of 32-bit floats: every number that is one, through reading and writing.
#include <cstring>
#include <limits>

#include "base/error.h"
#include "catch.h"
#include "image/image.h"
#include "round_trip.h"
#include "tiff_files.h"

namespace shadenet::test {

namespace {

/// From below 0 to far above 1, and the smallest and largest.
std::vector<float> wide_values(std::size_t count) {
    std::vector<float> values;
    const Bytes noise = scattered(count);
    for (const std::uint8_t one : noise) values.push_back(static_cast<float>(one) / 50.0f - 1.5f);
    values[0] = std::numeric_limits<float>::denorm_min();
    values[1] = 3e38f;
    values[2] = -1e-20f;
    return values;
}

Bytes float_tiff(TiffKind kind, const std::vector<float>& values) {
    kind.bits = 32;
    kind.sample_format = SAMPLEFORMAT_IEEEFP;
    Bytes bytes(4 * values.size());
    std::memcpy(bytes.data(), values.data(), bytes.size());
    return encode_tiff(kind, bytes);
}

FilePicture decode_floats(const TiffKind& kind, const std::vector<float>& values) {
    return decode(float_tiff(kind, values), "cat.tif");
}

const Image& floats(const FilePicture& picture) {
    return std::get<Image>(picture.colour);
}

/// The colours of interleaved samples, [c][y][x].
std::vector<float> planes_of(const std::vector<float>& values, std::size_t in_pixel) {
    std::vector<float> planes;
    for (std::size_t c = 0; c < 3; ++c) {
        for (std::size_t i = 0; i < values.size(); i += in_pixel)
            planes.push_back(values[i + (in_pixel < 3 ? 0 : c)]);
    }
    return planes;
}

}  // namespace

TEST_CASE("TIFF: floats are what they are in strips and tiles, together and apart, and come back so") {
    const bool tiled = GENERATE(false, true), separate = GENERATE(false, true);
    const auto samples = GENERATE(std::uint16_t{1}, std::uint16_t{2}, std::uint16_t{3}, std::uint16_t{4});
    const char* mode = GENERATE("wl", "wb");
    const bool alpha = samples % 2 == 0;
    const TiffKind kind = kind_of_samples(samples, tiled, separate, mode);
    const std::vector<float> values = wide_values(std::size_t{21} * 19 * samples);
    const FilePicture picture = decode_floats(kind, values);
    CHECK(floats(picture).values == planes_of(values, samples));
    CHECK(picture.grey == (samples < 3));
    REQUIRE(picture.float_alpha.size() == (alpha ? 21u * 19u : 0u));
    if (alpha) CHECK(picture.float_alpha[5] == values[5 * samples + samples - 1]);
    CHECK(picture.alpha.empty());

    const TemporaryFolder folder;
    const Written written = write_picture(folder / "a.tif", picture, {.format = FileFormat::tiff});
    CHECK(written.notes.empty());
    PictureReader reader(folder / "a.tif");
    CHECK(reader.facts().floats);
    const FilePicture back = reader.decode();
    CHECK(floats(back).values == floats(picture).values);
    CHECK(back.float_alpha == picture.float_alpha);
    CHECK(back.grey == picture.grey);
    CHECK(read_image(folder / "a.tif").notes.front() == "32-bit float");
}

TEST_CASE(
    "TIFF: floats are turned upright, alpha is taken out of them, and grey is luma where colours came") {
    const std::vector<float> two = {2, 3, 4, -1, 0, 7};
    const FilePicture turned = decode_floats({.width = 2, .height = 1, .orientation = 6}, two);
    CHECK(floats(turned).width == 1);
    CHECK(floats(turned).values == std::vector<float>{2, -1, 3, 0, 4, 7});

    const FilePicture straight =
        decode_floats({.width = 2, .height = 1, .samples = 4, .extra = EXTRASAMPLE_ASSOCALPHA},
                      {1, 2, 0.5f, 0.5f, 3, 3, 3, 0});
    CHECK(floats(straight).values == std::vector<float>{2, 0, 4, 0, 1, 0});
    CHECK(straight.float_alpha == std::vector<float>{0.5f, 0});
    REQUIRE(straight.losses.size() == 1);

    FilePicture grey =
        decode_floats({.width = 1, .height = 1, .samples = 1, .photometric = PHOTOMETRIC_MINISBLACK}, {0.3f});
    std::get<Image>(grey.colour).values = {10, 0, 0};
    CHECK(floats(write_and_read(grey, FileFormat::tiff)).values == std::vector<float>(3, 0.2126f * 10));
}

TEST_CASE("floats that a format has no place for become levels, and how many are clamped is said") {
    FilePicture picture;
    picture.colour = Image{2, 2, {0, 0.5f, 1.5f, 1, 0, 0.5f, 0, 1, 0, 0.5f, -0.25f, 1}};
    picture.float_alpha = {1, 0.5f, 2, 0};
    const std::vector<std::string> sixteen = {"floats became 16 bits",
                                              "1 pixel had values below 0 or above 1, which were clamped"};
    CHECK(notes_of_writing(picture, {.format = FileFormat::png}) == sixteen);
    const FilePicture png = write_and_read(picture, FileFormat::png);
    CHECK(rgb16(png) ==
          std::vector<std::uint16_t>{0, 0, 0, 32768, 32768, 32768, 65535, 0, 0, 65535, 65535, 65535});
    CHECK(png.alpha == std::vector<std::uint16_t>{65535, 32768, 65535, 0});
    CHECK(notes_of_writing(picture, {.format = FileFormat::webp}).front() == "floats became 8 bits");
    CHECK(rgb8(write_and_read(picture, FileFormat::webp))[3] == 128);
    picture.float_alpha.clear();
    std::get<Image>(picture.colour).values[2] = std::numeric_limits<float>::quiet_NaN();
    CHECK_THAT(message_of<WorkError>([&] { notes_of_writing(picture, {.format = FileFormat::png}); }),
               ContainsSubstring("cat: not written: a value of row 1, column 0 is no number"));
}

TEST_CASE("TIFF: a float that is no number is refused by its place, and other floats with a way out") {
    for (const float bad :
         {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
        CHECK_THAT(message_of<InputError>([&] {
                       decode_floats({.width = 2, .height = 2}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, bad, 12});
                   }),
                   ContainsSubstring("cat.tif: row 1, column 1 is "));
    }
    // What alpha was multiplied into may be too large without it.
    CHECK_THAT(message_of<InputError>([&] {
                   decode_floats({.width = 1, .height = 1, .samples = 4, .extra = EXTRASAMPLE_ASSOCALPHA},
                                 {3e38f, 0, 0, 1e-3f});
               }),
               ContainsSubstring("cat.tif: row 0, column 0 is inf"));
    const TiffKind half{.width = 1, .height = 1, .bits = 16, .sample_format = SAMPLEFORMAT_IEEEFP};
    CHECK_THAT(message_of<InputError>([&] { decode(encode_tiff(half, Bytes(6, 0)), "cat.tif"); }),
               ContainsSubstring("cat.tif: is a TIFF of floats of other than 32 bits"));
}

TEST_CASE("resizing takes nothing from values that are beyond black and white") {
    Image image{6, 4, std::vector<float>(72)};
    for (std::size_t i = 0; i < image.values.size(); ++i) image.values[i] = i % 6 < 3 ? -2.0f : 5.0f;
    const Image smaller = resize(image, 2, 2);
    CHECK(smaller.at(0, 0, 0) < -1);
    CHECK(smaller.at(0, 0, 1) > 4);
    for (const float value : resize(image, 31, 9).values) CHECK((value >= -2.0f && value <= 5.0f));
}

}  // namespace shadenet::test
