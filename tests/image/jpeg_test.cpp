// JPEGs: how good they are, and that they are coded as their source was.
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "base/error.h"
#include "catch.h"
#include "round_trip.h"

namespace shadenet::test {

namespace {

WriteOptions jpeg_options(int quality) {
    WriteOptions options;
    options.format = FileFormat::jpeg;
    options.quality = quality;
    return options;
}

int worst_error(const FilePicture& a, const FilePicture& b) {
    REQUIRE(rgb8(a).size() == rgb8(b).size());
    int worst = 0;
    for (std::size_t i = 0; i < rgb8(a).size(); ++i)
        worst = std::max(worst, std::abs(rgb8(a)[i] - rgb8(b)[i]));
    return worst;
}

double mean_error(const FilePicture& a, const FilePicture& b) {
    REQUIRE(rgb8(a).size() == rgb8(b).size());
    double sum = 0;
    for (std::size_t i = 0; i < rgb8(a).size(); ++i) sum += std::abs(rgb8(a)[i] - rgb8(b)[i]);
    return sum / static_cast<double>(rgb8(a).size());
}

std::pair<int, int> luma_sampling(const FilePicture& picture) {
    const JpegCoding::Component& luma = picture.jpeg.value().components.front();
    return {luma.sampling.horizontal, luma.sampling.vertical};
}

JpegCoding some_coding(int horizontal, int vertical) {
    JpegCoding coding{.components = {{0, horizontal, vertical}, {1, 1, 1}, {1, 1, 1}}, .jfif = true};
    coding.tables.resize(2);
    for (std::size_t i = 0; i < 64; ++i) {
        coding.tables[0][i] = static_cast<std::uint16_t>(2 + i / 8);
        coding.tables[1][i] = static_cast<std::uint16_t>(3 + i % 8);
    }
    return coding;
}

}  // namespace

TEST_CASE("a JPEG is close to its picture, and closer with more quality") {
    const FilePicture picture{.colour = soft_picture(61, 47)};
    const FilePicture best = write_and_read(picture, jpeg_options(0));
    CHECK(best.format == FileFormat::jpeg);
    CHECK(worst_error(best, picture) <= 4);
    CHECK(worst_error(write_and_read(picture, jpeg_options(100)), picture) <= 4);
    CHECK(worst_error(write_and_read(picture, jpeg_options(10)), picture) > 4);
    CHECK(mean_error(write_and_read(picture, jpeg_options(100)), picture) < mean_error(best, picture));
}

TEST_CASE("JPEGs of odd sizes, grey and deep ones are written") {
    for (const auto& [width, height] : {std::pair{1u, 1u}, {1u, 17u}, {33u, 1u}}) {
        const FilePicture picture{.colour = soft_picture(width, height)};
        INFO(width << " x " << height);
        CHECK(worst_error(write_and_read(picture, jpeg_options(0)), picture) <= 4);
    }
    const FilePicture grey{.colour = Picture8{1, 1, {90, 90, 90}}, .grey = true};
    const FilePicture back = write_and_read(grey, jpeg_options(0));
    CHECK(back.grey);
    CHECK(back.jpeg.value().components.size() == 1);
    CHECK(worst_error(back, grey) <= 1);
    const FilePicture deep{.colour = Picture16{1, 1, {257 * 90, 257 * 90, 257 * 90}}};
    CHECK(worst_error(write_and_read(deep, jpeg_options(0)), grey) <= 1);
    CHECK(notes_of_writing(deep, jpeg_options(0)) == std::vector<std::string>{"16 bits became 8"});
}

TEST_CASE("without a quality, a JPEG is coded as its source was") {
    for (const auto& [horizontal, vertical] : {std::pair{1, 1}, {2, 1}, {1, 2}, {2, 2}, {4, 1}}) {
        for (const bool progressive : {false, true}) {
            JpegCoding coding = some_coding(horizontal, vertical);
            coding.progressive = progressive;
            coding.restart_interval = 2;
            const FilePicture source{.colour = soft_picture(45, 37), .jpeg = coding};
            INFO(horizontal << " x " << vertical << (progressive ? ", progressive" : ""));
            const FilePicture once = write_and_read(source, jpeg_options(0));
            CHECK(once.jpeg == coding);
            // Coding it the same way again loses next to nothing.
            const FilePicture twice = write_and_read(once, jpeg_options(0));
            CHECK(twice.jpeg == coding);
            CHECK(mean_error(twice, once) < 0.5);
        }
    }
    JpegCoding rgb = some_coding(1, 1);
    rgb.rgb = rgb.adobe = true;
    rgb.jfif = false;
    CHECK(write_and_read({.colour = soft_picture(9, 9), .jpeg = rgb}, jpeg_options(0)).jpeg == rgb);
}

TEST_CASE("a grey JPEG is coded as its source was") {
    const FilePicture source = decode(encode_jpeg(40, 24, {200}));
    CHECK(source.grey);
    REQUIRE(source.jpeg);
    const FilePicture back = write_and_read(source, jpeg_options(0));
    CHECK(back.jpeg == source.jpeg);
    CHECK(rgb8(back) == rgb8(source));
}

TEST_CASE("a quality sets the sampling, but never a coarser one than the source's") {
    const FilePicture plain{.colour = soft_picture(32, 32)};
    CHECK(luma_sampling(write_and_read(plain, jpeg_options(90))) == std::pair{1, 1});
    CHECK(luma_sampling(write_and_read(plain, jpeg_options(89))) == std::pair{2, 2});
    const FilePicture fine{.colour = soft_picture(32, 32), .jpeg = some_coding(1, 1)};
    const FilePicture half{.colour = soft_picture(32, 32), .jpeg = some_coding(2, 1)};
    const FilePicture coarse{.colour = soft_picture(32, 32), .jpeg = some_coding(4, 1)};
    CHECK(luma_sampling(write_and_read(fine, jpeg_options(50))) == std::pair{1, 1});
    CHECK(luma_sampling(write_and_read(half, jpeg_options(50))) == std::pair{2, 1});
    CHECK(luma_sampling(write_and_read(coarse, jpeg_options(50))) == std::pair{2, 1});
    CHECK(luma_sampling(write_and_read(half, jpeg_options(95))) == std::pair{1, 1});
    CHECK(write_and_read(fine, jpeg_options(50)).jpeg->tables != fine.jpeg->tables);
}

TEST_CASE("a coding that cannot be repeated is replaced") {
    JpegCoding odd = some_coding(3, 1);
    odd.components[1].sampling.horizontal = 2;  // chroma in thirds of luma's steps
    JpegCoding many = some_coding(4, 4);
    JpegCoding empty, broken = some_coding(2, 2);
    broken.components[2].table = 5;
    JpegCoding zero = some_coding(0, 1);
    for (const JpegCoding& coding : {odd, many, empty, broken, zero}) {
        const FilePicture picture{.colour = soft_picture(20, 20), .jpeg = coding};
        const FilePicture back = write_and_read(picture, jpeg_options(0));
        CHECK(luma_sampling(back) == std::pair{1, 1});
        CHECK(worst_error(back, picture) <= 12);
    }
}

TEST_CASE("a JPEG says beforehand whether it is progressive") {
    for (const bool progressive : {false, true}) {
        JpegCoding coding = some_coding(2, 2);
        coding.progressive = progressive;
        const TemporaryFolder folder;
        write_picture(folder / "cat.jpg", {.colour = soft_picture(9, 9), .jpeg = coding}, jpeg_options(0));
        CHECK(PictureReader(folder / "cat.jpg").facts().progressive == progressive);
    }
    // The arithmetic kind of frame; the decoder's header check knows it too.
    Bytes jpeg = encode_jpeg(8, 8, {128});
    const Bytes frame = {0xff, 0xc0};
    *(std::search(jpeg.begin(), jpeg.end(), frame.begin(), frame.end()) + 1) = 0xca;
    CHECK(PictureReader(as_bytes(jpeg), "cat.jpg").facts().progressive);
}

TEST_CASE("a JPEG of more than 1000 scans is refused") {
    Bytes jpeg = encode_jpeg(8, 8, {128, 128, 128});
    const Bytes scan = {0xff, 0xda};
    jpeg.erase(std::search(jpeg.begin(), jpeg.end(), scan.begin(), scan.end()), jpeg.end());
    const auto append_scan = [&](std::uint8_t component) {
        const Bytes whole = {0xff, 0xda, 0, 8, 1, component, 0, 0, 63, 0, 0x1f};
        jpeg.insert(jpeg.end(), whole.begin(), whole.end());
    };
    for (int i = 0; i < 1000; ++i) append_scan(static_cast<std::uint8_t>(1 + i % 3));
    const auto said = [&] {
        Bytes whole = jpeg;
        whole.insert(whole.end(), {0xff, 0xd9});
        return message_of<InputError>([&] { decode(whole, "cat.jpg"); });
    };
    CHECK(said().empty());
    append_scan(1);
    CHECK(said() == "cat.jpg: has more than 1000 scans; save it again");
}

TEST_CASE("CMYK becomes RGB, and its profile goes") {
    Bytes payload = to_bytes(std::string("ICC_PROFILE\0\1\1profile", 21));
    const FilePicture cmyk =
        decode(with_segment(encode_jpeg(8, 8, {255, 192, 64, 255}, true), 0xe2, payload));
    CHECK(cmyk.metadata.icc.empty());
    CHECK(!cmyk.jpeg);
    const FilePicture back = write_and_read(cmyk, jpeg_options(0));
    CHECK(back.jpeg.value().components.size() == 3);
    CHECK(worst_error(back, cmyk) <= 2);
    CHECK(decode(with_segment(encode_jpeg(8, 8, {128}), 0xe2, payload)).metadata.icc.size() == 7);
}

}  // namespace shadenet::test
