// What exiftool, which knows every place where a picture may stand once more, finds in the results of apply.
#include "catch.h"
#include "image/picture_file.h"
#include "pictures.h"

using namespace shadenet::test;
namespace fs = std::filesystem;

namespace {

/// Fails the test where there is no exiftool, or it complains.
std::string exiftool(const Arguments& arguments) {
    Arguments command = {"/usr/bin/env", "exiftool"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const Outcome outcome = Process(command).wait();
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    return outcome.out;
}

/// A text that stands in the thumbnails alone.
const std::string secret = "what the blur was to hide";

/// A JPEG of 64 x 48 that is turned, says so in EXIF and XMP, and has thumbnails wherever exiftool puts them.
void write_photo(const Pictures& pictures) {
    const auto jpeg_of = [](std::uint16_t width, std::uint16_t height) {
        return encode_jpeg(width, height, {200, 128, 128});
    };
    write_bytes(pictures / "thumb.jpg", with_segment(jpeg_of(32, 24), 0xfe, to_bytes(secret)));
    write_bytes(pictures / "photo.jpg", jpeg_of(64, 48));
    const std::string thumb = pictures.path("thumb.jpg");
    exiftool({"-q",
              "-overwrite_original",
              "-n",
              "-IFD0:Orientation=6",
              "-IFD0:Make=a maker",
              "-IFD0:ImageWidth=64",
              "-IFD0:ImageHeight=48",
              "-ExifIFD:ExifImageWidth=64",
              "-ExifIFD:ExifImageHeight=48",
              "-InteropIFD:RelatedImageWidth=64",
              "-XMP-tiff:Orientation=6",
              "-XMP-tiff:ImageWidth=64",
              "-XMP-tiff:ImageHeight=48",
              "-XMP-exif:ExifImageWidth=64",
              "-XMP-dc:Title=a title",
              "-IPTC:Headline=a headline",
              "-IFD1:ThumbnailImage<=" + thumb,
              "-Photoshop:PhotoshopThumbnail<=" + thumb,
              "-XMP-xmp:ThumbnailImage<=" + thumb,
              "-XMP-xmp:ThumbnailFormat=JPEG",
              pictures.path("photo.jpg")});
}

/// Every value of one name, from every group, in one line.
std::string values_of(const std::string& tag, const std::string& file) {
    std::string values = exiftool({"-n", "-a", "-s3", "-" + tag, file});
    for (char& letter : values) {
        if (letter == '\n') letter = ' ';
    }
    return values;
}

}  // namespace

TEST_CASE("no result holds a thumbnail of its source, and all that it says of its size and place is right") {
    const Pictures pictures;
    pictures.made_model();
    write_photo(pictures);
    const std::string source = read_text(pictures / "photo.jpg");
    REQUIRE(source.find(secret) != std::string::npos);
    REQUIRE(source.find(secret) != source.rfind(secret));
    REQUIRE(values_of("Orientation", pictures.path("photo.jpg")) == "6 6 ");
    for (const std::string name : {"out.jpg", "out.png"}) {
        INFO(name);
        const Outcome outcome = run_shadenet(pictures.apply("photo.jpg", name));
        CHECK(outcome.exit_code == 0);
        CHECK_THAT(outcome.out + outcome.err, ContainsSubstring(name + ": its thumbnail was left out\n"));
        const std::string file = pictures.path(name);
        CHECK(read_text(file).find(secret) == std::string::npos);
        CHECK(exiftool({"-b", "-a", "-preview:all", "-ThumbnailImage", "-PhotoshopThumbnail", file}).empty());
        CHECK(values_of("Orientation", file) == "1 1 ");
        for (const std::string tag : {"ImageWidth", "ExifImageWidth", "RelatedImageWidth"}) {
            const std::string values = values_of(tag, file);
            CHECK_THAT(values, ContainsSubstring("48 ") && !ContainsSubstring("64"));
        }
        for (const std::string tag : {"ImageHeight", "ExifImageHeight"}) {
            const std::string values = values_of(tag, file);
            CHECK_THAT(values, ContainsSubstring("64 ") && !ContainsSubstring("48"));
        }
        CHECK(values_of("Make", file) == "a maker ");
        CHECK(values_of("Title", file) == "a title ");
        CHECK(values_of("Headline", file) == "a headline ");
        CHECK(exiftool({"-s3", "-a", "-Warning", "-Error", file}).empty());
    }
}

TEST_CASE("metadata that are not wanted are not missed") {
    const Pictures pictures;
    pictures.made_model();
    const Bytes thumbnail = to_bytes(std::string("JFXX\0\x13\1\1abc", 11));
    write_bytes(pictures / "photo.jpg", with_segment(encode_jpeg(8, 8, {128}), 0xe0, thumbnail));
    CHECK_THAT(run_shadenet(pictures.apply("photo.jpg", "kept.jpg")).out, ContainsSubstring("thumbnail"));
    const Outcome outcome = run_shadenet(pictures.apply("photo.jpg", "bare.jpg", {"--strip-metadata"}));
    CHECK(outcome.exit_code == 0);
    CHECK((outcome.out + outcome.err).find("thumbnail") == std::string::npos);
}

TEST_CASE("what is lost in reading a picture is said by apply, for one picture and counted for a folder") {
    const Pictures pictures;
    pictures.made_model();
    fs::create_directory(pictures / "in");
    const Bytes plain = encode_png(8, 8, PngColour::rgb, 8, Bytes(192, 77));
    for (const char* name : {"a.png", "b.png"}) {
        write_bytes(pictures / "in" / name, with_chunk(plain, "acTL", {0, 0, 0, 2, 0, 0, 0, 0}));
    }
    write_bytes(pictures / "in/c.jpg", encode_jpeg(8, 8, {255, 192, 64, 255}, true));
    const Outcome single = run_shadenet(pictures.apply("in/a.png", "a.png"));
    CHECK(single.exit_code == 0);
    CHECK_THAT(single.out, ContainsSubstring("; an animation became its first picture\n"));
    const Outcome folder =
        run_shadenet(pictures.apply("in", "out", {"--summary", pictures.path("done.jsonl")}));
    CHECK(folder.exit_code == 0);
    CHECK_THAT(folder.err,
               ContainsSubstring("2 results: an animation became its first picture; the first is "));
    CHECK_THAT(folder.err, ContainsSubstring("c.jpg: CMYK became RGB\n"));
    CHECK_THAT(read_text(pictures / "done.jsonl"),
               ContainsSubstring("\"message\":\"an animation became its first picture\"") &&
                   ContainsSubstring("\"message\":\"CMYK became RGB\""));
}
