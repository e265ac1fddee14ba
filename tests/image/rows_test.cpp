// Pictures that are read and written row after row are those that are read and written whole.
#include "base/error.h"
#include "base/file.h"
#include "catch.h"
#include "image/samples.h"
#include "round_trip.h"
#include "tiff_files.h"

namespace shadenet::test {

namespace {

constexpr std::uint32_t columns_made = 37, rows_made = 29;

template <class Sample>
Picture<Sample> scattered_picture() {
    const Bytes bytes = scattered(3 * columns_made * rows_made);
    Picture<Sample> picture{columns_made, rows_made, {}};
    for (const std::uint8_t byte : bytes) {
        picture.rgb.push_back(static_cast<Sample>(sizeof(Sample) == 1 ? byte : 257u * byte - byte % 3u));
    }
    return picture;
}

std::vector<std::uint16_t> scattered_alpha() {
    const Bytes bytes = scattered(columns_made * rows_made, 5);
    return {bytes.begin(), bytes.end()};
}

Metadata some_metadata() {
    return {.icc = {},
            .xmp = "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"/>",
            .density = Density{Density::Unit::inch, 300, 300}};
}

/// A picture of every kind, for one of the formats.
std::vector<FilePicture> pictures_for(FileFormat format) {
    std::vector<FilePicture> pictures;
    for (const bool grey : {false, true}) {
        pictures.push_back({.colour = scattered_picture<std::uint8_t>(), .grey = grey});
        pictures.push_back({.colour = scattered_picture<std::uint16_t>(), .grey = grey});
        if (format == FileFormat::jpeg) continue;
        pictures.push_back(
            {.colour = scattered_picture<std::uint8_t>(), .alpha = scattered_alpha(), .grey = grey});
        pictures.push_back(
            {.colour = scattered_picture<std::uint16_t>(), .alpha = scattered_alpha(), .grey = grey});
    }
    for (FilePicture& picture : pictures) picture.metadata = some_metadata();
    return pictures;
}

/// All rows, some at a time, with rows above them that are already there.
FilePicture read_by_rows(const fs::path& path) {
    PictureReader reader(path, 0);
    REQUIRE(reader.facts().by_rows);
    const std::unique_ptr<PictureRows> rows = reader.rows();
    FilePicture picture = std::move(rows->about());
    const std::size_t plane = std::size_t{rows->facts().width} * rows->facts().height;
    PixelRows all{std::move(picture.colour), {}};
    with_integers(all.colour, [&](auto& colour) { colour.rgb.resize(3 * plane); });
    if (rows->facts().alpha) all.alpha.resize(plane);
    for (std::uint32_t y = 0; y < rows->facts().height; y += 5) {
        rows->read(all, y, std::min(5u, rows->facts().height - y));
    }
    picture.colour = std::move(all.colour);
    picture.alpha = std::move(all.alpha);
    return picture;
}

void check_same(const FilePicture& a, const FilePicture& b) {
    with_integers(a.colour, [&]<class Kind>(const Kind& one) {
        const Kind* const other = std::get_if<Kind>(&b.colour);
        REQUIRE(other != nullptr);
        CHECK(one.width == other->width);
        CHECK(one.height == other->height);
        CHECK(one.rgb == other->rgb);
    });
    CHECK(a.alpha == b.alpha);
    CHECK(a.grey == b.grey);
    CHECK(a.lossy == b.lossy);
    CHECK(a.format == b.format);
    CHECK(a.metadata == b.metadata);
    CHECK(a.jpeg == b.jpeg);
    CHECK(a.losses == b.losses);
}

constexpr FileFormat formats[] = {FileFormat::png, FileFormat::jpeg, FileFormat::tiff};

}  // namespace

TEST_CASE("files written row after row are the same, byte for byte, and are read so, too") {
    const TemporaryFolder folder;
    for (const FileFormat format : formats) {
        for (const FilePicture& picture : pictures_for(format)) {
            const WriteOptions options{.format = format};
            const Written whole = write_picture(folder / "whole", picture, options);
            const auto writer = write_rows(folder / "rows", picture, !picture.alpha.empty(), options);
            for (std::uint32_t y = 0; y < rows_made; y += 4) {
                writer->write({picture.colour, picture.alpha, y, std::min(4u, rows_made - y)});
            }
            const Written written = writer->finish();
            CHECK(written.bytes == whole.bytes);
            CHECK(written.notes == whole.notes);
            CHECK(read_file(folder / "rows", 1 << 20) == read_file(folder / "whole", 1 << 20));
            check_same(read_by_rows(folder / "whole"), PictureReader(folder / "whole").decode());
        }
    }
}

TEST_CASE("TIFFs in strips and tiles, of either byte order, are read row after row") {
    const TemporaryFolder folder;
    for (const bool tiled : {false, true}) {
        for (const bool separate : {false, true}) {
            for (const char* mode : {"wl", "wb", "w8"}) {
                const TiffKind kind{.width = columns_made,
                                    .height = rows_made,
                                    .bits = 16,
                                    .samples = 4,
                                    .separate = separate,
                                    .tiled = tiled,
                                    .extra = EXTRASAMPLE_ASSOCALPHA,
                                    .mode = mode};
                write_bytes(folder / "a.tif", encode_tiff(kind, scattered(8 * columns_made * rows_made)));
                check_same(read_by_rows(folder / "a.tif"), PictureReader(folder / "a.tif").decode());
            }
        }
    }
}

TEST_CASE("pictures whose rows do not come one by one are read whole") {
    const TemporaryFolder folder;
    const FilePicture turned{.colour = scattered_picture<std::uint8_t>()};
    write_picture(folder / "a.jpg", turned, {.format = FileFormat::jpeg});
    FilePicture coded = PictureReader(folder / "a.jpg").decode();
    coded.jpeg->progressive = true;
    write_picture(folder / "progressive.jpg", coded, {.format = FileFormat::jpeg});
    write_bytes(folder / "palette.png",
                encode_png(2, 2, PngColour::palette, 8, {0, 1, 1, 0}, {1, 2, 3, 4, 5, 6}));
    write_bytes(folder / "turned.tif", encode_tiff({.orientation = 6}, scattered(3 * 13 * 11)));
    for (const char* name : {"progressive.jpg", "palette.png", "turned.tif"}) {
        INFO(name);
        PictureReader reader(folder / name, 0);
        CHECK_FALSE(reader.facts().by_rows);
        check_same(reader.decode(), PictureReader(folder / name).decode());
    }
}

TEST_CASE("a file that is damaged or cut gives the same message row after row") {
    const TemporaryFolder folder;
    for (const FileFormat format : formats) {
        write_picture(folder / "a", {.colour = scattered_picture<std::uint8_t>()}, {.format = format});
        const auto bytes = read_file(folder / "a", 1 << 20);
        auto damaged = bytes;
        // A JPEG's data end early, of others a part is another.
        if (format == FileFormat::jpeg) {
            damaged.erase(damaged.end() - 900, damaged.end() - 2);
        } else {
            for (std::size_t i = 0; i < 40; ++i) damaged[damaged.size() - 900 + i] ^= std::byte{0x5a};
        }
        write_file_atomically(folder / "a", damaged);
        const std::string whole = message_of<InputError>([&] { PictureReader(folder / "a").decode(); });
        CHECK_FALSE(whole.empty());
        CHECK(message_of<InputError>([&] { read_by_rows(folder / "a"); }) == whole);
        // One that becomes shorter while it is read.
        write_file_atomically(folder / "a", bytes);
        PictureReader reader(folder / "a", 0);
        fs::resize_file(folder / "a", bytes.size() / 2);
        const std::string shorter = message_of<InputError>([&] {
            const std::unique_ptr<PictureRows> rows = reader.rows();
            PixelRows all{
                Picture8{columns_made, rows_made, std::vector<std::uint8_t>(3 * columns_made * rows_made)},
                {}};
            rows->read(all, 0, rows_made);
        });
        CHECK(shorter == (folder / "a").string() + ": became shorter while it was read; try again");
    }
}

TEST_CASE("nothing is left of a file whose rows did not all come, or that a JPEG cannot hold") {
    const TemporaryFolder folder;
    FilePicture picture{.colour = scattered_picture<std::uint8_t>(), .alpha = scattered_alpha()};
    {
        const auto writer = write_rows(folder / "a.png", picture, true, {.format = FileFormat::png});
        writer->write({picture.colour, picture.alpha, 0, 7});
    }
    const auto writer = write_rows(folder / "a.jpg", picture, true, {.format = FileFormat::jpeg});
    CHECK(message_of<InputError>([&] {
              writer->write({picture.colour, picture.alpha, 0, 7});
          }) == (folder / "a.jpg").string() + ": is partly transparent, which a JPEG cannot be; choose PNG");
    CHECK(fs::is_empty(folder / ""));
}

}  // namespace shadenet::test
