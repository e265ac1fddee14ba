// JPEGs without an end marker: used where nothing else is missing, and refused where something is.
#include "base/error.h"
#include "base/file.h"
#include "catch.h"
#include "image/image.h"
#include "round_trip.h"

namespace shadenet::test {

namespace {

Bytes jpeg_of(const FilePicture& picture) {
    const TemporaryFolder folder;
    WriteOptions options;
    options.format = FileFormat::jpeg;
    write_picture(folder / "cat", picture, options);
    const std::vector<std::byte> bytes = read_file(folder / "cat", 1u << 20);
    const auto* begin = reinterpret_cast<const std::uint8_t*>(bytes.data());
    return {begin, begin + bytes.size()};
}

FilePicture coded_picture(bool progressive, std::uint32_t restart_interval = 0) {
    FilePicture picture{.colour = soft_picture(61, 47)};
    picture.jpeg = JpegCoding{.components = {{0, 2, 2}, {0, 1, 1}, {0, 1, 1}},
                              .progressive = progressive,
                              .jfif = true,
                              .restart_interval = restart_interval};
    picture.jpeg->tables.emplace_back().fill(3);
    return picture;
}

Bytes without_last(Bytes bytes, std::size_t count) {
    bytes.resize(bytes.size() - count);
    return bytes;
}

const std::string truncated = "cat.jpg: is truncated; copy it again";

std::string said(const Bytes& bytes) {
    return message_of<InputError>([&] { decode(bytes, "cat.jpg"); });
}

/// The places of all start-of-scan markers.
std::vector<std::size_t> scans_of(const Bytes& jpeg) {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i + 1 < jpeg.size(); ++i) {
        if (jpeg[i] == 0xff && jpeg[i + 1] == 0xda) places.push_back(i);
    }
    return places;
}

}  // namespace

TEST_CASE("a JPEG that lacks only its end marker, or half of it, is used with a note") {
    for (const FilePicture& source : {coded_picture(false), coded_picture(true), coded_picture(false, 2)}) {
        const Bytes whole = jpeg_of(source);
        for (const std::size_t missing : {1u, 2u}) {
            const Bytes cut = without_last(whole, missing);
            PictureReader reader(as_bytes(cut), "cat.jpg");
            CHECK(reader.facts().notes == std::vector<std::string>{"without an end marker"});
            CHECK(reader.facts().file_bytes == cut.size());
            const FilePicture picture = reader.decode();
            CHECK(rgb8(picture) == rgb8(decode(whole)));
            WriteOptions options;
            CHECK(notes_of_writing(picture, options) ==
                  std::vector<std::string>{"its end marker was missing, and nothing else"});
        }
        CHECK(decode(whole).losses.empty());
    }
}

TEST_CASE("zeros in the place of the end marker are no fault either") {
    Bytes padded = without_last(jpeg_of(coded_picture(false)), 2);
    padded.resize(padded.size() + 512);
    CHECK(said(padded).empty());
}

TEST_CASE("a JPEG that lacks more than its end marker is truncated, at whatever byte it is cut") {
    for (const FilePicture& source : {coded_picture(false), coded_picture(true), coded_picture(false, 2)}) {
        const Bytes whole = jpeg_of(source);
        for (std::size_t missing = 3; missing + 20 < whole.size(); ++missing) {
            INFO(missing << " of " << whole.size() << " bytes");
            CHECK(said(without_last(whole, missing)) == truncated);
        }
    }
}

TEST_CASE("a progressive JPEG that is cut between two scans is truncated") {
    const Bytes whole = jpeg_of(coded_picture(true));
    const std::vector<std::size_t> scans = scans_of(whole);
    REQUIRE(scans.size() > 5);
    for (std::size_t scan = 1; scan < scans.size(); ++scan) {
        CHECK(said(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(scans[scan]))) ==
              truncated);
    }
}

TEST_CASE("a JPEG with a scan for each colour that lacks one of them is truncated") {
    // The first component's scan of a picture of three.
    Bytes jpeg = encode_jpeg(16, 8, {200, 128, 128});
    const std::size_t scan = scans_of(jpeg).at(0);
    jpeg.resize(scan);
    const Bytes one = encode_jpeg(16, 8, {200});
    jpeg.insert(jpeg.end(), one.begin() + static_cast<std::ptrdiff_t>(scans_of(one).at(0)), one.end());
    CHECK(said(without_last(jpeg, 2)) == truncated);
}

}  // namespace shadenet::test
