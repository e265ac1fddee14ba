// shadenet apply keeps what kind of picture it was given, and what is written beside the pixels.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "catch.h"
#include "image/picture_file.h"
#include "pictures.h"

using namespace shadenet::test;
namespace fs = std::filesystem;

namespace {

shadenet::FilePicture decoded(const fs::path& path) {
    return shadenet::PictureReader(path).decode();
}

Bytes samples(std::size_t count) {
    Bytes bytes(count);
    for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<std::uint8_t>(17 + 37 * i + i * i / 5);
    return bytes;
}

/// Sixteen colours of a palette, and the index of each pixel.
Bytes palette_png() {
    Bytes indices = samples(std::size_t{13} * 11);
    for (std::uint8_t& index : indices) index %= 16;
    return encode_png(13, 11, PngColour::palette, 8, indices, samples(48));
}

/// A PNG with a text, a resolution and EXIF that says which side is up.
Bytes described_png(int orientation) {
    Bytes png = encode_png(13, 11, PngColour::rgb, 8, samples(std::size_t{13} * 11 * 3));
    png = with_chunk(png, "tEXt", to_bytes(std::string("Author\0somebody", 15)));
    png = with_chunk(png, "pHYs", {0, 0, 0x0b, 0x13, 0, 0, 0x0b, 0x13, 1});
    return with_chunk(png, "eXIf", encode_exif(orientation, true));
}

/// Values from -1 to 3, which differ from one `variant` to the next.
shadenet::Image wide_floats(std::size_t variant) {
    shadenet::Image image{26, 19, std::vector<float>(3 * 26 * 19)};
    for (std::size_t i = 0; i < image.values.size(); ++i) {
        image.values[i] = static_cast<float>((31 * i + i * i / 7 + 13 * variant) % 401) / 100.0f - 1.0f;
    }
    return image;
}

/// A mixture of the colours, from -3.25 to 6.75.
shadenet::Image mixed(const shadenet::Image& image) {
    shadenet::Image result = image;
    const std::size_t plane = image.plane();
    for (std::size_t i = 0; i < image.values.size(); ++i) {
        const std::size_t next_colour = (i + plane) % image.values.size();
        result.values[i] = 2.0f * image.values[i] - 0.5f * image.values[next_colour] + 0.25f;
    }
    return result;
}

void write_floats(const fs::path& path, const shadenet::Image& image) {
    shadenet::FilePicture picture;
    picture.colour = image;
    write_picture(path, picture, {.format = shadenet::FileFormat::tiff});
}

}  // namespace

TEST_CASE("at strength 0 every kind of PNG comes back sample by sample, and at 1 as the same kind") {
    const Pictures pictures;
    pictures.made_model();
    fs::create_directory(pictures / "in");
    constexpr std::size_t pixels = 13 * 11;
    const std::vector<std::pair<const char*, Bytes>> kinds = {
        {"rgb", encode_png(13, 11, PngColour::rgb, 8, samples(pixels * 3))},
        {"rgb16", encode_png(13, 11, PngColour::rgb, 16, samples(pixels * 6))},
        {"rgba", encode_png(13, 11, PngColour::rgb_alpha, 8, samples(pixels * 4))},
        {"rgba16", encode_png(13, 11, PngColour::rgb_alpha, 16, samples(pixels * 8))},
        {"grey", encode_png(13, 11, PngColour::grey, 8, samples(pixels))},
        {"grey16", encode_png(13, 11, PngColour::grey, 16, samples(pixels * 2))},
        {"grey_alpha", encode_png(13, 11, PngColour::grey_alpha, 8, samples(pixels * 2))},
        {"palette", palette_png()},
        {"interlaced", encode_interlaced_png(13, 11, samples(pixels * 3))},
        {"described", described_png(1)},
        {"pixel", encode_png(1, 1, PngColour::rgb, 8, {9, 99, 199})},
    };
    for (const auto& [name, png] : kinds) write_bytes(pictures / "in" / (std::string(name) + ".png"), png);
    REQUIRE(run_shadenet(pictures.apply("in", "same", {"--strength", "0"})).exit_code == 0);
    REQUIRE(run_shadenet(pictures.apply("in", "filtered")).exit_code == 0);
    for (const auto& [name, png] : kinds) {
        INFO(name);
        const std::string file = std::string(name) + ".png";
        const shadenet::FilePicture before = decoded(pictures / "in" / file);
        const shadenet::FilePicture same = decoded(pictures / "same" / file);
        const shadenet::FilePicture filtered = decoded(pictures / "filtered" / file);
        CHECK(before.colour.index() == filtered.colour.index());
        if (const auto* deep = std::get_if<shadenet::Picture16>(&before.colour)) {
            CHECK(deep->rgb == std::get<shadenet::Picture16>(same.colour).rgb);
            CHECK(deep->rgb != std::get<shadenet::Picture16>(filtered.colour).rgb);
        } else {
            const auto& rgb = std::get<shadenet::Picture8>(before.colour).rgb;
            CHECK(rgb == std::get<shadenet::Picture8>(same.colour).rgb);
            CHECK(rgb != std::get<shadenet::Picture8>(filtered.colour).rgb);
        }
        for (const shadenet::FilePicture* after : {&same, &filtered}) {
            CHECK(after->alpha == before.alpha);
            CHECK(after->grey == before.grey);
            CHECK(after->palette == before.palette);
            CHECK(after->metadata == before.metadata);
        }
    }
}

TEST_CASE("floats are filtered as they are, and clamped, and said to be, where a format needs levels") {
    const Pictures pictures;
    pictures.made_model();
    fs::create_directory(pictures / "in");
    shadenet::FilePicture picture;
    shadenet::Image image{37, 23, std::vector<float>(3 * 37 * 23)};
    for (std::size_t i = 0; i < image.values.size(); ++i)
        image.values[i] = static_cast<float>(i % 101) / 40.0f - 0.7f;
    picture.colour = image;
    picture.float_alpha.assign(37 * 23, 1.25f);
    write_picture(pictures / "in/f.tif", picture, {.format = shadenet::FileFormat::tiff});
    REQUIRE(run_shadenet(pictures.apply("in", "same", {"--strength", "0"})).exit_code == 0);
    const shadenet::FilePicture same = decoded(pictures / "same/f.tif");
    CHECK(std::get<shadenet::Image>(same.colour).values == image.values);
    CHECK(same.float_alpha == picture.float_alpha);
    const Outcome filtered = run_shadenet(pictures.apply("in", "filtered", {"-t", "16"}));
    REQUIRE(filtered.exit_code == 0);
    CHECK_THAT(filtered.err, !ContainsSubstring("clamped"));
    const auto floats = std::get<shadenet::Image>(decoded(pictures / "filtered/f.tif").colour);
    CHECK(floats.values != image.values);
    const auto [least, most] = std::ranges::minmax(floats.values);
    CHECK(least < 0);
    CHECK(most > 1);
    const Outcome levels = run_shadenet(pictures.apply("in", "levels", {"-f", "png"}));
    REQUIRE(levels.exit_code == 0);
    CHECK_THAT(levels.err,
               ContainsSubstring("f.png: floats became 16 bits") &&
                   ContainsSubstring(" pixels had values below 0 or above 1, which were clamped"));
    const auto deep = std::get<shadenet::Picture16>(decoded(pictures / "levels/f.png").colour);
    double worst = 0;
    for (std::size_t i = 0; i < floats.plane(); ++i) {
        for (std::size_t c = 0; c < 3; ++c) {
            const double wanted = std::clamp<double>(floats.values[c * floats.plane() + i], 0, 1) * 65535;
            worst = std::max(worst, std::abs(wanted - deep.rgb[3 * i + c]));
        }
    }
    CHECK(worst <= 0.5);
}

TEST_CASE("floats below 0 and above 1 are learned from as they are, and the filter makes such floats") {
    const Pictures pictures;
    for (const char* name : {"in", "out", "new"}) fs::create_directory(pictures / name);
    for (std::size_t i = 0; i < 6; ++i) {
        const std::string file = std::to_string(i) + ".tif";
        write_floats(pictures / "in" / file, wide_floats(i));
        write_floats(pictures / "out" / file, mixed(wide_floats(i)));
    }
    const Outcome trained =
        run_shadenet({"train", "--input", pictures.path("in"), "--target", pictures.path("out"), "--output",
                      pictures.path("run"), "--size", "0", "--network", "input 3, conv 3 1x1", "--epochs",
                      "2", "--no-tune"});
    INFO(trained.out << trained.err);
    REQUIRE(trained.exit_code == 0);
    const shadenet::Image fresh = wide_floats(17), wanted = mixed(fresh);
    write_floats(pictures / "new/a.tif", fresh);
    REQUIRE(run_shadenet({"apply", "-m", pictures.path("run/model.safetensors"), "-i", pictures.path("new"),
                          "-o", pictures.path("made")})
                .exit_code == 0);
    const auto made = std::get<shadenet::Image>(decoded(pictures / "made/a.tif").colour);
    REQUIRE(made.values.size() == wanted.values.size());
    const auto [least, most] = std::ranges::minmax(wanted.values);
    CHECK(least < -2);
    CHECK(most > 6);
    double worst = 0;
    for (std::size_t i = 0; i < wanted.values.size(); ++i) {
        worst = std::max<double>(worst, std::abs(made.values[i] - wanted.values[i]));
    }
    CHECK(worst < 1e-3);
}

TEST_CASE("a picture is filtered upright, and its EXIF says so afterwards") {
    const Pictures pictures;
    pictures.made_model();
    fs::create_directory(pictures / "in");
    write_bytes(pictures / "in/turned.png", described_png(6));
    REQUIRE(run_shadenet(pictures.apply("in", "out", {"--strength", "0"})).exit_code == 0);
    REQUIRE(run_shadenet(pictures.apply("in", "bare", {"--strip-metadata"})).exit_code == 0);
    const shadenet::FilePicture before = decoded(pictures / "in/turned.png");
    const shadenet::FilePicture after = decoded(pictures / "out/turned.png");
    CHECK(std::get<shadenet::Picture8>(after.colour).width == 11);
    CHECK(std::get<shadenet::Picture8>(after.colour).rgb == std::get<shadenet::Picture8>(before.colour).rgb);
    const Bytes upright = encode_exif(1, true);
    CHECK(after.metadata.exif.size() == upright.size());
    CHECK(std::equal(upright.begin(), upright.end(), after.metadata.exif.begin(),
                     [](std::uint8_t a, std::byte b) { return std::byte{a} == b; }));
    CHECK(after.metadata.texts == before.metadata.texts);
    const shadenet::FilePicture bare = decoded(pictures / "bare/turned.png");
    CHECK(bare.metadata.exif.empty());
    CHECK(bare.metadata.texts.empty());
    CHECK(bare.metadata.density == before.metadata.density);
}

TEST_CASE("a palette stays one, and holds the result exactly where PNG is asked for") {
    const Pictures pictures;
    pictures.made_model();
    Bytes indices = samples(std::size_t{64} * 48);
    write_bytes(pictures / "many.png", encode_png(64, 48, PngColour::palette, 8, indices, samples(768)));
    const Outcome reduced = run_shadenet(pictures.apply("many.png", "reduced.png"));
    CHECK(reduced.exit_code == 0);
    CHECK_THAT(reduced.err, ContainsSubstring("colours became the palette's 256"));
    CHECK(decoded(pictures / "reduced.png").palette);
    REQUIRE(run_shadenet(pictures.apply("many.png", "exact.png", {"-f", "png"})).exit_code == 0);
    CHECK_FALSE(decoded(pictures / "exact.png").palette);
}

TEST_CASE("what a JPEG cannot hold is refused, and not dropped in silence") {
    const Pictures pictures;
    pictures.made_model();
    fs::create_directory(pictures / "in");
    write_bytes(pictures / "in/glass.png",
                encode_png(13, 11, PngColour::rgb_alpha, 8, samples(std::size_t{13} * 11 * 4)));
    write_bytes(pictures / "in/deep.png",
                encode_png(13, 11, PngColour::rgb, 16, samples(std::size_t{13} * 11 * 6)));
    const Outcome outcome = run_shadenet(pictures.apply("in", "out", {"-f", "jpg"}));
    CHECK(outcome.exit_code == 1);
    CHECK_THAT(outcome.err, ContainsSubstring("glass.jpg: is partly transparent") &&
                                ContainsSubstring("16 bits became 8"));
    CHECK(fs::exists(pictures / "out/deep.jpg"));
    CHECK_FALSE(fs::exists(pictures / "out/glass.jpg"));
}
