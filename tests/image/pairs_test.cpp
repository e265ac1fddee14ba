// Listing and pairing. The files' content does not matter here.
#include "image/pairs.h"

#include "base/error.h"
#include "catch.h"
#include "picture_files.h"

namespace shadenet::test {

namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

fs::path make_folder(const TemporaryFolder& parent, const std::string& name, const Names& files) {
    const fs::path folder = parent / name;
    fs::create_directory(folder);
    for (const std::string& file : files) write_bytes(folder / file, {1});
    return folder;
}

Names names_of(const std::vector<fs::path>& paths) {
    Names names;
    for (const fs::path& path : paths) names.push_back(path.filename().string());
    return names;
}

}  // namespace

TEST_CASE("extensions are compared in lower case") {
    CHECK(lower_extension("a/B.c/Cat.PnG") == ".png");
    CHECK(lower_extension("cat").empty());
}

TEST_CASE("a folder's pictures are listed byte by byte, and nothing else") {
    const TemporaryFolder parent;
    const fs::path folder = make_folder(parent, "in",
                                        {"b.png", "a.JPG", "Z.jpeg", "c.bmp", "d.tga", "b10.png", "b9.PNG",
                                         "notes.txt", ".hidden.png", "png", "\xc3\xa4.png"});
    fs::create_directory(folder / "folder.png");
    write_bytes(folder / "folder.png" / "below.png", {1});
    CHECK(names_of(list_images(folder)) ==
          Names{"Z.jpeg", "a.JPG", "b.png", "b10.png", "b9.PNG", "c.bmp", "d.tga", "\xc3\xa4.png"});
}

TEST_CASE("what cannot be listed is refused by name") {
    const TemporaryFolder parent;
    const fs::path empty = make_folder(parent, "empty", {"notes.txt"});
    CHECK_THAT(message_of<InputError>([&] { list_images(parent / "none"); }),
               ContainsSubstring("none: no such folder"));
    CHECK_THAT(message_of<InputError>([&] { list_images(empty / "notes.txt"); }),
               ContainsSubstring("notes.txt: is not a folder"));
    CHECK_THAT(message_of<InputError>([&] { list_images(empty); }),
               ContainsSubstring("empty: holds no picture"));
}

TEST_CASE("a file stands for itself, and a folder for its pictures") {
    const TemporaryFolder parent;
    const fs::path folder = make_folder(parent, "in", {"b.png", "a.png", "other.xyz"});
    CHECK(names_of(list_images_or_file(folder)) == Names{"a.png", "b.png"});
    CHECK(list_images_or_file(folder / "b.png") == std::vector<fs::path>{folder / "b.png"});
    CHECK(list_images_or_file(folder / "other.xyz") == std::vector<fs::path>{folder / "other.xyz"});
    CHECK_THAT(message_of<InputError>([&] { list_images_or_file(folder / "c.png"); }),
               ContainsSubstring("c.png: no such file or folder"));
}

TEST_CASE("two files of one stem are refused, with both names") {
    CHECK_NOTHROW(check_unique_stems({"a.png", "b.png", "b.c.png"}));
    const std::string message = message_of<InputError>([] {
        check_unique_stems({"x/a.png", "x/b.png", "y/a.jpg"});
    });
    CHECK_THAT(message,
               ContainsSubstring("x/a.png and y/a.jpg") && ContainsSubstring("two files named \"a\""));
}

TEST_CASE("pictures are paired by stem, across formats, sorted") {
    const TemporaryFolder parent;
    const fs::path input = make_folder(parent, "in", {"b.png", "a.v2.jpg", "C.png"});
    const fs::path target = make_folder(parent, "out", {"a.v2.PNG", "C.bmp", "b.png", "readme.md"});
    const std::vector<ImagePair> pairs = pair_images(input, target);
    REQUIRE(pairs.size() == 3);
    const std::string stems[] = {"C", "a.v2", "b"};
    const std::string targets[] = {"C.bmp", "a.v2.PNG", "b.png"};
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(pairs[i].stem == stems[i]);
        CHECK(pairs[i].input.parent_path() == input);
        CHECK(pairs[i].input.stem() == stems[i]);
        CHECK(pairs[i].target == target / targets[i]);
    }
}

TEST_CASE("a picture without its partner is named, in either folder, with how many more") {
    const TemporaryFolder parent;
    const fs::path both = make_folder(parent, "in", {"a.png", "b.png"}),
                   some = make_folder(parent, "out", {"a.png"});
    const std::string input_alone = message_of<InputError>([&] { pair_images(both, some); });
    CHECK_THAT(input_alone,
               ContainsSubstring("in/b.png: has no partner named \"b\" in") && !ContainsSubstring("more"));
    const std::string target_alone = message_of<InputError>([&] { pair_images(some, both); });
    CHECK_THAT(target_alone,
               ContainsSubstring("in/b.png: has no partner named \"b\" in") && ContainsSubstring("out"));
    const fs::path others = make_folder(parent, "others", {"c.png", "d.png"});
    CHECK_THAT(message_of<InputError>([&] { pair_images(both, others); }),
               ContainsSubstring("a.png") && ContainsSubstring("(and 3 more)"));
}

TEST_CASE("one stem twice in one folder of pairs is refused") {
    const TemporaryFolder parent;
    const fs::path one = make_folder(parent, "in", {"a.png"}),
                   twice = make_folder(parent, "out", {"a.png", "a.jpg"});
    CHECK_THAT(message_of<InputError>([&] { pair_images(one, twice); }),
               ContainsSubstring("two files named \"a\""));
    CHECK_THAT(message_of<InputError>([&] { pair_images(twice, one); }),
               ContainsSubstring("two files named \"a\""));
}

TEST_CASE("names are equal once Unicode is normalised") {
    const TemporaryFolder parent;
    // The composed form, the decomposed one, and names that are not UTF-8.
    const fs::path one = make_folder(parent, "in", {"z.png", "\xc3\xa9t\xc3\xa9.png", "x\xff.png"});
    const fs::path other = make_folder(parent, "out", {"z.jpg", "e\xcc\x81te\xcc\x81.png", "x\xff.png"});
    for (const bool turned : {false, true}) {
        const std::vector<ImagePair> pairs = turned ? pair_images(other, one) : pair_images(one, other);
        REQUIRE(pairs.size() == 3);
        const std::size_t respelled = 2;  // sorted by the composed form
        for (std::size_t i = 0; i < 3; ++i) CHECK(pairs[i].respelled == (i == respelled));
        CHECK(pairs[respelled].stem == pairs[respelled].input.stem());
    }
    const fs::path both = make_folder(parent, "both", {"\xc3\xa9.png", "e\xcc\x81.png"});
    CHECK_THAT(message_of<InputError>([&] { pair_images(both, both); }),
               ContainsSubstring("two files named") && ContainsSubstring("once Unicode is normalised"));
}

TEST_CASE("a partner that differs only in case is named") {
    const TemporaryFolder parent;
    const fs::path one = make_folder(parent, "in", {"Cat.png", "\xc3\x89t\xc3\xa9.png"});
    const fs::path other = make_folder(parent, "out", {"cat.jpg", "\xc3\xa9t\xc3\xa9.png"});
    CHECK_THAT(message_of<InputError>([&] { pair_images(one, other); }),
               ContainsSubstring("(cat.jpg is there, and differs in case: rename one)"));
    fs::rename(other / "cat.jpg", other / "Cat.jpg");
    CHECK_THAT(message_of<InputError>([&] { pair_images(one, other); }),
               ContainsSubstring("(\xc3\xa9t\xc3\xa9.png is there, and differs in case"));
    fs::rename(other / "\xc3\xa9t\xc3\xa9.png", other / "\xc3\x89t\xc3\xa9.png");
    CHECK(pair_images(one, other).size() == 2);
}

}  // namespace shadenet::test
