// A folder of pictures for each class, and folders that hold nothing of the kind.
#include "data/labelled/class_folders.h"

#include <atomic>
#include <fstream>
#include <utility>

#include "base/error.h"
#include "catch.h"
#include "data/labelled/class_files.h"
#include "data/labelled/labelled_data.h"
#include "labelled_files.h"

using namespace shadenet;
using namespace shadenet::test;

namespace fs = std::filesystem;

namespace {

const Bytes red = png_of(4, 3, 200, 10, 20), grey_picture = png_of(4, 3, 90, 90, 90);

}  // namespace

TEST_CASE("folders of pictures become classes in the order of their names") {
    const TemporaryFolder folder;
    write_in(folder / "keep/b.png", red);
    write_in(folder / "keep/a.png", grey_picture);
    write_in(folder / "discard/c.png", red);
    write_in(folder / ".hidden/c.png", red);
    write_in(folder / "keep/notes.txt", {'x'});
    const LabelledData data = read_labelled_data(folder.path(), {});
    CHECK(data.classes == std::vector<std::string>{"discard", "keep"});
    CHECK(data.training.names == std::vector<std::string>{"discard/c.png", "keep/a.png", "keep/b.png"});
    CHECK(data.training.labels == std::vector<std::uint32_t>{0, 1, 1});
    CHECK(data.training.shape == Shape{1, 3, 3, 4});  // the size that they share
    CHECK(data.training.picture(0)[0] == 200);
    CHECK(data.training.picture(2)[12] == 10);
    CHECK(data.training.picture(1)[35] == 90);
    CHECK(data.test.size() == 0);
    CHECK(data.notes.empty());
}

TEST_CASE("class folders under train and test are the parts, and others are told") {
    const TemporaryFolder folder;
    for (const char* name :
         {"train/a/1.png", "train/b/1.png", "train/c/1.png", "test/c/2.png", "test/a/2.png"}) {
        write_in(folder / name, grey_picture);
    }
    write_in(folder / "val/a/3.png", grey_picture);
    const LabelledData data = read_labelled_data(folder.path(), {});
    CHECK(data.classes == std::vector<std::string>{"a", "b", "c"});
    CHECK(data.test.labels == std::vector<std::uint32_t>{0, 2});
    CHECK(data.test.names[1] == "test/c/2.png");
    CHECK(data.notes == std::vector<std::string>{
                            "no test picture is of class b",
                            (folder / "val").string() + ": not taken: only train and test beside it are"});
}

TEST_CASE("pictures are grey together or all in colour") {
    const TemporaryFolder folder;
    write_in(folder / "train/a/1.png", grey_picture);
    write_in(folder / "train/b/1.png", encode_png(4, 3, PngColour::grey, 8, counting_levels(12)));
    const LabelledData all_grey = read_labelled_data(folder.path(), {});
    CHECK(all_grey.training.shape == Shape{1, 1, 3, 4});
    CHECK(all_grey.training.levels == joined(Bytes(12, 90), counting_levels(12)));
    write_in(folder / "test/a/1.png", red);
    const LabelledData mixed = read_labelled_data(folder.path(), {});
    CHECK(mixed.training.shape == Shape{1, 3, 3, 4});
    CHECK(mixed.test.shape == Shape{1, 3, 3, 4});
    CHECK(mixed.training.picture(1)[12] == 7);
}

TEST_CASE("pictures of unequal sizes become squares, of 64 pixels or of what is asked for") {
    const TemporaryFolder folder;
    write_in(folder / "a/1.png", red);
    write_in(folder / "b/1.png", png_of(5, 3, 1, 2, 3));
    const LabelledData data = read_labelled_data(folder.path(), {});
    CHECK(data.training.shape == Shape{1, 3, 64, 64});
    CHECK(data.notes ==
          std::vector<std::string>{"pictures become squares of 64 pixels; --size changes that"});
    const LabelledData asked = read_labelled_data(folder.path(), {.size = 7});
    CHECK(asked.training.shape == Shape{1, 3, 7, 7});
    CHECK(asked.notes.empty());
    CHECK(message_of<InputError>([&] { read_labelled_data(folder.path(), {.size = 0}); }) ==
          "--size 0: a side of 1 to 4096 pixels is accepted");
    write_in(folder / "b/1.png", png_of(129, 3, 1, 2, 3));
    fs::remove_all(folder / "a");
    write_in(folder / "a/1.png", png_of(129, 3, 1, 2, 3));
    CHECK(read_labelled_data(folder.path(), {}).training.shape == Shape{1, 3, 64, 64});
}

TEST_CASE("pictures that cannot be read are left out, counted and named") {
    const TemporaryFolder folder;
    write_in(folder / "a/1.png", without_end(red, 20));
    write_in(folder / "a/2.png", red);
    write_in(folder / "b/1.png", red);
    const LabelledData data = read_labelled_data(folder.path(), {});
    CHECK(data.training.names == std::vector<std::string>{"a/2.png", "b/1.png"});
    CHECK(data.training.levels.size() == 72);
    CHECK(data.training.picture(0)[0] == 200);
    CHECK(data.notes.empty());
    CHECK(data.warnings == std::vector<std::string>{"left out: " + (folder / "a/1.png").string() +
                                                    ": is truncated; copy it again"});
    write_in(folder / "b/2.png", {});
    write_in(folder / "b/3.png", {1, 2, 3});
    CHECK(refusal_of(folder.path()) == (folder / "b").string() +
                                           ": 2 of its 3 pictures cannot be read; the first: " +
                                           (folder / "b/2.png").string() + ": is empty");
    for (int i = 10; i < 35; ++i)
        write_in(folder / ("b/" + std::to_string(i) + ".png"), i < 20 ? Bytes() : red);
    const std::vector<std::string> warnings = read_labelled_data(folder.path(), {}).warnings;
    CHECK(warnings.size() == 11);
    CHECK(warnings.back() == "left out: 3 more that cannot be read");
}

TEST_CASE("pictures beside classes and folders within them are counted, and one of each is named") {
    const TemporaryFolder folder;
    const bool in_parts = GENERATE(false, true);
    const std::string part = in_parts ? "train/" : "";
    for (const char* name : {"a/1.png", "b/1.png", "b/more/2.png", "b/later/3.png", "z.png", "loose.PNG"}) {
        write_in(folder / (part + name), red);
    }
    if (in_parts) write_in(folder / "top.png", red);
    fs::create_directory(folder / (part + "a/.hidden"));
    const LabelledData data = read_labelled_data(folder.path(), {});
    CHECK(data.training.size() == 2);
    const std::string name = folder.path().string();
    CHECK(
        data.warnings ==
        std::vector<std::string>{
            fmt::format("{}: {} pictures of no class not taken, as {}; put each into the folder of its class",
                        name, in_parts ? 3 : 2, in_parts ? "top.png" : "loose.PNG"),
            fmt::format("{}: 2 folders within classes not looked into, as {}b/later; put the pictures right "
                        "into the folder of their class",
                        name, part)});
    fs::remove(folder / (part + "b/1.png"));
    CHECK_THAT(
        refusal_of(folder.path()),
        ContainsSubstring(
            "b: holds no picture (.png, .jpg, .jpeg, .bmp, .tga, .tif, .tiff or .webp); its folders, as " +
            part + "b/later, are not looked into"));
}

TEST_CASE("more pictures than are accepted are refused as soon as they are seen") {
    const TemporaryFolder folder;
    for (int i = 0; i < 6; ++i) write_in(folder / ("train/a/" + std::to_string(i) + ".png"), {});
    for (int i = 0; i < 4; ++i) write_in(folder / ("train/b/" + std::to_string(i) + ".png"), {});
    for (int i = 0; i < 3; ++i) write_in(folder / ("test/b/" + std::to_string(i) + ".png"), {});
    CHECK(find_classes(folder.path(), nullptr, 13).test.files.size() == 3);
    const std::string refusal = folder.path().string() +
                                ": has more than {} pictures, and no more are accepted; "
                                "use a part of them";
    for (const std::uint32_t most : {12u, 9u, 5u}) {
        CHECK(message_of<InputError>([&] { find_classes(folder.path(), nullptr, most); }) ==
              fmt::format(fmt::runtime(refusal), most));
    }
    // Those that are only counted are counted, too.
    for (int i = 0; i < 4; ++i) write_in(folder / ("test/b/" + std::to_string(i) + ".heic"), {});
    CHECK_THROWS_AS(find_classes(folder.path(), nullptr, 16), InputError);
    const std::atomic<bool> stop = true;
    CHECK_THROWS_AS(find_classes(folder.path(), &stop), Stopped);
}

TEST_CASE("training and test pictures together must fit in half of the memory") {
    const TemporaryFolder folder;
    for (const char* name : {"train/a/1.png", "train/b/1.png", "test/a/1.png"}) write_in(folder / name, red);
    // 3 pictures of 3 * 4096^2 bytes fit anywhere; 100 links more do not fit in 4 GiB.
    for (int i = 0; i < 50; ++i) {
        fs::create_hard_link(folder / "train/a/1.png", folder / ("train/b/l" + std::to_string(i) + ".png"));
        fs::create_hard_link(folder / "train/a/1.png", folder / ("test/a/l" + std::to_string(i) + ".png"));
    }
    const std::string refusal =
        message_of<InputError>([&] { read_labelled_data(folder.path(), {.size = 4096}); });
    CHECK_THAT(refusal, ContainsSubstring(fmt::format("its pictures take {} bytes, and at most ",
                                                      std::uint64_t{103} * 3 * 4096 * 4096)));
}

TEST_CASE("pictures right below train and test are of no class") {
    const TemporaryFolder folder;
    write_in(folder / "train/1.png", red);
    write_in(folder / "test/1.png", red);
    CHECK(refusal_of(folder.path()) ==
          folder.path().string() +
              ": train holds no folder; put the pictures of each class into a folder of its own there");
}

TEST_CASE("a class without a picture is refused") {
    const TemporaryFolder folder;
    write_in(folder / "a/1.png", red);
    fs::create_directory(folder / "b");
    CHECK(refusal_of(folder.path()) ==
          (folder / "b").string() +
              ": holds no picture (.png, .jpg, .jpeg, .bmp, .tga, .tif, .tiff or .webp)");
    write_in(folder / "b/x.heic", {1});
    CHECK_THAT(refusal_of(folder.path()), ContainsSubstring("not taken: 1 .heic"));
    write_in(folder / "b/1.png", red);
    CHECK_THAT(read_labelled_data(folder.path(), {}).notes.at(0), ContainsSubstring("not taken: 1 .heic"));
    fs::remove_all(folder / "b");
    CHECK(refusal_of(folder.path()) ==
          folder.path().string() + ": has only the class a, and a classifier needs at least two");
}

TEST_CASE("test classes that training lacks are refused") {
    const TemporaryFolder folder;
    for (const char* name : {"train/a/1.png", "train/b/1.png", "test/c/1.png"}) write_in(folder / name, red);
    CHECK(refusal_of(folder.path()) ==
          (folder / "test/c").string() +
              ": is no class of training; put pictures of it into train, too, or take it away");
    fs::remove_all(folder / "test");
    write_in(folder / "test/1.png", red);
    CHECK(refusal_of(folder.path()) ==
          (folder / "test").string() +
              ": holds no folder; put the test pictures of each class into one of its own, as in train");
}

TEST_CASE("too many classes are refused before any picture is looked for") {
    const TemporaryFolder folder;
    for (int i = 0; i <= 1000; ++i) fs::create_directory(folder / std::to_string(i));
    CHECK(refusal_of(folder.path()) ==
          folder.path().string() +
              ": has more than 1000 folders, and each would be a class; use fewer classes");
}

TEST_CASE("a folder that holds no labelled pictures is told what is accepted") {
    const TemporaryFolder folder;
    const std::string name = folder.path().string();
    CHECK(refusal_of(folder / "none") == name + "/none: no such folder");
    const std::string accepted =
        name +
        ": holds no labelled pictures: accepted are IDX files as MNIST's (train-images-idx3-ubyte, "
        "train-labels-idx1-ubyte; also .gz), CIFAR's binary batches (data_batch_1.bin or train.bin), or a "
        "folder of "
        "pictures for each class";
    CHECK(refusal_of(folder.path()) == accepted);
    write_bytes(folder / "weights.bin", {1});
    CHECK(refusal_of(folder.path()) == accepted + "; its .bin files have none of CIFAR's names");
    write_bytes(folder / "data_batch_1", {1});
    CHECK(refusal_of(folder.path()) ==
          accepted + "; CIFAR's version for Python is not read: get the binary one");
    write_bytes(folder / "cifar.tar.gz", {1});
    CHECK(refusal_of(folder.path()) == accepted + "; cifar.tar.gz may be an archive: unpack it first");
    CHECK_THAT(refusal_of(folder / "weights.bin"),
               ContainsSubstring("is not a folder; give the one that holds"));
    write_bytes(folder / "a.png", red);
    CHECK(refusal_of(folder.path()) ==
          name +
              ": holds pictures, but nothing says their classes; put those of each class "
              "into a folder of its own, e.g. " +
              name + "/keep and " + name + "/discard");
}

TEST_CASE("the folder above a data set is told from class folders") {
    const TemporaryFolder folder;
    write_in(folder / "raw/train-images-idx3-ubyte.gz", {});
    fs::create_directory(folder / "other");
    CHECK(refusal_of(folder.path()) == folder.path().string() +
                                           ": holds the data set in its folder raw; give " +
                                           (folder / "raw").string());
}

TEST_CASE("a folder of many other files is looked through without trouble") {
    const TemporaryFolder folder;
    for (int i = 0; i < 20000; ++i) std::ofstream(folder / std::to_string(i)).put('x');
    write_idx_part(folder.path(), "train", {0, 1});
    CHECK(read_labelled_data(folder.path(), {}).training.size() == 2);
}

TEST_CASE("data is known again by its content") {
    const TemporaryFolder folder;
    write_in(folder / "a/1.png", red);
    write_in(folder / "b/1.png", grey_picture);
    const LabelledData data = read_labelled_data(folder.path(), {});
    const std::string hash = data_hash(data);
    CHECK(hash.size() == 64);
    CHECK(data_hash(read_labelled_data(folder.path(), {})) == hash);
    LabelledData other = data;
    other.notes = {"x"};
    other.training.names[0] = "renamed";
    CHECK(data_hash(other) == hash);
    other.classes[0] = "c";
    CHECK(data_hash(other) != hash);
    other = data;
    other.training.levels[3] ^= 1;
    CHECK(data_hash(other) != hash);
    other = data;
    std::swap(other.training.labels[0], other.training.labels[1]);
    CHECK(data_hash(other) != hash);
    other = data;
    std::swap(other.training.shape.h, other.training.shape.w);
    CHECK(data_hash(other) != hash);
    other = data;
    std::swap(other.training, other.test);
    CHECK(data_hash(other) != hash);
}

TEST_CASE("a class folder whose name no line takes is refused") {
    const TemporaryFolder folder;
    write_in(folder / "a/1.png", red);
    write_in(folder / "b\nc/1.png", red);
    CHECK(refusal_of(folder.path()) ==
          (folder / "b\\nc").string() +
              ": its name has a line end or another control character, and is to be "
              "that of a class; rename the folder");
}
