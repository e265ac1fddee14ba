// IDX files, plain and compressed, right and wrong.
#include "data/labelled/idx.h"

#include <atomic>
#include <cstdlib>
#include <span>

#include "base/error.h"
#include "catch.h"
#include "data/labelled/labelled_data.h"
#include "labelled_files.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

std::string images_refusal(const Bytes& file) {
    return message_of<InputError>([&] { read_idx_pictures(std::as_bytes(std::span(file)), "x", nullptr); });
}

std::string labels_refusal(const Bytes& file) {
    return message_of<InputError>([&] { read_idx_labels(std::as_bytes(std::span(file)), "x", nullptr); });
}

const Bytes three_pictures = idx_file({3, 2, 2}, counting_levels(12));

}  // namespace

TEST_CASE("IDX files of both parts become labelled pictures with their bytes") {
    const TemporaryFolder folder;
    write_idx_part(folder.path(), "train", {1, 0, 2, 1});
    write_idx_part(folder.path(), "t10k", {2, 2});
    const LabelledData data = read_labelled_data(folder.path(), {});
    CHECK(data.classes == std::vector<std::string>{"0", "1", "2"});
    CHECK(data.training.shape == Shape{1, 1, 2, 3});
    CHECK(data.training.levels == counting_levels(24));
    CHECK(data.training.labels == std::vector<std::uint32_t>{1, 0, 2, 1});
    CHECK(data.training.names[3] == "train-images-idx3-ubyte 3");
    CHECK(data.training.picture(1)[0] == 49);
    CHECK(data.test.labels == std::vector<std::uint32_t>{2, 2});
    CHECK(data.test.shape == data.training.shape);
    CHECK(data.notes.empty());
}

TEST_CASE("IDX files may be compressed, in members, have a dot in their names, and lack a test part") {
    const TemporaryFolder folder;
    const Bytes images = idx_file({2, 1, 2}, {5, 6, 7, 8});
    const Bytes first(images.begin(), images.begin() + 9), second(images.begin() + 9, images.end());
    write_bytes(folder / "train-images.idx3-ubyte.gz", joined(gzip(first), gzip(second)));
    write_bytes(folder / "train-labels.idx1-ubyte.gz", gzip(idx_file({2}, {0, 1})));
    const LabelledData data = read_labelled_data(folder.path(), {});
    CHECK(data.training.levels == Bytes{5, 6, 7, 8});
    CHECK(data.test.size() == 0);
    CHECK(data.training.names[1] == "train-images.idx3-ubyte.gz 1");
    // Of a plain and a compressed file the plain one is taken, and what a file is its bytes tell.
    write_bytes(folder / "train-images-idx3-ubyte", gzip(idx_file({2, 1, 2}, {1, 2, 3, 4})));
    CHECK(read_labelled_data(folder.path(), {}).training.levels == Bytes{1, 2, 3, 4});
}

TEST_CASE("a file that is no IDX file of unsigned bytes is refused") {
    CHECK(images_refusal({}) == "x: is no IDX file: it holds only 0 bytes");
    CHECK(images_refusal({9, 0, 8, 3}) ==
          "x: is no IDX file: it begins with 09 00 08 03, not with 00 00 08; get it again");
    CHECK_THAT(images_refusal({'<', 'h', 't', 'm', 'l', '>'}), ContainsSubstring("no IDX file"));
    CHECK(images_refusal({0, 0, 0x0d, 3}) == "x: holds 32-bit floats, and only unsigned bytes are read");
    CHECK_THAT(images_refusal({0, 0, 1, 3}), ContainsSubstring("a type that IDX does not have"));
    CHECK(images_refusal({0, 0, 8, 3, 0, 0, 0}) == "x: ends within its header; copy it again");
}

TEST_CASE("an IDX file of other dimensions is refused, and exchanged files are told") {
    CHECK(images_refusal(idx_file({3}, {0, 1, 2})) ==
          "x: holds labels where pictures are expected; were two files exchanged?");
    CHECK(labels_refusal(three_pictures) ==
          "x: holds pictures where labels are expected; were two files exchanged?");
    CHECK_THAT(images_refusal(idx_file({1, 3, 2, 2}, counting_levels(12))),
               ContainsSubstring("has four dimensions, and of IDX only grey pictures"));
    CHECK(images_refusal(idx_file({1, 3}, {1, 2, 3})) == "x: has 2 dimensions, and 3 are expected");
    CHECK(labels_refusal(idx_file({1, 3}, {1, 2, 3})) == "x: has 2 dimensions, and 1 is expected");
    CHECK(images_refusal(idx_file({0, 2, 2}, {})) == "x: holds no picture");
    CHECK(labels_refusal(idx_file({0}, {})) == "x: holds no label");
    CHECK(images_refusal(idx_file({1, 0, 2}, {})) ==
          "x: its pictures have 2 x 0 pixels, and 1 to 4096 a side are accepted");
    CHECK_THAT(images_refusal(idx_file({1, 2, 5000}, {})), ContainsSubstring("have 5000 x 2 pixels"));
}

TEST_CASE("an IDX file whose length is not what its header promises is refused") {
    CHECK(images_refusal(without_end(three_pictures, 1)) ==
          "x: its header promises 12 bytes, and it holds 11; copy it again");
    CHECK(images_refusal(joined(three_pictures, {1, 2})) ==
          "x: its header promises 12 bytes, and it holds 14; copy it again");
    CHECK(images_refusal(gzip(without_end(three_pictures, 1))) ==
          "x: its header promises 12 bytes, and it holds 11 when unpacked; copy it again");
    CHECK(images_refusal(gzip(joined(three_pictures, {1}))) ==
          "x: its header promises 12 bytes, and it holds more when unpacked; copy it again");
    CHECK(labels_refusal(idx_file({4}, {1, 2, 3})) ==
          "x: its header promises 4 bytes, and it holds 3; copy it again");
}

TEST_CASE("headers that promise the impossible ask for no memory") {
    const std::uint32_t all = 0xffffffff;
    CHECK_THAT(images_refusal(idx_file({all, all, all}, {})), ContainsSubstring("1 to 4096 a side"));
    CHECK_THAT(images_refusal(idx_file({all, 4096, 4096}, {})), ContainsSubstring("has 4294967295 pictures"));
    CHECK_THAT(images_refusal(idx_file({1 << 20, 4096, 4096}, {})),
               ContainsSubstring("its pictures take 17592186044416 bytes, and at most"));
    CHECK_THAT(labels_refusal(idx_file({all}, {})), ContainsSubstring("at most 16777216 are accepted"));
    CHECK(images_refusal(gzip(idx_file({1000000, 28, 28}, {}))) ==
          "x: its header promises 784000000 bytes, and it holds fewer when unpacked; copy it again");
}

TEST_CASE("what gzip compressed is inflated no further than the header promises") {
    const Bytes bomb = gzip(joined(three_pictures, Bytes(std::size_t{1} << 26, 0)));
    CHECK(bomb.size() < 100000);
    CHECK_THAT(images_refusal(bomb), ContainsSubstring("it holds more when unpacked"));
}

TEST_CASE("truncated and damaged members of gzip are refused") {
    const Bytes packed = gzip(three_pictures);
    CHECK(images_refusal(without_end(packed, 9)) == "x: is truncated; copy it again");
    CHECK(images_refusal(without_end(packed, 1)) == "x: is truncated; copy it again");
    CHECK(images_refusal({0x1f, 0x8b}) == "x: is truncated; copy it again");
    CHECK(images_refusal(joined(packed, {1, 2, 3})) ==
          "x: has 3 bytes after the end of what gzip compressed; copy it again");
    CHECK(images_refusal(joined(packed, {0x1f, 0x8b, 8})) == "x: is truncated; copy it again");
    Bytes damaged = packed;
    damaged[damaged.size() - 6] ^= 1;  // of the checksum
    CHECK(images_refusal(damaged) == "x: is damaged (incorrect data check); copy it again");
}

TEST_CASE("IDX files that do not belong together are refused") {
    const TemporaryFolder folder;
    write_idx_part(folder.path(), "train", {0, 1, 1});
    const std::string name = folder.path().string();
    write_bytes(folder / "train-labels-idx1-ubyte", idx_file({2}, {0, 1}));
    CHECK(refusal_of(folder.path()) ==
          name + "/train-images-idx3-ubyte: has 3 pictures, and " + name +
              "/train-labels-idx1-ubyte has 2 labels; these files do not belong together");
    std::filesystem::remove(folder / "train-labels-idx1-ubyte");
    CHECK(refusal_of(folder.path()) ==
          name + ": has no train-labels-idx1-ubyte (or .gz), which belongs to the other files; put it there");
    write_idx_part(folder.path(), "train", {0, 1, 1});
    write_bytes(folder / "t10k-labels-idx1-ubyte", idx_file({1}, {0}));
    CHECK_THAT(refusal_of(folder.path()), ContainsSubstring("has no t10k-images-idx3-ubyte (or .gz)"));
    write_bytes(folder / "t10k-images-idx3-ubyte", idx_file({1, 3, 2}, counting_levels(6)));
    CHECK(refusal_of(folder.path()) ==
          name + ": training has pictures of 3 x 2 pixels, and test of 2 x 3; they must be the same");
}

TEST_CASE("labels of IDX files that are out of range are refused, and a gap is noted") {
    const TemporaryFolder folder;
    const std::string name = folder.path().string();
    write_idx_part(folder.path(), "train", {0, 1, 2, 9});
    CHECK(refusal_of(folder.path()) ==
          name +
              ": of the labels 0 to 9 only 4 occur in training (picture 3 has the largest): a label is out "
              "of range, or the classes should be numbered without gaps");
    write_idx_part(folder.path(), "train", {1, 2, 3});
    CHECK(read_labelled_data(folder.path(), {}).notes ==
          std::vector<std::string>{"no training picture is of class 0"});
    write_idx_part(folder.path(), "t10k", {1, 4});
    CHECK(refusal_of(folder.path()) ==
          name + ": the label 4 of the test picture 1 is out of range: training has 0 to 3");
    std::filesystem::remove(folder / "t10k-images-idx3-ubyte");
    std::filesystem::remove(folder / "t10k-labels-idx1-ubyte");
    write_idx_part(folder.path(), "train", {0, 0});
    CHECK(refusal_of(folder.path()) == name + ": has only the class 0, and a classifier needs at least two");
}

TEST_CASE("reading IDX files stops when it is asked to") {
    const std::atomic<bool> stop = true;
    for (const Bytes& file : {three_pictures, gzip(three_pictures)}) {
        CHECK_THROWS_AS(read_idx_pictures(std::as_bytes(std::span(file)), "x", &stop), Stopped);
    }
}

TEST_CASE("Debian's Fashion-MNIST is read") {
    const std::filesystem::path folder = "/usr/share/datasets/fashion-mnist";
    if (!std::filesystem::exists(folder)) {
        if (std::getenv("CI") != nullptr) FAIL("the package dataset-fashion-mnist is not installed");
        return;
    }
    const LabelledData data = read_labelled_data(folder, {});
    CHECK(data.classes.size() == 10);
    CHECK(data.training.shape == Shape{1, 1, 28, 28});
    CHECK(data.training.levels.size() == 47040000);
    CHECK(data.test.size() == 10000);
    for (std::uint32_t c = 0; c < 10; ++c) {
        CHECK(std::ranges::count(data.training.labels, c) == 6000);
        CHECK(std::ranges::count(data.test.labels, c) == 1000);
    }
    CHECK(data.training.labels[0] == 9);
}
