// What else in a file repeats or describes its pixels: segments of their own, and texts.
#include "catch.h"
#include "image/raw_profile.h"
#include "round_trip.h"

namespace shadenet::test {

namespace {

using Notes = std::vector<std::string>;

WriteOptions as_kind(FileFormat format) {
    WriteOptions options;
    options.format = format;
    return options;
}

FilePicture two_by_one() {
    return {.colour = Picture8{2, 1, {1, 2, 3, 4, 5, 6}}};
}

std::vector<TextEntry> texts_through(const std::vector<TextEntry>& texts, Notes& notes) {
    FilePicture picture = two_by_one();
    picture.metadata.texts = texts;
    notes = notes_of_writing(picture, as_kind(FileFormat::png));
    return write_and_read(picture, FileFormat::png).metadata.texts;
}

TextEntry raw_profile(const std::string& name, const Bytes& content) {
    return {.keyword = "Raw profile type " + name, .text = raw_profile_text(name, as_bytes(content))};
}

}  // namespace

TEST_CASE("JFIF's thumbnails, in its own segment or in others, are not kept, which is said once") {
    const Bytes plain = encode_jpeg(8, 8, {128});
    const Bytes small = to_bytes(std::string("JFIF\0\1\1\0\0\1\0\1\1\1abc", 17));
    const Bytes other = to_bytes(std::string("JFXX\0\x13\1\1abc", 11));
    const Bytes none = to_bytes(std::string("JFIF\0\1\1\0\0\1\0\1\0\0", 14));
    const auto notes_of = [](const Bytes& jpeg) {
        const FilePicture picture = decode(jpeg);
        CHECK(write_and_read(picture, FileFormat::jpeg).metadata == Metadata{});
        return notes_of_writing(picture, as_kind(FileFormat::jpeg));
    };
    const Notes gone = {"its thumbnail was left out"};
    CHECK(notes_of(with_segment(plain, 0xe0, none)).empty());
    CHECK(notes_of(with_segment(plain, 0xe0, small)) == gone);
    CHECK(notes_of(with_segment(with_segment(plain, 0xe0, other), 0xe0, small)) == gone);
}

TEST_CASE("pictures behind the first in a JPEG are not kept, which is said") {
    const Bytes table = to_bytes(std::string("MPF\0MM\0*", 8));
    const FilePicture picture = decode(with_segment(encode_jpeg(8, 8, {128}), 0xe2, table));
    CHECK(notes_of_writing(picture, as_kind(FileFormat::jpeg)) ==
          Notes{"further pictures in its file were left out"});
}

TEST_CASE("EXIF that is too damaged to be made right is left out with a note") {
    FilePicture picture = two_by_one();
    picture.metadata.exif = as_bytes(to_bytes("no EXIF"));
    for (const FileFormat format : {FileFormat::png, FileFormat::jpeg}) {
        CHECK(notes_of_writing(picture, as_kind(format)) == Notes{"damaged EXIF was left out"});
        CHECK(write_and_read(picture, format).metadata.exif.empty());
    }
}

TEST_CASE("raw profiles in a PNG's texts are made right") {
    Notes notes;
    const std::string xmp =
        "<a xmlns:r=\"r\"><r:RDF><r:Description xmlns:t=\"http://ns.adobe.com/tiff/1.0/\" "
        "t:Orientation=\"6\"/></r:RDF></a>";
    std::string right = xmp;
    right[right.find('6')] = '1';
    const std::string exif_head("Exif\0\0", 6), xmp_head("http://ns.adobe.com/xap/1.0/\0", 29);
    const auto headed = [](const std::string& head, const Bytes& rest) {
        Bytes result = to_bytes(head);
        result.insert(result.end(), rest.begin(), rest.end());
        return result;
    };
    const std::pair<TextEntry, TextEntry> pairs[] = {
        {raw_profile("exif", headed(exif_head, encode_exif(6, true))),
         raw_profile("exif", headed(exif_head, encode_exif(1, true)))},
        {raw_profile("APP1", encode_exif(8, false)), raw_profile("APP1", encode_exif(1, false))},
        {raw_profile("xmp", to_bytes(xmp)), raw_profile("xmp", to_bytes(right))},
        {raw_profile("APP1", headed(xmp_head, to_bytes(xmp))),
         raw_profile("APP1", headed(xmp_head, to_bytes(right)))},
        {raw_profile("iptc", {0x1c, 2, 131, 0, 1, 'P'}), raw_profile("iptc", {0x1c, 2, 131, 0, 1, 'L'})},
        {raw_profile("icc", {1, 2, 3}), raw_profile("icc", {1, 2, 3})}};
    for (const auto& [before, after] : pairs) {
        INFO(before.keyword);
        const std::vector<TextEntry> result = texts_through({before}, notes);
        REQUIRE(result.size() == 1);
        CHECK(result[0].text == after.text);
        CHECK(notes.empty());
    }
    // A thumbnail of Photoshop, and nothing else.
    const Bytes thumbnail = to_bytes(std::string("8BIM\4\x0c\0\0\0\0\0\2ab", 14));
    CHECK(texts_through({raw_profile("8bim", thumbnail)}, notes).empty());
    CHECK(notes == Notes{"its thumbnail was left out"});
    for (const std::string& bad :
         {std::string("words"), std::string("\nexif\n 3\nabc"), std::string("\nexif\n 1\nzz")}) {
        CHECK(texts_through({{.keyword = "Raw profile type exif", .text = bad}}, notes).empty());
        CHECK(notes == Notes{"a damaged text was left out"});
    }
}

TEST_CASE("raw profiles are read as they are written") {
    for (const std::size_t size : {0u, 1u, 36u, 100u}) {
        const std::vector<std::byte> bytes = as_bytes(scattered(size));
        CHECK(raw_profile_bytes(raw_profile_text("any", bytes)) == bytes);
    }
}

TEST_CASE("numbers that a PNG's texts repeat from EXIF are made right, and those of thumbnails go") {
    Notes notes;
    const std::vector<TextEntry> result = texts_through({{"exif:Orientation", "6"},
                                                         {"exif:PixelXDimension", "640"},
                                                         {"exif:ExifImageLength", "480"},
                                                         {"tiff:ImageWidth", "640"},
                                                         {"exif:Make", "a maker"},
                                                         {"Orientation", "of one's own"}},
                                                        notes);
    REQUIRE(result.size() == 6);
    const char* const expected[] = {"1", "2", "1", "2", "a maker", "of one's own"};
    for (std::size_t i = 0; i < 6; ++i) CHECK(result[i].text == expected[i]);
    CHECK(notes.empty());
    CHECK(texts_through({{"Thumb::URI", "file:a"}, {"exif:thumbnail:Compression", "6"}}, notes).empty());
    CHECK(notes == Notes{"texts about a thumbnail were left out"});
}

TEST_CASE("what an animation and CMYK lose is said with the result") {
    const Bytes png =
        with_chunk(encode_png(1, 1, PngColour::rgb, 8, {1, 2, 3}), "acTL", {0, 0, 0, 2, 0, 0, 0, 0});
    CHECK(notes_of_writing(decode(png), as_kind(FileFormat::png)) ==
          Notes{"an animation became its first picture"});
    const Bytes cmyk = encode_jpeg(8, 8, {255, 192, 64, 255}, true);
    CHECK(notes_of_writing(decode(cmyk), as_kind(FileFormat::jpeg)) == Notes{"CMYK became RGB"});
    const Bytes profiled = with_segment(cmyk, 0xe2, to_bytes(std::string("ICC_PROFILE\0\1\1abc", 17)));
    CHECK(notes_of_writing(decode(profiled), as_kind(FileFormat::jpeg)) ==
          Notes{"CMYK became RGB, without its profile"});
}

TEST_CASE("a resolution turns with its picture") {
    Bytes png = encode_png(2, 1, PngColour::rgb, 8, {1, 2, 3, 4, 5, 6});
    png = with_chunk(png, "pHYs", {0, 0, 0, 1, 0, 0, 0, 2, 1});
    CHECK(decode(with_chunk(png, "eXIf", encode_exif(3, true))).metadata.density ==
          Density{Density::Unit::metre, 1, 2});
    CHECK(decode(with_chunk(png, "eXIf", encode_exif(6, true))).metadata.density ==
          Density{Density::Unit::metre, 2, 1});
}

}  // namespace shadenet::test
