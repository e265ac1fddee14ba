// EXIF of a result: sizes, orientation, and nothing left of the pixels that the source had.
#include <algorithm>

#include "catch.h"
#include "image/revision.h"
#include "image/tiff.h"
#include "round_trip.h"
#include "tiff_builder.h"

namespace shadenet::test {

namespace {

using Notes = std::vector<std::string>;
const Notes thumbnail_note = {"its thumbnail was left out"};

/// What a camera says of its picture; the picture is turned by 90 degrees where its sides are to be
/// exchanged.
struct Camera {
    std::uint32_t width = 640, height = 480, orientation = 6;
    Bytes maker_note = to_bytes("a maker's own words");
};

/// IFD0, and before it, so that the chain may go on behind, what it leads to.
struct CameraExif {
    TiffBuilder tiff;
    std::uint32_t first = 0, fields = 0;

    CameraExif(bool big_endian, const Camera& camera) : tiff(big_endian) {
        const std::uint32_t interoperability =
            tiff.directory({tiff.shorts(0x1001, {camera.width}), tiff.longs(0x1002, {camera.height})});
        const std::uint32_t exif = tiff.directory(
            {TiffBuilder::opaque(0x927c, camera.maker_note), tiff.longs(0xa002, {camera.width}),
             tiff.shorts(0xa003, {camera.height}), tiff.longs(0xa005, {interoperability})});
        const std::uint32_t gps = tiff.directory({TiffBuilder::opaque(0x0002, Bytes(24, 9))});
        const std::vector<TiffBuilder::Field> all = {tiff.longs(0x0100, {camera.width}),
                                                     tiff.shorts(0x0101, {camera.height}),
                                                     tiff.shorts(0x0112, {camera.orientation}),
                                                     tiff.rational(0x011a, 72),
                                                     tiff.longs(0x8769, {exif}),
                                                     tiff.longs(0x8825, {gps})};
        fields = static_cast<std::uint32_t>(all.size());
        first = tiff.directory(all);
        tiff.set_first_directory(first);
    }
    void chain(const std::vector<TiffBuilder::Field>& more) {
        tiff.set_next(first, fields, tiff.directory(more));
    }
};

const Camera upright_camera = {.width = 480, .height = 640, .orientation = 1};

struct Revised {
    bool sound = false;
    Bytes bytes;
    Notes notes;
};

Revised revise(const Bytes& exif, std::uint32_t width = 480, std::uint32_t height = 640) {
    std::vector<std::byte> bytes = as_bytes(exif);
    Revision revision{.width = width, .height = height, .orientation = exif_orientation(bytes), .notes = {}};
    Revised result{.sound = revise_exif(bytes, revision), .bytes = {}, .notes = revision.notes};
    for (const std::byte b : bytes) result.bytes.push_back(static_cast<std::uint8_t>(b));
    return result;
}

Bytes a_jpeg() {
    return encode_jpeg(40, 24, {200});
}

bool holds_bytes(const Bytes& bytes, const Bytes& part) {
    return std::search(bytes.begin(), bytes.end(), part.begin(), part.end()) != bytes.end();
}

/// With the bytes from `at` on set to zero.
Bytes cleared(Bytes bytes, std::size_t at, std::size_t count) {
    std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), count, std::uint8_t{0});
    return bytes;
}

}  // namespace

TEST_CASE("EXIF tells a result's size and that it is upright, wherever it does so, and all else stays") {
    for (const bool big_endian : {false, true}) {
        INFO((big_endian ? "big" : "little"));
        const Bytes expected = CameraExif(big_endian, upright_camera).tiff.bytes;
        const Revised result = revise(CameraExif(big_endian, {}).tiff.bytes);
        CHECK(result.sound);
        CHECK(result.bytes == expected);
        CHECK(result.notes.empty());
        CHECK(revise(expected).bytes == expected);
    }
}

TEST_CASE("a size that needs more bits or has another type becomes a long number") {
    TiffBuilder tiff(true);
    tiff.set_first_directory(
        tiff.directory({tiff.shorts(0x0100, {640}), tiff.rational(0x0101, 480), tiff.longs(0x0112, {6})}));
    const Revised result = revise(tiff.bytes, 70000, 3);
    REQUIRE(result.sound);
    const auto entry = [&](std::size_t i) {
        const auto begin = result.bytes.begin() + 10 + 12 * static_cast<std::ptrdiff_t>(i);
        return Bytes(begin, begin + 12);
    };
    CHECK(entry(0) == Bytes{1, 0, 0, 4, 0, 0, 0, 1, 0, 1, 0x11, 0x70});
    CHECK(entry(1) == Bytes{1, 1, 0, 4, 0, 0, 0, 1, 0, 0, 0, 3});
    CHECK(entry(2) == Bytes{1, 0x12, 0, 3, 0, 0, 0, 1, 0, 1, 0, 0});
}

TEST_CASE("a resolution that differs across and down turns with the picture") {
    for (const std::uint32_t orientation : {1u, 3u, 6u}) {
        const auto exif = [&](std::uint32_t said, std::uint32_t across, std::uint32_t down) {
            TiffBuilder tiff(false);
            tiff.set_first_directory(tiff.directory(
                {tiff.shorts(0x0112, {said}), tiff.longs(0x011a, {across}), tiff.longs(0x011b, {down})}));
            return tiff.bytes;
        };
        const bool is_sideways = orientation == 6;
        CHECK(revise(exif(orientation, 72, 300)).bytes ==
              exif(1, is_sideways ? 300 : 72, is_sideways ? 72 : 300));
    }
}

TEST_CASE("thumbnails go with their bytes, coded as JPEG or not") {
    for (const bool big_endian : {false, true}) {
        for (const bool coded : {false, true}) {
            INFO((big_endian ? "big" : "little") << (coded ? ", JPEG" : ", in strips"));
            CameraExif exif(big_endian, {});
            const Bytes pixels = coded ? a_jpeg() : scattered(300);
            const std::uint32_t at = exif.tiff.end(), bytes = static_cast<std::uint32_t>(pixels.size());
            exif.tiff.append(pixels);
            if (coded) {
                exif.chain({exif.tiff.longs(0x0201, {at}), exif.tiff.longs(0x0202, {bytes})});
            } else {
                exif.chain({exif.tiff.rational(0x011a, 72), exif.tiff.longs(0x0111, {at, at + 100, at + 200}),
                            exif.tiff.shorts(0x0117, {100, 100, 100})});
            }
            const Revised result = revise(exif.tiff.bytes);
            CHECK(result.sound);
            CHECK(result.notes == thumbnail_note);
            // It was the last, and so nothing stands in its place.
            CHECK(result.bytes == CameraExif(big_endian, upright_camera).tiff.bytes);
        }
    }
}

TEST_CASE("a thumbnail before other things becomes zeros, and these stay where they are") {
    CameraExif exif(true, upright_camera);
    const Bytes before = exif.tiff.bytes;
    const std::uint32_t thumbnail = exif.tiff.end();
    exif.tiff.append(a_jpeg());
    exif.chain({exif.tiff.longs(0x0201, {thumbnail}),
                exif.tiff.longs(0x0202, {static_cast<std::uint32_t>(a_jpeg().size())})});
    exif.tiff.append(to_bytes("and words behind it"));
    Bytes expected = cleared(exif.tiff.bytes, thumbnail, a_jpeg().size() + 2 + 24 + 4);
    std::copy(before.begin(), before.end(), expected.begin());
    const Revised result = revise(exif.tiff.bytes);
    CHECK(result.bytes == expected);
    CHECK(result.notes == thumbnail_note);
    CHECK(revise(result.bytes).notes.empty());
}

TEST_CASE("previews go that IFD0 or a directory below it leads to, with what leads to them") {
    TiffBuilder tiff(false);
    tiff.append(scattered(60));
    const std::uint32_t below =
        tiff.directory({tiff.longs(0x0144, {8}), tiff.longs(0x0145, {20}), tiff.shorts(0x0100, {9})});
    tiff.append(to_bytes("kept"));
    const Bytes inside = scattered(40, 7);
    tiff.set_first_directory(tiff.directory({tiff.longs(0x0111, {28}), tiff.shorts(0x0112, {1}),
                                             tiff.longs(0x0117, {20}), tiff.longs(0x014a, {below}),
                                             TiffBuilder::opaque(0x501b, inside), tiff.shorts(0x0106, {2})}));
    const Revised result = revise(tiff.bytes);
    CHECK(result.sound);
    CHECK(result.notes == thumbnail_note);
    CHECK(Bytes(result.bytes.begin() + 8, result.bytes.begin() + 48) == Bytes(40));
    CHECK_FALSE(holds_bytes(result.bytes, inside));
    CHECK(holds_bytes(result.bytes, to_bytes("kept")));
    const std::uint32_t first = below + 2 + 36 + 4 + 4;
    CHECK(result.bytes[first] == 2);
    CHECK(result.bytes[first + 2] == 0x12);
    CHECK(result.bytes[first + 14] == 0x06);
}

TEST_CASE("a JPEG in a maker note is blotted out, and the note is otherwise as it was") {
    for (const bool is_spoiled : {false, true}) {
        Bytes preview = a_jpeg();
        if (is_spoiled) preview.front() = 0x03;  // as some cameras do
        Camera camera = upright_camera;
        Bytes& note = camera.maker_note;
        note = to_bytes("words ");
        const std::size_t begin = note.size();
        note.insert(note.end(), preview.begin(), preview.end());
        for (const char letter : std::string(" more words"))
            note.push_back(static_cast<std::uint8_t>(letter));
        Camera blank = camera;
        blank.maker_note = cleared(note, begin, preview.size());
        const Revised result = revise(CameraExif(true, camera).tiff.bytes);
        CHECK(result.notes == thumbnail_note);
        CHECK(result.bytes == CameraExif(true, blank).tiff.bytes);
    }
}

TEST_CASE("a preview that is cut ends with the value it is in") {
    Camera camera = upright_camera;
    Bytes preview = a_jpeg();
    preview.resize(preview.size() - 2);
    camera.maker_note = preview;
    Camera blank = camera;
    blank.maker_note = Bytes(preview.size());
    CHECK(revise(CameraExif(false, camera).tiff.bytes).bytes == CameraExif(false, blank).tiff.bytes);
}

TEST_CASE("a value that a thumbnail's directory shares with IFD0 stays") {
    CameraExif exif(true, upright_camera);
    const Bytes before = exif.tiff.bytes;
    const std::uint32_t shared = exif.first + 2 + 12 * exif.fields + 4;
    TiffBuilder::Field across = exif.tiff.rational(0x011a, 72);
    across.value = exif.tiff.number(shared, 4);
    exif.chain({across});
    const Revised result = revise(exif.tiff.bytes);
    CHECK(result.bytes == before);
    CHECK(result.notes.empty());  // there was no thumbnail
}

TEST_CASE("places in a turned picture go, and stay in one that was upright") {
    for (const std::uint32_t orientation : {1u, 3u}) {
        TiffBuilder tiff(true);
        const std::uint32_t exif = tiff.directory({tiff.shorts(0x9214, {3, 4}), tiff.shorts(0xa001, {1})});
        tiff.set_first_directory(
            tiff.directory({tiff.shorts(0x0112, {orientation}), tiff.longs(0x8769, {exif})}));
        const Revised result = revise(tiff.bytes);
        CHECK(result.sound);
        CHECK(holds_bytes(result.bytes, {0x92, 0x14}) == (orientation == 1));
        CHECK(result.notes.size() == (orientation == 1 ? 0u : 1u));
    }
}

TEST_CASE("XMP and Photoshop's resources inside EXIF go with a note") {
    TiffBuilder tiff(true);
    tiff.set_first_directory(
        tiff.directory({TiffBuilder::opaque(0x02bc, to_bytes("<x:xmpmeta/>")), tiff.shorts(0x0112, {1}),
                        TiffBuilder::opaque(0x8649, to_bytes("8BIM and so on"))}));
    const Revised result = revise(tiff.bytes);
    CHECK_FALSE(holds_bytes(result.bytes, to_bytes("<x")));
    CHECK_FALSE(holds_bytes(result.bytes, to_bytes("8BIM")));
    CHECK(result.notes ==
          Notes{"XMP inside its EXIF was left out", "Photoshop's resources inside its EXIF were left out"});
}

TEST_CASE("EXIF whose directories are cut or lie over each other cannot be made right") {
    CHECK_FALSE(revise({}).sound);
    CHECK_FALSE(revise(to_bytes("no EXIF at all")).sound);
    const Bytes whole = encode_exif(6, true);
    for (std::size_t size = 0; size < 34; ++size) {
        INFO(size);
        CHECK_FALSE(revise(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))).sound);
    }
    CHECK(revise(Bytes(whole.begin(), whole.begin() + 34))
              .sound);                            // the place of a next directory may be missing
    for (const std::uint32_t exif : {8u, 20u}) {  // itself, and into its middle
        TiffBuilder tiff(true);
        tiff.set_first_directory(
            tiff.directory({tiff.longs(0x8769, {exif}), tiff.longs(0x0100, {0x00010001})}));
        CHECK_FALSE(revise(tiff.bytes).sound);
    }
}

TEST_CASE("chains of directories that lead back, or out, come to an end") {
    for (const std::uint32_t next : {8u, 9u, 0u, 0xffffffffu}) {
        TiffBuilder tiff(true);
        const std::uint32_t first = tiff.directory({tiff.shorts(0x0112, {6})}, next);
        tiff.set_first_directory(first);
        const Revised result = revise(tiff.bytes);
        CHECK(result.sound);
        CHECK(result.bytes ==
              Bytes{'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0});
    }
    // Two that lead to each other, with pixels everywhere and more strips than there is room for.
    CameraExif exif(false, upright_camera);
    const Bytes before = exif.tiff.bytes;
    const std::uint32_t other = exif.tiff.end();
    exif.chain({exif.tiff.longs(0x0201, {0}),
                exif.tiff.longs(0x0202, {0xffffffff}),
                exif.tiff.longs(0x014a, {other}),
                {.tag = 0x0111, .type = 4, .count = 0xffffffff, .value = {0, 0, 0, 0}}});
    exif.tiff.set_next(other, 4, other);
    CHECK(revise(exif.tiff.bytes).bytes == before);
}

TEST_CASE("no change of a byte of EXIF does harm, and none brings the thumbnail back") {
    CameraExif exif(true, {});
    const std::uint32_t at = exif.tiff.end();
    exif.tiff.append(a_jpeg());
    exif.chain({exif.tiff.longs(0x0201, {at}),
                exif.tiff.longs(0x0202, {static_cast<std::uint32_t>(a_jpeg().size())})});
    for (std::size_t i = 0; i < exif.tiff.bytes.size(); ++i) {
        for (const unsigned change : {1u << (i % 8), 0xffu}) {
            INFO("byte " << i);
            Bytes bad = exif.tiff.bytes;
            bad[i] = static_cast<std::uint8_t>(bad[i] ^ change);
            const Revised result = revise(bad);
            if (!result.sound || (i >= at && i < at + a_jpeg().size())) continue;
            CHECK_FALSE(holds_bytes(result.bytes, a_jpeg()));
            CHECK(result.bytes.size() <= bad.size());
        }
    }
}

}  // namespace shadenet::test
