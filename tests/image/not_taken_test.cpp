#include "image/not_taken.h"

#include "base/error.h"
#include "catch.h"
#include "image/pairs.h"
#include "picture_files.h"

namespace shadenet::test {

namespace {

namespace fs = std::filesystem;

/// A folder of pictures that are read and not, of other files, and of what other programs leave.
fs::path mixed_folder(const TemporaryFolder& parent) {
    const fs::path folder = parent / "mixed";
    fs::create_directories(folder / "folder.heic");
    for (const char* name :
         {"a.png", "b.heic", "c.GIF", "d.HeiC", "e.cr2", "f.heic", ".hidden.heic", "notes.txt", "a.xmp",
          "Thumbs.db", "desktop.ini", ".DS_Store", "folder.heic/below.heic"}) {
        write_bytes(folder / name, {1});
    }
    return folder;
}

}  // namespace

TEST_CASE("pictures of other formats are counted by kind, and sidecars and hidden files are not") {
    const TemporaryFolder parent;
    NotTaken not_taken;
    CHECK(not_taken.empty());
    not_taken.add_folder(mixed_folder(parent));
    CHECK(not_taken.count() == 5);
    CHECK(not_taken.counts() == "3 .heic, 1 .cr2, 1 .gif");
    CHECK_THAT(not_taken.line(), ContainsSubstring("not taken: 3 .heic, 1 .cr2, 1 .gif; shadenet reads PNG, "
                                                   "JPEG, BMP, TGA, TIFF or WebP") &&
                                     ContainsSubstring("`mogrify -format png *."));
    not_taken.add_folder(parent / "nowhere");
    CHECK(not_taken.count() == 5);
}

TEST_CASE("a kind is foreign or read, and never both") {
    for (const char* name :
         {"a.png", "a.JPG", "a.jpeg", "a.bmp", "a.tga", "a.TIF", "a.webp", "a.txt", "a", "heic"}) {
        CHECK_FALSE(has_foreign_extension(name));
    }
    for (const char* name : {"a.heic", "a.AVIF", "a.jxl", "a.gif", "a.psd", "a.dng", "a.nef", "a.ARW"}) {
        CHECK(has_foreign_extension(name));
        CHECK_FALSE(has_picture_extension(name));
    }
}

TEST_CASE("each folder of a run is told of once, and one without pictures says what it has") {
    const TemporaryFolder parent;
    const fs::path folder = mixed_folder(parent);
    const std::vector<std::string> lines =
        not_taken_in({folder, folder, folder / "a.png", "", parent / "nowhere"});
    REQUIRE(lines.size() == 1);
    CHECK(lines.front().starts_with(folder.string() + ": not taken: 3 .heic"));
    fs::remove(folder / "a.png");
    CHECK_THAT(message_of<InputError>([&] { list_images(folder); }),
               ContainsSubstring("holds no picture") && ContainsSubstring("3 .heic"));
}

}  // namespace shadenet::test
